// SPDX-License-Identifier: BSD-2-Clause
// The order of a whole text whose records are not in the order of their times, as `cat per_cpu/cpu*/trace` makes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces::formats::ftrace {

/// Up to `size` bytes of a text from byte `at`; valid until the next call.
using Excerpt = std::function<std::string_view(std::size_t at, std::size_t size)>;

/// Does no record of `text` stand more than a window behind a later one? Each record of a small text is looked at, of a
/// large one those at both ends and samples between: texts put one behind another are told by their joints.
/// `excerpt` gives what is looked at far ahead; without it, `text` does. `in_ticks`: TextForm.
[[nodiscard]] bool is_in_order(std::string_view text, const Excerpt& excerpt = {}, bool in_ticks = false);

/// A record of a text with the lines behind it that are none, or a line that belongs before the next record.
struct Stretch {
  std::int64_t key = 0;  ///< of its record's time, never less than that of the processor's record before it
  std::uint64_t offset = 0;
  std::uint32_t length = 0;  ///< bytes
  std::uint32_t number = 0;  ///< of its first line; 0: it is `note`, and not in the text
};

/// An index of a text in time order, 24 bytes a record and 32 more while it is made: at equal times by processor, and
/// the records of one processor as they stand. Where a processor's own time goes back further than a window, another
/// trace begins: what is behind that point stays behind it. Where `stop` becomes true it ends, and is empty.
class Order {
 public:
  explicit Order(std::string_view text, bool in_ticks = false, const std::atomic<bool>* stop = nullptr);
  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::string_view text_of(const Stretch& s) const {
    return s.number != 0 ? text_.substr(s.offset, s.length) : std::string_view(notes_).substr(s.offset, s.length);
  }

 private:
  friend class OrderBuilder;
  std::string_view text_;
  std::string notes_;
  std::vector<Stretch> stretches_;
  std::uint64_t lines_ = 0;
};

}  // namespace custody::traces::formats::ftrace
