// SPDX-License-Identifier: BSD-2-Clause
// Looks at characters of a line, eight at a time: most of what a trace has is short names, blanks, pointers and times.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace custody::traces::formats::ftrace {

/// Eight characters; the first is the lowest byte.
using Word = std::uint64_t;

inline constexpr std::size_t kWordBytes = 8;

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool starts_with(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

/// The same character eight times.
[[nodiscard]] constexpr Word repeated(unsigned char c) { return Word{0x0101010101010101U} * c; }

/// At most eight characters of `text`; what is missing is 0.
[[nodiscard]] constexpr Word word_of(std::string_view text) {
  Word word = 0;
  for (std::size_t i = 0; i < kWordBytes && i < text.size(); ++i)
    word |= Word{static_cast<unsigned char>(text[i])} << (kWordBytes * i);
  return word;
}

/// The characters at `at`, of which the text has eight.
[[nodiscard]] inline Word load(std::string_view text, std::size_t at) {
  if constexpr (std::endian::native == std::endian::little) {
    Word word = 0;
    std::memcpy(&word, text.data() + at, kWordBytes);
    return word;
  } else {
    return word_of(text.substr(at, kWordBytes));
  }
}

/// The first eight characters of `text`, or all of them; what is missing is 0. As `word_of`, shorter.
[[nodiscard]] inline Word load_first(std::string_view text) {
  const std::size_t size = text.size();
  if (size >= kWordBytes) return load(text, 0);
  if (std::endian::native != std::endian::little || size < 4) return word_of(text);
  // The two halves overlap where they say the same.
  std::uint32_t first = 0, last = 0;
  std::memcpy(&first, text.data(), 4);
  std::memcpy(&last, text.data() + size - 4, 4);
  return first | Word{last} << (kWordBytes * (size - 4));
}

/// The characters at `at`, at most eight; what is missing behind the text is 0.
[[nodiscard]] inline Word load_up_to(std::string_view text, std::size_t at) {
  if (at + kWordBytes <= text.size()) return load(text, at);
  if (std::endian::native != std::endian::little || text.size() < kWordBytes) return word_of(text.substr(at));
  const std::size_t missing = at + kWordBytes - text.size();
  return missing < kWordBytes ? load(text, text.size() - kWordBytes) >> (kWordBytes * missing) : 0;
}

/// Where the first byte that is not 0 stands; 8: there is none.
[[nodiscard]] inline std::size_t first_set_byte(Word word) {
  return static_cast<std::size_t>(std::countr_zero(word)) / kWordBytes;
}

/// The top bit of each byte that is `c`. Only the lowest is sure: those above it may be wrong.
[[nodiscard]] inline Word marks_of(unsigned char c, Word word) {
  const Word other = word ^ repeated(c);
  return (other - repeated(0x01)) & ~other & repeated(0x80);
}

/// Where `c` stands first; 8: nowhere.
[[nodiscard]] inline std::size_t place_of(unsigned char c, Word word) { return first_set_byte(marks_of(c, word)); }

/// The first place at or after `at`, which is no further than the text's size, that has `c`; npos: there is none. For
/// what stands near: the library's way is made for far.
[[nodiscard]] inline std::size_t find_near(char c, std::string_view text, std::size_t at) {
#ifdef __SSE2__
  constexpr std::size_t kBytes = sizeof(__m128i);
  const __m128i wanted = _mm_set1_epi8(c);
  for (; at + kBytes <= text.size(); at += kBytes) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
#endif
  return text.find(c, at);
}

/// How many of the last bytes are decimal digits.
[[nodiscard]] inline std::size_t last_digits(Word word) {
  const Word other = word ^ repeated('0');
  const Word no_digit = (((other & repeated(0x7f)) + repeated(0x7f - 9)) | other) & repeated(0x80);
  return static_cast<std::size_t>(std::countl_zero(no_digit)) / kWordBytes;
}

/// The first place at or after `at` that has no blank; the text's size: there is none.
[[nodiscard]] inline std::size_t skip_blanks(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] != ' ') return at;
  for (; at + kWordBytes <= text.size(); at += kWordBytes) {
    const Word other = load(text, at) ^ repeated(' ');
    if (other != 0) return at + first_set_byte(other);
  }
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

