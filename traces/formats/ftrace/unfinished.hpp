// SPDX-License-Identifier: BSD-2-Clause
// Lines that may become a record, or a longer one, with those that follow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/wrapped.hpp"

namespace custody::traces::formats::ftrace {

class Unfinished {
 public:
  struct Line {
    std::string text;
    std::uint64_t number = 0;
    bool may_be_rest = false;  ///< of a record that was read without it
  };
  /// A record out of several lines. `is_known`: its first line was one and was handed on; this takes its place.
  struct Joined {
    std::string text;
    std::uint64_t number = 0;
    bool is_known = false;
  };
  Unfinished(const Names& names, bool in_ticks) : wrapped_(names, in_ticks) {}

  /// A record; `stays`: the line stays valid until the next record, or until `keep_record`. What was unfinished before
  /// is not any more.
  void begin(std::string_view line, std::uint64_t number, bool stays) {
    if (!beginnings_.empty()) beginnings_.clear();
    number_ = number;
    if (stays) record_ = line;
    else record_ = record_text_.assign(line);
  }
  void keep_record() {
    if (record_.data() != record_text_.data()) record_ = record_text_.assign(record_);
  }
  /// Does `text` go on what has begun? `joined` is filled for kYes; the lines that it is made of are not broken any
  /// more.
  [[nodiscard]] Continues join(std::string_view text, Joined& joined);
  /// A line that is no record by itself, and whether `join` said kMaybe. What begins before it may go on behind it.
  void keep(std::string_view text, std::uint64_t number, bool may_be_rest);
  /// So many are kept that no record has more lines.
  [[nodiscard]] bool is_full() const { return broken_.size() == kMost; }
  [[nodiscard]] bool has_broken() const { return !broken_.empty(); }
  /// Lines that no record was made of; they are given up.
  [[nodiscard]] std::vector<Line> take_broken() {
    beginnings_.clear();
    return std::exchange(broken_, {});
  }

 private:
  static constexpr std::size_t kMost = 4;
  Wrapped wrapped_;
  std::string_view record_;  ///< the last record's line; empty: what comes is no rest of it
  std::string record_text_;
  std::uint64_t number_ = 0;
  std::vector<Line> broken_;
  std::vector<Joined> beginnings_;
};

}  // namespace custody::traces::formats::ftrace
