// SPDX-License-Identifier: BSD-2-Clause
// Bytes that are written first and read afterwards: few of them in memory, many in a temporary file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "traces/input/temporary_file.hpp"

namespace custody::traces::formats::perfetto {

class Spill {
 public:
  static constexpr std::size_t kInMemory = std::size_t{1} << 26U;

  [[nodiscard]] std::uint64_t size() const { return file_.size() + buffer_.size(); }
  /// Throws std::runtime_error where there is no room for them; says what to do.
  void append(std::string_view bytes) {
    if (buffer_.size() + bytes.size() > kInMemory) write();
    buffer_.append(bytes);
  }
  /// Nothing more is appended. Throws as `append` does.
  void close();
  /// All bytes from `place` on. After `close` only.
  [[nodiscard]] std::string_view from(std::uint64_t place) const { return all_.substr(place); }

 private:
  void write();

  std::string buffer_;
  std::string_view all_;
  input::TemporaryFile file_;
};

}  // namespace custody::traces::formats::perfetto
