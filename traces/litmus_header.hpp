// SPDX-License-Identifier: BSD-2-Clause
// The header of a litmus file, and the lines of the file one by one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/directory.hpp"
#include "traces/reader.hpp"

namespace custody::traces::litmus {

/// The lines of a text. Line ends may be LF or CRLF.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  /// False at the end of the text; else `line` is the next line without its end.
  bool next(std::string_view& line);
  /// Of the line that `next` gave last, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

/// `at "TEXT" #N` of an expectation, to be found when the events are read.
struct Place {
  std::size_t expectation = 0;  ///< index in Header::expectations
  std::string_view text;
  std::uint64_t nth = 1;
};

struct ParsedHeader {
  Header header;
  std::vector<DeviceInfo> devices;
  std::vector<Place> places;
};

/// What a litmus file begins with.
inline constexpr std::string_view kMagic = "custody litmus:";

/// Takes lines up to and with the blank line that ends the header. Expectations with `at LINE-NUMBER` have their
/// place; the others are in `places`. Throws InputError for anything that is not a header line.
[[nodiscard]] ParsedHeader parse_header(Lines& lines, const std::string& path);

/// An event line, as `at` looks for it.
struct EventLine {
  std::uint64_t number = 0;
  std::string_view text;  ///< without the blanks around it
};

/// Gives the expectations of `parsed` their lines. A line begins with the text as it is written or behind its
/// `[TASK]`. Throws InputError at the `expect` line for a place that is no event line.
void resolve_places(ParsedHeader& parsed, const std::vector<EventLine>& lines, const std::string& path);

/// The line without its leading `[TASK]` and the blanks behind it; the line itself where it has none.
[[nodiscard]] std::string_view without_task(std::string_view line);

}  // namespace custody::traces::litmus
