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
      const std::string here = naming(queue.front().custody), event(kEvents[call.event].name);
      if (answer.refusing() != nullptr) {
        out.push_back({here, event, {}, false, false, true});
        continue;
      }
      if (!is_legal(answer)) {
        out.push_back({here, event, {}, true, false, false});
        continue;
      }
      Situation next = world.after(queue.front(), call);
      const std::string there = naming(next.custody);
      out.push_back({here, event, there, false, there.empty(), false});
      if (there.empty()) continue;
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
  Projection out{std::move(name), {initial}, {}, std::move(final_state), {}, {}};
  std::set<std::string> states, events;
  for (const Observation& o : observations) {
    states.insert(o.state);
    if (o.refused || o.beyond || o.elsewhere) continue;
    states.insert(o.next);
    events.insert(o.event);
  }
  if (events.empty()) throw SpecError("none of the calls that it follows is ever legal");
  states.erase(initial);
  for (const std::string& state : states) out.states.push_back(state);
  out.events = sorted(events);
  for (const std::string& word : out.states)
    if (!is_identifier(word)) throw SpecError("\"" + word + "\" is no name of a state, expected a C identifier");
  for (const std::string& word : out.events)
    if (!is_identifier(word)) throw SpecError("\"" + word + "\" is no name of an event, expected a C identifier");
  out.next.assign(out.states.size(), std::vector<int>(out.events.size(), kUnseen));
  for (const Observation& o : observations) {
    if (!events.contains(o.event) || o.elsewhere) continue;  // never legal: no edge could show it
    int& cell = out.next[static_cast<std::size_t>(index_of(out.states, o.state))]
                        [static_cast<std::size_t>(index_of(out.events, o.event))];
    const int to = o.refused ? kRefused : o.beyond ? kBeyond : index_of(out.states, o.next);
    const auto words = [&](int target) {
      if (target == kRefused) return std::string("a refusal");
      return target == kBeyond ? std::string("what is not counted") : out.states[static_cast<std::size_t>(target)];
    };
    if (cell != kUnseen && cell != to)
      throw SpecError(fmt::format("{} in {} is not deterministic: it leads to {} and to {}", o.event, o.state,
                                  words(cell), words(to)));
    cell = to;
  }
  return out;
}

void prove_complete(const std::vector<Observation>& observations, model::EventSet calls) {
  std::map<std::string, model::EventSet> answered;
  for (const Observation& o : observations)
    for (Id e = 0; e < model::kEventCount; ++e) {
      const std::string_view call = kEvents[e].name;  // `unmap`, or `unmap_last_owner_unmaps`
      const bool is_it = o.event.starts_with(call) && (o.event.size() == call.size() || o.event[call.size()] == '_');
      if (is_it) answered[o.state] |= model::events(e);
      if (!o.next.empty()) answered[o.next];
    }
  for (const auto& [state, set] : answered)
    for (Id e = 0; e < model::kEventCount; ++e)
      if (((calls >> e) & 1U) != 0 && ((set >> e) & 1U) == 0)
        throw SpecError(fmt::format("{} in {} has no answer", kEvents[e].name, state));
}

namespace {

constexpr model::EventSet kOfAttachment = model::kAttachmentEvents;
constexpr model::EventSet kOfWindow = model::events(at(kEvents, "begin_cpu_access"), at(kEvents, "end_cpu_access"));

Projection proved(Projection automaton, const std::vector<Observation>& seen, model::EventSet calls,
                  std::string bounds) {
  prove_complete(seen, calls);
  automaton.bounds = std::move(bounds);
  return automaton;
}

}  // namespace

Projection project(const Contract& contract, Follows follows) {
  const World world(contract, {model::Direction::kFromDevice}, 1);
  const std::string name = fmt::format("custody_{}", name_of(follows));
  const auto counted = [&](std::initializer_list<std::string_view> before, model::EventSet calls, Naming naming,
                           const char* initial, std::string bounds) {
    const std::vector<Observation> seen = observed(world, after_all(world, before), calls, naming);
    return proved(tabulated(name, initial, initial, seen), seen, calls, std::move(bounds));
  };
  switch (follows) {
    case Follows::kLifetime: break;
    case Follows::kAttachment:
      return counted({"export"}, kOfAttachment, attachment_in, "Detached",
                     "one attachment of an exported buffer, with two maps and one pin at most, as no automaton counts "
                     "without end: a monitor must not be fed a further one. Other calls are not followed.");
    case Follows::kWindow:
      return counted(
          {"export", "attach", "map", "mmap"}, kOfWindow, windows_in, "Closed",
          "the CPU access windows of one task, in one direction, on a buffer that a device and a process have "
          "mapped, two at a time at most, as no automaton counts without end: a monitor must not be fed a "
          "further one. Other calls are not followed.");
  }
  const std::vector<Observation> seen = observed_lifetime(contract);
  return proved(
      tabulated(name, "Unborn", "Freed", seen), seen, model::kAnyEvent,
      "who owns one buffer: no state is cut off. What the number of devices, windows and mappings decides is told "
      "apart by the event's name, which whoever feeds a monitor must know. What small machines and clauses "
      "refuse is not followed. Proved over every legal way with two devices and four records open at a time.");
}

}  // namespace custody::spec::document
