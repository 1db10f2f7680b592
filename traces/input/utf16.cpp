// SPDX-License-Identifier: BSD-2-Clause
// UTF-16 read as UTF-8.
#include "traces/input/utf16.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

namespace {
constexpr std::size_t kUnits = std::size_t{1} << 15U;
constexpr char32_t kReplacement = 0xfffd, kByteOrderMark = 0xfeff;

constexpr bool is_high(char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool is_low(char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }
}  // namespace

void Utf16::append(char32_t code) {
  const auto add = [this](char32_t byte) { text_.push_back(static_cast<char>(byte)); };
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

void Utf16::take(char32_t unit) {
  if (!begun_) {
    begun_ = true;
    if (unit == kByteOrderMark) return;
  }
  if (high_ != 0 && is_low(unit)) {
    append(0x10000U + ((high_ - 0xd800U) << 10U) + (unit - 0xdc00U));
    high_ = 0;
    return;
  }
  if (high_ != 0) append(kReplacement);
  high_ = is_high(unit) ? unit : 0;
  if (high_ == 0) append(is_low(unit) ? kReplacement : unit);
}

void Utf16::decode(std::size_t bytes) {
  text_.clear();
  given_ = 0;
  const auto byte = [this](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(raw_[i])); };
  for (std::size_t i = 0; i + 1 < bytes; i += 2)
    take(big_endian_ ? byte(i) << 8U | byte(i + 1) : byte(i + 1) << 8U | byte(i));
  raw_.erase(0, bytes & ~std::size_t{1});
}

std::size_t Utf16::read(char* into, std::size_t size) {
  while (given_ == text_.size() && !ended_) {
    const std::size_t before = raw_.size();
    raw_.resize(before + kUnits);
    std::size_t got = 0;
    try {
      got = source_->read(raw_.data() + before, kUnits);
    } catch (...) {
      raw_.resize(before);
      throw;
    }
    raw_.resize(before + got);
    decode(raw_.size());
    ended_ = got == 0;
    if (ended_ && (high_ != 0 || !raw_.empty())) append(kReplacement);
  }
  const std::size_t count = std::min(size, text_.size() - given_);
  std::memcpy(into, text_.data() + given_, count);
  given_ += count;
  return count;
}

}  // namespace custody::traces::input
