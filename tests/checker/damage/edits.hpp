// SPDX-License-Identifier: BSD-2-Clause
// Random damage: what happens to a file on a disk, on a wire, in an editor or in a mail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace custody::checker::test {

/// A number alone says what all of its throws are, on every machine.
class Throws {
 public:
  explicit Throws(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
  /// 0 to `end` - 1; `end` is not 0.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t next();
  std::uint64_t state_;
};

enum class Edit : std::uint8_t {
  kFlip,       ///< a bit
  kOverwrite,  ///< up to eight bytes
  kInsert,     ///< up to 200 bytes
  kRemove,     ///< up to 200 bytes
  kTruncate,   ///< at any byte
  kDropLines,  ///< up to three
  kDoubleLine,
  kSwapLines,
  kMoveLine,
  kSplit,     ///< a line in two
  kJoin,      ///< two lines in one
  kZero,      ///< up to 512 bytes
  kCopyOver,  ///< another part of the file, over up to 512 bytes
  kDigit,     ///< another digit of the same base
};
inline constexpr unsigned kEdits = 14;
/// For tables of what was counted: `flip`, `overwrite`, ...
[[nodiscard]] std::string_view word(Edit edit);

/// `bytes`, of which the first `intact` are as they were. Of what has no lines, bytes up to the next newline are one.
struct Edited {
  std::string bytes;
  std::size_t intact = 0;
  Edit last = Edit::kFlip;
  bool cuts_end = false;  ///< whatever was behind some byte is gone
};

/// `whole`, not empty, with `count` edits.
[[nodiscard]] Edited edited(std::string_view whole, unsigned count, Throws& throws);

}  // namespace custody::checker::test
