// SPDX-License-Identifier: BSD-2-Clause
// What a trace says stays what it says in JSON, and can do nothing to a terminal.
#include "checker/report/wording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace custody::checker::test {
namespace {

using nlohmann::json;

bool is_harmless(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

TEST(Wording, EveryCharacterAtEveryPlaceIsItselfInJson) {
  constexpr std::size_t kLength = 20;
  for (int c = 0; c < 256; ++c)
    for (std::size_t place = 0; place < kLength; ++place) {
      std::string text(kLength, 'a');
      text[place] = static_cast<char>(c);
      std::string written = "\"";
      report::append_json(written, text);
      written += '"';
      const json wanted = json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace));
      ASSERT_EQ(json::parse(written), wanted) << c << " at " << place;
      ASSERT_TRUE(is_harmless(written)) << c << " at " << place;
      ASSERT_TRUE(is_harmless(report::escape_text(text))) << c << " at " << place;
      ASSERT_EQ(report::escape_text(text) == text, c >= 0x20 && c < 0x7f) << c << " at " << place;
    }
}

TEST(Wording, OtherAlphabetsStayAsTheyAre) {
  const std::string text = "Kamera \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xb7 vorne";
  std::string written;
  report::append_json(written, text);
  EXPECT_EQ(written, text);
  EXPECT_EQ(report::escape_text(text), text);
}

TEST(Wording, AnErrorHasThePlaceBeforeItAndOneForm) {
  EXPECT_EQ(report::error_text("a.txt:12: bad", "a.txt", "me"), "a.txt:12: error: bad");
  EXPECT_EQ(report::error_text("a.txt:12:7: bad", "a.txt", "me"), "a.txt:12:7: error: bad");
  EXPECT_EQ(report::error_text("a.txt: bad", "a.txt", "me"), "a.txt: error: bad");
  EXPECT_EQ(report::error_text("a:1: b.txt:12: bad: 3:4: more", "a:1: b.txt", "me"),
            "a:1: b.txt:12: error: bad: 3:4: more");
  EXPECT_EQ(report::error_text("c.json:3: bad", "", "custody check"), "c.json:3: error: bad");
  EXPECT_EQ(report::error_text("c.json: bad", "", "custody check"), "custody check: error: c.json: bad");
  EXPECT_EQ(report::error_text("--device 'x=line:7': bad", "", "custody check"),
            "custody check: error: --device 'x=line:7': bad");
  EXPECT_EQ(report::error_text("other.txt: bad", "a.txt", "a.txt"), "a.txt: error: other.txt: bad");
}

TEST(Wording, ANeedlessOperationIsToldByTheLinesThatItIsFor) {
  Finding f;
  f.rule = spec::RuleId::kR5;
  f.effect = Effect::kNone;
  f.operation = model::Operation::kClean;
  EXPECT_NE(report::message(f, {}).find("no line of the CPU cache can be dirty"), std::string::npos);
  f.operation = model::Operation::kInvalidate;
  EXPECT_NE(report::message(f, {}).find("no line of the CPU cache can be stale"), std::string::npos);
  f.operation = model::Operation::kCleanInvalidate;
  EXPECT_NE(report::message(f, {}).find("can be stale"), std::string::npos);
  f.also.add_if(spec::RuleId::kR3, true);
  EXPECT_NE(report::message(f, {}).find("can be dirty"), std::string::npos);
}

}  // namespace
}  // namespace custody::checker::test