/// The place behind the last character before `end` that is no blank; 0: there is none.
[[nodiscard]] inline std::size_t skip_blanks_before(std::string_view text, std::size_t end) {
  for (; end >= kWordBytes; end -= kWordBytes) {
    const Word other = load(text, end - kWordBytes) ^ repeated(' ');
    if (other != 0) return end - static_cast<std::size_t>(std::countl_zero(other)) / kWordBytes;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return end;
}

/// Without blanks at both ends.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  text.remove_prefix(skip_blanks(text, 0));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The first place at or after `at` that has a blank; the text's size: there is none.
[[nodiscard]] inline std::size_t find_blank(std::string_view text, std::size_t at) {
  for (; at + kWordBytes <= text.size(); at += kWordBytes)
    if (const std::size_t place = place_of(' ', load(text, at)); place < kWordBytes) return at + place;
  while (at < text.size() && text[at] != ' ') ++at;
  return at;
}

/// The first place at or after `at` that has a blank or `c`; the text's size: there is none.
[[nodiscard]] inline std::size_t find_blank_or(unsigned char c, std::string_view text, std::size_t at) {
  for (; at + kWordBytes <= text.size(); at += kWordBytes) {
    const Word word = load(text, at), marks = marks_of(' ', word) | marks_of(c, word);
    if (marks != 0) return at + first_set_byte(marks);
  }
  while (at < text.size() && text[at] != ' ' && static_cast<unsigned char>(text[at]) != c) ++at;
  return at;
}

/// `count` characters that end at `end`, one to eight; what stands before them counts as '0'.
[[nodiscard]] inline Word load_digits(std::string_view text, std::size_t end, std::size_t count) {
  const Word all = end >= kWordBytes ? load(text, end - kWordBytes)
                                     : word_of(text.substr(0, end)) << (kWordBytes * (kWordBytes - end));
  const Word before = count < kWordBytes ? ~(~Word{0} << (kWordBytes * (kWordBytes - count))) : 0;
  return (all & ~before) | (repeated('0') & before);
}

/// Eight hexadecimal digits. False where one of them is none.
[[nodiscard]] inline bool parse_hex8(Word word, std::uint32_t& value) {
  const Word letters = (word >> 6U) & repeated(1);
  const Word low = word & repeated(0x0f), high = (word >> 4U) & repeated(0x0f);
  // 0x30 to 0x39, 0x41 to 0x46 or 0x61 to 0x66.
  const Word wrong_kind = (high & ~(letters * 2)) ^ (repeated(3) + letters);
  const Word digits = low + letters * 9;
  const Word too_large = (digits + (repeated(1) - letters) * 6) & repeated(0x10);
  const Word no_letter = (letters << 4U) & ~(low + repeated(0x0f));
  if ((wrong_kind | too_large | no_letter) != 0) return false;
  Word v = __builtin_bswap64(digits);
  v = (v | v >> 4U) & 0x00ff00ff00ff00ffU;
  v = (v | v >> 8U) & 0x0000ffff0000ffffU;
  value = static_cast<std::uint32_t>(v | v >> 16U);
  return true;
}

/// Sixteen hexadecimal digits at `at`, of which the text has as many characters. False where one of them is none.
[[nodiscard]] inline bool parse_hex16(std::string_view text, std::size_t at, std::uint64_t& value) {
  if constexpr (std::endian::native != std::endian::little) {
    std::uint32_t high = 0, low = 0;
    if (!parse_hex8(load(text, at), high) || !parse_hex8(load(text, at + kWordBytes), low)) return false;
    value = std::uint64_t{high} << 32U | low;
    return true;
  }
  using Bytes = std::uint8_t __attribute__((vector_size(2 * kWordBytes)));
  using Words = Word __attribute__((vector_size(2 * kWordBytes)));
  Bytes c;
  std::memcpy(&c, text.data() + at, sizeof(c));
  const Bytes digit = c - static_cast<std::uint8_t>('0');
  const Bytes letter = (c | std::uint8_t{0x20}) - static_cast<std::uint8_t>('a');
  const Bytes is_digit = reinterpret_cast<Bytes>(digit < std::uint8_t{10});
  const Bytes is_letter = reinterpret_cast<Bytes>(letter < std::uint8_t{6});
  const Words known = reinterpret_cast<Words>(is_digit | is_letter);
  if ((known[0] & known[1]) != ~Word{0}) return false;
  Words v = reinterpret_cast<Words>((digit & is_digit) | ((letter + std::uint8_t{10}) & is_letter));
  v = (v << 4 | v >> 8) & 0x00ff00ff00ff00ffU;
  v = (v | v >> 8) & 0x0000ffff0000ffffU;
  v = v | v >> 16;
  value = std::uint64_t{__builtin_bswap32(static_cast<std::uint32_t>(v[0]))} << 32U |
          __builtin_bswap32(static_cast<std::uint32_t>(v[1]));
  return true;
}

/// Eight decimal digits. False where one of them is none.
[[nodiscard]] inline bool parse_decimal8(Word word, std::uint32_t& value) {
  const Word digits = word - repeated('0');
  if ((((word + repeated(0x46)) | digits) & repeated(0x80)) != 0) return false;
  // Two digits in every second byte, then four in each half, then all.
  const Word pairs = digits * 10 + (digits >> 8U);
  constexpr Word kEvery4th = 0x000000ff000000ffU, kHigh = 100 + (Word{1'000'000} << 32U),
                 kLow = 1 + (Word{10'000} << 32U);
  value = static_cast<std::uint32_t>(((pairs & kEvery4th) * kHigh + ((pairs >> 16U) & kEvery4th) * kLow) >> 32U);
  return true;
}

}  // namespace custody::traces::formats::ftrace
