// SPDX-License-Identifier: BSD-2-Clause
// Text stays text in every language of an output. What parsers of these languages make of whole outputs is asked in
// tests/checker/hostile.
#include "model/escape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/spelling.hpp"

namespace custody::model::test {
namespace {

using nlohmann::json;

struct Acting {
  const char* text;
  const char* shown;
};
constexpr Acting kActing[] = {
    {"\x01", "\\x01"},
    {"\n", "\\x0a"},
    {"\x1b", "\\x1b"},
    {"\x7f", "\\x7f"},
    {"\xc2\x80", "\\u0080"},
    {"\xc2\x9f", "\\u009f"},
    {"\xd8\x9c", "\\u061c"},
    {"\xe2\x80\x8e", "\\u200e"},
    {"\xe2\x80\x8f", "\\u200f"},
    {"\xe2\x80\xa8", "\\u2028"},
    {"\xe2\x80\xaa", "\\u202a"},
    {"\xe2\x80\xae", "\\u202e"},
    {"\xe2\x81\xa6", "\\u2066"},
    {"\xe2\x81\xa9", "\\u2069"},
    {"\xef\xbf\xbe", "\\ufffe"},
    {"\xef\xbf\xbf", "\\uffff"},
    {"\xff", "\\xff"},
    {"\x80", "\\x80"},
    {"\xc2", "\\xc2"},
    {"\xc0\xaf", "\\xc0\\xaf"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
};

TEST(Escape, ShowsWhatActsAndLeavesItsNeighbours) {
  for (const Acting& c : kActing) {
    const std::string text = std::string("a") + c.text + "b", shown = std::string("a") + c.shown + "b";
    EXPECT_EQ(escape_text(text), shown);
    EXPECT_EQ(escape_xml(text), *c.text == '\n' ? text : shown);
    EXPECT_EQ(escape_comment(text), shown);
    EXPECT_FALSE(is_plain_line(text)) << shown;
    EXPECT_TRUE(is_plain_line(plain_line(text, '_'))) << shown;
  }
}

TEST(Escape, SpellsNamesThatAreNoUtf8ApartAndLeavesTheOthers) {
  EXPECT_EQ(spell_as_utf8("c\xe9m.0"), "c\\xe9m.0");
  EXPECT_EQ(spell_as_utf8("c\xeam.0"), "c\\xeam.0");
  EXPECT_EQ(spell_as_utf8("c\xc3\xa9m.0"), "c\xc3\xa9m.0");
  EXPECT_EQ(spell_as_utf8("a\\xe9"), "a\\xe9");
  EXPECT_NE(spell_as_utf8("a\\xe9\xff"), spell_as_utf8("a\xe9\xff"));
}

TEST(Escape, LeavesOtherAlphabetsAsTheyAre) {
  const std::string text =
      "Kamera \xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xb7 \xe2\x80\xa7 \xe2\x80\xaf \xc2\xa0 \xef\xbf\xbd";
  std::string inside;
  append_json(inside, text);
  EXPECT_EQ(inside, text);
  for (const std::string& out : {escape_text(text), escape_xml(text), escape_comment(text), escape_markdown(text),
                                 escape_sarif(text), escape_json_document(text), plain_line(text, '_')})
    EXPECT_EQ(out, text);
}

/// Of bytes that are no UTF-8 one writer makes a replacement character each, another one of several.
std::string with_single_replacements(std::string text) {
  const std::string one = "\xef\xbf\xbd", two = one + one;
  for (std::size_t at = 0; (at = text.find(two, at)) != std::string::npos;) text.erase(at, one.size());
  return text;
}

RC_GTEST_PROP(Escape, GivesJsonThatReadsBack, ()) {
  std::string text;
  for (const std::size_t i : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 200)))
    text += i < std::size(kActing) ? std::string(kActing[i].text) : std::string(1, static_cast<char>(i));
  std::string inside;
  append_json(inside, text);
  RC_ASSERT(is_plain_line(inside));
  const std::string library = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  const auto read = [](const std::string& written) {
    return with_single_replacements(json::parse(written).get<std::string>());
  };
  RC_ASSERT(read("\"" + inside + "\"") == read(library));
  const std::string document = escape_json_document(library);
  RC_ASSERT(is_plain_line(document));
  RC_ASSERT(json::parse(document) == json::parse(library));
}

/// What a POSIX shell makes of a word in single quotes and outside of them.
std::string unquoted(std::string_view word) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (word[i] == '\'') quoted = !quoted;
    else if (!quoted && word[i] == '\\') out += word[++i];
    else out += word[i];
  return out;
}

