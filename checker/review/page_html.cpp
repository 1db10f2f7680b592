// SPDX-License-Identifier: BSD-2-Clause
// A page as HTML.
#include <sstream>

#include "checker/review/page.hpp"
#include "model/escape.hpp"

namespace custody::checker::review {

namespace {

constexpr char kStyle[] = R"css(
:root { color-scheme: light dark; }
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #999; padding: .2em .6em; text-align: left; vertical-align: top; }
tr.bad td { background: #f9d0d0; color: #000; }
tr.doubtful td { background: #fbe8c4; color: #000; }
tr.good td { background: #d3f0d3; color: #000; }
pre { background: #8882; padding: .8em; overflow-x: auto; }
.table { overflow-x: auto; }
)css";

/// The name of a heading's anchor: its letters, `what-changes`. Two headings of a page that have the same get the same.
std::string anchor_of(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'), capital = c >= 'A' && c <= 'Z';
    if (letter || capital) out += capital ? static_cast<char>(c + 32) : c;
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  return out;
}

std::string tagged(const std::string& tag, const std::string& text) {
  return "<" + tag + ">" + model::escape_xml(text) + "</" + tag.substr(0, tag.find(' ')) + ">";
}

std::string html_row(const std::vector<std::string>& cells, const char* tag, Tone tone) {
  constexpr const char* kRows[] = {"<tr>", "<tr class=\"bad\">", "<tr class=\"doubtful\">", "<tr class=\"good\">"};
  std::string out = kRows[static_cast<std::size_t>(tone)];
  for (const std::string& cell : cells) out += tagged(tag, cell);
  return out + "</tr>\n";
}

std::string html_table(const Block& b) {
  std::string out = "<div class=\"table\"><table>\n" + html_row(b.items, "th", Tone::kPlain);
  for (std::size_t i = 0; i < b.rows.size(); ++i)
    out += html_row(b.rows[i], "td", i < b.tones.size() ? b.tones[i] : Tone::kPlain);
  return out + "</table></div>\n";
}

std::string html_block(const Block& b) {
  std::string out;
  switch (b.kind) {
    case Block::Kind::kHeading: return tagged("h2 id=\"" + anchor_of(b.text) + "\"", b.text) + "\n";
    case Block::Kind::kParagraph: return tagged("p", b.text) + "\n";
    case Block::Kind::kItems:
      for (const std::string& item : b.items) out += tagged("li", item) + "\n";
      return "<ul>\n" + out + "</ul>\n";
    case Block::Kind::kTable: return html_table(b);
    case Block::Kind::kFold: return "<details>\n" + tagged("summary", b.text) + "\n";
    case Block::Kind::kFoldEnd: return "</details>\n";
    case Block::Kind::kListing: break;
  }
  std::istringstream lines(b.text);
  for (std::string line; std::getline(lines, line);) out += model::escape_xml(line) + "\n";
  return "<pre>" + out + "</pre>\n";
}

/// Links to the headings but the first.
std::string contents_of(const std::vector<Block>& blocks) {
  std::string out;
  for (const Block& b : blocks)
    if (b.kind == Block::Kind::kHeading && &b != &blocks.front())
      out += (out.empty() ? "" : " | ") + tagged("a href=\"#" + anchor_of(b.text) + "\"", b.text);
  return out.empty() ? out : "<nav>" + out + "</nav>\n";
}

}  // namespace

std::string html(const Page& page, const std::string& title) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      model::escape_xml(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n";
  for (const Block& b : page.blocks()) {
    const bool first = &b == &page.blocks().front() && b.kind == Block::Kind::kHeading;
    out += first ? tagged("h1", b.text) + "\n" + contents_of(page.blocks()) : html_block(b);
  }
  return out + "</body>\n</html>\n";
}

}  // namespace custody::checker::review
