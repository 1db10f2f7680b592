// SPDX-License-Identifier: BSD-2-Clause
// Contracts at random: what the search finds, a replay of its counterexample finds.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "checker/explore/counterexample.hpp"
#include "checker/explore/search.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::property {
namespace {

using model::at;
using model::Id;
using model::kEvents;
using model::Sync;
using spec::Clause;

bool is_of_window(const Clause& clause) {
  constexpr model::EventSet kOthers =
      model::kAnyEvent & ~model::events(at(kEvents, "begin_cpu_access"), at(kEvents, "end_cpu_access"));
  return (clause.on & kOthers) == 0;
}

/// Syncs that a contract of sound mind may have at a call, beside the maps and unmaps of its tables: these stay.
std::vector<Sync> candidates(const Clause& clause) {
  std::vector<std::string> names = {"buffer:clean", "buffer:invalidate", "buffer:clean_invalidate"};
  if (is_of_window(clause)) {
    for (const char* const targets : {"mapped", "first", "attached", "exporter"})
      for (const char* const call : {":for_cpu", ":for_device"})
        for (const char* const dir : {"", ":to", ":from", ":bidi"}) names.push_back(std::string(targets) + call + dir);
    for (const char* const name : {"mapped:for_cpu:mapping", "mapped:for_device:mapping", "first:for_cpu:mapping"})
      names.emplace_back(name);
  }
  std::vector<Sync> out;
  for (const std::string& name : names) out.push_back(model::parse_sync(name).value());
  return out;
}

/// It maps or unmaps a table: without it, or with it more often, tables do not pair.
bool keeps_tables(const Clause& clause) {
  const auto maps = [](const Sync& sync) { return model::maps(sync.call); };
  const auto notes_table = [](Id note) { return model::is_own_note(model::kNoteActions[note].fact); };
  return std::any_of(clause.syncs.begin(), clause.syncs.end(), maps) ||
         std::any_of(clause.notes.begin(), clause.notes.end(), notes_table);
}

template <class T>
std::size_t any_index(const std::vector<T>& list) {
  return *rc::gen::inRange<std::size_t>(0, list.size());
}
template <class T>
void drop_any(std::vector<T>& list) {
  if (!list.empty()) list.erase(list.begin() + static_cast<std::ptrdiff_t>(any_index(list)));
}

void change_syncs(Clause& clause) {
  const auto kind = *rc::gen::inRange(0, 4);
  if (kind == 0 && !clause.syncs.empty()) {
    Sync& sync = clause.syncs[any_index(clause.syncs)];
    if (model::names_device(sync.targets) && model::maps(sync.call)) sync.skip = !sync.skip;
  } else if (kind == 1 && !clause.syncs.empty()) {
    const std::size_t i = any_index(clause.syncs);
    if (!model::maps(clause.syncs[i].call)) clause.syncs.erase(clause.syncs.begin() + static_cast<std::ptrdiff_t>(i));
  } else if (clause.refuse.empty()) {
    clause.syncs.push_back(*rc::gen::elementOf(candidates(clause)));
  }
}

void change_guards(Clause& clause) {
  if (keeps_tables(clause)) return;
  if (*rc::gen::arbitrary<bool>()) return drop_any(clause.guards);
  clause.guards.push_back(*rc::gen::inRange<Id>(0, static_cast<Id>(std::size(model::kGuards))));
}

void change_notes(Clause& clause) {
  if (keeps_tables(clause) || !clause.refuse.empty()) return;
  if (*rc::gen::arbitrary<bool>()) return drop_any(clause.notes);
  const auto note = *rc::gen::inRange<Id>(0, static_cast<Id>(std::size(model::kNoteActions)));
  if (!model::is_own_note(model::kNoteActions[note].fact)) clause.notes.push_back(note);
}

Clause any_clause() {
  constexpr Id kCalls[] = {
      at(kEvents, "export"), at(kEvents, "attach"),           at(kEvents, "detach"),         at(kEvents, "map"),
      at(kEvents, "unmap"),  at(kEvents, "begin_cpu_access"), at(kEvents, "end_cpu_access"), at(kEvents, "mmap"),
      at(kEvents, "vmap"),   at(kEvents, "munmap"),           at(kEvents, "vunmap")};
  Clause clause;
  clause.name = "any" + std::to_string(*rc::gen::inRange(0, 1000000));
  clause.on = model::events(kCalls[*rc::gen::inRange<std::size_t>(0, std::size(kCalls))]);
  if (*rc::gen::inRange(0, 8) == 0) clause.refuse = "EBUSY";
  if (clause.refuse.empty()) clause.syncs.push_back(*rc::gen::elementOf(candidates(clause)));
  return clause;
}

void change(spec::Contract& contract) {
  const auto kind = *rc::gen::inRange(0, 9);
  if (kind == 0 || contract.clauses.empty()) {
    const auto place = *rc::gen::inRange<std::size_t>(0, contract.clauses.size() + 1);
    contract.clauses.insert(contract.clauses.begin() + static_cast<std::ptrdiff_t>(place), any_clause());
    return change_guards(contract.clauses[place]);
  }
  const std::size_t i = any_index(contract.clauses);
  Clause& clause = contract.clauses[i];
  if (kind == 1) {
    if (!keeps_tables(clause)) contract.clauses.erase(contract.clauses.begin() + static_cast<std::ptrdiff_t>(i));
  } else if (kind < 5) {
    change_syncs(clause);
  } else if (kind < 7) {
    change_guards(clause);
  } else {
    change_notes(clause);
  }
}

/// Any values that go together.
void change_policies(model::Policies& policies) {
  model::Policies changed = policies;
  for (auto changes = *rc::gen::inRange(0, 4); changes > 0; --changes) {
    const auto p = *rc::gen::inRange<std::size_t>(0, model::kPolicyCount);
    changed.v[p] = *rc::gen::inRange<std::uint8_t>(0, model::kPolicies[p].count());
  }
  if (model::conflict_of(changed).empty()) policies = changed;
}

spec::Contract random_contract() {
  spec::Contract contract = *spec::find_contract(*rc::gen::elementOf(spec::contract_names()));
  change_policies(contract.lifetime.policies);
  for (auto changes = *rc::gen::inRange(1, 6); changes > 0; --changes) {
    spec::Contract changed = contract;
    change(changed);
    if (!spec::flaw_of(changed)) contract = changed;
  }
  contract.name = "any";
  return contract;
}

checker::explore::Configuration random_configuration() {
  checker::explore::Configuration c;
  c.devices = *rc::gen::inRange(1U, 3U);
  c.coherent = *rc::gen::inRange(0U, c.devices);
  c.bounced = *rc::gen::inRange(0U, c.devices - c.coherent + 1U);
  c.windows = *rc::gen::inRange(1U, 3U);
  c.client = *rc::gen::element(checker::explore::Client::kLegal, checker::explore::Client::kLegal,
                               checker::explore::Client::kOverlapping, checker::explore::Client::kUnpaired,
                               checker::explore::Client::kNeverBrackets, checker::explore::Client::kVmap);
  c.cpu_line = *rc::gen::element(64U, 128U);
  c.device_line = *rc::gen::element(64U, 128U);
  std::vector<std::string> architectures;
  for (const model::ArchProfile& arch : model::kArchProfiles) architectures.emplace_back(arch.name);
  c.arch = model::find_arch(*rc::gen::elementOf(architectures));
  return c;
}

std::string shown(const checker::explore::Configuration& c) {
  return std::to_string(c.devices) + " devices, " + std::to_string(c.coherent) + " coherent, " +
         std::to_string(c.bounced) + " bounced, " + std::to_string(c.windows) + " windows, client " +
         std::string(checker::explore::name_of(c.client)) + ", lines " + std::to_string(c.cpu_line) + " " +
         std::to_string(c.device_line) + ", " + std::string(c.arch->name);
}

/// What the contract says of the lifetime, as the user of a replay says it.
checker::replay::Options options_of(const spec::Contract& contract) {
  checker::replay::Options options;
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    if (model::kPolicies[p].read_by == model::ReadBy::kLifetime)
      options.policies.emplace_back(model::kPolicies[p].name,
                                    model::kPolicies[p].values[contract.lifetime.policies.v[p]].name);
  return options;
}

bool names_rule(const checker::test::SeenFinding& finding, const std::string& rule) {
  return finding.rule == rule || (" " + finding.also).find(" " + rule + " ") != std::string::npos;
}

/// As a user of `custody check` replays it, and under the contract's policies.
void judge_alike(const checker::explore::System& system, const spec::Contract& contract,
                 const checker::explore::Violation& violation) {
  const std::string text = checker::explore::counterexample_litmus(system, contract, violation);
  RC_LOG() << spec::write_contract(contract) << shown(system.configuration()) << "\n" << text;
  for (const checker::replay::Options& options : {checker::replay::Options{}, options_of(contract)}) {
    const checker::test::Seen seen = checker::test::replay_text(text, options);
    for (const checker::JudgedExpectation& j : seen.expectations)
      if (!j.held) RC_LOG() << j.expectation.text << ": " << j.found << "\n";
    RC_ASSERT(seen.error.empty());
    const std::string rule(checker::explore::id_of(violation.property));
    RC_ASSERT(std::any_of(seen.findings.begin(), seen.findings.end(),
                          [&](const checker::test::SeenFinding& finding) { return names_rule(finding, rule); }));
    RC_ASSERT(!seen.result.expectations_failed);
  }
}

RC_GTEST_PROP(Contracts, AtRandomHaveCounterexamplesThatAReplayJudgesAlike, ()) {
  const spec::Contract contract = random_contract();
  std::optional<checker::explore::System> fits;
  try {
    fits.emplace(contract, random_configuration());
  } catch (const std::invalid_argument&) {
    RC_DISCARD("a state needs too many bits, or the clauses look at too much together");
  }
  checker::explore::SearchOptions options;
  options.max_states = 20000;
  const checker::explore::SearchResult result = checker::explore::search(*fits, options);
  RC_TAG(result.violations.empty() ? "safe" : "violated");
  for (const checker::explore::Violation& violation : result.violations)
    if (violation.property != checker::explore::Property::kBackingLost) judge_alike(*fits, contract, violation);
}

}  // namespace
}  // namespace custody::property
