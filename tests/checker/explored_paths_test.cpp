// SPDX-License-Identifier: BSD-2-Clause
// What a search says of a path, a replay of it says: of the counterexamples of every contract and proposal, and of
// paths at random, on which a replay finds nothing that the search does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "checker/explore/counterexample.hpp"
#include "checker/explore/search.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using explore::Configuration;
using explore::Property;
using explore::System;

std::vector<spec::Contract> contracts_and_proposals() {
  std::vector<spec::Contract> out;
  for (const std::string_view name : spec::contract_names()) out.push_back(*spec::find_contract(name));
  const spec::Contract base = *spec::find_contract("system-heap-6.1");
  for (const auto& file : std::filesystem::directory_iterator("spec/proposals")) {
    const std::string path = file.path().string();
    if (file.path().extension() != ".json" || file.path().filename() == "proposals.json") continue;
    out.push_back(spec::read_proposal(base, read_file(path), path));
  }
  return out;
}

/// One device or two, of each kind and of two kinds, together and in turn.
std::vector<Configuration> explored_configurations() {
  std::vector<Configuration> out;
  for (const explore::Client client : explore::kClients)
    for (const auto& [devices, coherent, bounced, in_turn] : {std::tuple{1U, 0U, 0U, false},
                                                              {1U, 0U, 1U, false},
                                                              {2U, 0U, 0U, false},
                                                              {2U, 0U, 1U, false},
                                                              {2U, 0U, 1U, true},
                                                              {2U, 0U, 2U, false},
                                                              {2U, 1U, 1U, false},
                                                              {2U, 1U, 1U, true}}) {
      Configuration c;
      c.client = client;
      // One whose map for a device that writes invalidates, where windows overlap.
      const bool overlapping = client == explore::Client::kOverlapping;
      c.arch = model::find_arch(overlapping ? "arm64-5.18" : "arm64-6.1");
      c.windows = overlapping ? 2 : 1;
      c.devices = devices;
      c.coherent = coherent;
      c.bounced = bounced;
      c.in_turn = in_turn;
      out.push_back(c);
    }
  return out;
}

Seen replay_by(const std::string& litmus, const spec::Contract& contract) {
  replay::Options options;
  options.contract = std::make_shared<const spec::Contract>(contract);
  return replay_text(litmus, options);
}

TEST(ExploredPaths, OfEveryContractReplayToWhatTheSearchNames) {
  std::size_t replayed = 0, of_copies = 0, stray = 0;
  for (const spec::Contract& contract : contracts_and_proposals()) {
    const explore::DecisionTables tables(contract);
    for (const Configuration& c : explored_configurations()) {
      const System system(tables, c);
      for (const explore::Violation& v : explore::search(system, {}).violations) {
        if (v.property == Property::kBackingLost) continue;
        const std::string text = explore::counterexample_litmus(system, contract, v);
        const Seen seen = replay_by(text, contract);
        EXPECT_EQ(seen.error, "") << text;
        EXPECT_FALSE(seen.result.expectations_failed) << contract.name << "\n" << text;
        EXPECT_TRUE(seen.names(std::string(explore::id_of(v.property)))) << contract.name << "\n" << text;
        ++replayed;
        of_copies += v.property == Property::kM6 ? 1U : 0U;
        stray += v.property == Property::kL1 ? 1U : 0U;
      }
    }
  }
  EXPECT_GT(replayed, 1500U);
  EXPECT_GT(of_copies, 300U);
  EXPECT_GT(stray, 50U);
}

/// A path at random from the start, up to the release or to the first step that breaks something.
explore::Violation walk(const System& system, std::mt19937& dice, std::size_t steps) {
  explore::Violation path;
  path.property = Property::kBackingLost;  // no rule of a replay: the file expects what else is known
  path.states = {system.initial()};
  std::vector<explore::Successor> successors;
  while (path.labels.size() < steps) {
    system.successors(path.states.back(), successors);
    std::erase_if(successors, [](const explore::Successor& s) { return s.is_mixed(); });
    if (successors.empty()) break;
    const explore::Successor& next = successors[dice() % successors.size()];
    path.labels.push_back(next.label);
    path.states.push_back(next.next);
    if (next.broken != 0) break;
  }
  return path;
}

/// A rule that is a property of a search, by its own name or as the text of an expectation. How a contract pairs its
/// maps and unmaps a search does not ask.
bool is_judged_by_both(const std::string& text) {
  const std::string rule = text.substr(text.find_last_of(' ') + 1);
  return rule[0] == 'M' || rule == "L1";
}

TEST(ExploredPaths, AtRandomHoldNothingMoreForAReplay) {
  std::mt19937 dice(7);
  std::size_t clean = 0, broken = 0;
  for (const spec::Contract& contract : contracts_and_proposals()) {
    const explore::DecisionTables tables(contract);
    for (const Configuration& c : explored_configurations()) {
      const System system(tables, c);
      for (unsigned i = 0; i < 12; ++i) {
        const std::string text = explore::counterexample_litmus(system, contract, walk(system, dice, 24));
        const Seen seen = replay_by(text, contract);
        EXPECT_EQ(seen.error, "") << text;
        for (const JudgedExpectation& j : seen.expectations)
          EXPECT_TRUE(j.held || !is_judged_by_both(j.expectation.text)) << j.expectation.text << "\n" << text;
        for (const SeenFinding& f : seen.findings) {
          if (!is_judged_by_both(f.rule)) continue;
          EXPECT_NE(text.find("expect " + f.rule + "\n"), std::string::npos)
              << contract.name << ": " << f.rule << " at line " << f.line << "\n"
              << text;
        }
        ++(text.find("\nexpect ") == std::string::npos ? clean : broken);
      }
    }
  }
  EXPECT_GT(clean, 5000U);
  EXPECT_GT(broken, 2000U);
}

}  // namespace
}  // namespace custody::checker::test
