// SPDX-License-Identifier: BSD-2-Clause
// Eight characters at a time give what one at a time gives.
#include "traces/formats/ftrace/scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <string>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/name_table.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::FieldOrder;
using formats::ftrace::Fields;
using formats::ftrace::find_blank;
using formats::ftrace::find_blank_or;
using formats::ftrace::find_near;
using formats::ftrace::kWordBytes;
using formats::ftrace::last_digits;
using formats::ftrace::load;
using formats::ftrace::load_digits;
using formats::ftrace::load_first;
using formats::ftrace::load_up_to;
using formats::ftrace::NameTable;
using formats::ftrace::parse_decimal8;
using formats::ftrace::parse_fields;
using formats::ftrace::parse_hex16;
using formats::ftrace::parse_hex8;
using formats::ftrace::parse_number;
using formats::ftrace::place_of;
using formats::ftrace::skip_blanks;
using formats::ftrace::skip_blanks_before;
using formats::ftrace::word_of;

constexpr int kTries = 200000;

/// Mostly of `letters`, sometimes of any byte.
std::string any_text(std::mt19937& random, std::string_view letters, std::size_t length) {
  std::string text;
  while (text.size() < length)
    text.push_back(random() % 16 != 0 ? letters[random() % letters.size()] : static_cast<char>(random()));
  return text;
}

/// `parse` reads what the library reads in that base, and nothing else.
template <class Value, class Parse>
void expect_as_the_library(int base, const std::string& digits, std::size_t length, const Parse& parse) {
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < kTries; ++i) {
    const std::string text = any_text(random, digits, length);
    Value value = 0, wanted = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wanted, base);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    ASSERT_EQ(parse(text, value), is_number) << ::testing::PrintToString(text);
    if (!is_number) continue;
    ASSERT_EQ(value, wanted) << text;
    ++read;
  }
  EXPECT_GT(read, kTries / 4);
  for (int c = 0; c < 256; ++c)
    for (std::size_t place = 0; place < length; ++place) {
      std::string text(length, '7');
      text[place] = static_cast<char>(c);
      Value value = 0;
      ASSERT_EQ(parse(text, value), digits.find(static_cast<char>(c)) != digits.npos) << c << " at " << place;
    }
}

TEST(FtraceScan, ReadsDigitsAndNothingElse) {
  const std::string hexadecimal = "0123456789abcdefABCDEF", decimal = "0123456789";
  expect_as_the_library<std::uint32_t>(16, hexadecimal, kWordBytes, [](const std::string& text, std::uint32_t& value) {
    return parse_hex8(load(text, 0), value);
  });
  expect_as_the_library<std::uint64_t>(
      16, hexadecimal, 2 * kWordBytes,
      [](const std::string& text, std::uint64_t& value) { return parse_hex16(text, 0, value); });
  expect_as_the_library<std::uint32_t>(10, decimal, kWordBytes, [](const std::string& text, std::uint32_t& value) {
    return parse_decimal8(load(text, 0), value);
  });
}

TEST(FtraceScan, ReadsNumbersOfEveryLength) {
  for (std::size_t length = 1; length < 20; ++length) {
    const std::string digits = std::string("9081726354afbecdf0123").substr(0, length);
    for (const std::string& text : {digits, "0x" + digits, digits + "g", "0x" + digits + "g", "-" + digits}) {
      const bool hexadecimal = text[0] == '0';
      const std::string number = hexadecimal ? text.substr(2) : text;
      std::uint64_t value = 0, wanted = 0;
      std::int64_t negative = 0;
      const char* const end = number.data() + number.size();
      const auto result = text[0] == '-' ? std::from_chars(number.data(), end, negative)
                                         : std::from_chars(number.data(), end, wanted, hexadecimal ? 16 : 10);
      if (text[0] == '-') wanted = static_cast<std::uint64_t>(negative);
      ASSERT_EQ(parse_number(text, value), result.ec == std::errc() && result.ptr == end) << text;
      if (result.ec != std::errc() || result.ptr != end) continue;
      ASSERT_EQ(value, wanted) << text;
    }
  }
  std::uint64_t value = 0;
  for (const char* none : {"", "-", "0x", "x", "18446744073709551616"}) EXPECT_FALSE(parse_number(none, value)) << none;
  EXPECT_TRUE(parse_number("18446744073709551615", value));
}

TEST(FtraceScan, FindsNamesAndNoOthers) {
  static constexpr std::array<std::string_view, 5> kNames = {"map", "map_ret", "unmap", "begin_cpu_access",
                                                             "begin_cpu_access_ret"};
  static constexpr NameTable<5> kKnown(kNames);
  for (std::size_t i = 0; i < kNames.size(); ++i) EXPECT_EQ(kKnown.find(kNames[i], load_first(kNames[i])), i);
  for (const std::string_view other : {"", "ma", "mapp", "begin_cpu_acces", "begin_cpu_accesz", "begin_cpu_access_rex"})
    EXPECT_EQ(kKnown.find(other, load_first(other)), kKnown.kNone) << other;
}

