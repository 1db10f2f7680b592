// SPDX-License-Identifier: BSD-2-Clause
// UTF-16 read as UTF-8.
#include "traces/input/utf16.hpp"

#include "traces/input/utf8.hpp"

namespace custody::traces::input {

namespace {
constexpr char32_t kReplacement = 0xfffd, kByteOrderMark = 0xfeff;

constexpr bool is_high(char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool is_low(char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }
}  // namespace

void Utf16::take(char32_t unit, std::string& text) {
  if (!begun_) {
    begun_ = true;
    if (unit == kByteOrderMark) return;
  }
  if (high_ != 0 && is_low(unit)) {
    append_utf8(text, 0x10000U + ((high_ - 0xd800U) << 10U) + (unit - 0xdc00U));
    high_ = 0;
    return;
  }
  if (high_ != 0) append_utf8(text, kReplacement);
  high_ = is_high(unit) ? unit : 0;
  if (high_ == 0) append_utf8(text, is_low(unit) ? kReplacement : unit);
}

void Utf16::decode(std::string& raw, bool ended, std::string& text) {
  const auto byte = [&raw](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(raw[i])); };
  for (std::size_t i = 0; i + 1 < raw.size(); i += 2)
    take(big_endian_ ? byte(i) << 8U | byte(i + 1) : byte(i + 1) << 8U | byte(i), text);
  raw.erase(0, raw.size() & ~std::size_t{1});
  if (ended && (high_ != 0 || !raw.empty())) append_utf8(text, kReplacement);
}

}  // namespace custody::traces::input
