// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/decoder.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

std::size_t Decoder::read(char* into, std::size_t size) {
  constexpr std::size_t kPiece = std::size_t{1} << 15U;
  while (given_ == text_.size() && !ended_) {
    const std::size_t before = raw_.size();
    raw_.resize(before + kPiece);
    std::size_t got = 0;
    try {
      got = source_->read(raw_.data() + before, kPiece);
    } catch (...) {
      raw_.resize(before);
      throw;
    }
    raw_.resize(before + got);
    ended_ = got == 0;
    text_.clear();
    given_ = 0;
    decode(raw_, ended_, text_);
  }
  const std::size_t count = std::min(size, text_.size() - given_);
  std::memcpy(into, text_.data() + given_, count);
  given_ += count;
  return count;
}

}  // namespace custody::traces::input