TEST(FtraceScan, FindsBlanksAndWhatIsNone) {
  std::mt19937 random(1);
  for (int i = 0; i < kTries / 4; ++i) {
    const std::string text = any_text(random, "  x", random() % 30);
    const std::size_t at = random() % (text.size() + 1);
    ASSERT_EQ(skip_blanks(text, at), std::min(text.find_first_not_of(' ', at), text.size()));
    ASSERT_EQ(find_blank(text, at), std::min(text.find(' ', at), text.size()));
    ASSERT_EQ(find_blank_or('x', text, at), std::min(text.find_first_of(" x", at), text.size()));
    ASSERT_EQ(find_near('x', text, at), text.find('x', at));
    ASSERT_EQ(skip_blanks_before(text, at), text.substr(0, at).find_last_not_of(' ') + 1);
    ASSERT_EQ(load_first(text), word_of(text));
    ASSERT_EQ(load_up_to(text, at), word_of(text.substr(at)));
    if (at == 0) continue;
    const std::size_t count = std::min(1 + random() % kWordBytes, at);
    ASSERT_EQ(load_digits(text, at, count),
              word_of(std::string(kWordBytes - count, '0') + text.substr(at - count, count)));
    if (text.size() < kWordBytes) continue;
    ASSERT_EQ(place_of('x', load(text, 0)), std::min(text.find('x'), kWordBytes));
    ASSERT_EQ(load(text, 0), word_of(text));
  }
}

TEST(FtraceScan, CountsTheDigitsAtTheEndOfAWord) {
  std::mt19937 random(1);
  for (int i = 0; i < kTries / 4; ++i) {
    const std::string text = any_text(random, "0123456789/:", kWordBytes);
    ASSERT_EQ(last_digits(load(text, 0)), kWordBytes - 1 - text.find_last_not_of("0123456789")) << text;
  }
}

TEST(FtraceScan, TakesNoKeyThatOnlyBeginsLikeAField) {
  using std::string_literals::operator""s;
  for (const std::string& key : {"dir\0"s, "di"s, "dirs"s, ""s, "exp_nam"s, "exp_names"s, "orig_nen"s}) {
    Fields fields;
    EXPECT_FALSE(parse_fields(" " + key + "=2 nents=1 dev=\"x\"", fields)) << ::testing::PrintToString(key);
  }
  Fields fields;
  EXPECT_TRUE(parse_fields(R"( dir=2 exp_name="x" orig_nents=3 dmabuf=0xffffff8001ae6400 sgl=0x10)", fields));
  EXPECT_EQ(fields.value[Fields::kDir], 2U);
  EXPECT_EQ(fields.value[Fields::kOrigNents], 3U);
  EXPECT_EQ(fields.value[Fields::kDmabuf], 0xffffff8001ae6400U);
  EXPECT_EQ(fields.exp_name, "x");
  EXPECT_EQ(fields.pointer_digits, 2U);
}

/// Some of the fields, each with a value that it may have or not, in any order; now and then one twice.
std::string any_fields(std::mt19937& random) {
  constexpr std::array kNames{"dmabuf", "attach",     "sgt", "sgl",      "size", "dir", "attrs",
                              "nents",  "orig_nents", "dev", "exp_name", "ret",  "dirs"};
  constexpr std::array kValues{"0xffffff8001ae6400", "0x0", "0", "2", "-14", "4096", "", "\"cam.0\"", "(fault)", "0xg"};
  std::string text;
  for (std::size_t count = random() % 6; count > 0; --count)
    text.append(text.empty() ? "" : " ")
        .append(kNames[random() % kNames.size()])
        .append("=")
        .append(kValues[random() % kValues.size()]);
  return text;
}

TEST(FtraceScan, ReadsFieldsWhateverTheRecordBeforeHad) {
  std::mt19937 random(1);
  FieldOrder order;
  int read = 0;
  for (int i = 0; i < kTries; ++i) {
    const std::string text = any_fields(random);
    Fields alone, after;
    const bool is_read = parse_fields(text, alone);
    ASSERT_EQ(parse_fields(text, after, order), is_read) << text;
    read += is_read ? 1 : 0;
    ASSERT_TRUE(std::equal(std::begin(alone.value), std::end(alone.value), std::begin(after.value))) << text;
    ASSERT_EQ(after.present, alone.present) << text;
    ASSERT_EQ(after.pointer_digits, alone.pointer_digits) << text;
    ASSERT_EQ(after.dev, alone.dev) << text;
    ASSERT_EQ(after.exp_name, alone.exp_name) << text;
  }
  EXPECT_GT(read, kTries / 10);
}

}  // namespace
}  // namespace custody::traces::test
