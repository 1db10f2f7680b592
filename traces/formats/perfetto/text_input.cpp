// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/text_input.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace custody::traces::formats::perfetto {

std::string_view TextInput::piece() {
  constexpr std::size_t kPiece = std::size_t{1} << 16U;
  if (!again_.empty()) return std::exchange(again_, {});
  if (lines_.is_whole()) {
    const std::string_view next = lines_.excerpt(at_, kPiece, buffer_);
    at_ += next.size();
    return next;
  }
  buffer_.resize(kPiece);
  buffer_.resize(lines_.read_bytes(buffer_.data(), kPiece));
  return buffer_;
}

bool TextInput::Next(const void** data, int* size) {
  std::string_view next = piece();
  if (!std::exchange(begun_, true) && next.substr(0, 3) == "\xef\xbb\xbf") next.remove_prefix(3);
  used_up_ = !next.empty() && left_ == 0;
  if (next.empty() || used_up_) return false;
  left_ -= std::min<std::uint64_t>(left_, next.size());
  given_ += next.size();
  last_ = next;
  *data = next.data();
  *size = static_cast<int>(next.size());
  return true;
}

void TextInput::BackUp(int count) {
  again_ = last_.substr(last_.size() - static_cast<std::size_t>(count));
  given_ -= again_.size();
}

bool TextInput::Skip(int count) {
  const void* data = nullptr;
  for (int size = 0; count > 0; count -= size) {
    if (!Next(&data, &size)) return false;
    if (size > count) {
      BackUp(size - count);
      size = count;
    }
  }
  return true;
}

}  // namespace custody::traces::formats::perfetto
