// SPDX-License-Identifier: BSD-2-Clause
// Records that a mail program broke over several lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

enum class Continues : std::uint8_t {
  kNo,
  kYes,
  kForeign,
  kMaybe,  ///< the last word may go on here, or not: what it says is not known
};

/// Puts lines together again.
class Wrapped {
 public:
  Wrapped(const Names& names, bool in_ticks) : names_(names), layouts_(in_ticks) {}

  /// Is `line` plainly the rest of `first`, broken at a blank or inside a word? `joined` is both then. It is where only
  /// one of the two ways gives a record without damage that says more than `first` alone, or both say the same; a line
  /// of nothing but digits goes on the number before it. Of a record of others the rest is one of others.
  [[nodiscard]] Continues join(std::string_view first, std::string_view line, std::string& joined);

  /// Is `text` a record with all the fields that it needs, and nothing else?
  [[nodiscard]] bool is_whole(std::string_view text) {
    const Outcome alone = read(text);
    return alone.is_known && alone.is_complete && !alone.is_damaged;
  }

 private:
  struct Outcome {
    bool is_record = false, is_known = false, is_damaged = true, is_complete = false;
    bool is_bare = false;    ///< nothing is behind the event's name
    unsigned count = 0;      ///< of fields
    bool is_traced = false;  ///< it is of the kernel's tracepoints
    Fields fields;
    Tracepoint traced;
    std::string dev, exp_name;
  };
  [[nodiscard]] Outcome read(std::string_view text);
  void read_fields(const Head& head, const ProbeName& probe, Outcome& out);
  void read_tracepoint(TracepointKind kind, std::string_view rest, Outcome& out);
  [[nodiscard]] static bool is_better(const Outcome& joined, const Outcome& first);
  [[nodiscard]] static bool is_same(const Outcome& a, const Outcome& b);

  const Names& names_;
  Layouts layouts_;
  std::string text_;
};

}  // namespace custody::traces::formats::ftrace
