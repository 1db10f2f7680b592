// SPDX-License-Identifier: BSD-2-Clause
// Characters as UTF-8.
#pragma once

#include <string>

namespace custody::traces::input {

/// Adds one character, which is no half of a pair of surrogates, to `text`.
inline void append_utf8(std::string& text, char32_t code) {
  const auto add = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto add_rest = [&add](char32_t bits) { add(0x80U | (bits & 0x3fU)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xc0U | (code >> 6U));
  } else if (code < 0x10000) {
    add(0xe0U | (code >> 12U));
    add_rest(code >> 6U);
  } else {
    add(0xf0U | (code >> 18U));
    add_rest(code >> 12U);
    add_rest(code >> 6U);
  }
  add_rest(code);
}

}  // namespace custody::traces::input
