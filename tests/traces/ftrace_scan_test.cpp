// SPDX-License-Identifier: BSD-2-Clause
// Eight characters at a time give what one at a time gives.
#include "traces/formats/ftrace/scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <random>
#include <string>

#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::Fields;
using formats::ftrace::find_blank;
using formats::ftrace::kWordBytes;
using formats::ftrace::load;
using formats::ftrace::parse_fields;
using formats::ftrace::parse_hex8;
using formats::ftrace::place_of;
using formats::ftrace::skip_blanks;
using formats::ftrace::word_of;

constexpr int kTries = 200000;

/// Mostly of `letters`, sometimes of any byte.
std::string any_text(std::mt19937& random, std::string_view letters, std::size_t length) {
  std::string text;
  while (text.size() < length)
    text.push_back(random() % 16 != 0 ? letters[random() % letters.size()] : static_cast<char>(random()));
  return text;
}

TEST(FtraceScan, ReadsHexadecimalDigitsAndNothingElse) {
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < kTries; ++i) {
    const std::string text = any_text(random, "0123456789abcdefABCDEF", kWordBytes);
    std::uint32_t value = 0, wanted = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wanted, 16);
    const bool is_hex = error == std::errc() && end == text.data() + text.size();
    ASSERT_EQ(parse_hex8(load(text, 0), value), is_hex) << ::testing::PrintToString(text);
    if (!is_hex) continue;
    ASSERT_EQ(value, wanted) << text;
    ++read;
  }
  EXPECT_GT(read, kTries / 4);
  for (int c = 0; c < 256; ++c)
    for (std::size_t place = 0; place < kWordBytes; ++place) {
      std::string text = "89abCDEF";
      text[place] = static_cast<char>(c);
      std::uint32_t value = 0;
      ASSERT_EQ(parse_hex8(load(text, 0), value), std::isxdigit(c) != 0) << c << " at " << place;
    }
}

TEST(FtraceScan, FindsBlanksAndWhatIsNone) {
  std::mt19937 random(1);
  for (int i = 0; i < kTries / 4; ++i) {
    const std::string text = any_text(random, "  x", random() % 30);
    const std::size_t at = random() % (text.size() + 1);
    ASSERT_EQ(skip_blanks(text, at), std::min(text.find_first_not_of(' ', at), text.size()));
    ASSERT_EQ(find_blank(text, at), std::min(text.find(' ', at), text.size()));
    if (text.size() < kWordBytes) continue;
    ASSERT_EQ(place_of('x', load(text, 0)), std::min(text.find('x'), kWordBytes));
    ASSERT_EQ(load(text, 0), word_of(text));
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

}  // namespace
}  // namespace custody::traces::test
