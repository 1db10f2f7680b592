// SPDX-License-Identifier: BSD-2-Clause
// Pairs the entries of calls with their returns, and what is nested with the call around it.
#pragma once

#include <optional>
#include <utility>

#include "model/ordered.hpp"
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
/// `kind`, `call` and `task` of the event that entered it, and `overlap(task)`, which notes a call of another task that
/// was entered meanwhile. A call is told by its id where the trace gives one, else by its task. Pointers are valid
/// until the next `open`, `close` or `clear`.
template <class Call>
class OpenCalls {
 public:
  void open(Call call) {
    const std::uint32_t task = call.entry.task;
    const std::size_t before = calls_.empty() ? kNowhere : model::last(calls_, {Open::kByTask, task}, Open::kByTask);
    if (before != kNowhere) calls_.change(before, [](Open& open) { open.is_last = false; });
    calls_.push_back({std::move(call), entries_, before == kNowhere, true});
  }

  /// Takes the call out that this return ends: the oldest, where several could be. Nothing where its entry was not
  /// seen.
  [[nodiscard]] std::optional<Call> close(const traces::Event& e) {
    const std::size_t place = place_of(e);
    if (place == kNowhere) return std::nullopt;
    catch_up(place);
    Open& leaves = calls_.unkeyed(place);
    const bool is_first = leaves.is_first, is_last = leaves.is_last;
    // What its keys are made of stays as it is.
    std::optional<Call> closed(std::move(leaves.call));
    const Key of_task = {Open::kByTask, closed->entry.task};
    calls_.erase(place);
    if (calls_.empty()) {
      // Of buffers that only a few calls are about there can be very many.
      if (are_few()) calls_.free_if_empty();
      return closed;
    }
    if (is_first)
      if (const std::size_t p = calls_.first(of_task, Open::kByTask); p != kNowhere)
        calls_.change(p, [](Open& open) { open.is_first = true; });
    if (is_last)
      if (const std::size_t p = model::last(calls_, of_task, Open::kByTask); p != kNowhere)
        calls_.change(p, [](Open& open) { open.is_last = true; });
    return closed;
  }

  /// The innermost call in which the event happened; null: none.
  [[nodiscard]] Call* around(const traces::Event& e) {
    if (calls_.empty()) return nullptr;
    const std::size_t place = e.in != traces::kNoId ? model::last(calls_, {Open::kById, e.in}, Open::kById)
                                                    : model::last(calls_, {Open::kByTask, e.task}, Open::kByTask);
    if (place == kNowhere) return nullptr;
    catch_up(place);
    return &calls_.unkeyed(place).call;
  }

  /// A call of `task` is entered: it overlaps with the open calls of other tasks, which learn of it when they are asked
  /// for. Returns the task of the latest of these; nothing: there is none.
  std::optional<std::uint32_t> enter(std::uint32_t task) {
    ++entries_;
    if (latest_.task != task) other_ = latest_;
    latest_ = {task, entries_};
    if (!calls_.are_many()) {
      for (std::size_t place = calls_.places(); place-- > 0;)
        if (task_at(place) != task) return task_at(place);
      return std::nullopt;
    }
    const Key last = {Open::kLast};
    std::size_t place = model::last(calls_, last, Open::kLast);
    if (place != kNowhere && task_at(place) == task) place = calls_.before(last, Open::kLast, place);
    return place == kNowhere ? std::nullopt : std::optional(task_at(place));
  }

  /// Visits the open calls of this kind, oldest first.
  template <class Visit>
  void each(traces::EventKind kind, const Visit& visit) const {
    model::each(calls_, of_kind(kind), Open::kByKind, [&](std::size_t place) { visit(calls_[place].call); });
  }

  /// The task of the oldest open call of another task; kNoId: none.
  [[nodiscard]] std::uint32_t other_task(std::uint32_t task) const {
    if (!calls_.are_many()) {
      for (std::size_t place = 0; place < calls_.places(); ++place)
        if (task_at(place) != task) return task_at(place);
      return traces::kNoId;
    }
    const Key first = {Open::kFirst};
    std::size_t place = calls_.first(first, Open::kFirst);
    if (place != kNowhere && task_at(place) == task) place = calls_.after(first, Open::kFirst, place);
    return place == kNowhere ? traces::kNoId : task_at(place);
  }

  [[nodiscard]] bool has(traces::EventKind kind) const { return model::has(calls_, of_kind(kind), Open::kByKind); }
  /// The entry of the call that this return ends was seen.
  [[nodiscard]] bool is_open(const traces::Event& e) const { return place_of(e) != kNowhere; }
  [[nodiscard]] bool empty() const { return calls_.empty(); }
  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  void clear() { calls_.clear(); }
  /// So few calls were entered that memory for the next ones is not worth keeping.
  [[nodiscard]] bool are_few() const { return entries_ < kFewEntries; }

 private:
  using Key = model::Key;

  struct Open {
    using Tally = model::NoTally;
    Call call;
    std::uint32_t entries = 0;               ///< of calls, when it was opened
    bool is_first = false, is_last = false;  ///< of its task

    static constexpr unsigned kById = 0, kByTask = 1, kByKindAndId = 2, kByKindAndTask = 3, kByKind = 4, kFirst = 5,
                              kLast = 6, kKeys = 7;
    [[nodiscard]] Key key(unsigned number) const {
      const auto kind = static_cast<std::uint64_t>(call.entry.kind);
      switch (number) {
        case kById: return {number, call.entry.call};
        case kByTask: return {number, call.entry.task};
        case kByKindAndId: return {number, call.entry.call, kind};
        case kByKindAndTask: return {number, call.entry.task, kind};
        case kByKind: return of_kind(call.entry.kind);
        case kFirst: return is_first ? Key{number} : Key{};
        default: return is_last ? Key{number} : Key{};
      }
    }
  };
  /// The latest entry of a call of a task.
  struct Entry {
    std::uint32_t task = traces::kNoId;
    std::uint32_t at = 0;
  };

  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  static constexpr std::uint32_t kFewEntries = 8;

  [[nodiscard]] static Key of_kind(traces::EventKind kind) { return {Open::kByKind, static_cast<std::uint32_t>(kind)}; }
  [[nodiscard]] std::uint32_t task_at(std::size_t place) const { return calls_[place].call.entry.task; }
  [[nodiscard]] std::size_t place_of(const traces::Event& e) const {
    if (calls_.empty()) return kNowhere;
    const auto kind = static_cast<std::uint64_t>(e.kind);
    return e.call != traces::kNoId ? calls_.first({Open::kByKindAndId, e.call, kind}, Open::kByKindAndId)
                                   : calls_.first({Open::kByKindAndTask, e.task, kind}, Open::kByKindAndTask);
  }
  /// What was entered since the call was opened.
  void catch_up(std::size_t place) {
    Open& open = calls_.unkeyed(place);
    const Entry& entry = latest_.task != open.call.entry.task ? latest_ : other_;
    if (entry.at > open.entries) open.call.overlap(entry.task);
    open.entries = entries_;
  }

  model::Ordered<Open> calls_;
  std::uint32_t entries_ = 0;
  Entry latest_, other_;  ///< `other_`: of another task than `latest_`
};

}  // namespace custody::checker::replay
