// SPDX-License-Identifier: BSD-2-Clause
// How a buffer stands behind an event, for a report that draws its life.
#pragma once

#include <cstdint>
#include <functional>

#include "model/coherence.hpp"
#include "model/words.hpp"
#include "traces/event.hpp"

namespace custody::checker {

struct Standing {
  bool known = false;  ///< the replay knows the buffer, and some call of the core named it
  std::uint32_t generation = 0;
  model::Id owner = 0;           ///< the state of the owner's machine
  bool assumed = false;          ///< its history is not complete: it is older than the trace, or events were lost
  bool device_mapped = false;    ///< the attachment of the event is mapped
  bool task_has_window = false;  ///< the task of the event has a CPU window open
  bool has_windows = false;      ///< somebody has
  /// What a line of its memory and of the CPU cache may hold from here on, if everybody keeps the rules, as if what was
  /// found had been mended; empty where the CPU caches nothing of it, or is not known to.
  model::Belief belief;
  /// What the event did to the CPU cache, as far as the trace and its architecture show it.
  model::Operation operation = model::Operation::kNone;
};

/// How this buffer stands behind the event that was replayed last.
using StandingOf = std::function<Standing(std::uint32_t buffer, const traces::Event& event)>;

}  // namespace custody::checker
