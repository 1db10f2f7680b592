// SPDX-License-Identifier: BSD-2-Clause
// Lines of a file, read a block at a time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "traces/input/mapped_file.hpp"

namespace custody::traces::input {

/// Two blocks of a file, of which one is read while lines of the other are still looked at. What is in them stays what
/// it was, whatever becomes of the file.
class Blocks {
 public:
  static constexpr std::size_t kBlock = std::size_t{1} << 17U;
  /// `longest`: bytes of the longest line that is wanted whole.
  explicit Blocks(std::size_t longest) : longest_(longest) {}

  struct Line {
    std::string_view
        text;  ///< of the longest line and one more at most; valid until the blocks were renewed twice more
    std::size_t length = 0;  ///< bytes up to the line end, which may be more
    bool ends = false;       ///< there is a line end; else the file ends, or cannot be read any further
  };
  /// The line that begins with byte `at`, where it is in the block with its end; nearly every one is. `text` is then
  /// what `line` gives.
  [[nodiscard]] bool has_line(std::size_t at, std::string_view& text) const {
    if (at < begin_ || at - begin_ >= block_.size()) return false;
    const char* const from = block_.data() + (at - begin_);
    const void* const end = std::memchr(from, '\n', block_.size() - (at - begin_));
    if (end == nullptr) return false;
    text = {from, static_cast<std::size_t>(static_cast<const char*>(end) - from)};
    return true;
  }
  /// The line that begins with byte `at`.
  [[nodiscard]] Line line(const MappedFile& file, std::size_t at);
  /// How often there was a new block.
  [[nodiscard]] std::uint64_t renewals() const { return renewals_; }

 private:
  void read(const MappedFile& file, std::size_t at, std::size_t size);

  std::size_t longest_;
  std::array<std::string, 2> rooms_;
  std::string_view block_;
  std::size_t begin_ = 0;  ///< of the block, in the file
  std::uint64_t renewals_ = 0;
};

}  // namespace custody::traces::input
