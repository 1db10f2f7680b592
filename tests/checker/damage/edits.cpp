// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/damage/edits.hpp"

#include <algorithm>

namespace custody::checker::test {

namespace {

constexpr std::array<std::string_view, kEdits> kWords{"flip", "overwrite", "insert",   "remove", "truncate",
                                                      "drop", "double",    "swap",     "move",   "split",
                                                      "join", "zero",      "copyover", "digit"};

/// A line with its end.
struct Line {
  std::size_t begin, end;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

Line line_at(const std::string& bytes, std::size_t at) {
  const std::size_t before = at == 0 ? std::string::npos : bytes.rfind('\n', at - 1);
  const std::size_t end = bytes.find('\n', at);
  return {before == std::string::npos ? 0 : before + 1, end == std::string::npos ? bytes.size() : end + 1};
}

class Editor {
 public:
  Editor(Edited& edited, Throws& throws) : edited_(edited), throws_(throws) {}
  void apply(Edit edit);

 private:
  std::string& bytes() { return edited_.bytes; }
  std::size_t length(std::size_t most, std::size_t at) {
    return std::min(1 + throws_.below(most), bytes().size() - at);
  }
  void from(std::size_t at) { edited_.intact = std::min(edited_.intact, at); }
  char any() { return static_cast<char>(throws_.below(256)); }

  void flip(std::size_t at) { bytes()[at] = static_cast<char>(bytes()[at] ^ (1 << throws_.below(8))); }
  void overwrite(std::size_t at) {
    for (std::size_t n = length(8, at); n > 0; --n) bytes()[at + n - 1] = any();
  }
  void insert(std::size_t at);
  void drop(std::size_t at);
  void swap(std::size_t at, bool moves_one);
  void join(std::size_t at);
  void copy_over(std::size_t at);
  void change_digit(std::size_t at);

  Edited& edited_;
  Throws& throws_;
};

void Editor::insert(std::size_t at) {
  const std::size_t n = 1 + throws_.below(200);
  if (throws_.one_in(2)) return static_cast<void>(bytes().insert(at, std::string(n, any())));
  const std::size_t other = throws_.below(bytes().size());
  bytes().insert(at, bytes().substr(other, n));
}

void Editor::drop(std::size_t at) {
  const Line first = line_at(bytes(), at);
  from(first.begin);
  std::size_t end = first.end;
  for (std::size_t n = throws_.below(3); n > 0 && end < bytes().size(); --n) end = line_at(bytes(), end).end;
  bytes().erase(first.begin, end - first.begin);
}

void Editor::swap(std::size_t at, bool moves_one) {
  Line a = line_at(bytes(), at), b = line_at(bytes(), throws_.below(bytes().size()));
  if (throws_.one_in(2) && a.end < bytes().size()) b = line_at(bytes(), a.end);
  if (a.begin > b.begin) std::swap(a, b);
  if (a.begin == b.begin) return;
  from(a.begin);
  const std::string one = bytes().substr(a.begin, a.size()), other = bytes().substr(b.begin, b.size());
  bytes().replace(b.begin, b.size(), moves_one ? std::string() : one);
  bytes().replace(a.begin, a.size(), moves_one ? other + one : other);
}

void Editor::join(std::size_t at) {
  const std::size_t end = bytes().find('\n', at);
  if (end == std::string::npos) return;
  from(end);
  bytes().erase(end, 1);
}

void Editor::copy_over(std::size_t at) {
  const std::size_t n = length(512, at);
  bytes().replace(at, n, bytes().substr(throws_.below(bytes().size() - n + 1), n));
}

void Editor::change_digit(std::size_t at) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t digit = bytes().find_first_of(kDigits.substr(0, 10), at);
  if (digit == std::string::npos) return;
  from(digit);
  const bool decimal = throws_.one_in(2);
  bytes()[digit] = kDigits[throws_.below(decimal ? 10 : 16)];
}

void Editor::apply(Edit edit) {
  if (bytes().empty()) return;
  edited_.last = edit;
  const std::size_t at = throws_.below(bytes().size());
  if (edit <= Edit::kTruncate || edit == Edit::kSplit || edit >= Edit::kZero) from(at);
  switch (edit) {
    case Edit::kFlip: return flip(at);
    case Edit::kOverwrite: return overwrite(at);
    case Edit::kInsert: return insert(at);
    case Edit::kRemove: bytes().erase(at, length(200, at)); break;
    case Edit::kTruncate:
      edited_.cuts_end = true;
      bytes().resize(at);
      break;
    case Edit::kDropLines: return drop(at);
    case Edit::kDoubleLine: {
      const Line line = line_at(bytes(), at);
      from(line.end);
      bytes().insert(line.end, bytes().substr(line.begin, line.size()));
      break;
    }
    case Edit::kSwapLines: return swap(at, false);
    case Edit::kMoveLine: return swap(at, true);
    case Edit::kSplit: bytes().insert(at, 1, '\n'); break;
    case Edit::kJoin: return join(at);
    case Edit::kZero: std::fill_n(bytes().begin() + static_cast<std::ptrdiff_t>(at), length(512, at), '\0'); break;
    case Edit::kCopyOver: return copy_over(at);
    case Edit::kDigit: return change_digit(at);
  }
}

}  // namespace

std::uint64_t Throws::next() {
  // SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

std::string_view word(Edit edit) { return kWords[static_cast<std::size_t>(edit)]; }

Edited edited(std::string_view whole, unsigned count, Throws& throws) {
  Edited out{std::string(whole), whole.size()};
  Editor editor(out, throws);
  for (; count > 0; --count) editor.apply(static_cast<Edit>(throws.below(kEdits)));
  return out;
}

}  // namespace custody::checker::test
