// SPDX-License-Identifier: BSD-2-Clause
// The drivers under long random legal usage and under the pipeline: what the checker says of them.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "checker/replay/engine.hpp"
#include "kernel-ref/client/pipeline.hpp"
#include "kernel-ref/client/usage.hpp"
#include "kernel-ref/drivers/ownership_policy.h"
#include "spec/rules.hpp"

namespace custody::kernel_ref::test {
namespace {

constexpr ownership_policy kLazy = {1, 0, 0, 0, 0}, kEager = {0, 0, 0, 0, 0}, kEndSync = {0, 1, 0, 0, 0};

/// An engine that judges what a client of `driver` records.
struct Judged {
  Judged(const std::string& driver, const ownership_policy& policy, std::vector<machine::Device> devices,
         std::size_t pages = 1024)
      : engine(options, [this](const checker::Finding& f,
                               const traces::Directory&) { found.insert(std::string(spec::rule(f.rule).id)); }),
        machine({model::find_arch("arm64-6.1"), std::move(devices), pages, 64}),
        client(machine, engine, {driver, 1, false}) {
    ownership_heap_policy = policy;
  }
  /// Rules of missing syncs, lost writes and illegal calls.
  [[nodiscard]] std::set<std::string> accusations() const {
    std::set<std::string> out;
    for (const std::string& rule : found)
      if (rule[0] != 'R') out.insert(rule);
    return out;
  }
  checker::replay::Options options;
  std::set<std::string> found;
  checker::replay::Engine engine;
  machine::Machine machine;
  client::Client client;
};

void use(client::Client& client, std::uint64_t steps, std::uint32_t devices, unsigned seed) {
  std::mt19937 random(seed);
  for (std::uint64_t done = 0; done < steps;) {
    client::Usage usage(client, machine::kPageBytes, devices);
    for (int i = 0; i < 40; ++i)
      if (usage.apply({static_cast<client::Step::Kind>(random() % client::Step::kKinds),
                       static_cast<std::uint8_t>(random() % 3), static_cast<std::uint8_t>(random() % 3)}))
        ++done;
    usage.finish();
  }
  client.finish();
}

struct Expected {
  const char* driver;
  ownership_policy policy;
  std::set<std::string> accusations;  ///< kernel-ref/findings.md explains each
};

TEST(Drivers, AreAccusedOfNothingButWhatIsExplained) {
  const Expected expected[] = {
      {"system", kEager, {}},
      {"reserved", kEager, {}},
      {"udmabuf", kEager, {"M1", "M2", "M10"}},
      {"heap_helpers_2019", kEager, {"L1"}},
      {"ownership_heap", kEager, {"M3"}},
      {"ownership_heap", kEndSync, {}},
      {"ownership_heap", kLazy, {}},
  };
  for (const Expected& e : expected) {
    SCOPED_TRACE(e.driver);
    Judged run(e.driver, e.policy, {{"cam"}, {"gpu", false, false, true}, {"disp"}});
    use(run.client, CUSTODY_LEGAL_STEPS, 3, 7);
    EXPECT_EQ(run.accusations(), e.accusations);
    EXPECT_EQ(shim_live_allocations(), 0U);
    EXPECT_EQ(shim_live_pages(), 0U);
    EXPECT_EQ(shim_warnings(), 0U);
  }
}

TEST(Drivers, TheLazyHeapNeedsEveryOperationAndMeetsTheOptimum) {
  for (const bool snooping : {false, true})
    for (unsigned seed = 0; seed < 3000; ++seed) {
      Judged run("ownership_heap", kLazy, {{"cam", snooping, false, false}, {"gpu", snooping, false, false}}, 64);
      use(run.client, 12, 2, seed);
      const checker::Summary& summary = run.engine.finish();
      ASSERT_EQ(run.found, std::set<std::string>()) << seed;
      ASSERT_EQ(summary.maintenance.operations, summary.maintenance.optimum.operations) << seed;
      ASSERT_EQ(summary.maintenance.no_effect.operations, 0U) << seed;
    }
}

struct Cost {
  const char* driver;
  ownership_policy policy;
  std::uint64_t operations, no_effect, optimum;
};

/// The table of the README.
TEST(Drivers, CostThePipelineWhatTheReadmeSays) {
  const Cost costs[] = {
      {"system", kEager, 20, 11, 1},         {"heap_helpers_2019", kEager, 20, 11, 1},
      {"ownership_heap", kEager, 12, 11, 1}, {"ownership_heap", kEndSync, 24, 15, 1},
      {"ownership_heap", kLazy, 1, 0, 1},
  };
  for (const Cost& c : costs) {
    Judged run(c.driver, c.policy, {{"cam.0"}, {"gpu.0"}, {"disp.0"}});
    ASSERT_EQ(client::run_pipeline(run.client, {}), 0);
    run.client.finish();
    const checker::MaintenanceTotals& m = run.engine.finish().maintenance;
    EXPECT_EQ(m.operations, c.operations) << c.driver;
    EXPECT_EQ(m.bytes, c.operations << 20U) << c.driver;
    EXPECT_EQ(m.no_effect.operations, c.no_effect) << c.driver;
    EXPECT_EQ(m.optimum.operations, c.optimum) << c.driver;
  }
}

}  // namespace
}  // namespace custody::kernel_ref::test
