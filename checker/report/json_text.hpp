// SPDX-License-Identifier: BSD-2-Clause
// JSON that is written piece by piece, where there is too much of it for a document tree.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "model/escape.hpp"

namespace custody::checker::report {

/// What stands before each element of a list: nothing before the first.
class Comma {
 public:
  std::string_view operator()() { return std::exchange(text_, ","); }

 private:
  std::string_view text_{"", 0};  // not null: it is copied
};

inline void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  model::append_json(out, text);
  out += '"';
}

[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

/// Shorter than `format_to` into a string, which fills with zeros what it then writes.
inline void append_number(std::string& out, std::uint64_t n) {
  const fmt::format_int digits(n);
  out.append(digits.data(), digits.size());
}

/// `before` is all up to the value, the comma and the key.
inline void append_member(std::string& out, std::string_view before, std::uint64_t n) {
  out += before;
  append_number(out, n);
}
inline void append_member(std::string& out, std::string_view before, std::string_view text) {
  out += before;
  append_quoted(out, text);
}
/// The text as a terminal would show it: what would act on a reader is an escape that can be read.
inline void append_shown(std::string& out, std::string_view before, std::string_view text) {
  append_member(out, before, std::string_view(model::escape_text(text)));
}

}  // namespace custody::checker::report
