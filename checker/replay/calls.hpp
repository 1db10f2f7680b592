// SPDX-License-Identifier: BSD-2-Clause
// Pairs the entries of calls with their returns, and what is nested with the call around it.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "model/vocabulary.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// A call of the dma-buf core.
[[nodiscard]] constexpr bool is_core_call(traces::EventKind kind) { return kind <= traces::EventKind::kMoveNotify; }

/// The machines' event of a core call.
[[nodiscard]] model::Id machine_event(traces::EventKind kind);

/// A core call of an attachment that is there already.
[[nodiscard]] constexpr bool names_importer(traces::EventKind kind) {
  using traces::EventKind;
  return kind == EventKind::kMap || kind == EventKind::kUnmap || kind == EventKind::kDetach ||
         kind == EventKind::kPin || kind == EventKind::kUnpin;
}

/// A call of the DMA API, or cache maintenance outside any: what happens inside calls of the core.
[[nodiscard]] constexpr bool is_nested_kind(traces::EventKind kind) {
  return kind >= traces::EventKind::kDmaMap && kind <= traces::EventKind::kCacheOperation;
}

/// begin_cpu_access or end_cpu_access.
[[nodiscard]] constexpr bool is_window_call(traces::EventKind kind) {
  return kind == traces::EventKind::kBeginCpuAccess || kind == traces::EventKind::kEndCpuAccess;
}

/// The calls of one buffer, or of one trace, between their entries and their returns. A `Call` has an `entry` with the
/// `kind`, `call` and `task` of the event that entered it. A call is told by its id where the trace gives one, else by
/// its task. Pointers are valid until the next `open`, `close` or `clear`.
template <class Call>
class OpenCalls {
 public:
  void open(Call call) { calls_.push_back(std::move(call)); }

  /// Takes the call out that this return ends: the oldest, where several could be. Nothing where its entry was not
  /// seen.
  [[nodiscard]] std::optional<Call> close(const traces::Event& e) {
    const auto it = std::find_if(calls_.begin(), calls_.end(), [&](const Call& c) { return is_end_of(c, e); });
    if (it == calls_.end()) return std::nullopt;
    std::optional<Call> closed(std::move(*it));
    calls_.erase(it);
    return closed;
  }

  /// The innermost call in which the event happened; null: none.
  [[nodiscard]] Call* around(const traces::Event& e) {
    for (auto it = calls_.rbegin(); it != calls_.rend(); ++it)
      if (e.in != traces::kNoId ? it->entry.call == e.in : it->entry.task == e.task) return &*it;
    return nullptr;
  }

  /// Visits the open calls of other tasks, oldest first: they overlap with what `task` does now.
  template <class Visit>
  void each_of_others(std::uint32_t task, const Visit& visit) {
    for (Call& c : calls_)
      if (c.entry.task != task) visit(c);
  }

  /// The task of the oldest open call of another task; kNoId: none.
  [[nodiscard]] std::uint32_t other_task(std::uint32_t task) const {
    for (const Call& c : calls_)
      if (c.entry.task != task) return c.entry.task;
    return traces::kNoId;
  }

  [[nodiscard]] bool has(traces::EventKind kind) const {
    return std::any_of(calls_.begin(), calls_.end(), [&](const Call& c) { return c.entry.kind == kind; });
  }
  /// The entry of the call that this return ends was seen.
  [[nodiscard]] bool is_open(const traces::Event& e) const {
    return std::any_of(calls_.begin(), calls_.end(), [&](const Call& c) { return is_end_of(c, e); });
  }
  [[nodiscard]] bool empty() const { return calls_.empty(); }
  void clear() { calls_.clear(); }

 private:
  static bool is_end_of(const Call& c, const traces::Event& e) {
    return c.entry.kind == e.kind && (e.call != traces::kNoId ? c.entry.call == e.call : c.entry.task == e.task);
  }

  std::vector<Call> calls_;
};

}  // namespace custody::checker::replay
