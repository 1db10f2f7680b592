// SPDX-License-Identifier: BSD-2-Clause
// The one form of all errors.
#include <string>
#include <string_view>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

/// Behind `:12` or `:12:7` at `from`, where `: ` follows; else npos.
std::size_t behind_numbers(std::string_view text, std::size_t from) {
  std::size_t at = from;
  while (at < text.size() && text[at] == ':') {
    const std::size_t digits = text.find_first_not_of("0123456789", at + 1);
    if (digits == std::string_view::npos || digits == at + 1) break;
    at = digits;
  }
  return text.substr(at, 2) == ": " ? at : std::string_view::npos;
}

/// Where the place at the beginning of the message ends; npos: it has none.
std::size_t end_of_place(std::string_view message, std::string_view path) {
  if (!path.empty() && message.substr(0, path.size()) == path) return behind_numbers(message, path.size());
  for (std::size_t at = message.find(':'); at != std::string_view::npos; at = message.find(':', at + 1)) {
    const std::size_t end = behind_numbers(message, at);
    if (end != std::string_view::npos && end != at) return end;
  }
  return std::string_view::npos;
}

}  // namespace

std::string error_text(std::string_view message, std::string_view path, std::string_view speaker) {
  const std::size_t end = end_of_place(message, path);
  if (end == std::string_view::npos) return std::string(speaker).append(": error: ").append(message);
  return std::string(message.substr(0, end)).append(": error").append(message.substr(end));
}

}  // namespace custody::checker::report
