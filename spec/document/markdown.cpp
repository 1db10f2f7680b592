// SPDX-License-Identifier: BSD-2-Clause
// A page as GitHub's Markdown.
#include <fmt/format.h>

#include "model/escape.hpp"
#include "spec/document/chart.hpp"
#include "spec/document/page.hpp"

namespace custody::spec::document {

namespace {

/// Escaped, with the blanks around it, which the escape drops at the beginning.
std::string text_of(const std::string& text) {
  const std::string blanks(std::min(text.find_first_not_of(' '), text.size()), ' ');
  return blanks + model::escape_markdown(text);
}

std::string inline_of(const Inline& text) {
  std::string out;
  for (const Run& run : text.runs()) switch (run.kind) {
      case Run::Kind::kText: out += text_of(run.text); break;
      case Run::Kind::kStrong: out += "**" + text_of(run.text) + "**"; break;
      case Run::Kind::kCode: out += "`" + run.text + "`"; break;
      case Run::Kind::kFunction: out += "`" + run.text + "()`"; break;
    }
  return out;
}

std::string table_line(const std::vector<Inline>& cells) {
  std::string out = "|";
  for (const Inline& cell : cells) out += " " + inline_of(cell) + " |";
  return out + "\n";
}

std::string markdown_block(const Document& document, const Block& block) {
  std::string out;
  switch (block.kind) {
    case Block::Kind::kComment: return "<!-- " + model::escape_xml(block.text.runs().front().text) + " -->\n\n";
    case Block::Kind::kHeading: return std::string(block.level + 1, '#') + " " + inline_of(block.text) + "\n\n";
    case Block::Kind::kParagraph: return inline_of(block.text) + "\n\n";
    case Block::Kind::kBullets:
      for (const Inline& item : block.items) out += "- " + inline_of(item) + "\n";
      return out + "\n";
    case Block::Kind::kNumbers:
      for (std::size_t i = 0; i < block.items.size(); ++i)
        out += fmt::format("{}. {}\n", i + 1, inline_of(block.items[i]));
      return out + "\n";
    case Block::Kind::kTable:
      out = table_line(block.items) + "|";
      for (std::size_t i = 0; i < block.items.size(); ++i) out += " --- |";
      out += "\n";
      for (const std::vector<Inline>& row : block.rows) out += table_line(row);
      return out + "\n";
    case Block::Kind::kFigure: return "```mermaid\n" + render_mermaid(document, Figure::kComplete) + "```\n\n";
  }
  return out;
}

}  // namespace

std::string render_markdown(const Document& document) {
  std::string out;
  for (const Block& block : page_of(document).blocks) out += markdown_block(document, block);
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace custody::spec::document
