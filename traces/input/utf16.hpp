// SPDX-License-Identifier: BSD-2-Clause
// UTF-16, as PowerShell writes what is redirected to a file, read as UTF-8.
#pragma once

#include <memory>
#include <string>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

/// A unit that is no half of a pair, or half a unit at the end, becomes U+FFFD. A byte order mark is dropped.
class Utf16 final : public ByteSource {
 public:
  Utf16(std::unique_ptr<ByteSource> source, bool big_endian) : source_(std::move(source)), big_endian_(big_endian) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;
  [[nodiscard]] bool would_wait() const override { return given_ == text_.size() && source_->would_wait(); }

 private:
  void decode(std::size_t bytes);
  void take(char32_t unit);
  void append(char32_t code);

  std::unique_ptr<ByteSource> source_;
  bool big_endian_;
  bool begun_ = false;
  bool ended_ = false;
  std::string raw_;        ///< read, and not decoded yet
  char32_t high_ = 0;      ///< the first half of a pair
  std::string text_;       ///< decoded
  std::size_t given_ = 0;  ///< of text_
};

}  // namespace custody::traces::input
