// SPDX-License-Identifier: BSD-2-Clause
// Bytes of a file that is being written, in either byte order.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace custody::traces::test {

class Output {
 public:
  explicit Output(bool big_endian) : big_endian_(big_endian) {}
  template <std::integral Number>
  Output& put(Number n) {
    const std::string bytes = encode(n);
    bytes_ += bytes;
    return *this;
  }
  Output& put(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  /// With the zero that ends it.
  Output& string(std::string_view text) { return put(text).put(std::string_view("\0", 1)); }
  /// With its size of 64 bits before it.
  Output& sized(std::string_view bytes) { return put(std::uint64_t{bytes.size()}).put(bytes); }
  template <std::integral Number>
  void patch(std::size_t at, Number n) {
    bytes_.replace(at, sizeof n, encode(n));
  }
  void align(std::size_t to) { bytes_.resize((bytes_.size() + to - 1) / to * to, '\0'); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] bool big_endian() const { return big_endian_; }

 private:
  template <std::integral Number>
  [[nodiscard]] std::string encode(Number n) const {
    std::string bytes(sizeof n, '\0');
    std::memcpy(bytes.data(), &n, sizeof n);
    if (big_endian_) std::reverse(bytes.begin(), bytes.end());
    return bytes;
  }

  std::string bytes_;
  bool big_endian_;
};

}  // namespace custody::traces::test
