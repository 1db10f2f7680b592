// SPDX-License-Identifier: BSD-2-Clause
// Operations without effect that a contract can run: a sync that never has one can be dropped from its clause.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "checker/explore/economy.hpp"
#include "tests/checker/mutants/graphs.hpp"

namespace custody::checker::test {
namespace {

using model::at;

constexpr std::uint64_t kMost = 100000;

spec::Contract without(const spec::Contract& original, const explore::SyncEconomy& dropped) {
  spec::Contract out = original;
  for (spec::Clause& clause : out.clauses) {
    if (clause.name != dropped.clause) continue;
    std::erase_if(clause.syncs, [&](const model::Sync& sync) { return model::name_of(sync) == dropped.sync; });
  }
  return out;
}

/// A sync of a clause runs different operations by direction: all of them together.
std::map<std::string, explore::SyncEconomy> by_sync(const explore::Economy& economy) {
  std::map<std::string, explore::SyncEconomy> out;
  for (const explore::SyncEconomy& sync : economy.syncs) {
    explore::SyncEconomy& sum = out[sync.clause + " " + sync.sync];
    const std::uint64_t reached = sum.reached, without_effect = sum.without_effect;
    sum = sync;
    sum.reached += reached;
    sum.without_effect += without_effect;
  }
  return out;
}

/// The same contract with a clause for each owner before the call.
spec::Contract divided(const spec::Contract& original) {
  constexpr model::Id kOwners[] = {at(model::kGuards, "owner=nobody"), at(model::kGuards, "owner=cpu"),
                                   at(model::kGuards, "owner=devices")};
  spec::Contract out = original;
  out.clauses.clear();
  for (const spec::Clause& clause : original.clauses)
    for (const model::Id owner : kOwners) {
      spec::Clause part = clause;
      part.name.append(" ").append(model::kGuards[owner].name);
      part.guards.push_back(owner);
      out.clauses.push_back(part);
    }
  return out;
}

/// It syncs devices that are not mapped, too, so that it is missed by the count of what it breaks itself.
bool breaks_l1(const explore::SyncEconomy& sync) {
  return model::parse_sync(sync.sync).value_or(model::Sync{}).targets == model::Targets::kAttached;
}

/// Number of syncs that never have an effect: each can be dropped without a difference.
std::size_t drop_what_never_has_an_effect(const spec::Contract& contract, const explore::Configuration& c) {
  const explore::Economy economy = explore::economy_of(explore::System(contract, c), kMost);
  EXPECT_TRUE(economy.complete) << contract.name;
  std::size_t dropped = 0;
  for (const auto& [key, sync] : by_sync(economy)) {
    EXPECT_LE(sync.without_effect, sync.reached);
    if (sync.without_effect != sync.reached || breaks_l1(sync)) continue;
    ++dropped;
    const Verdict same = verdict_of(contract, {c}), less = verdict_of(without(contract, sync), {c});
    EXPECT_EQ(less.properties, same.properties) << contract.name << " " << key;
    EXPECT_EQ(less.counts[0], same.counts[0]) << "states of " << contract.name << " " << key;
    EXPECT_LT(less.counts[2], same.counts[2]) << "operations of " << contract.name << " " << key;
  }
  return dropped;
}

TEST(Economy, WhatNeverHasAnEffectCanBeDropped) {
  std::size_t whole = 0, parts = 0;
  for (const std::string_view name : spec::contract_names())
    for (const explore::Configuration& c : configurations()) {
      const spec::Contract contract = *spec::find_contract(name);
      whole += drop_what_never_has_an_effect(contract, c);
      parts += drop_what_never_has_an_effect(divided(contract), c);
    }
  EXPECT_EQ(whole, 2U);
  EXPECT_GT(parts, 20U);
}

TEST(Economy, CountsHistoriesAsByHand) {
  // One device, no windows; the user maps the buffer or not, which changes nothing here. A map, in three directions,
  // cleans what the allocator wrote, or after a first map nothing. An unmap of a mapping that the device may have
  // written through (two directions) drops lines that may be stale.
  explore::Configuration c;
  c.devices = 1;
  c.windows = 0;
  const explore::Economy economy =
      explore::economy_of(explore::System(*spec::find_contract("system-heap-6.1"), c), kMost);
  ASSERT_TRUE(economy.complete);
  ASSERT_EQ(economy.syncs.size(), 2U);
  const explore::SyncEconomy &map = economy.syncs[0], &unmap = economy.syncs[1];
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
  explore::Configuration c;
  c.windows = 2;
  c.failing_begins = false;
  const explore::Economy economy = explore::economy_of(explore::System(*spec::find_contract("lazy"), c), kMost);
  ASSERT_GT(economy.operations, 100U);
  for (const explore::SyncEconomy& sync : economy.syncs) {
    if (sync.operation == model::Operation::kClean) continue;
    EXPECT_EQ(sync.without_effect, 0U) << sync.clause;
  }
}

TEST(Economy, StopsAtItsBound) {
  const spec::Contract contract = *spec::find_contract("system-heap-6.1");
  const explore::System system(contract, explore::Configuration{});
  const explore::Economy all = explore::economy_of(system, kMost);
  EXPECT_TRUE(all.complete);
  EXPECT_FALSE(explore::economy_of(system, all.beliefs - 1).complete);
}

}  // namespace
}  // namespace custody::checker::test
