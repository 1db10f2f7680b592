// SPDX-License-Identifier: BSD-2-Clause
// A page as reStructuredText, as the kernel's Documentation/ is written.
#include <fmt/format.h>

#include <algorithm>

#include "model/escape.hpp"
#include "spec/document/chart.hpp"
#include "spec/document/page.hpp"

namespace custody::spec::document {

namespace {

constexpr std::size_t kPageColumns = 100;

/// Words that no line break may lie in.
using Words = std::vector<std::string>;

/// Appends text with its inline markup; markup is glued to what it touches only where nothing is between.
void append(Words& words, const std::string& markup, bool& glued) {
  std::size_t i = 0;
  while (i < markup.size()) {
    const std::size_t end = std::min(markup.find(' ', i), markup.size());
    if (end > i) {
      if (glued && !words.empty()) words.back() += markup.substr(i, end - i);
      else words.push_back(markup.substr(i, end - i));
    }
    glued = end >= markup.size();
    i = end + 1;
  }
}

/// Inline markup must not touch a letter: `\ ` lies between.
void append_marked(Words& words, const std::string& marked, bool& glued) {
  const bool touches =
      glued && !words.empty() && std::string_view("([\"'-/").find(words.back().back()) == std::string_view::npos;
  if (!glued || words.empty()) words.push_back(marked);
  else words.back() += (touches ? "\\ " : "") + marked;
  glued = true;
}

Words words_of(const Inline& text) {
  Words words;
  bool glued = false;
  for (const Run& run : text.runs()) switch (run.kind) {
      case Run::Kind::kText: append(words, model::escape_rst(run.text), glued); break;
      case Run::Kind::kStrong: append_marked(words, "**" + model::escape_rst(run.text) + "**", glued); break;
      case Run::Kind::kCode: append_marked(words, "``" + run.text + "``", glued); break;
      case Run::Kind::kFunction: append(words, run.text + "()", glued); break;
    }
  return words;
}

/// Wrapped; the first line behind `first`, the others behind as many blanks.
std::string wrapped(const Inline& text, const std::string& first) {
  const std::string indent(first.size(), ' ');
  std::string out = first;
  std::size_t column = first.size();
  bool begins = true;
  for (const std::string& word : words_of(text)) {
    if (!begins && column + 1 + word.size() > kPageColumns) {
      out += "\n" + indent;
      column = indent.size();
      begins = true;
    }
    out += (begins ? "" : " ") + word;
    column += word.size() + (begins ? 0 : 1);
    begins = false;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + "\n";
}

std::string heading(const Block& block) {
  constexpr std::string_view kMarks = "==-~";
  std::string title;
  for (const std::string& word : words_of(block.text)) title += (title.empty() ? "" : " ") + word;
  const std::string bar(title.size(), kMarks[block.level + 1]);
  return (block.level == 0 ? bar + "\n" : std::string()) + title + "\n" + bar + "\n\n";
}

std::string table_row(const std::vector<Inline>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += wrapped(cells[i], i == 0 ? "   * - " : "     - ");
  return out;
}

std::string table(const Block& block) {
  std::string out = ".. list-table::\n   :header-rows: 1\n   :widths:";
  for (const unsigned width : block.widths) out += fmt::format(" {}", width);
  out += "\n\n" + table_row(block.items);
  for (const std::vector<Inline>& row : block.rows) out += table_row(row);
  return out + "\n";
}

std::string figure(const Document& document, const Block& block) {
  std::string out = ".. graphviz::\n" + wrapped(block.text, "   :caption: ") + "\n";
  const std::string dot = render_dot(document, Figure::kComplete);
  for (std::size_t i = 0; i < dot.size();) {
    const std::size_t end = dot.find('\n', i);
    out += "   " + dot.substr(i, end - i) + "\n";
    i = end + 1;
  }
  return out + "\n";
}

std::string rst_block(const Document& document, const Block& block) {
  std::string out;
  switch (block.kind) {
    case Block::Kind::kComment:
      return ".. SPDX-License-Identifier: BSD-2-Clause\n\n" + wrapped(block.text, ".. ") + "\n";
    case Block::Kind::kHeading: return heading(block);
    case Block::Kind::kParagraph: return wrapped(block.text, "") + "\n";
    case Block::Kind::kBullets:
      for (const Inline& item : block.items) out += wrapped(item, "- ");
      return out + "\n";
    case Block::Kind::kNumbers:
      for (std::size_t i = 0; i < block.items.size(); ++i) out += wrapped(block.items[i], fmt::format("{}. ", i + 1));
      return out + "\n";
    case Block::Kind::kTable: return table(block);
    case Block::Kind::kFigure: return figure(document, block);
  }
  return out;
}

}  // namespace

std::string render_rst(const Document& document) {
  std::string out;
  for (const Block& block : page_of(document).blocks) out += rst_block(document, block);
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace custody::spec::document
