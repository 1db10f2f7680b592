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

namespace custody::checker::test {
namespace {

using model::at;
using model::Id;
using model::kEvents;
using model::kSyncs;

bool is_of_window(Id event) {
  return event == at(kEvents, "begin_cpu_access") || event == at(kEvents, "end_cpu_access");
}

/// Syncs that a contract of sound mind may have at a call, beside the maps and unmaps of its tables: these stay.
std::vector<Id> candidates(Id event) {
  std::vector<Id> out;
  for (std::size_t i = 0; i < std::size(kSyncs); ++i) {
    const auto s = static_cast<Id>(i);
    const bool of_buffer = kSyncs[s].targets == model::Targets::kBuffer;
    const bool of_mapped = kSyncs[s].targets == model::Targets::kMapped ||
                           (kSyncs[s].targets == model::Targets::kExporter && !model::maps(kSyncs[s].call));
    if (of_buffer || (of_mapped && is_of_window(event))) out.push_back(s);
  }
  return out;
}

/// A map that carries its sync, or one that skips it; the unmap alike.
Id other_attributes(Id sync) {
  constexpr std::pair<Id, Id> kPairs[] = {{at(kSyncs, "own:map"), at(kSyncs, "own:map:skip")},
                                          {at(kSyncs, "own:unmap"), at(kSyncs, "own:unmap:skip")},
                                          {at(kSyncs, "own:unmap:kept"), at(kSyncs, "own:unmap:kept:skip")}};
  for (const auto& [plain, skipping] : kPairs) {
    if (sync == plain) return skipping;
    if (sync == skipping) return plain;
  }
  return sync;
}

void change(model::Row& row) {
  model::Ids& syncs = row.syncs;
  const std::vector<Id> more = candidates(row.event);
  const auto own = [](Id s) { return model::maps(kSyncs[s].call); };
  const auto kind = *rc::gen::inRange(0, 3);
  if (kind == 0 && syncs.n > 0) {
    Id& sync = syncs.id[*rc::gen::inRange<std::size_t>(0, syncs.n)];
    sync = other_attributes(sync);
  } else if (kind == 1 && syncs.n > 0) {
    const auto i = *rc::gen::inRange<std::size_t>(0, syncs.n);
    if (own(syncs.id[i])) return;
    std::copy(syncs.id.begin() + i + 1, syncs.id.begin() + syncs.n, syncs.id.begin() + i);
    --syncs.n;
  } else if (syncs.n < syncs.id.size()) {
    syncs.id[syncs.n++] = *rc::gen::elementOf(more);
  }
}

spec::Contract random_contract() {
  const auto names = spec::contract_names();
  spec::Contract contract = *spec::find_contract(*rc::gen::elementOf(names));
  std::vector<std::size_t> of_buffer;
  for (std::size_t r = 0; r < contract.rows.size(); ++r) {
    const Id event = contract.rows[r].event;
    const bool runs = is_of_window(event) || event == at(kEvents, "map") || event == at(kEvents, "unmap") ||
                      event == at(kEvents, "export") || event == at(kEvents, "detach") || event == at(kEvents, "mmap");
    if (contract.rows[r].from < model::kBufferStates && runs) of_buffer.push_back(r);
  }
  for (auto changes = *rc::gen::inRange(1, 6); changes > 0; --changes)
    change(contract.rows[*rc::gen::elementOf(of_buffer)]);
  const auto knob = *rc::gen::inRange(0, 8);
  if (knob == 0) model::set_policy(contract.start, at(model::kFields, "implicit_sync"), 1);
  if (knob == 1) model::set_policy(contract.start, at(model::kFields, "cpu_unmapped"), 2);
  if (knob == 2) model::set_policy(contract.start, at(model::kFields, "granularity"), 1);
  if (knob == 3) model::set_policy(contract.start, at(model::kFields, "granularity"), 2);
  return contract;
}

Configuration random_configuration() {
  Configuration c;
  c.devices = *rc::gen::inRange(1U, 3U);
  c.coherent = *rc::gen::inRange(0U, c.devices);
  c.bounced = *rc::gen::inRange(0U, c.devices - c.coherent + 1U);
  c.windows = *rc::gen::inRange(1U, 3U);
  c.client = *rc::gen::element(Client::kLegal, Client::kLegal, Client::kOverlapping, Client::kUnpaired,
                               Client::kNeverBrackets, Client::kVmap);
  c.cpu_line = *rc::gen::element(64U, 128U);
  c.device_line = *rc::gen::element(64U, 128U);
  c.arch = model::find_arch(
      *rc::gen::elementOf(std::vector<std::string>{"arm64-5.18", "arm64-6.1", "armv7", "riscv-6.1", "riscv-6.6"}));
  return c;
}

RC_GTEST_PROP(Contracts, AtRandomHaveCounterexamplesThatAReplayJudgesAlike, ()) {
  const spec::Contract contract = random_contract();
  if (spec::flaw_of(contract)) RC_DISCARD("no contract");
  const Configuration configuration = random_configuration();
  std::optional<System> fits;
  try {
    fits.emplace(contract, configuration);
  } catch (const std::invalid_argument&) {
    RC_DISCARD("a state needs too many bits");
  }
  const System& system = *fits;
  SearchOptions options;
  options.max_states = 20000;
  const SearchResult r = search(system, options);
  RC_TAG(r.violations.empty() ? "safe" : "violated");
  for (const Violation& v : r.violations) {
    if (v.property == Property::kBackingLost) continue;  // no rule of a replay
    const std::string text = counterexample_litmus(system, contract, v);
    RC_LOG() << text;
    const Seen seen = replay_text(text);
    RC_ASSERT(seen.error.empty());
    RC_ASSERT(!seen.result.expectations_failed);
    const std::string rule(id_of(v.property));
    RC_ASSERT(std::any_of(seen.findings.begin(), seen.findings.end(), [&](const SeenFinding& f) {
      return f.rule == rule || (" " + f.also).find(" " + rule + " ") != std::string::npos;
    }));
  }
}

}  // namespace
}  // namespace custody::checker::test