RC_GTEST_PROP(Escape, GivesOneWordOfAShell, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab'\"\\ $`;~#\n(=")));
  const std::string word = shell_word(text);
  RC_ASSERT(unquoted(word) == text);
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\'' && (i == 0 || word[i - 1] != '\\' || quoted)) quoted = !quoted;
    else RC_ASSERT(quoted || std::string_view("ab=\\'").find(word[i]) != std::string_view::npos);
  }
  RC_ASSERT(!quoted && !word.empty());
}

TEST(Escape, QuotesForAShellOnlyWhereItMust) {
  EXPECT_EQ(shell_word("gpu.0=noncoherent"), "gpu.0=noncoherent");
  EXPECT_EQ(shell_word("it's $(x)"), R"('it'\''s $(x)')");
  EXPECT_EQ(shell_word("~root"), "'~root'");
  EXPECT_EQ(shell_word(""), "''");
}

RC_GTEST_PROP(Escape, NeitherEndsNorBeginsAComment, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("*/-a \n\\?")));
  const std::string out = escape_comment(text);
  RC_ASSERT(out.find("*/") == std::string::npos);
  RC_ASSERT(out.find("/*") == std::string::npos);
  RC_ASSERT(out.find('\n') == std::string::npos);
}

TEST(Escape, MakesNoMarkdownOfText) {
  EXPECT_EQ(escape_markdown("a|b & <i> `c` *d* _e_ ~f~ [g](h) \\ # $"),
            "a\\|b &amp; &lt;i&gt; \\`c\\` \\*d\\* \\_e\\_ \\~f\\~ \\[g\\](h) \\\\ \\# \\$");
  EXPECT_EQ(escape_markdown("- item"), "\\- item");
  EXPECT_EQ(escape_markdown("    code"), "code");
  EXPECT_EQ(escape_markdown("12. item"), "12\\. item");
  EXPECT_EQ(escape_markdown("7) item"), "7\\) item");
  EXPECT_EQ(escape_markdown("12 items. -"), "12 items. -");
}

/// Text of sentences stays as it is; what docutils would act on does not. Sphinx is asked in tests/checker/hostile.
TEST(Escape, MakesNoMarkupOfTextForDocutils) {
  for (const char* plain :
       {"drivers/dma-buf/heaps/system_heap.c, cma_heap.c", "a (of it) [map-1]: see it.", "it's so; or not?"})
    EXPECT_EQ(escape_rst(plain), plain);
  constexpr std::pair<const char*, const char*> kCases[] = {
      {"- a", "\\- a"},   {"1. a", "1\\. a"},         {".. x", "\\.\\. x"},     {":a: b", "\\:a: b"},
      {"a_ b", "a\\_ b"}, {"*a*", "\\*a\\*"},         {"`a`", "\\`a\\`"},       {"|a|", "\\|a\\|"},
      {"x::", "x\\::"},   {"http://h", "http\\://h"}, {"====", "\\=\\=\\=\\="}, {"a@b", "a\\@b"},
      {"\\", "\\\\"},     {"\n", "\\\\x0a"}};
  for (const auto& [text, escaped] : kCases) EXPECT_EQ(escape_rst(text), escaped) << text;
}

TEST(Escape, MakesNoArrowAndNoCommentOfALabelForMermaid) {
  EXPECT_EQ(escape_mermaid("map, unmap / own:map"), "map, unmap / own:map");
  EXPECT_EQ(escape_mermaid("a --> b %% \"c\""), "a -#45;#62; b #37;#37; #34;c#34;");
}

TEST(Escape, NamesNoSchemeAndNoHostInAReference) {
  EXPECT_EQ(uri_of_path("spec/contracts/a-b_c.json"), "spec/contracts/a-b_c.json");
  EXPECT_EQ(uri_of_path("javascript:x"), "javascript%3ax");
  EXPECT_EQ(uri_of_path("//host/a b"), "/host/a%20b");
  EXPECT_EQ(uri_of_path("a#b?c%\xff"), "a%23b%3fc%25%ff");
}

TEST(Escape, MakesNoLinkAndNoPlaceholderOfASarifMessage) {
  EXPECT_EQ(escape_sarif(R"([a](b) {0} \)"), R"(\[a\](b) {{0}} \\)");
}

}  // namespace
}  // namespace custody::model::test
