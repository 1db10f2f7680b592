// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/blocks.hpp"

#include <algorithm>
#include <cstring>

namespace custody::traces::input {

namespace {

/// How many bytes stand before the first line end, or all.
std::size_t length_of(std::string_view text) {
  const void* const end = text.empty() ? nullptr : std::memchr(text.data(), '\n', text.size());
  return end == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
}

/// Bytes from `at` to the next line end. False where there is none.
bool find_end(const MappedFile& file, std::size_t at, std::size_t& length) {
  std::string room;
  for (length = 0;;) {
    const std::string_view piece = file.read(at + length, Blocks::kBlock, room);
    const std::size_t before = length_of(piece);
    length += before;
    if (before < piece.size()) return true;
    if (piece.empty()) return false;
  }
}

}  // namespace

void Blocks::read(const MappedFile& file, std::size_t at, std::size_t size) {
  block_ = file.read(at, size, rooms_[renewals_ % rooms_.size()]);
  begin_ = at;
}

Blocks::Line Blocks::line(const MappedFile& file, std::size_t at) {
  if (std::string_view here; has_line(at, here)) return {here, here.size(), true};
  ++renewals_;
  read(file, at, kBlock);
  std::size_t length = length_of(block_);
  if (length == block_.size() && length == kBlock) {
    // In the place of the block that it was: the other one still has lines that are looked at.
    read(file, at, std::max(longest_ + 1, kBlock));
    length = length_of(block_);
  }
  const std::string_view text = block_.substr(0, std::min(length, longest_ + 1));
  if (length < block_.size()) return {text, length, true};
  std::size_t more = 0;
  const bool ends = length > longest_ && find_end(file, at + length, more);
  return {text, length + more, ends};
}

}  // namespace custody::traces::input
