// SPDX-License-Identifier: BSD-2-Clause
// What the caches may hold of each line of a buffer that is not always handled as a whole.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/hindsight/settle.hpp"
#include "checker/lines/byte_range.hpp"
#include "model/coherence.hpp"
#include "model/line_state.hpp"

namespace custody::checker::lines {

/// How the cache keeps lines.
struct CacheLines {
  std::uint32_t bytes = 64;   ///< a power of two from 16 to 256
  bool cleans_edges = false;  ///< an invalidate of a part of a line writes it back first (model/architecture.hpp)
};

/// The contract belief of one buffer, line by line, as runs of lines of which the same is known. Exact, byte by byte,
/// for lines of up to 64 bytes; of larger ones the ends of an access are rounded inwards to 2 or 4 bytes. Memory is
/// bounded: of a buffer with more than `kMostRuns` runs, or of a line with more than `kMostStates` possible states,
/// nothing is known from then on, and nobody is accused. Ranges are cut to the buffer.
class LineMap {
 public:
  static constexpr std::size_t kMostRuns = 256, kMostStates = 128;

  /// `size` 0: unknown, taken as the largest. `start` is closed.
  LineMap(const CacheLines& cache, std::uint64_t size, model::Belief start);

  /// These accesses may have happened, any number of them. True where that makes a difference.
  bool advance(model::AccessSet may, ByteRange range = {});
  /// `saves`: a line of which it loses data is left as if they had been saved to memory; else as it leaves it.
  void operate(model::Operation op, ByteRange range, bool saves = false);
  /// It ran on an unknown part of the range.
  void operate_somewhere(model::Operation op, ByteRange range, bool saves = false);
  /// One of the accesses certainly happened.
  void perform(model::AccessSet either, ByteRange range);
  /// The CPU stored everywhere what is newest there already.
  void rewrite();
  void settle(hindsight::Settlement by, ByteRange range);
  /// Nothing is known from here on, and nobody is accused.
  void forget();
  [[nodiscard]] bool is_hazard(model::Access access, ByteRange range);
  [[nodiscard]] bool can_lose(model::Operation op, ByteRange range);
  [[nodiscard]] bool has_no_effect(model::Operation op, ByteRange range);
  /// The states in which any byte may be.
  [[nodiscard]] model::Belief joined() const;
  [[nodiscard]] std::size_t runs() const { return runs_.size(); }
  /// It came to a bound: of some line nothing is known, or was for a while.
  [[nodiscard]] bool forgot() const { return forgot_; }

 private:
  using States = std::vector<model::LineState>;  ///< sorted
  /// Lines from `begin` to the next run, each in one of these states. Without states nothing is known.
  struct Run {
    std::uint64_t begin = 0;
    States states;
    std::uint32_t closed = 0;  ///< by set of writes: they to the whole line make no difference
    [[nodiscard]] bool known() const { return !states.empty(); }
  };

  [[nodiscard]] std::size_t run_at(std::uint64_t line) const;
  void split_before(std::uint64_t line);
  void merge();
  /// The runs of a range, each with the parts of its lines that are in it; the touched parts of an access are rounded.
  template <class Each>
  void each(ByteRange range, const Each& visit);
  /// The states after `change`, and after the hardware's moves.
  template <class Change>
  [[nodiscard]] States after(const States& states, const Change& change) const;
  [[nodiscard]] States closure(States states, model::AccessSet may, model::PartMask parts) const;
  [[nodiscard]] States operated(const States& states, model::Operation op, model::PartMask parts,
                                bool saves = false) const;
  void replace(Run& run, States states);

  CacheLines cache_;
  std::uint64_t part_bytes_ = 1;
  model::PartMask all_ = 0;           ///< the parts of a line
  std::uint64_t size_ = 0, end_ = 0;  ///< of the buffer, of its last line
  std::vector<Run> runs_;
  bool forgot_ = false;
};

}  // namespace custody::checker::lines
