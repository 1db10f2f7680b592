// SPDX-License-Identifier: BSD-2-Clause
// Numbers and strings out of bytes that nobody vouches for.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace custody::traces::formats::trace_dat {

/// The number at `from`, which need not be aligned. `swapped`: it is in the other byte order than this machine's.
template <std::unsigned_integral Number>
[[nodiscard]] inline Number load(const char* from, bool swapped) {
  Number n = 0;
  std::memcpy(&n, from, sizeof n);
  if (!swapped) return n;
  if constexpr (sizeof n == 2) return __builtin_bswap16(n);
  else if constexpr (sizeof n == 4) return __builtin_bswap32(n);
  else if constexpr (sizeof n == 8) return __builtin_bswap64(n);
  else return n;
}

/// Reads on from where it stands. What is not there reads as zero or empty, and `failed` is true from then on.
class Cursor {
 public:
  Cursor(std::string_view bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

  template <std::unsigned_integral Number>
  [[nodiscard]] Number number() {
    const std::string_view n = take(sizeof(Number));
    return n.size() == sizeof(Number) ? load<Number>(n.data(), swapped_) : Number{0};
  }
  [[nodiscard]] std::string_view take(std::uint64_t size) {
    if (failed_ || size > bytes_.size() - at_) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = bytes_.substr(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    return taken;
  }
  void skip(std::uint64_t size) { static_cast<void>(take(size)); }
  /// Up to a zero byte, which is consumed and not given.
  [[nodiscard]] std::string_view string() {
    const std::size_t end = failed_ ? std::string_view::npos : bytes_.find('\0', at_);
    if (end == std::string_view::npos) {
      failed_ = true;
      return {};
    }
    const std::string_view given = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return given;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] std::uint64_t left() const { return failed_ ? 0 : bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool swapped_;
  bool failed_ = false;
};

}  // namespace custody::traces::formats::trace_dat
