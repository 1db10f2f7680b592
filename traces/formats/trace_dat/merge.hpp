// SPDX-License-Identifier: BSD-2-Clause
// Puts the records of several processors into the order of their time.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/formats/trace_dat/records.hpp"

namespace custody::traces::formats::trace_dat {

/// One processor of one instance.
struct Stream {
  Records records;
  std::uint32_t cpu = 0;
  bool is_blind = false;  ///< records are missing right before the one that is next
};

/// A record of the stream that is next has the least time of all; the order within a stream is never changed, and of
/// equal times the stream that was given first goes first.
class Merge {
 public:
  /// Reads the first record of each stream.
  explicit Merge(std::vector<Stream> streams);
  /// False where no stream has a record.
  [[nodiscard]] bool has() const { return !heap_.empty(); }
  /// Whose record is next. It may be changed but for its record.
  [[nodiscard]] Stream& next() { return streams_[heap_.front().stream]; }
  /// Of the stream whose record was next, the record behind it. False where it has none.
  [[nodiscard]] bool advance();
  [[nodiscard]] std::vector<Stream>& streams() { return streams_; }

 private:
  struct Head {
    std::uint64_t ts;
    std::uint32_t stream;  ///< place in streams_
  };
  [[nodiscard]] static bool is_before(const Head& a, const Head& b) {
    return a.ts < b.ts || (a.ts == b.ts && a.stream < b.stream);
  }
  void sink();

  std::vector<Stream> streams_;
  std::vector<Head> heap_;  ///< the first is before all others
};

inline bool Merge::advance() {
  Stream& stream = next();
  const bool more = stream.records.next();
  if (more) {
    heap_.front().ts = stream.records.record().ts;
  } else {
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  if (heap_.size() > 1) sink();
  return more;
}

inline void Merge::sink() {
  std::size_t at = 0;
  for (;;) {
    std::size_t least = 2 * at + 1;
    if (least >= heap_.size()) return;
    if (least + 1 < heap_.size() && is_before(heap_[least + 1], heap_[least])) ++least;
    if (is_before(heap_[at], heap_[least])) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

}  // namespace custody::traces::formats::trace_dat
