// SPDX-License-Identifier: BSD-2-Clause
// The words of one litmus line, its numbers and its names, and errors that say where and what was expected.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traces/quoting.hpp"

namespace custody::traces::formats::litmus {

/// Decimal digits only; empty where it is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view word);

/// Bytes: a number that `K`, `M` or `G` may follow; empty where it is anything else or does not fit.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view word);

/// `bytes` as `parse_size` reads it, with the largest suffix that divides it.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// True for a word that can only be meant as `OFFSET+LENGTH`: no name holds a `+`.
[[nodiscard]] bool looks_like_range(std::string_view word);

/// True for letters, digits and `_ . : - / @ ~ , ?`, not beginning with `-`. What names a buffer, a device, an
/// exporter, a contract.
[[nodiscard]] bool is_name(std::string_view word);

/// True for a byte that the name of a task can hold in text that does: it is none of `[`, `]`, `#`, `"`.
[[nodiscard]] constexpr bool is_of_task(char c) { return c != '[' && c != ']' && c != '#' && c != '"'; }
/// True for what can name a task: bytes as above, UTF-8, and nothing that acts on who reads it
/// (`model::is_plain_line`).
[[nodiscard]] bool is_task(std::string_view text);

/// True for `M`, `R`, `L` or `A` with a number, and for a class of findings.
[[nodiscard]] bool is_rule_or_class(std::string_view word);
inline constexpr std::string_view kRuleOrClass =
    "a rule (M1, R3, L5, A1, ...) or a class (illegal, missing, mixed, lost_write, redundant, advice)";

/// `text` without the blanks (and the carriage return) around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Takes the words of a line one by one. A word that begins with `#` ends the line: it starts a comment.
class Words {
 public:
  /// `text` and `path` must outlive this.
  Words(std::string_view text, const std::string& path, std::uint64_t line) : rest_(text), path_(path), line_(line) {
    find();
  }

  [[nodiscard]] bool done() const { return word_.empty(); }
  /// The next word; empty at the end of the line.
  [[nodiscard]] std::string_view peek() const { return word_; }
  /// Takes the next word if it is `word`.
  bool take(std::string_view word);
  /// Takes the next word; InputError "expected `what`" where there is none.
  std::string_view next(std::string_view what);
  /// Takes a name (`is_name`) that is no word of the language.
  std::string_view next_name(std::string_view what);
  /// Takes text between double quotes, and `#N` straight behind it or after blanks; the number is 1 where it is absent.
  std::string_view next_quoted(std::uint64_t& nth);
  /// All that is left, without a comment and without blanks around it.
  std::string_view rest();
  /// InputError where a word is left; `after` says what is complete.
  void expect_end(std::string_view after) const;
  /// InputError with the place of this line.
  [[noreturn]] void fail(const std::string& message) const;

  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  void find();
  void skip_blanks();

  std::string_view rest_;  ///< behind `word_`
  std::string_view word_;
  const std::string& path_;
  std::uint64_t line_;
};

}  // namespace custody::traces::formats::litmus
