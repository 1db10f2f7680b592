// SPDX-License-Identifier: BSD-2-Clause
// Operations without effect that a contract can run: what never has one can be dropped from its row.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/explore/economy.hpp"
#include "tests/checker/mutants/graphs.hpp"

namespace custody::checker::test {
namespace {

constexpr std::uint64_t kMost = 100000;

spec::Contract without(const spec::Contract& original, const SyncEconomy& sync) {
  spec::Contract out = original;
  for (model::Row& row : out.rows) {
    if (row.id != sync.row) continue;
    model::Ids& syncs = row.syncs;
    auto* const end = std::remove_if(syncs.id.begin(), syncs.id.begin() + syncs.n,
                                     [&](model::Id id) { return model::kSyncs[id].name == sync.sync; });
    syncs.n = static_cast<model::Id>(end - syncs.id.begin());
  }
  return out;
}

TEST(Economy, WhatNeverHasAnEffectCanBeDropped) {
  std::size_t dropped = 0;
  for (const std::string_view name : spec::contract_names())
    for (const Configuration& c : configurations()) {
      const spec::Contract contract = *spec::find_contract(name);
      const System system(contract, c);
      const Economy economy = economy_of(system, kMost);
      ASSERT_TRUE(economy.complete) << name;
      for (const SyncEconomy& sync : economy.syncs) {
        ASSERT_LE(sync.without_effect, sync.reached);
        if (sync.without_effect != sync.reached) continue;
        ++dropped;
        const Verdict same = verdict_of(contract, {c}), less = verdict_of(without(contract, sync), {c});
        EXPECT_EQ(less.properties, same.properties) << name << " " << sync.row << " " << sync.sync;
        EXPECT_EQ(less.counts[0], same.counts[0]) << "states of " << name << " " << sync.row << " " << sync.sync;
        EXPECT_LT(less.counts[2], same.counts[2]) << "operations of " << name << " " << sync.row << " " << sync.sync;
      }
    }
  EXPECT_GT(dropped, 20U);
}

TEST(Economy, CountsHistoriesAsByHand) {
  // One device, no windows; the user maps the buffer or not, which changes nothing here. A map, in three directions,
  // cleans what the allocator wrote, or after a first map nothing. An unmap of a mapping that the device may have
  // written through (two directions) drops lines that may be stale.
  Configuration c;
  c.devices = 1;
  c.windows = 0;
  const Economy economy = economy_of(System(*spec::find_contract("system-heap-6.1"), c), kMost);
  ASSERT_TRUE(economy.complete);
  ASSERT_EQ(economy.syncs.size(), 2U);
  const SyncEconomy &map = economy.syncs[0], &unmap = economy.syncs[1];
  EXPECT_EQ(map.sync, "own:map");
  EXPECT_EQ(map.operation, model::Operation::kClean);
  EXPECT_EQ(map.reached, 2U * 3U * 2U);
  EXPECT_EQ(map.without_effect, 2U * 3U);
  EXPECT_EQ(unmap.sync, "own:unmap");
  EXPECT_EQ(unmap.operation, model::Operation::kInvalidate);
  EXPECT_EQ(unmap.reached, 2U * 2U);
  EXPECT_EQ(unmap.without_effect, 0U);
  EXPECT_EQ(economy.operations, 16U);
  EXPECT_EQ(economy.without_effect, 6U);
}

TEST(Economy, OfLazyHasNoInvalidateTooMuch) {
  // Its note of what is dirty does not ask whether the CPU maps the buffer, so cleans can be too many.
  Configuration c;
  c.windows = 2;
  c.failing_begins = false;
  const Economy economy = economy_of(System(*spec::find_contract("lazy"), c), kMost);
  ASSERT_GT(economy.operations, 100U);
  for (const SyncEconomy& sync : economy.syncs) {
    if (sync.operation == model::Operation::kClean) continue;
    EXPECT_EQ(sync.without_effect, 0U) << sync.row;
  }
}

TEST(Economy, StopsAtItsBound) {
  const System system(*spec::find_contract("system-heap-6.1"), Configuration{});
  const Economy all = economy_of(system, kMost);
  EXPECT_TRUE(all.complete);
  EXPECT_FALSE(economy_of(system, all.beliefs - 1).complete);
}

}  // namespace
}  // namespace custody::checker::test
