// SPDX-License-Identifier: BSD-2-Clause
// A page of paragraphs, lists, tables and listings, rendered as plain text for a mail, as Markdown and as HTML.
#pragma once

#include <string>
#include <vector>

namespace custody::checker::review {

/// How a row is meant, where a format has colours.
enum class Tone : std::uint8_t { kPlain, kBad, kDoubtful, kGood };

/// Text of the page is data, not markup: each renderer escapes what its format, or a terminal, would interpret.
struct Block {
  enum class Kind : std::uint8_t {
    kHeading,
    kParagraph,
    kItems,
    kTable,
    kListing,
    kFold,     ///< what follows is folded, where a format can; `text` stands for it
    kFoldEnd,  ///< up to here
  } kind = Kind::kParagraph;
  std::string text;                ///< of a heading, a paragraph, a listing (lines)
  std::vector<std::string> items;  ///< of a list; the head of a table
  std::vector<std::vector<std::string>> rows;
  std::vector<Tone> tones;  ///< of the rows; empty: all plain
};

class Page {
 public:
  void heading(std::string text) { blocks_.push_back({Block::Kind::kHeading, std::move(text), {}, {}, {}}); }
  void paragraph(std::string text) { blocks_.push_back({Block::Kind::kParagraph, std::move(text), {}, {}, {}}); }
  void items(std::vector<std::string> items) { blocks_.push_back({Block::Kind::kItems, {}, std::move(items), {}, {}}); }
  /// Every row has as many cells as the head.
  void table(std::vector<std::string> head, std::vector<std::vector<std::string>> rows, std::vector<Tone> tones = {}) {
    blocks_.push_back({Block::Kind::kTable, {}, std::move(head), std::move(rows), std::move(tones)});
  }
  void fold(std::string text) { blocks_.push_back({Block::Kind::kFold, std::move(text), {}, {}, {}}); }
  void end_fold() { blocks_.push_back({Block::Kind::kFoldEnd, {}, {}, {}, {}}); }
  void listing(std::string lines) { blocks_.push_back({Block::Kind::kListing, std::move(lines), {}, {}, {}}); }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

 private:
  std::vector<Block> blocks_;
};

inline constexpr std::size_t kMailColumns = 72;

/// No line is longer than kMailColumns, but for one word or line of a listing that is.
[[nodiscard]] std::string plain_text(const Page& page);
[[nodiscard]] std::string markdown(const Page& page);
/// A whole document without scripts and outside references. Each heading has an anchor, and the first a list of them.
[[nodiscard]] std::string html(const Page& page, const std::string& title);

}  // namespace custody::checker::review
