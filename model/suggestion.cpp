// SPDX-License-Identifier: BSD-2-Clause
// Edit distance with transpositions (optimal string alignment), without regard to case.
#include "model/suggestion.hpp"

#include <algorithm>
#include <array>

namespace custody::model {

namespace {

constexpr std::size_t kLongest = 64, kMostEdits = 3;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

using Distances = std::array<std::size_t, kLongest + 1>;

std::size_t distance(std::string_view a, std::string_view b) {
  Distances before_last{}, last{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> words) {
  std::string_view best;
  if (word.empty() || word.size() > kLongest) return best;
  // What is left has a letter in common.
  std::size_t least = std::min({kMostEdits, std::max<std::size_t>(word.size() / 3, 1), word.size() - 1}) + 1;
  for (const std::string_view candidate : words) {
    if (candidate.size() > kLongest) continue;
    const std::size_t d = distance(word, candidate);
    if (d >= least) continue;
    least = d;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> words) {
  const std::string_view meant = nearest(word, words);
  return meant.empty() ? std::string() : std::string("; did you mean '").append(meant).append("'?");
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text.append(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ").append(words[i]);
  return text;
}

}  // namespace custody::model
