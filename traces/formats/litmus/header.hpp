// SPDX-License-Identifier: BSD-2-Clause
// The header of a litmus file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/directory.hpp"
#include "traces/formats/ftrace/lines.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {

/// `at "TEXT" #N` of an expectation, to be found when the events are read.
struct Place {
  std::size_t expectation = 0;  ///< index in Header::expectations
  std::string_view text;
  std::uint64_t nth = 1;
};

struct ParsedHeader {
  Header header;
  std::vector<DeviceInfo> devices;
  std::vector<std::string_view> older;  ///< buffers from before the trace
  std::vector<Place> places;
};

/// What a litmus file begins with.
inline constexpr std::string_view kMagic = "custody litmus:";

/// Takes lines up to and with the blank line that ends the header. Expectations with `at LINE-NUMBER` have their
/// place; the others are in `places`. Throws InputError for anything that is not a header line.
[[nodiscard]] ParsedHeader parse_header(ftrace::Lines& lines, const std::string& path);

/// An event line, as `at` looks for it.
struct EventLine {
  std::uint64_t number = 0;
  std::string_view text;  ///< without the blanks around it
};

/// Gives the expectations of `parsed` their lines. A line begins with the text as it is written or behind its
/// `[TASK]`. Throws InputError at the `expect` line for a place that is no event line.
void resolve_places(ParsedHeader& parsed, const std::vector<EventLine>& lines, const std::string& path);

/// True where `line` begins with `text`, as it is or behind its `[TASK]`.
[[nodiscard]] bool line_begins(std::string_view line, std::string_view text);

}  // namespace custody::traces::formats::litmus
