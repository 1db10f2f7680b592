// SPDX-License-Identifier: BSD-2-Clause
// What the caches may hold of each line of a buffer that is not always handled as a whole.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "checker/hindsight/settle.hpp"
#include "model/coherence.hpp"
#include "model/line_model.hpp"

namespace custody::checker {

/// Bytes of a buffer, from `offset` on. Without length: all of it.
struct ByteRange {
  std::uint64_t offset = 0, length = 0;
  bool operator==(const ByteRange&) const = default;
};

/// Sets of states of a line of two blocks, and what becomes of them. Remembers what it worked out, up to a bound. Not
/// thread safe.
class LineSets {
 public:
  /// `cleans_edges`: of the architecture (model/architecture.hpp).
  explicit LineSets(bool cleans_edges) : model_({2, true, cleans_edges}) {}

  [[nodiscard]] const model::LineModel& model() const { return model_; }
  /// Both blocks are in one of these states.
  [[nodiscard]] static model::LineSet of_whole(model::Belief whole);
  /// The states in which either block may be.
  [[nodiscard]] static model::Belief joined(const model::LineSet& set);
  /// In every state both blocks are alike.
  [[nodiscard]] static bool is_uniform(const model::LineSet& set);
  /// Of a set that is uniform: two bytes of one line cannot be in different states of it.
  [[nodiscard]] static bool tells_one(const model::LineSet& set);
  /// What the hardware and any number of these accesses to these blocks can lead to.
  [[nodiscard]] model::LineSet advanced(const model::LineSet& set, model::AccessSet may, model::BlockMask blocks);
  /// After the one operation or access, with the hardware's moves before and after.
  [[nodiscard]] model::LineSet operated(const model::LineSet& set, model::Operation op, model::BlockMask blocks);
  [[nodiscard]] model::LineSet performed(const model::LineSet& set, model::Access access, model::BlockMask blocks);
  [[nodiscard]] bool can_lose(const model::LineSet& set, model::Operation op, model::BlockMask blocks) const;
  [[nodiscard]] bool is_hazard(const model::LineSet& set, model::Access access, model::BlockMask blocks) const;
  [[nodiscard]] model::LineSet settled(const model::LineSet& set, Settlement by);

 private:
  struct Step {
    model::LineSet from;
    std::uint16_t code;
    bool operator==(const Step&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Step& s) const {
      constexpr std::size_t kOdd = 0x9e3779b97f4a7c15;
      return (std::hash<model::LineSet>{}(s.from) ^ s.code) * kOdd;
    }
  };

  model::LineModel model_;
  std::unordered_map<Step, model::LineSet, Hash> advanced_;
};

/// The contract belief of one buffer, line by line, as runs of lines of which the same is known. Where a range covers a
/// part of a line, that part and the rest of the line are its two blocks. Where different parts of one line are told
/// apart, what is known of it is the states that each of its bytes may be in, and an access to a part is accused only
/// of what concerns the whole line. Once the buffer has more than `kMostRuns` runs nothing is known of it, and nobody
/// is accused. Ranges are cut to the buffer.
class LineMap {
 public:
  static constexpr std::size_t kMostRuns = 256;

  /// `size` 0: unknown, taken as the largest. `start` is closed. `line_bytes` is a power of two.
  LineMap(LineSets& sets, std::uint32_t line_bytes, std::uint64_t size, model::Belief start);

  /// These accesses may have happened, any number of them. True where that makes a difference.
  bool advance(model::AccessSet may, ByteRange range = {});
  void operate(model::Operation op, ByteRange range);
  /// It ran on an unknown part of the range.
  void operate_somewhere(model::Operation op, ByteRange range);
  void perform(model::Access access, ByteRange range);
  void settle(Settlement by, ByteRange range);
  /// Nothing is known from here on, and nobody is accused.
  void forget();
  [[nodiscard]] bool is_hazard(model::Access access, ByteRange range);
  [[nodiscard]] bool can_lose(model::Operation op, ByteRange range);
  [[nodiscard]] bool has_no_effect(model::Operation op, ByteRange range);
  /// The states in which any line may be.
  [[nodiscard]] model::Belief joined() const;
  [[nodiscard]] std::size_t runs() const { return runs_.size(); }

 private:
  enum class Known : std::uint8_t { kLines, kBytes, kNothing };
  /// Bytes in a line. Empty: no part of its own.
  struct Part {
    std::uint64_t from = 0, to = 0;
    bool operator==(const Part&) const = default;
    [[nodiscard]] bool empty() const { return from == to; }
  };
  /// Lines from `begin` to the next run; one line where its first block is a part of its own.
  struct Run {
    std::uint64_t begin = 0;
    model::LineSet states;
    Part first;
    Known known = Known::kLines;
  };
  [[nodiscard]] std::size_t run_at(std::uint64_t line) const;
  void split_before(std::uint64_t line);
  /// The blocks of a line that are a part of it, which the run is made to tell apart.
  [[nodiscard]] model::BlockMask blocks_of(Run& run, Part part) const;
  void merge();
  /// The runs of a range, each with the blocks that are in it.
  template <class Each>
  void each(ByteRange range, const Each& visit);

  LineSets* sets_;
  std::uint64_t line_bytes_, size_ = 0, end_ = 0;  ///< `end_`: of the last line
  std::vector<Run> runs_;
};

}  // namespace custody::checker
