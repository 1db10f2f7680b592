// SPDX-License-Identifier: BSD-2-Clause
// Breaks lines at words.
#include "checker/cli/terminal_lines.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace custody::checker::cli {

namespace {

/// Bytes at the begin of `text` that are one step of a cursor, and the columns that they take.
struct Step {
  std::size_t bytes = 1, columns = 1;
};
Step step_of(std::string_view text) {
  if (text[0] == '\x1b' && text.size() > 1 && text[1] == '[') {
    const std::size_t end = text.find('m');
    return {end == std::string_view::npos ? text.size() : end + 1, 0};
  }
  Step step;
  while (step.bytes < text.size() && (static_cast<unsigned char>(text[step.bytes]) & 0xc0U) == 0x80) ++step.bytes;
  return step;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Step step = step_of(text.substr(at));
    at += step.bytes;
    width += step.columns;
  }
  return width;
}

/// Where the rest of a line goes on.
std::size_t indent_of(std::string_view line, std::size_t columns) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return 0;
  constexpr std::size_t kDescription = 16;                        // what begins so far in is text of a column
  std::size_t indent = begin < kDescription ? begin + 8 : begin;  // a finding's own lines begin at 4
  for (std::size_t gap = line.find("  ", begin); gap != std::string_view::npos; gap = line.find("  ", gap)) {
    gap = std::min(line.find_first_not_of(' ', gap), line.size());
    if (const std::size_t column = width_of(line.substr(0, gap)); column <= columns / 2) indent = column;
  }
  return std::min(indent, columns / 2);
}

void append_broken(std::string& out, std::string_view line, std::size_t columns) {
  const std::string indent(indent_of(line, columns), ' ');
  std::size_t column = 0;
  // A word with the blanks before it.
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t word = std::min(line.find_first_not_of(' ', at), line.size());
    const std::size_t end = std::min(line.find(' ', word), line.size());
    const std::size_t width = width_of(line.substr(word, end - word));
    if (at != 0 && column > indent.size() && column + (word - at) + width > columns) {
      out.append("\n").append(indent);
      column = indent.size();
    } else {
      out.append(word - at, ' ');
      column += word - at;
    }
    out += line.substr(word, end - word);
    column += width;
    at = end;
  }
}

}  // namespace

std::string broken_at_words(std::string_view text, std::size_t columns) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (width_of(line) <= columns) out += line;
    else append_broken(out, line, columns);
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string for_reader(std::string_view text, int fd) {
  constexpr std::size_t kLeast = 40;
  struct winsize size {};
  if (::isatty(fd) != 1 || ::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < kLeast) return std::string(text);
  return broken_at_words(text, size.ws_col);
}

}  // namespace custody::checker::cli
