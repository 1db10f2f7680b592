// SPDX-License-Identifier: BSD-2-Clause
// How calls nest.
#include "traces/formats/litmus/layout.hpp"

#include <algorithm>

namespace custody::traces::formats::litmus {

Layout::Layout(std::span<const Event> events)
    : parents_(events.size(), kNone), entries_(events.size(), kNone), returns_(events.size(), kNone),
      braces_(events.size(), false) {
  std::unordered_map<std::uint32_t, std::size_t> calls;  // entry by call id
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    if (const auto around = calls.find(event.in); event.in != kNoId && around != calls.end())
      if (events[around->second].task == event.task) parents_[i] = around->second;
    if (event.kind == EventKind::kTaskExit) {
      // Its calls never return, and what the task's number does later is another task.
      std::erase_if(calls, [&](const auto& call) { return events[call.second].task == event.task; });
    }
    if (event.phase == Phase::kReturn && event.call != kNoId) {
      if (const auto call = calls.find(event.call); call != calls.end()) {
        entries_[i] = call->second;
        returns_[call->second] = i;
        note(call->second);
        std::erase(open_, call->second);
        calls.erase(call);
        continue;
      }
    }
    note(parents_[i]);
    if (event.phase == Phase::kEnter && event.call != kNoId) {
      calls[event.call] = i;
      open_.push_back(i);
    }
  }
}

bool Layout::is_inside(std::size_t i, std::size_t call) const {
  while (i != kNone && i != call) i = parents_[i];
  return i == call;
}

void Layout::note(std::size_t inside_of) {
  std::erase_if(open_, [&](std::size_t call) {
    if (is_inside(inside_of, call)) return false;
    braces_[call] = true;
    return true;
  });
}

std::size_t Layout::depth(std::size_t i) const {
  std::size_t depth = 0;
  for (std::size_t call = parents_[i]; call != kNone; call = parents_[call]) ++depth;
  return depth;
}

}  // namespace custody::traces::formats::litmus
