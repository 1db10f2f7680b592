// SPDX-License-Identifier: BSD-2-Clause
// How bytes are packed, by their first ones.
#include "traces/input/encoding.hpp"

#include <algorithm>
#include <array>

namespace custody::traces::input {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  Encoding encoding;
};
constexpr std::array kMagics{
    Magic{"\x1f\x8b\x08"sv, Encoding::kGzip},
    Magic{"\xfd"
          "7zXZ\0"sv,
          Encoding::kXz},
    Magic{"\x28\xb5\x2f\xfd"sv, Encoding::kZstd},
    // A frame to be skipped, as parallel and seekable writers put in front.
    Magic{"\x50\x2a\x4d\x18"sv, Encoding::kZstd},
    Magic{"\x5e\x2a\x4d\x18"sv, Encoding::kZstd},
    Magic{"BZh"sv, Encoding::kBzip2},
    Magic{"\x04\x22\x4d\x18"sv, Encoding::kLz4},
    Magic{"PK\x03\x04"sv, Encoding::kZip},
    Magic{"PK\x05\x06"sv, Encoding::kZip},
    Magic{"\xff\xfe"sv, Encoding::kUtf16Little},
    Magic{"\xfe\xff"sv, Encoding::kUtf16Big},
};

/// `BZh`, the level, and what a block or the end begins with: text may begin with the first four.
bool is_bzip2(std::string_view begin) {
  constexpr std::size_t kBlock = 4;
  const std::string_view block = begin.substr(std::min(begin.size(), kBlock));
  return begin.size() > kBlock && begin[3] >= '1' && begin[3] <= '9' && (block[0] == '1' || block[0] == '\x17');
}

constexpr std::string_view kAtraceWord = "TRACE:\n";

/// CMF and FLG of RFC 1950: deflate, a window of 32 KiB, and both together a multiple of 31.
bool is_zlib(std::string_view begin) {
  if (begin.size() < 2 || begin[0] != '\x78') return false;
  const auto check = static_cast<unsigned>(0x78U << 8U) | static_cast<unsigned char>(begin[1]);
  return check % 31 == 0;
}

/// Text whose units are two bytes shows a zero in nearly every second place, and in no other.
bool is_wide(std::string_view begin, std::size_t zeros_at) {
  constexpr std::size_t kFewest = 8;
  if (begin.size() < kFewest) return false;
  std::size_t zeros = 0, units = 0;
  for (std::size_t i = 0; i + 1 < begin.size(); i += 2, ++units) {
    if (begin[i + 1 - zeros_at] == '\0') return false;
    if (begin[i + zeros_at] == '\0') ++zeros;
  }
  return zeros * 10 >= units * 9;
}

/// The header of a tar member: its checksum, six octal digits, is the sum of its bytes with blanks in its own place.
bool is_tar(std::string_view begin) {
  constexpr std::size_t kSum = 148, kSumLength = 8, kHeader = 512;
  if (begin.size() < kHeader) return false;
  unsigned sum = 0, said = 0;
  for (std::size_t i = 0; i < kHeader; ++i) {
    const bool own = i >= kSum && i < kSum + kSumLength;
    const auto byte = static_cast<unsigned char>(begin[i]);
    sum += own ? unsigned{' '} : byte;
    if (own && byte >= '0' && byte <= '7') said = said * 8 + (byte - '0');
  }
  return begin[0] != '\0' && sum == said;
}

}  // namespace

std::size_t atrace_text(std::string_view begin) {
  const auto at = begin.find(kAtraceWord);
  const bool at_line_start = at != std::string_view::npos && (at == 0 || begin[at - 1] == '\n');
  return at_line_start && is_zlib(begin.substr(at + kAtraceWord.size())) ? at + kAtraceWord.size() : 0;
}

Encoding encoding_of(std::string_view begin) {
  begin = begin.substr(0, kMostToTell);
  for (const Magic& magic : kMagics)
    if (begin.substr(0, magic.bytes.size()) == magic.bytes && (magic.encoding != Encoding::kBzip2 || is_bzip2(begin)))
      return magic.encoding;
  if (atrace_text(begin) != 0) return Encoding::kAtrace;
  if (is_wide(begin, 1)) return Encoding::kUtf16Little;
  if (is_wide(begin, 0)) return Encoding::kUtf16Big;
  return is_tar(begin) ? Encoding::kTar : Encoding::kPlain;
}

bool may_tell_more(std::string_view begin) {
  if (begin.size() >= kMostToTell || encoding_of(begin) != Encoding::kPlain) return false;
  for (const Magic& magic : kMagics)
    if (begin.size() < magic.bytes.size() && magic.bytes.substr(0, begin.size()) == begin) return true;
  // What atrace prints before the trace: the word may follow.
  for (const std::string_view first : {"capturing trace"sv, kAtraceWord})
    if (begin.substr(0, first.size()) == first.substr(0, begin.size()) && begin.find("\n#") == std::string_view::npos)
      return true;
  return begin.find('\n') == std::string_view::npos || begin.find('\0') != std::string_view::npos;
}

}  // namespace custody::traces::input
