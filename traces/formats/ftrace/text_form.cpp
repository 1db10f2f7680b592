// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/text_form.hpp"

#include <algorithm>

#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/scan.hpp"
#include "traces/input/carriage_returns.hpp"
#include "traces/input/json_strings.hpp"
#include "traces/input/markup.hpp"
#include "traces/input/quoted_printable.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// Does a record stand before a tag that ends a line?
bool has_tags(std::string_view line, Layouts& layouts) {
  Head head;
  std::size_t begin = 0;
  for (std::size_t mark = line.find('<'); mark != std::string_view::npos; mark = line.find('<', mark + 1)) {
    const input::Tag tag = input::tag_at(line, mark);
    // What stands in quotes is a name.
    const bool is_quoted = std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(mark), '"') % 2 == 1;
    if (!tag.ends_line || is_quoted) continue;
    const std::string_view before = line.substr(begin, mark - begin);
    if (parse_head(before, head) || layouts.read(before, head) == LineIs::kRecord) return true;
    begin = tag.end;
  }
  return false;
}

}  // namespace

namespace {

/// A text, or a list or object that begins with one or with an object: `[` alone begins a time of dmesg too.
bool begins_json(std::string_view begin) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = begin.find_first_not_of(kBlanks);
  if (first == begin.npos || begin[first] == '"') return first != begin.npos;
  if (begin[first] != '{' && begin[first] != '[') return false;
  const std::size_t second = begin.find_first_not_of(kBlanks, first + 1);
  return second != begin.npos && (begin[second] == '"' || (begin[first] == '[' && begin[second] == '{'));
}

}  // namespace

bool holds_records_in_json(std::string_view begin) {
  constexpr std::size_t kLooked = std::size_t{1} << 16U;
  if (!begins_json(begin)) return false;
  const std::string text = input::strings_of_json(begin.substr(0, kLooked));
  Layouts layouts;
  Head head;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (parse_head(line, head) || layouts.read(line, head) == LineIs::kRecord) return true;
    if (starts_with(line, "# tracer:")) return true;
  }
  return false;
}

TextForm form_of(std::string_view begin) {
  constexpr std::size_t kLooked = std::size_t{1} << 20U, kOfMail = std::size_t{1} << 16U;
  constexpr unsigned kEnough = 8;
  TextForm form;
  form.is_quoted_printable = input::is_quoted_printable(begin.substr(0, kOfMail));
  form.ends_in_returns = input::ends_lines_with_returns(begin.substr(0, kLooked));
  if (form.ends_in_returns) return form;
  form.is_json = holds_records_in_json(begin);
  begin = begin.substr(0, kLooked);
  Layouts in_seconds, in_ticks(true);
  unsigned seconds = 0, ticks = 0;
  Head head;
  while (!begin.empty() && seconds + ticks < kEnough) {
    const std::size_t end = std::min(begin.find('\n'), begin.size());
    std::string_view line = begin.substr(0, std::min(end, std::size_t{4096}));
    begin.remove_prefix(std::min(end + 1, begin.size()));
    line = input::without_carriage_returns(line);
    form.is_markup = form.is_markup || has_tags(line, in_seconds);
    if (parse_head(line, head) || in_seconds.read(line, head) == LineIs::kRecord) ++seconds;
    else if (in_ticks.read(line, head) == LineIs::kRecord) ++ticks;
  }
  form.in_ticks = ticks > seconds;
  return form;
}

}  // namespace custody::traces::formats::ftrace
