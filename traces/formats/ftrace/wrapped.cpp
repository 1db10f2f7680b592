// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/wrapped.hpp"

#include <algorithm>
#include <bitset>
#include <tuple>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/odd_fields.hpp"
#include "traces/formats/ftrace/scan.hpp"
#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::formats::ftrace {

namespace {

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// The field at the end of `text`, and its value.
std::pair<std::string_view, std::string_view> last_field(std::string_view text) {
  const std::size_t equals = text.rfind('='), begin = text.rfind(' ', equals) + 1;
  if (equals == std::string_view::npos) return {};
  return {text.substr(begin, equals - begin), text.substr(equals + 1)};
}

/// Of a record that has all it needs: may its last word be broken, and `line` be the rest of it?
Continues rest_of_word(std::string_view first, std::string_view line) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF", kAttributes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_|";
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyz0123456789_.:,-@";
  const auto [key, value] = last_field(first);
  if (key.empty()) return Continues::kNo;
  // No number of the kernel's begins with a nought and goes on, and what attributes are decides what happened.
  const bool is_number = consists_of(value, "0123456789abcdefABCDEFx") && value != "0" && value != "0x0";
  if (is_number && consists_of(line, kHex)) return key == "attrs" ? Continues::kMaybe : Continues::kYes;
  if (key == "attrs" && consists_of(line, kAttributes) && (value.empty() || consists_of(value, kAttributes)))
    return Continues::kYes;
  return key == "dev_name" && consists_of(line, kName) ? Continues::kMaybe : Continues::kNo;
}

auto numbers_of(const Tracepoint& t) {
  return std::tie(t.kind, t.dir, t.attrs, t.err, t.dma_addrs, t.sizes, t.phys_addrs, t.nents.all, t.ents.all, t.size,
                  t.ino, t.fd, t.attachment, t.context, t.seqno, t.iova_begin, t.iova_end, t.paddr);
}

}  // namespace

void Wrapped::read_tracepoint(TracepointKind kind, std::string_view rest, Outcome& out) {
  out.is_known = out.is_traced = true;
  out.is_complete = parse_odd_tracepoint(kind, rest, text_, out.traced).empty();
  out.is_damaged = !out.is_complete;
  out.dev = out.traced.device;
  out.exp_name = out.traced.exp_name;
}

void Wrapped::read_fields(const Head& head, const ProbeName& probe, Outcome& out) {
  out.is_known = true;
  if (!parse_fields(head.rest, out.fields))
    parse_odd_fields(head.rest, probe.probe, {head.leaves_out_zeros, false}, text_, out.fields);
  out.is_damaged = !out.fields.damage.empty() || !out.fields.unknown.empty() || !out.fields.malformed.empty();
  const auto needed = required(probe.probe);
  out.is_complete = std::all_of(needed.begin(), needed.end(), [&](Fields::Name n) { return out.fields.has(n); });
  out.count = static_cast<unsigned>(std::bitset<32>(out.fields.present).count());
  out.dev = out.fields.dev;
  out.exp_name = out.fields.exp_name;
}

Wrapped::Outcome Wrapped::read(std::string_view text) {
  Outcome out;
  Head head;
  out.is_record = parse_head(text, head) || layouts_.read(text, head) == LineIs::kRecord;
  if (!out.is_record) return out;
  out.is_bare = head.rest.find_first_not_of(' ') == std::string_view::npos;
  const ProbeName* probe = names_.find_ordinary(head);
  const TracepointName traced =
      probe == nullptr ? recognise_tracepoint(head.group, head.event, head.rest) : TracepointName{};
  if (traced.found) {
    read_tracepoint(traced.kind, head.rest, out);
    return out;
  }
  if (probe == nullptr) probe = names_.find(head);
  if (probe != nullptr) read_fields(head, *probe, out);
  return out;
}

bool Wrapped::is_better(const Outcome& joined, const Outcome& first) {
  if (!joined.is_known || joined.is_damaged) return false;
  if (!first.is_known || first.is_damaged || !first.is_complete || first.is_bare || joined.count > first.count)
    return true;
  // A pointer that was broken: what it was is seen where it has now as many digits as pointers have.
  const std::uint32_t digits = joined.fields.pointer_digits;
  return !joined.is_traced && joined.count == first.count && digits > first.fields.pointer_digits &&
         (digits == 8 || digits == 16);
}

bool Wrapped::is_same(const Outcome& a, const Outcome& b) {
  return a.fields.present == b.fields.present && a.dev == b.dev && a.exp_name == b.exp_name &&
         std::equal(std::begin(a.fields.value), std::end(a.fields.value), std::begin(b.fields.value)) &&
         numbers_of(a.traced) == numbers_of(b.traced);
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
  const bool is_whole = alone.is_known && !alone.is_damaged && alone.is_complete && !alone.is_bare;
  // What was broken inside a word has no blank before it.
  const bool is_indented = line.size() != rest.size() && line.substr(0, line.size() - rest.size()).back() == ' ' &&
                           trimmed(line).size() == rest.size();
  const Continues goes_on = is_whole && !is_indented ? rest_of_word(first, rest) : Continues::kNo;
  const bool by_blank = is_better(blank, alone);
  const bool by_word = is_better(word, alone) || (goes_on == Continues::kYes && !word.is_damaged);
  if (!by_blank && !by_word) return goes_on == Continues::kMaybe ? goes_on : Continues::kNo;
  if (by_blank && by_word && !is_same(blank, word)) {
    if (blank.is_complete == word.is_complete) return Continues::kNo;
    joined = blank.is_complete ? at_blank : in_word;
    return Continues::kYes;
  }
  joined = by_blank ? at_blank : in_word;
  return Continues::kYes;
}

}  // namespace custody::traces::formats::ftrace
