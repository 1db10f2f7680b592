// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/damage/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace custody::checker::test {

namespace {

constexpr std::array<std::string_view, kExcuses> kWords{"another history", "told later", "no excuse"};

bool is_prefix(const std::vector<std::uint64_t>& part, const std::vector<std::uint64_t>& whole) {
  return part.size() < whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

/// The part ends while the buffer is used, and has all that was there of it until then: so much can be said of a trace
/// that ends there too.
bool ends_within(const Answer& whole, const Answer& part, const std::string& buffer) {
  const auto of_whole = whole.kinds_of.find(buffer), of_part = part.kinds_of.find(buffer);
  return part.is_cut && of_whole != whole.kinds_of.end() && of_part != part.kinds_of.end() &&
         is_prefix(of_part->second, of_whole->second);
}

bool clears_too_much(const Answer& whole, const Answer& part) {
  if (is_beginning(part, whole)) return false;
  std::size_t cleared = 0;
  for (const auto& [buffer, how] : part.judged) {
    if (!part.clears(buffer) || ends_within(whole, part, buffer)) continue;
    ++cleared;
    if (whole.judged.count(buffer) != 0 && !whole.clears(buffer)) return true;
  }
  return cleared > whole.cleared();
}

std::map<std::string, int> by_rule(const Answer& answer) {
  std::map<std::string, int> counts;
  for (const auto& [error, signs] : answer.errors) ++counts[error.first];
  return counts;
}

std::vector<std::uint64_t> before(const Answer& answer, std::uint64_t end) {
  std::vector<std::uint64_t> lines;
  std::copy_if(answer.lines.begin(), answer.lines.end(), std::back_inserter(lines),
               [&](std::uint64_t line) { return line < end; });
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

bool is_beginning(const Answer& part, const Answer& whole) { return is_prefix(part.kinds, whole.kinds); }

std::string_view word(Excuse excuse) { return kWords[static_cast<std::size_t>(excuse)]; }

std::vector<TooMuch> said_too_much(const Answer& whole, const Answer& part) {
  std::vector<TooMuch> out;
  const auto excuse = [&](std::uint64_t signs) {
    return !part.is_told ? Excuse::kAnotherHistory : signs != 0 ? Excuse::kNone : Excuse::kToldLater;
  };
  const auto of_whole = by_rule(whole), of_part = by_rule(part);
  for (const auto& [error, signs] : part.errors) {
    if (whole.errors.count(error) != 0) continue;
    const auto& [rule, buffer] = error;
    const auto found = of_whole.find(rule);
    const bool more = of_part.at(rule) > (found == of_whole.end() ? 0 : found->second);
    if (whole.judged.count(buffer) != 0 || more) out.push_back({rule, excuse(signs), signs});
  }
  if (clears_too_much(whole, part)) out.push_back({"clear", excuse(1), part.signs});
  return out;
}

bool begin_alike(const Answer& whole, const Answer& part, std::uint64_t end) {
  return before(whole, end) == before(part, end);
}

std::uint64_t at_most(double in_100000, std::uint64_t edits) {
  const double mean = in_100000 * static_cast<double>(edits) / 100000;
  return static_cast<std::uint64_t>(std::floor(mean + 4 * std::sqrt(mean)));
}

}  // namespace custody::checker::test
