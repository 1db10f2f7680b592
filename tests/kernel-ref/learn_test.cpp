// SPDX-License-Identifier: BSD-2-Clause
// The contracts of the kernel's own drivers, learned by running them, are the shipped ones.
#include <gtest/gtest.h>

#include <memory>

#include "checker/learn/study.hpp"
#include "checker/learn/wire.hpp"
#include "checker/review/difference.hpp"
#include "kernel-ref/learn/driver_host.hpp"

namespace custody::kernel_ref::test {
namespace {

namespace study = checker::learn;

study::Study study_of(const std::string& driver, std::vector<study::World> worlds) {
  const auto host = std::make_shared<learn::DriverHost>(learn::find_driver(driver));
  study::StudyOptions options;
  options.name = driver;
  options.source = "a test";
  options.random.programs = 500;
  options.worlds = std::move(worlds);
  return study::study(
      [host](const study::World& world, std::span<const study::Step> program) {
        return study::parse_answers(host->answer(study::request_of(world, program)), world, program);
      },
      options);
}

struct Pair {
  const char *driver, *contract;
  std::vector<study::World> worlds = {{false, false}, {false, true}};
};

class LearnedDriver : public ::testing::TestWithParam<Pair> {};

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

INSTANTIATE_TEST_SUITE_P(Drivers, LearnedDriver,
                         ::testing::Values(Pair{"system", "system-heap-6.1"}, Pair{"reserved", "system-heap-6.1"},
                                           Pair{"udmabuf", "udmabuf-after"},
                                           Pair{"heap_helpers_2019", "heap-helpers-2019"},
                                           Pair{"ownership_heap", "vision-keep"},
                                           Pair{"ownership_heap-end_sync", "vision-keep-end-sync"},
                                           Pair{"ownership_heap-lazy", "lazy", {{false, false}}}));

}  // namespace
}  // namespace custody::kernel_ref::test
