// SPDX-License-Identifier: BSD-2-Clause
// Random traces in which calls nest and tasks interleave as they can.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

/// Numbers that a trace is generated from; after the last one, zeros.
class Choices {
 public:
  explicit Choices(std::vector<std::uint32_t> numbers) : numbers_(std::move(numbers)) {}
  [[nodiscard]] bool done() const { return at_ >= numbers_.size(); }
  /// Below `bound`.
  std::uint32_t below(std::uint32_t bound) { return done() ? 0 : numbers_[at_++] % bound; }
  bool one_in(std::uint32_t n) { return below(n) == 1; }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t at_ = 0;
};

/// What a random trace may hold.
struct TraceShape {
  /// Also what only an event log keeps: time, tid, inode, `mapping`, attribution, calls as one record.
  bool rich = false;
};

/// A trace generated from `numbers`, the same for the same numbers. It keeps to what its format can say: without `rich`
/// to what a litmus file can.
void generate(std::vector<std::uint32_t> numbers, const TraceShape& shape, EventSink& sink);

}  // namespace custody::traces::test
