// SPDX-License-Identifier: BSD-2-Clause
// Puts records that step back in time into place, among the last few.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/session.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

/// Hands records to a session, at most `kLines` later than they come. The order of one task's records stays, and so
/// does that of records without a time. One that comes too late to be put into place is counted; that it does is a gap
/// in the session's history. A processor writes its records in the order of their times: where two of one task are not,
/// one of them does not stand where it was written. One that is out of place between two that are not is not handed on,
/// nor is one that stands twice; the gap is where it stands and where it belongs, as far as that is among the last few.
class Window {
 public:
  static constexpr std::size_t kLines = 64;
  Window(Session& session, ReadStatistics& statistics) : session_(session), statistics_(statistics) {}

  /// `copies`: the views of `head` stay valid no longer than this call; else they do until `keep`.
  void push(const Head& head, std::uint64_t number, bool copies) {
    if (count_ == kLines) pop();
    if (doubtful_.number != 0 && head.pid == doubtful_.pid) settle_doubtful(head.ts >= doubtful_.next);
    if (ahead_.number != 0 && head.pid == ahead_.pid && head.cpu == ahead_.cpu) settle_ahead(head.ts < ahead_.ts);
    Slot& slot = slots_[(first_ + count_) % kLines];
    slot.number = number;
    slot.head = head;
    slot.is_behind_gap = slot.is_misplaced = slot.is_own = false;
    if (copies) copy(slot);
    ++count_;
    sink_into_place();
  }
  /// The record of line `number`, if it waits still, is this one.
  [[nodiscard]] bool replace(const Head& head, std::uint64_t number);
  void drain() {
    settle_doubtful(true);
    while (count_ > 0) pop();
  }
  /// What the records were read from goes away.
  void keep() {
    for (std::size_t i = 0; i < count_; ++i)
      if (Slot& slot = slot_at(i); !slot.is_own) copy(slot);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }

 private:
  struct Slot {
    Head head;
    std::uint64_t number = 0;
    bool is_behind_gap = false;
    bool is_misplaced = false;
    bool is_own = false;  ///< the views are of `text`
    /// A vector and not a string: its characters stay where they are when slots change places.
    std::vector<char> text;
  };
  static void copy(Slot& slot);
  void sink_into_place() {
    for (std::size_t i = count_ - 1; i > 0; --i) {
      Slot& later = slots_[(first_ + i) % kLines];
      Slot& earlier = slots_[(first_ + i - 1) % kLines];
      if (earlier.head.ts <= later.head.ts || later.head.ts < 0) break;
      if (earlier.head.pid == later.head.pid) {
        if (earlier.head.cpu == later.head.cpu) step_back(i);
        else change_processor(i);
        break;
      }
      std::swap(earlier, later);
    }
  }
  /// Of the same task and processor.
  static bool is_like(const Slot& a, const Slot& b) {
    return a.head.pid == b.head.pid && a.head.cpu == b.head.cpu && !a.is_misplaced;
  }
  Slot& slot_at(std::size_t place) { return slots_[(first_ + place) % kLines]; }
  /// The record at `place` is older than the one before it, which is of the same task and processor.
  void step_back(std::size_t place);
  void settle_doubtful(bool is_misplaced);
  /// The record at `place` is older than the one before it, which is of the same task on another processor: their
  /// clocks may differ.
  void change_processor(std::size_t place);
  void settle_ahead(bool is_misplaced);
  void pass_over(const Slot& slot);
  void pop();
  /// Older than what was handed on. True where other records are not in order with it.
  [[nodiscard]] bool note_late(const Slot& slot);

  Session& session_;
  ReadStatistics& statistics_;
  std::array<Slot, kLines> slots_;
  std::size_t first_ = 0, count_ = 0;
  /// The last record of a task, which is older than the one before it: if the next one is not, it is the one that is
  /// out of place.
  struct Doubtful {
    std::uint64_t number = 0;  ///< 0: there is none
    std::int64_t pid = -1, next = -1;
  } doubtful_;
  /// A record with an older one of its task, of another processor, behind it. Where one of its own processor is older
  /// too, it is the one that is out of place.
  struct Ahead {
    std::uint64_t number = 0;  ///< 0: there is none
    std::int64_t pid = -1, ts = -1;
    std::uint32_t cpu = 0;
  } ahead_;
  std::vector<std::int64_t> missing_;  ///< times of records that stand further up, of the last few
  std::int64_t latest_ = -1;           ///< of all that were handed on
  std::int64_t last_ = -1, last_pid_ = -1;
  std::array<std::int64_t, kLines> latest_then_ = {};  ///< `latest_` when each of the last was handed on
  std::size_t handed_on_ = 0;
};

}  // namespace custody::traces::formats::ftrace
