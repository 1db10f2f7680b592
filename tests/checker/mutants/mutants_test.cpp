// SPDX-License-Identifier: BSD-2-Clause
// First-order mutants of the table of every contract: each is refused, breaks a property, or has a state graph that is
// isomorphic to the contract's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "tests/checker/mutants/beliefs.hpp"
#include "tests/checker/mutants/graphs.hpp"
#include "tests/checker/mutants/lives.hpp"
#include "tests/checker/mutants/mutation.hpp"

namespace custody::checker::test {
namespace {

using model::Id;
using model::Row;

enum class Fate {
  kRefused,
  kProperty,
  kPropertyLater,
  kInvariant,
  kMaintenance,
  kHistories,
  kBisimilar,
  kIsomorphic,
  kAnswers
};
constexpr const char* kFates[] = {"refused as no contract",
                                  "break a property",
                                  "break a property after calls after which it held",
                                  "break an invariant of the lifetime",
                                  "isomorphic, with syncs fewer that no access needs",
                                  "isomorphic in what each history of calls can have led to",
                                  "isomorphic once states that are alike count once",
                                  "isomorphic",
                                  "not killed"};

/// Everything that decides the lives of a contract.
std::string lives_of(const spec::Contract& c) {
  std::string text(reinterpret_cast<const char*>(c.start.v.data()), sizeof c.start.v);
  for (const auto* const table : {&c.rows, &c.refusals})
    for (const Row& row : *table) {
      text.append(1, static_cast<char>(row.from)).append(1, static_cast<char>(row.event));
      text.append(1, static_cast<char>(row.to)).append(1, static_cast<char>(row.rule.size()));
      for (const model::Ids* const ids : {&row.guards, &row.actions, static_cast<const model::Ids*>(&row.syncs)}) {
        text.append(1, static_cast<char>(ids->n));
        for (const Id id : *ids) text.append(1, static_cast<char>(id));
      }
    }
  return text;
}

/// Contracts share lives: each pair is walked once.
std::optional<Comparison> known_lives(const spec::Contract& original, const spec::Contract& mutant) {
  static std::map<std::size_t, std::optional<Comparison>> known;
  const std::string pair = lives_of(original) + "|" + lives_of(mutant);
  const auto [entry, is_new] = known.emplace(std::hash<std::string>{}(pair), std::nullopt);
  if (is_new) entry->second = compare_lives(original, mutant);
  return entry->second;
}

/// Of all configurations: the mutant breaks more in one of them, or is the same in all.
Histories histories(const spec::Contract& original, const spec::Contract& mutant) {
  bool same = true;
  for (const Configuration& c : configurations()) {
    const Histories found = compare_histories(System(original, c), System(mutant, c));
    if (found == Histories::kBreakMore) return found;
    same = same && found == Histories::kIsomorphic;
  }
  return same ? Histories::kIsomorphic : Histories::kDifferent;
}

Fate fate_of(const spec::Contract& original, const Verdict& verdict, const spec::Contract& mutant) {
  if (spec::flaw_of(mutant)) return Fate::kRefused;
  const Verdict own = verdict_of(mutant, configurations());
  if (own.properties != verdict.properties) return Fate::kProperty;
  const auto lives = known_lives(original, mutant);
  if (!lives) return Fate::kInvariant;
  Comparison all = *lives;
  for (const Configuration& c : configurations()) {
    const Comparison graphs = compare_graphs(System(original, c), System(mutant, c));
    all.likeness = std::max(all.likeness, graphs.likeness);
    all.maintenance = all.maintenance || graphs.maintenance;
  }
  if (all.likeness == Likeness::kIsomorphic) return all.maintenance ? Fate::kMaintenance : Fate::kIsomorphic;
  if (all.likeness == Likeness::kBisimilar && !all.maintenance) return Fate::kBisimilar;
  // A sync is gone. Single schedules differ; does a history of calls?
  const Histories by_calls = histories(original, mutant);
  if (by_calls == Histories::kBreakMore) return Fate::kPropertyLater;
  const bool same = by_calls == Histories::kIsomorphic && lives->likeness == Likeness::kIsomorphic;
  return same ? Fate::kHistories : Fate::kAnswers;
}

/// One contract a test; the score of all of them at the end.
class Mutants : public testing::TestWithParam<std::string_view> {
 protected:
  using Score = std::map<Fate, std::size_t>;
  static void print(std::string_view name, const Score& score) {
    std::cout << name << ":";
    for (const auto& [fate, count] : score)
      std::cout << " " << count << " " << kFates[static_cast<std::size_t>(fate)] << ";";
    std::cout << std::endl;
  }
  static void TearDownTestSuite() { print("score", total); }
  static inline Score total;
};

TEST_P(Mutants, AreKilledOrTheSame) {
  const spec::Contract original = *spec::find_contract(GetParam());
  const auto itself = compare_lives(original, original);
  ASSERT_TRUE(itself) << "breaks an invariant of the lifetime";
  ASSERT_EQ(itself->likeness, Likeness::kIsomorphic);
  const Verdict verdict = verdict_of(original, configurations());
  Score score;
  for_each_mutant(original, [&](const spec::Contract& mutant, const std::string& what) {
    const Fate fate = fate_of(original, verdict, mutant);
    EXPECT_NE(fate, Fate::kAnswers) << what;
    ++score[fate], ++total[fate];
  });
  print(GetParam(), score);
}

INSTANTIATE_TEST_SUITE_P(Contracts, Mutants, testing::ValuesIn(spec::contract_names()), [](const auto& instance) {
  std::string name(instance.param);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace custody::checker::test
