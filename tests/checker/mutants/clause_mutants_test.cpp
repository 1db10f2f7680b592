// SPDX-License-Identifier: BSD-2-Clause
// Every first-order mutant of the clauses of every shipped contract and proposal changes what a search says, or has a
// state graph that is isomorphic to the contract's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "checker/explore/counterexample.hpp"
#include "tests/checker/mutants/beliefs.hpp"
#include "tests/checker/mutants/clause_mutation.hpp"
#include "tests/checker/mutants/graphs.hpp"
#include "tests/checker/mutants/replays.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

enum class Fate {
  kRefused,
  kProperty,
  kStates,
  kPropertyLater,
  kOperations,
  kDeparture,
  kMaintenance,
  kHistories,
  kBisimilar,
  kIsomorphic,
  kLeft
};
constexpr const char* kFates[] = {"refused as no contract",
                                  "change what is broken",
                                  "change the number of states",
                                  "break a property after calls after which it held",
                                  "change the number of operations",
                                  "change where a trace departs from the contract",
                                  "isomorphic, with syncs fewer that no access needs",
                                  "isomorphic in what each history of calls can have led to",
                                  "isomorphic once states that are alike count once",
                                  "isomorphic",
                                  "left"};

/// Beside those that every contract is held against: clients that break rules, and a device behind copies.
std::vector<explore::Configuration> all_configurations() {
  std::vector<explore::Configuration> out = configurations();
  explore::Configuration c;
  c.client = explore::Client::kOverlapping;
  c.windows = 2;
  out.push_back(c);
  c.client = explore::Client::kVmap;
  out.push_back(c);
  c.client = explore::Client::kLegal;
  c.windows = 1;
  c.bounced = 1;
  out.push_back(c);
  return out;
}

/// What two contracts are to each other in every configuration.
Comparison graphs(const explore::DecisionTables& original, const explore::DecisionTables& mutant) {
  Comparison all;
  for (const explore::Configuration& c : all_configurations()) {
    const Comparison graphs = compare_graphs(explore::System(original, c), explore::System(mutant, c));
    all.likeness = std::max(all.likeness, graphs.likeness);
    all.maintenance = all.maintenance || graphs.maintenance;
  }
  return all;
}

/// Of all configurations: the mutant breaks more in one of them, or is the same in all.
Histories histories(const explore::DecisionTables& original, const explore::DecisionTables& mutant) {
  bool same = true;
  for (const explore::Configuration& c : configurations()) {
    const Histories found = compare_histories(explore::System(original, c), explore::System(mutant, c));
    if (found == Histories::kBreakMore) return found;
    same = same && found == Histories::kIsomorphic;
  }
  return same ? Histories::kIsomorphic : Histories::kDifferent;
}

/// Some count differs: 0 states, 1 transitions, 2 operations.
bool differs(const Verdict& a, const Verdict& b, std::size_t which) {
  for (std::size_t i = which; i < a.counts.size(); i += 3)
    if (a.counts[i] != b.counts[i]) return true;
  return false;
}

/// Proved the same, by what, or not.
Fate likeness_of(const spec::Contract& original, const spec::Contract& mutant) {
  const explore::DecisionTables before(original), after(mutant);
  const Comparison all = graphs(before, after);
  if (all.likeness == Likeness::kIsomorphic) return all.maintenance ? Fate::kMaintenance : Fate::kIsomorphic;
  if (all.likeness == Likeness::kBisimilar && !all.maintenance) return Fate::kBisimilar;
  // A sync is gone. Single schedules differ; does a history of calls?
  const Histories by_calls = histories(before, after);
  if (by_calls == Histories::kBreakMore) return Fate::kPropertyLater;
  return by_calls == Histories::kIsomorphic ? Fate::kHistories : Fate::kLeft;
}

/// An exporter that keeps the original is seen to depart from the mutant.
bool departs_where_operations_differ(const spec::Contract& original, const spec::Contract& mutant) {
  for (const explore::Configuration& c : configurations()) {
    const explore::System a(original, c), b(mutant, c);
    const std::optional<explore::Violation> path = where_operations_differ(a, b);
    if (!path) continue;
    const std::string litmus = explore::counterexample_litmus(a, original, *path);
    if (departures_of(litmus, original).empty() && !departures_of(litmus, mutant).empty()) return true;
  }
  return false;
}

/// The contract, and what is known of it.
struct Original {
  spec::Contract contract;
  Verdict verdict;
  std::string departures;
};

Fate fate_of(const Original& original, const spec::Contract& mutant) {
  if (spec::flaw_of(mutant)) return Fate::kRefused;
  const Verdict own = verdict_of(mutant, all_configurations());
  if (own.properties != original.verdict.properties) return Fate::kProperty;
  if (differs(own, original.verdict, 0)) return Fate::kStates;
  if (departures_from(mutant) != original.departures) return Fate::kDeparture;
  const Fate fate = likeness_of(original.contract, mutant);
  if (fate != Fate::kLeft) return fate;
  if (differs(own, original.verdict, 2)) return Fate::kOperations;
  return departs_where_operations_differ(original.contract, mutant) ? Fate::kDeparture : Fate::kLeft;
}

std::vector<spec::Contract> all_contracts() {
  std::vector<spec::Contract> out;
  for (const std::string_view name : spec::contract_names()) out.push_back(*spec::find_contract(name));
  const spec::Contract base = *spec::find_contract("system-heap-6.1");
  for (const char* const name : {"mapped-throughout", "rounded-ranges", "sync-at-windows", "sync-at-windows-mended",
                                 "synced-ranges", "unattached-no-effect", "unattached-refused"}) {
    const std::string path = "spec/proposals/" + std::string(name) + ".json";
    out.push_back(spec::read_proposal(base, read_file(path), path));
  }
  return out;
}

using FateScore = std::map<Fate, std::size_t>;

void print(const std::string& name, const FateScore& score) {
  std::cout << name << ":";
  for (const auto& [fate, count] : score)
    std::cout << " " << count << " " << kFates[static_cast<std::size_t>(fate)] << ";";
  std::cout << std::endl;
}

TEST(ClauseMutants, ChangeAVerdictOrAreTheSame) {
  FateScore total;
  std::size_t not_negated = 0;
  for (const spec::Contract& contract : all_contracts()) {
    const Original original{contract, verdict_of(contract, all_configurations()), departures_from(contract)};
    FateScore score;
    not_negated += for_each_clause_mutant(contract, [&](const spec::Contract& mutant, const std::string& what) {
      const Fate fate = fate_of(original, mutant);
      EXPECT_NE(fate, Fate::kLeft) << what;
      if (fate >= Fate::kMaintenance)
        std::cout << "  " << what << ": " << kFates[static_cast<std::size_t>(fate)] << "\n";
      ++score[fate], ++total[fate];
    });
    print(contract.name, score);
  }
  print("score of clauses", total);
  EXPECT_EQ(not_negated, 5U) << "guards without a negation in the vocabulary";
}

}  // namespace
}  // namespace custody::checker::test
