// SPDX-License-Identifier: BSD-2-Clause
// What a contract that does not know the future can reach: a proof for all lengths, and an adversary.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "checker/optimum/online.hpp"
#include "checker/review/cost.hpp"

namespace custody::property {
namespace {

constexpr unsigned kUnsafe = 1000;
const model::Belief kStartsDirty = model::hardware_closure(model::start::kDirty);
const model::Belief kClean = model::hardware_closure(model::start::kClean);

TEST(Online, TheLazyContractMeetsTheOptimumWhereOnePassCleansAndInvalidates) {
  for (const bool direct : {false, true})
    for (const bool snooping : {false, true})
      for (const model::Belief start : {kStartsDirty, kClean}) {
        const checker::optimum::OnlineVerdict v = checker::optimum::play_online(
            checker::optimum::Price::kCombined, checker::optimum::hand_overs_of(direct, snooping), start);
        EXPECT_TRUE(v.contract_exists) << direct << snooping;
        EXPECT_TRUE(v.lazy_is_one) << direct << snooping;
        EXPECT_GT(v.positions, 1U);
      }
}

/// Passes and safety of a way to answer, by the automaton of beliefs alone.
unsigned passes_if_safe(const checker::optimum::HandOvers& all, const std::vector<std::size_t>& path,
                        const std::vector<model::Operation>& operations) {
  model::Belief b = kStartsDirty;
  unsigned passes = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    EXPECT_FALSE(model::can_lose(operations[i], b));
    b = model::hardware_closure(model::apply(operations[i], b));
    for (unsigned a = 0; a < model::kAccesses; ++a)
      if (all[path[i]].has(static_cast<model::Access>(a)) && model::is_hazard(static_cast<model::Access>(a), b))
        return kUnsafe;
    b = model::advance(b, all[path[i]]);
    passes += checker::optimum::passes_of(operations[i], checker::optimum::Price::kDmaApi);
  }
  return passes;
}

/// The cheapest safe way, by trying all.
unsigned cheapest_way(const checker::optimum::HandOvers& all, const std::vector<std::size_t>& path) {
  unsigned best = kUnsafe;
  std::size_t ways = 1;
  for (std::size_t i = 0; i < path.size(); ++i) ways *= model::kOperations;
  for (std::size_t way = 0; way < ways; ++way) {
    std::vector<model::Operation> operations;
    model::Belief b = kStartsDirty;
    bool loses = false;
    for (std::size_t i = 0, rest = way; i < path.size(); ++i, rest /= model::kOperations) {
      operations.push_back(static_cast<model::Operation>(rest % model::kOperations));
      loses = loses || model::can_lose(operations.back(), b);
      b = model::advance(model::hardware_closure(model::apply(operations.back(), b)), all[path[i]]);
    }
    if (!loses) best = std::min(best, passes_if_safe(all, path, operations));
  }
  return best;
}

TEST(Online, NoContractMeetsTheOptimumAtThePriceOfTheDmaApi) {
  const checker::optimum::HandOvers all = checker::optimum::hand_overs_of(true, false);
  const checker::optimum::OnlineVerdict v =
      checker::optimum::play_online(checker::optimum::Price::kDmaApi, all, kStartsDirty);
  EXPECT_FALSE(v.contract_exists);
  EXPECT_FALSE(v.lazy_is_one);
  EXPECT_EQ(v.hand_overs, 3U);
  ASSERT_FALSE(v.refutations.empty());
  std::set<std::vector<model::Operation>> answers;
  for (const checker::optimum::Refutation& r : v.refutations) {
    EXPECT_LE(r.hand_overs.size(), v.hand_overs);
    const unsigned paid = passes_if_safe(all, r.hand_overs, r.operations);
    ASSERT_LT(paid, kUnsafe);
    EXPECT_GT(paid, cheapest_way(all, r.hand_overs));
    EXPECT_TRUE(answers.insert(r.operations).second) << "the adversary answers the same in two ways";
  }
  EXPECT_GT(answers.size(), 1U);
}

/// Every usage of two devices up to a length, as a litmus file.
class Usages {
 public:
  explicit Usages(bool snooping)
      : head_("custody litmus: usage\ndevice D0\ndevice D1" + std::string(snooping ? " coherent" : "") +
              "\n\nexport b 64K system\nattach b D0\nattach b D1\n"),
        mixed_(snooping) {}
  template <class Each>
  void each(unsigned length, const std::string& body, std::array<std::string, 2> mapped, const Each& each_one) const {
    std::string end = body;
    for (int d = 0; d < 2; ++d)
      if (const std::string& dir = mapped[static_cast<std::size_t>(d)]; !dir.empty())
        end.append("unmap b D").append(std::to_string(d)).append(" ").append(dir).append("\n");
    each_one(head_ + end + "detach b D0\ndetach b D1\nrelease b\n");
    if (length == 0) return;
    for (const std::string dir : {"TO", "FROM", "BIDI"}) {
      std::string window = body;
      window.append("begin b ").append(dir).append("\nend b ").append(dir).append("\n");
      each(length - 1, window, mapped, each_one);
      for (std::size_t d = 0; d < 2; ++d) {
        std::array<std::string, 2> next = mapped;
        // Devices of which only one snoops cannot be served together.
        if (!mapped[d].empty() || (mixed_ && !mapped[1 - d].empty())) continue;
        next[d] = dir;
        std::string map = body;
        map.append("map b D").append(std::to_string(d)).append(" ").append(dir).append("\n");
        each(length - 1, map, next, each_one);
      }
    }
    for (std::size_t d = 0; d < 2; ++d) {
      if (mapped[d].empty()) continue;
      std::array<std::string, 2> next = mapped;
      next[d].clear();
      each(length - 1, body + "unmap b D" + std::to_string(d) + " " + mapped[d] + "\n", next, each_one);
    }
  }

 private:
  std::string head_;
  bool mixed_;
};

TEST(Online, TheShippedLazyContractMeetsTheOptimumOfEveryShortUsage) {
  const spec::Contract lazy = *spec::find_contract("lazy");
  for (const bool snooping : {false, true}) {
    std::size_t usages = 0;
    Usages(snooping).each(CUSTODY_USAGE_LENGTH, "", {}, [&](const std::string& text) {
      const checker::review::Cost cost = checker::review::cost_of_workload(lazy, {"usage", "usage", text}, {});
      ASSERT_EQ(cost.missing + cost.refused, 0U) << text;
      ASSERT_EQ(cost.maintenance.operations, cost.maintenance.optimum.operations) << text;
      ++usages;
    });
    EXPECT_GT(usages, 1000U);
  }
}

}  // namespace
}  // namespace custody::property
