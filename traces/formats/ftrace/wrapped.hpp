// SPDX-License-Identifier: BSD-2-Clause
// Records that a mail program broke over several lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/names.hpp"

namespace custody::traces::formats::ftrace {

enum class Continues : std::uint8_t { kNo, kYes, kForeign };

/// Puts lines together again.
class Wrapped {
 public:
  explicit Wrapped(const Names& names) : names_(names) {}

  /// Is `line` plainly the rest of `first`, broken at a blank or inside a word? `joined` is both then. It is where only
  /// one of the two ways gives a record without damage that says more than `first` alone, or both say the same. Of a
  /// record of others the rest is one of others.
  [[nodiscard]] Continues join(std::string_view first, std::string_view line, std::string& joined);

  /// Is `text` a record with all the fields that it needs, and nothing else?
  [[nodiscard]] bool is_whole(std::string_view text) {
    const Outcome alone = read(text);
    return alone.is_known && alone.is_complete && !alone.is_damaged;
  }

 private:
  struct Outcome {
    bool is_record = false, is_known = false, is_damaged = true, is_complete = false;
    bool is_bare = false;  ///< nothing is behind the event's name
    unsigned count = 0;    ///< of fields
    Fields fields;
    std::string dev, exp_name;
  };
  [[nodiscard]] Outcome read(std::string_view text);
  [[nodiscard]] static bool is_better(const Outcome& joined, const Outcome& first);
  [[nodiscard]] static bool is_same(const Outcome& a, const Outcome& b);

  const Names& names_;
  Layouts layouts_;
  std::string text_;
};

}  // namespace custody::traces::formats::ftrace
