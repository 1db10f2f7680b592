// SPDX-License-Identifier: BSD-2-Clause
// Automata from what is seen of the machines, proved before they are given out.
#include "spec/document/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_set>

#include "spec/exporter_profile.hpp"

namespace custody::spec::document {

using model::at;
using model::Custody;
using model::Id;
using model::kEvents;
using model::kStates;
using model::Row;

namespace {

bool is_identifier(const std::string& name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::all_of(name.begin(), name.end(), is_word);
}

std::vector<std::string> sorted(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

int index_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// The records that a projection follows; empty where they are beyond it.
using Naming = std::string (*)(const Custody& custody);

std::string attachment_in(const Custody& custody) {
  const model::Attachment* const a = custody.find_attachment(0);
  if (a == nullptr) return "Detached";
  constexpr std::string_view kMaps[] = {"Attached", "Mapped", "MappedTwice"};
  const std::size_t maps = std::size_t{a->maps[0]} + a->maps[1] + a->maps[2];
  if (maps >= std::size(kMaps) || a->pins > 1) return {};
  return std::string(kMaps[maps]) + (a->pins != 0 ? "Pinned" : "");
}

std::string windows_in(const Custody& custody) {
  constexpr std::string_view kWindows[] = {"Closed", "Open", "OpenTwice"};
  return custody.windows.size() < std::size(kWindows) ? std::string(kWindows[custody.windows.size()]) : std::string();
}

/// After calls that are all legal.
Situation after_all(const World& world, std::initializer_list<std::string_view> events) {
  Situation situation;
  for (const std::string_view event : events)
    for (const model::Call& call : world.calls())
      if (kEvents[call.event].name == event) situation = world.after(situation, call);
  return situation;
}

/// Every call of `events` in every situation that they lead to, as far as it has a name.
std::vector<Observation> observed(const World& world, Situation start, model::EventSet events, Naming naming) {
  std::vector<Observation> out;
  std::unordered_set<std::string> seen = {start.key()};
  std::deque<Situation> queue = {std::move(start)};
  for (; !queue.empty(); queue.pop_front())
    for (const model::Call& call : world.calls()) {
      if (((events >> call.event) & 1U) == 0) continue;
      const ContractAnswer answer = world.foresee(queue.front(), call);
      if (answer.refusing() != nullptr) continue;
      const std::string here = naming(queue.front().custody), event(kEvents[call.event].name);
      if (!is_legal(answer)) {
        out.push_back({here, event, {}, true});
        continue;
      }
      Situation next = world.after(queue.front(), call);
      const std::string there = naming(next.custody);
      if (there.empty()) continue;
      out.push_back({here, event, there, false});
      if (seen.insert(next.key()).second) queue.push_back(std::move(next));
    }
  return out;
}

}  // namespace

std::string_view name_of(Follows follows) {
  constexpr std::string_view kNames[] = {"lifetime", "attachment", "window"};
  return kNames[static_cast<std::size_t>(follows)];
}

Projection tabulated(std::string name, const std::string& initial, std::string final_state,
                     const std::vector<Observation>& observations) {
  Projection out{std::move(name), {initial}, {}, std::move(final_state), {}};
  std::set<std::string> states, events;
  for (const Observation& o : observations) {
    states.insert(o.state);
    if (o.refused) continue;
    states.insert(o.next);
    events.insert(o.event);
  }
  states.erase(initial);
  for (const std::string& state : states) out.states.push_back(state);
  out.events = sorted(events);
  for (const std::string& word : out.states)
    if (!is_identifier(word)) throw SpecError("\"" + word + "\" is no name of a state, expected a C identifier");
  for (const std::string& word : out.events)
    if (!is_identifier(word)) throw SpecError("\"" + word + "\" is no name of an event, expected a C identifier");
  out.next.assign(out.states.size(), std::vector<int>(out.events.size(), kUnseen));
  for (const Observation& o : observations) {
    if (events.count(o.event) == 0) continue;  // never legal: no edge could show it
    int& cell = out.next[static_cast<std::size_t>(index_of(out.states, o.state))]
                        [static_cast<std::size_t>(index_of(out.events, o.event))];
    const int to = o.refused ? kRefused : index_of(out.states, o.next);
    if (cell != kUnseen && cell != to)
      throw SpecError(fmt::format("{} in {} is not deterministic: it leads to {} and to {}", o.event, o.state,
                                  cell == kRefused ? "a refusal" : out.states[static_cast<std::size_t>(cell)],
                                  o.refused ? "a refusal" : o.next));
    cell = to;
  }
  return out;
}

namespace {

constexpr model::EventSet kOfAttachment = model::kAttachmentEvents;
constexpr model::EventSet kOfWindow = model::events(at(kEvents, "begin_cpu_access"), at(kEvents, "end_cpu_access"));

}  // namespace

Projection project(const Contract& contract, Follows follows) {
  const World world(contract, {model::Direction::kFromDevice}, 1);
  const std::string name = fmt::format("custody_{}", name_of(follows));
  switch (follows) {
    case Follows::kLifetime: break;
    case Follows::kAttachment:
      return tabulated(name, "Detached", "Detached",
                       observed(world, after_all(world, {"export"}), kOfAttachment, attachment_in));
    case Follows::kWindow:
      return tabulated(name, "Closed", "Closed",
                       observed(world, after_all(world, {"export", "attach", "map", "mmap"}), kOfWindow, windows_in));
  }
  return tabulated(name, "Unborn", "Freed", observed_lifetime(contract));
}

}  // namespace custody::spec::document
