// SPDX-License-Identifier: BSD-2-Clause
// The renderers of a page.
#include "checker/review/page.hpp"

#include <algorithm>
#include <sstream>

#include "model/escape.hpp"

namespace custody::checker::review {

namespace {

/// `text` in lines of at most `columns`; a longer word stands alone.
std::vector<std::string> lines_of(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (line.empty()) line = word;
    else if (line.size() + 1 + word.size() <= columns) line += " " + word;
    else lines.push_back(word);
  }
  return lines;
}

std::string indented(const std::string& text, const std::string& first, std::size_t indent) {
  std::string out;
  for (const std::string& line : lines_of(model::escape_text(text), kMailColumns - indent))
    out += (out.empty() ? first : std::string(indent, ' ')) + line + "\n";
  return out;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 1;
  std::istringstream words(text);
  for (std::string word; words >> word;) longest = std::max(longest, word.size());
  return longest;
}

/// Columns as wide as their widest cell; those with room between words give way until the table fits.
std::vector<std::size_t> widths_of(const Block& table) {
  std::vector<std::size_t> widths(table.items.size(), 0), least(table.items.size(), 0);
  const auto take = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = model::escape_text(row[i]);
      widths[i] = std::max(widths[i], cell.size());
      least[i] = std::max(least[i], longest_word(cell));
    }
  };
  for (const auto& row : table.rows) take(row);
  // A head breaks between its words sooner than it takes room from the rows.
  for (std::size_t i = 0; i < widths.size(); ++i) {
    least[i] = std::max(least[i], longest_word(model::escape_text(table.items[i])));
    widths[i] = std::max(widths[i], least[i]);
  }
  const auto total = [&] {
    std::size_t sum = 2 * widths.size();
    for (const std::size_t w : widths) sum += w;
    return sum;
  };
  while (total() > kMailColumns) {
    std::size_t gives = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > least[i] && (gives == widths.size() || widths[i] > widths[gives])) gives = i;
    if (gives == widths.size()) break;
    --widths[gives];
  }
  return widths;
}

std::string row_text(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns.push_back(lines_of(model::escape_text(cells[i]), widths[i]));
    height = std::max(height, columns.back().size());
  }
  std::string out;
  for (std::size_t l = 0; l < height; ++l) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = l < columns[i].size() ? columns[i][l] : std::string();
      line += "  " + cell + std::string(widths[i] - std::min(widths[i], cell.size()), ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

template <class Each>
void each_line(const std::string& text, const Each& each) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) each(line);
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + model::escape_markdown(cell) + " |";
  return out + "\n";
}

}  // namespace

std::string plain_text(const Page& page) {
  std::string out;
  for (const Block& b : page.blocks()) {
    if (!out.empty()) out += "\n";
    switch (b.kind) {
      case Block::Kind::kHeading: {
        const std::string text = indented(b.text, "", 0);
        out += text + std::string(std::min(kMailColumns, text.find('\n')), '-') + "\n";
        break;
      }
      case Block::Kind::kParagraph: out += indented(b.text, "", 0); break;
      case Block::Kind::kItems:
        for (const std::string& item : b.items) out += indented(item, "- ", 2);
        break;
      case Block::Kind::kTable: {
        const std::vector<std::size_t> widths = widths_of(b);
        out += row_text(b.items, widths);
        for (const auto& row : b.rows) out += row_text(row, widths);
        break;
      }
      case Block::Kind::kListing:
        each_line(b.text, [&](const std::string& line) {
          out += line.empty() ? "\n" : "    " + model::escape_text(line) + "\n";
        });
        break;
      case Block::Kind::kFold: out += indented(b.text + ":", "", 0); break;
      case Block::Kind::kFoldEnd: out.pop_back(); break;
    }
  }
  return out;
}

std::string markdown(const Page& page) {
  std::string out;
  for (const Block& b : page.blocks()) {
    if (!out.empty()) out += "\n";
    switch (b.kind) {
      case Block::Kind::kHeading:
        out.append(out.empty() ? "# " : "## ").append(model::escape_markdown(b.text)).append("\n");
        break;
      case Block::Kind::kParagraph: out += model::escape_markdown(b.text) + "\n"; break;
      case Block::Kind::kItems:
        for (const std::string& item : b.items) out += "- " + model::escape_markdown(item) + "\n";
        break;
      case Block::Kind::kTable:
        out += markdown_row(b.items) + "|";
        for (std::size_t i = 0; i < b.items.size(); ++i) out += " --- |";
        out += "\n";
        for (const auto& row : b.rows) out += markdown_row(row);
        break;
      case Block::Kind::kListing:
        // Indented, so that no fence in the text can end it.
        each_line(b.text, [&](const std::string& line) {
          out += line.empty() ? "\n" : "    " + model::escape_text(line) + "\n";
        });
        break;
      case Block::Kind::kFold: out += "<details>\n<summary>" + model::escape_xml(b.text) + "</summary>\n"; break;
      case Block::Kind::kFoldEnd: out += "</details>\n"; break;
    }
  }
  return out;
}

}  // namespace custody::checker::review
