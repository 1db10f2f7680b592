// SPDX-License-Identifier: BSD-2-Clause
// A page of headings, paragraphs, lists, tables and figures; its text is data, which each format escapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/document/document.hpp"

namespace custody::spec::document {

/// A stretch of text.
struct Run {
  enum class Kind : std::uint8_t {
    kText,
    kStrong,
    kCode,      ///< a word of a closed vocabulary: it holds nothing that would have to be escaped
    kFunction,  ///< of the kernel, without brackets
  } kind = Kind::kText;
  std::string text;
};

/// Text of one paragraph or one cell.
class Inline {
 public:
  Inline() = default;
  Inline(std::string_view text) { say(text); }  // NOLINT(google-explicit-constructor): text is text
  Inline& say(std::string_view text) { return add(Run::Kind::kText, text); }
  Inline& strong(std::string_view text) { return add(Run::Kind::kStrong, text); }
  Inline& code(std::string_view text) { return add(Run::Kind::kCode, text); }
  Inline& function(std::string_view name) { return add(Run::Kind::kFunction, name); }
  /// Ids of what a sentence rests on, in brackets behind it.
  Inline& rests_on(const std::vector<std::string>& ids);
  Inline& append(const Inline& other);
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  [[nodiscard]] bool empty() const { return runs_.empty(); }

 private:
  Inline& add(Run::Kind kind, std::string_view text);
  std::vector<Run> runs_;
};

struct Block {
  enum class Kind : std::uint8_t { kComment, kHeading, kParagraph, kBullets, kNumbers, kTable, kFigure };
  Kind kind = Kind::kParagraph;
  unsigned level = 0;         ///< of a heading: 0 is the page's
  Inline text;                ///< of a comment, a heading, a paragraph; what a figure shows
  std::vector<Inline> items;  ///< of a list; the head of a table
  std::vector<std::vector<Inline>> rows;
  std::vector<unsigned> widths;  ///< of the columns of a table, in percent
};

struct Page {
  std::vector<Block> blocks;
  void heading(unsigned level, Inline text) {
    blocks.push_back({Block::Kind::kHeading, level, std::move(text), {}, {}, {}});
  }
  void paragraph(Inline text) { blocks.push_back({Block::Kind::kParagraph, 0, std::move(text), {}, {}, {}}); }
  void bullets(std::vector<Inline> items) {
    blocks.push_back({Block::Kind::kBullets, 0, {}, std::move(items), {}, {}});
  }
  void numbers(std::vector<Inline> items) {
    blocks.push_back({Block::Kind::kNumbers, 0, {}, std::move(items), {}, {}});
  }
  /// Without rows there is no table.
  void table(std::vector<Inline> head, std::vector<unsigned> widths, std::vector<std::vector<Inline>> rows) {
    if (!rows.empty())
      blocks.push_back({Block::Kind::kTable, 0, {}, std::move(head), std::move(rows), std::move(widths)});
  }
};

/// The page of a document: what `md` and `rst` have in common.
[[nodiscard]] Page page_of(const Document& document);

/// GitHub's Markdown; the figure is Mermaid.
[[nodiscard]] std::string render_markdown(const Document& document);
/// reStructuredText for Sphinx with its graphviz extension; no line is longer than 100 columns but for a word that is.
[[nodiscard]] std::string render_rst(const Document& document);

}  // namespace custody::spec::document
