// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/wrapped.hpp"

#include <algorithm>
#include <bitset>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/odd_fields.hpp"

namespace custody::traces::formats::ftrace {

Wrapped::Outcome Wrapped::read(std::string_view text) {
  Outcome out;
  Head head;
  out.is_record = parse_head(text, head) || layouts_.read(text, head) == LineIs::kRecord;
  if (!out.is_record) return out;
  const ProbeName* probe = names_.find(head);
  out.is_known = probe != nullptr;
  if (!out.is_known) return out;
  out.is_bare = head.rest.find_first_not_of(' ') == std::string_view::npos;
  if (!parse_fields(head.rest, out.fields))
    parse_odd_fields(head.rest, probe->probe, head.leaves_out_zeros, text_, out.fields);
  out.is_damaged = !out.fields.damage.empty() || !out.fields.unknown.empty() || !out.fields.malformed.empty();
  const auto needed = required(probe->probe);
  out.is_complete = std::all_of(needed.begin(), needed.end(), [&](Fields::Name n) { return out.fields.has(n); });
  out.count = static_cast<unsigned>(std::bitset<32>(out.fields.present).count());
  out.dev = out.fields.dev;
  out.exp_name = out.fields.exp_name;
  return out;
}

bool Wrapped::is_better(const Outcome& joined, const Outcome& first) {
  if (!joined.is_known || joined.is_damaged) return false;
  if (!first.is_known || first.is_damaged || !first.is_complete || first.is_bare || joined.count > first.count)
    return true;
  // A pointer that was broken: what it was is seen where it has now as many digits as pointers have.
  const std::uint32_t digits = joined.fields.pointer_digits;
  return joined.count == first.count && digits > first.fields.pointer_digits && (digits == 8 || digits == 16);
}

bool Wrapped::is_same(const Outcome& a, const Outcome& b) {
  return a.fields.present == b.fields.present && a.dev == b.dev && a.exp_name == b.exp_name &&
         std::equal(std::begin(a.fields.value), std::end(a.fields.value), std::begin(b.fields.value));
}

Continues Wrapped::join(std::string_view first, std::string_view line, std::string& joined) {
  constexpr std::size_t kLongest = 4096;
  if (first.size() + line.size() > kLongest) return Continues::kNo;
  const Outcome alone = read(first);
  if (alone.is_record && !alone.is_known) return Continues::kForeign;
  const std::string_view rest = without_prefix(line);
  while (!first.empty() && first.back() == ' ') first.remove_suffix(1);
  const std::string at_blank = std::string(first).append(" ").append(rest);
  const std::string in_word = std::string(first).append(rest);
  const Outcome blank = read(at_blank), word = read(in_word);
  const bool by_blank = is_better(blank, alone), by_word = is_better(word, alone);
  if (!by_blank && !by_word) return Continues::kNo;
  if (by_blank && by_word && !is_same(blank, word)) {
    if (blank.is_complete == word.is_complete) return Continues::kNo;
    joined = blank.is_complete ? at_blank : in_word;
    return Continues::kYes;
  }
  joined = by_blank ? at_blank : in_word;
  return Continues::kYes;
}

}  // namespace custody::traces::formats::ftrace
