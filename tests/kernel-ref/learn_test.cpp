// SPDX-License-Identifier: BSD-2-Clause
// The contracts of the kernel's own drivers, learned by running them, are the shipped ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "checker/learn/names.hpp"
#include "checker/learn/study.hpp"
#include "checker/learn/wire.hpp"
#include "checker/review/difference.hpp"
#include "kernel-ref/learn/driver_host.hpp"

namespace custody::kernel_ref::test {
namespace {

namespace study = checker::learn;

study::Subject subject_of(const std::string& driver) {
  const auto host = std::make_shared<learn::DriverHost>(learn::find_driver(driver), learn::linked_kernel());
  return [host](const study::World& world, std::span<const study::Step> program) {
    return study::parse_answers(host->answer(study::request_of(world, program)), world, program);
  };
}

study::Study study_of(const std::string& driver, std::vector<study::World> worlds) {
  study::StudyOptions options;
  options.name = driver;
  options.source = "a test";
  options.random.programs = 500;
  options.worlds = std::move(worlds);
  return study::study(subject_of(driver), options);
}

struct DriverAndContract {
  const char *driver, *contract;
  std::vector<study::World> worlds = {{false, false}, {false, true}};
};

class LearnedDriver : public ::testing::TestWithParam<DriverAndContract> {};

TEST_P(LearnedDriver, HasTheShippedContract) {
  const study::Study s = study_of(GetParam().driver, GetParam().worlds);
  EXPECT_TRUE(s.learned.unsaid.empty());
  EXPECT_TRUE(s.complete);
  EXPECT_GT(s.random.calls, 5000U);
  EXPECT_EQ(s.random.agreed, s.random.calls);
  const std::optional<spec::Contract> shipped = spec::find_contract(GetParam().contract);
  ASSERT_TRUE(shipped);
  const checker::review::Difference d = checker::review::compare_calls(
      checker::explore::System(*shipped, {}), checker::explore::System(s.learned.contract, {}));
  EXPECT_EQ(d.relation, checker::review::Relation::kEqual);
  EXPECT_FALSE(d.syncs);
}

bool has_outside(const study::Study& s, const std::string& program) {
  return std::any_of(s.outside.begin(), s.outside.end(),
                     [&](const study::Unsaid& u) { return study::text_of(u.program) == program; });
}

TEST(Learned, ListsWhatTheSystemHeapForgetsAfterTwoMaps) {
  const study::Study s = study_of("system", {{false, false}});
  EXPECT_TRUE(has_outside(s, "attach D0, map D0 TO_DEVICE, map D0 TO_DEVICE, unmap D0 TO_DEVICE, begin BIDIRECTIONAL"));
}

TEST(Learned, SaysThatUdmabufKeepsTheMappingOfABeginThatFailed) {
  const study::Study s = study_of("udmabuf", {{false, false}});
  EXPECT_FALSE(has_outside(s, "begin TO_DEVICE (interrupted), begin BIDIRECTIONAL"));
  EXPECT_FALSE(has_outside(s, "begin BIDIRECTIONAL (interrupted), release"));
}

TEST(Learned, NamesTheFunctionThatMadeEachSync) {
  const study::Study s = study_of("system", {{false, false}});
  std::set<std::string> functions;
  for (const study::ClauseEvidence& e : s.learned.evidence) functions.insert(e.functions.begin(), e.functions.end());
  EXPECT_EQ(functions,
            (std::set<std::string>{"system_heap_map_dma_buf", "system_heap_unmap_dma_buf",
                                   "system_heap_dma_buf_begin_cpu_access", "system_heap_dma_buf_end_cpu_access"}));
}

TEST(Learned, SaysOfTheLazyHeapWhatNoClauseSaysBesideADeviceThatSnoops) {
  const study::Study s = study_of("ownership_heap-lazy", {{false, true}});
  EXPECT_FALSE(s.learned.unsaid.empty());
  EXPECT_LT(s.learned.agreed, s.learned.calls);
}

TEST(Learned, SeesEachPolicyOfTheOwnershipHeap) {
  const spec::Contract base = *spec::find_contract("vision-keep-end-sync");
  struct Policy {
    const char *driver, *policy, *value;
  };
  for (const Policy& p : {Policy{"ownership_heap-end_sync-refuse_unattached", "cpu_unattached", "refuse"},
                          Policy{"ownership_heap-end_sync-refuse_map_in_window", "map_in_window", "refuse"}}) {
    SCOPED_TRACE(p.driver);
    const study::Study s = study_of(p.driver, {{false, false}});
    EXPECT_TRUE(s.learned.unsaid.empty());
    spec::Contract expected = base;
    EXPECT_EQ(model::set_policy(expected.lifetime.policies, p.policy, p.value), "");
    EXPECT_EQ(s.learned.contract.lifetime.policies, expected.lifetime.policies);
    const checker::review::Difference d = checker::review::compare_calls(
        checker::explore::System(expected, {}), checker::explore::System(s.learned.contract, {}));
    EXPECT_EQ(d.relation, checker::review::Relation::kEqual);
    EXPECT_FALSE(d.syncs);
  }
}

/// The lifetime hands the buffer to devices that are attached, where they own it until the last detach; the heap asks
/// whether one was ever mapped. No note says that, so no clause does.
TEST(Learned, ListsThatTheHeapOwnsUntilTheLastDetachOnlyWhatWasMapped) {
  const study::Study s = study_of("ownership_heap-end_sync-until_last_detach", {{false, false}});
  EXPECT_FALSE(s.learned.unsaid.empty());
  spec::Contract expected = *spec::find_contract("vision-keep-end-sync");
  EXPECT_EQ(model::set_policy(expected.lifetime.policies, "device_ends", "last_detach"), "");
  const std::vector<study::Step> program = {{study::kAttach, 0, {}, false},
                                            {study::kBegin, 0, model::Direction::kToDevice, false},
                                            {study::kEnd, 0, model::Direction::kToDevice, false}};
  study::Beside beside(expected, {false});
  for (const study::Step& step : {program[0], program[1]}) beside.move(step, false);
  EXPECT_EQ(study::text_of(beside.predict(program[2]).as_answer()), "pass clean");
  const study::Subject heap = subject_of("ownership_heap-end_sync-until_last_detach");
  EXPECT_EQ(study::text_of(heap({false}, program)[2]), "nothing");
}

INSTANTIATE_TEST_SUITE_P(Drivers, LearnedDriver,
                         ::testing::Values(DriverAndContract{"system", "system-heap-6.1"},
                                           DriverAndContract{"reserved", "system-heap-6.1"},
                                           DriverAndContract{"udmabuf", "udmabuf-after"},
                                           DriverAndContract{"heap_helpers_2019", "heap-helpers-2019"},
                                           DriverAndContract{"ownership_heap", "vision-keep"},
                                           DriverAndContract{"ownership_heap-end_sync", "vision-keep-end-sync"},
                                           DriverAndContract{"ownership_heap-lazy", "lazy", {{false, false}}}));

}  // namespace
}  // namespace custody::kernel_ref::test
