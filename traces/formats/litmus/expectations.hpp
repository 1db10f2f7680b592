// SPDX-License-Identifier: BSD-2-Clause
// The `expect` lines of a litmus file: what a correct checker answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/directory.hpp"
#include "traces/formats/litmus/spelling.hpp"
#include "traces/formats/litmus/tokens.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {

/// An `expect` line while the events that it speaks of are not read. Views are of the text of the file.
struct Expected {
  Expectation expectation;  ///< `at LINE-NUMBER` is its place already
  std::string_view at;      ///< the TEXT of `at "TEXT" #N`; empty: none
  std::uint64_t nth = 1;
  std::string_view buffer;  ///< the name of one; empty: none
};

/// An event line, as `at` looks for it.
struct EventLine {
  std::uint64_t number = 0;
  std::string_view text;  ///< without the blanks around it
};

/// Reads an `expect` line behind its first word; `text` is the whole line. Throws InputError where a word is missing
/// or unknown; what stands behind the last is left to the caller.
[[nodiscard]] Expected parse_expectation(Words& words, std::string_view text);

/// Gives the expectations their lines and buffers. A line begins with the text as it is written or behind its
/// `[TASK]`. Throws InputError at the `expect` line for a place that is no event line, and for a buffer that no event
/// names or that two objects share.
[[nodiscard]] std::vector<Expectation> resolve(const std::vector<Expected>& expected,
                                               const std::vector<EventLine>& lines, const Directory& directory,
                                               const std::string& path);

/// True where `line` begins with `text`, as it is or behind its `[TASK]`.
[[nodiscard]] bool line_begins(std::string_view line, std::string_view text);

/// An `expect` line without its end, of a buffer that `names` knows. `place` is what stands behind `at`; empty: none.
[[nodiscard]] std::string expectation_text(const Expectation& expectation, const std::string& place,
                                           const Spelling& names);

}  // namespace custody::traces::formats::litmus
