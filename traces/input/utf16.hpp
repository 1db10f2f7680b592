// SPDX-License-Identifier: BSD-2-Clause
// UTF-16, as PowerShell writes what is redirected to a file, read as UTF-8.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "traces/input/decoder.hpp"

namespace custody::traces::input {

/// A unit that is no half of a pair, or half a unit at the end, becomes U+FFFD. A byte order mark is dropped.
class Utf16 final : public Decoder {
 public:
  Utf16(std::unique_ptr<ByteSource> source, bool big_endian) : Decoder(std::move(source)), big_endian_(big_endian) {}

 private:
  void decode(std::string& raw, bool ended, std::string& text) override;
  void take(char32_t unit, std::string& text);

  bool big_endian_;
  bool begun_ = false;
  char32_t high_ = 0;  ///< the first half of a pair
};

}  // namespace custody::traces::input
