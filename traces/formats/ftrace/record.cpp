// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// Reads `PID` backwards from `end` (exclusive), skipping blanks and a `(tgid)` column. Returns the index of the `-`
/// before it, or npos.
std::size_t pid_before(std::string_view line, std::size_t end, std::int64_t& pid) {
  while (end > 0 && line[end - 1] == ' ') --end;
  if (end > 0 && line[end - 1] == ')') {
    const std::size_t open = line.rfind('(', end - 1);
    if (open == std::string_view::npos) return open;
    end = open;
    while (end > 0 && line[end - 1] == ' ') --end;
  }
  constexpr std::size_t kMostDigits = 10;
  std::size_t begin = end;
  std::int64_t value = 0, scale = 1;
  for (; begin > 0 && is_digit(line[begin - 1]) && end - begin <= kMostDigits; scale *= 10)
    value += scale * (line[--begin] - '0');
  if (begin == end || begin == 0 || line[begin - 1] != '-' || end - begin > kMostDigits) return std::string_view::npos;
  pid = value;
  return begin - 1;
}

/// The columns after `[cpu]`: optional flags, time, event. False where they are not there.
bool parse_tail(std::string_view line, std::size_t at, Head& head) {
  at = skip_blanks(line, at);
  std::size_t after = parse_time(line, at, head.ts);
  head.in_interrupt = false;
  if (after == std::string_view::npos) {
    const std::size_t end = line.find(' ', at);
    if (end == std::string_view::npos) return false;
    head.in_interrupt = says_interrupt(line.substr(at, end - at));
    after = parse_time(line, skip_blanks(line, end), head.ts);
    if (after == std::string_view::npos) return false;
  }
  return parse_event(line, after, head);
}

}  // namespace

namespace {

/// Six digits. False where one of them is none.
bool parse_micros(const char* at, std::int64_t& micros) {
  unsigned value = 0, wrong = 0;
  for (unsigned n = 0; n < 6; ++n) {
    const unsigned digit = static_cast<unsigned char>(at[n]) - unsigned{'0'};
    wrong |= digit > 9 ? 1U : 0U;
    value = value * 10 + digit;
  }
  micros = value;
  return wrong == 0;
}

}  // namespace

std::size_t parse_time(std::string_view line, std::size_t at, std::int64_t& ts) {
  std::int64_t seconds = 0;
  std::size_t i = at;
  for (; i < line.size() && is_digit(line[i]) && i - at < 12; ++i) seconds = seconds * 10 + (line[i] - '0');
  if (i == at || i >= line.size() || line[i] != '.') return std::string_view::npos;
  // Nearly always there are six digits.
  if (std::int64_t micros = 0; i + 7 < line.size() && line[i + 7] == ':' && parse_micros(line.data() + i + 1, micros)) {
    ts = seconds * 1'000'000'000 + micros * 1'000;
    return i + 8;
  }
  static constexpr std::int64_t kScale[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                            10'000,        1'000,       100,        10,        1};
  std::int64_t fraction = 0;
  const std::size_t point = ++i;
  for (; i < line.size() && is_digit(line[i]); ++i)
    if (i - point < 9) fraction = fraction * 10 + (line[i] - '0');
  if (i == point || i >= line.size() || line[i] != ':') return std::string_view::npos;
  ts = seconds * 1'000'000'000 + fraction * kScale[i - point < 9 ? i - point : 9];
  return i + 1;
}

bool says_interrupt(std::string_view flags) {
  bool any = false;
  for (const char c : flags) any |= c == 'h' || c == 'H' || c == 's' || c == 'Z' || c == 'z';
  return any;
}

bool parse_event(std::string_view line, std::size_t at, Head& head) {
  at = skip_blanks(line, at);
  const std::size_t end = find_blank(line, at);
  if (end <= at + 1 || line[end - 1] != ':') return false;
  head.event = line.substr(at, end - 1 - at);
  head.group = {};
  if (const std::size_t group = head.event.rfind(':'); group != std::string_view::npos) {
    head.group = head.event.substr(0, group);
    head.event.remove_prefix(group + 1);
  }
  head.rest = end == line.size() ? std::string_view() : line.substr(end + 1);
  return true;
}

bool parse_head(std::string_view line, Head& head) {
  for (std::size_t at = 0; (at = line.find('[', at)) != std::string_view::npos; ++at) {
    std::size_t end = at + 1;
    std::uint32_t cpu = 0;
    while (end < line.size() && is_digit(line[end]) && end - at < 8)
      cpu = cpu * 10 + static_cast<std::uint32_t>(line[end++] - '0');
    if (end == at + 1 || end >= line.size() || line[end] != ']') continue;
    const std::size_t dash = pid_before(line, at, head.pid);
    if (dash == std::string_view::npos) continue;
    if (!parse_tail(line, end + 1, head)) continue;
    const std::size_t begin = skip_blanks(line, 0);
    head.comm = begin < dash ? line.substr(begin, dash - begin) : std::string_view();
    head.cpu = cpu;
    head.leaves_out_zeros = false;
    return true;
  }
  return false;
}

std::optional<std::uint64_t> parse_lost(std::string_view line) {
  if (line.find("[LINE TOO BIG]") != std::string_view::npos) return 1;
  // trace-cmd puts the number before the words.
  if (const std::size_t at = line.find("EVENTS DROPPED]"); at != std::string_view::npos) {
    const std::size_t open = line.rfind('[', at);
    if (open == std::string_view::npos) return std::nullopt;
    std::uint64_t count = 0;
    const char* const end = std::from_chars(line.data() + open + 1, line.data() + at, count).ptr;
    return skip_blanks(line, static_cast<std::size_t>(end - line.data())) == at ? std::optional(count) : std::nullopt;
  }
  for (const auto& [before, after] : {std::pair<std::string_view, std::string_view>{"[LOST ", "EVENTS]"},
                                      {"LOST ", "events!"},
                                      {"PERF_RECORD_LOST lost ", ""}}) {
    const std::size_t at = line.find(before);
    if (at == std::string_view::npos) continue;
    std::uint64_t count = 0;
    const char* const end = std::from_chars(line.data() + at + before.size(), line.data() + line.size(), count).ptr;
    if (line.substr(skip_blanks(line, static_cast<std::size_t>(end - line.data())), after.size()) == after)
      return count;
  }
  return std::nullopt;
}

bool starts_late(std::string_view line) {
  return line.substr(0, 10) == "##### CPU " && line.find(" buffer started ####") != std::string_view::npos;
}

std::uint64_t parse_overwritten(std::string_view line) {
  constexpr std::string_view kKey = "entries-in-buffer/entries-written:";
  const std::size_t key = line.find(kKey);
  if (line.empty() || line[0] != '#' || key == std::string_view::npos) return 0;
  std::size_t at = skip_blanks(line, key + kKey.size());
  std::uint64_t kept = 0, written = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), kept);
  if (error != std::errc() || end == line.data() + line.size() || *end != '/') return 0;
  std::from_chars(end + 1, line.data() + line.size(), written);
  return written > kept ? written - kept : 0;
}

namespace {

constexpr std::string_view kNames[Fields::kCount] = {"dmabuf", "attach",     "sgt",   "sgl",     "size",
                                                     "ino",    "paddr",      "attrs", "ret",     "dir",
                                                     "nents",  "orig_nents", "dev",   "exp_name"};

}  // namespace

namespace {

constexpr std::array<Word, Fields::kCount> kBeginnings = [] {
  std::array<Word, Fields::kCount> all{};
  for (unsigned n = 0; n < Fields::kCount; ++n) all[n] = word_of(kNames[n]);
  return all;
}();

/// The field whose name begins so.
Fields::Name field_with(Word beginning) {
  unsigned found = Fields::kCount;
  for (unsigned n = 0; n < Fields::kCount; ++n) found = kBeginnings[n] == beginning ? n : found;
  return static_cast<Fields::Name>(found);
}

}  // namespace

Fields::Name field_of(std::string_view key) {
  const Fields::Name name = field_with(word_of(key));
  return name != Fields::kCount && kNames[name] == key ? name : Fields::kCount;
}

std::string_view field_name(Fields::Name name) { return kNames[name]; }

namespace {

/// Shorter than the library's way.
bool parse_hex(std::string_view digits, std::uint64_t& value) {
  if (digits.size() > 16) return false;
  std::uint64_t v = 0;
  for (const char c : digits) {
    unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
    if (digit > 9) {
      digit = (static_cast<unsigned char>(c) | 0x20U) - unsigned{'a'};
      if (digit > 5) return false;
      digit += 10;
    }
    v = v << 4U | digit;
  }
  value = v;
  return true;
}

}  // namespace

bool parse_number(std::string_view text, std::uint64_t& value) {
  if (text.size() > 2 && text[0] == '0' && text[1] == 'x') return parse_hex(text.substr(2), value);
  if (!text.empty() && text[0] == '-') {
    std::int64_t negative = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), negative);
    value = static_cast<std::uint64_t>(negative);
    return error == std::errc() && end == text.data() + text.size();
  }
  if (text.size() == 1 && is_digit(text[0])) {
    value = static_cast<std::uint64_t>(text[0] - '0');
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::size_t value_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (std::size_t quote = text.find('"', at + 1); quote != std::string_view::npos; quote = text.find('"', quote + 1))
      if (quote + 1 == text.size() || text[quote + 1] == ' ') return quote + 1;
    return text.size();
  }
  return find_blank(text, at);
}

namespace {

/// A pointer of 64 bits, which is most of what there is. Moves `at` behind it; false where something else stands there.
bool take_pointer(std::string_view rest, std::size_t& at, std::uint64_t& value) {
  constexpr std::size_t kDigits = 2 * kWordBytes, kLength = 2 + kDigits;
  if (at + kLength > rest.size() || rest[at] != '0' || rest[at + 1] != 'x') return false;
  if (at + kLength < rest.size() && rest[at + kLength] != ' ') return false;
  std::uint32_t high = 0, low = 0;
  if (!parse_hex8(load(rest, at + 2), high) || !parse_hex8(load(rest, at + 2 + kWordBytes), low)) return false;
  value = std::uint64_t{high} << 32U | low;
  at += kLength;
  return true;
}

/// A string in quotes, or `(fault)`. False for anything else.
bool unquote(std::string_view value, std::string_view& text) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  text = quoted ? value.substr(1, value.size() - 2) : std::string_view();
  return quoted || value == "(fault)";
}

/// False where the value is none of that field.
bool take(Fields& fields, Fields::Name name, std::string_view value) {
  if (name == Fields::kDev) return unquote(value, fields.dev);
  if (name == Fields::kExpName) return unquote(value, fields.exp_name);
  if (!parse_number(value, fields.value[name])) return false;
  if (is_pointer(name) && value.size() > 3 && value[1] == 'x')
    fields.pointer_digits = std::min(fields.pointer_digits, static_cast<std::uint32_t>(value.size() - 2));
  return true;
}

}  // namespace

namespace {

/// The field whose name and `=` stand at `at`, which becomes the place of its value. kCount where none does.
Fields::Name take_key(std::string_view rest, std::size_t& at) {
  if (at + kWordBytes <= rest.size()) {
    const Word word = load(rest, at);
    if (const std::size_t equals = place_of('=', word); equals < kWordBytes) {
      at += equals + 1;
      const Fields::Name name = field_with(word & ~(~Word{0} << (kWordBytes * equals)));
      return name != Fields::kCount && kNames[name].size() == equals ? name : Fields::kCount;
    }
  }
  const std::size_t equals = rest.find('=', at);
  if (equals == std::string_view::npos) return Fields::kCount;
  const Fields::Name name = field_of(rest.substr(at, equals - at));
  at = equals + 1;
  return name;
}

}  // namespace

bool parse_fields(std::string_view rest, Fields& fields) {
  std::size_t at = skip_blanks(rest, 0);
  if (at < rest.size() && rest[at] == '(') {
    const std::size_t close = rest.find(')', at);
    if (close == std::string_view::npos) return false;
    at = close + 1;
  }
  while ((at = skip_blanks(rest, at)) < rest.size()) {
    const Fields::Name name = take_key(rest, at);
    // A key that comes twice: two records are one line.
    if (name == Fields::kCount || fields.has(name)) return false;
    if (is_pointer(name) && take_pointer(rest, at, fields.value[name])) {
      fields.pointer_digits = std::min<std::uint32_t>(fields.pointer_digits, 2 * kWordBytes);
    } else {
      const std::size_t begin = std::exchange(at, value_end(rest, at));
      if (!take(fields, name, rest.substr(begin, at - begin))) return false;
    }
    fields.present |= 1U << name;
  }
  return true;
}

std::int32_t error_of(std::uint64_t pointer) {
  constexpr std::uint64_t kErrors = 4096, kEnd32 = std::uint64_t{1} << 32U;
  if (pointer > ~std::uint64_t{0} - kErrors + 1) return static_cast<std::int32_t>(static_cast<std::int64_t>(pointer));
  if (pointer < kEnd32 && pointer > kEnd32 - kErrors)
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(pointer));
  return 0;
}

}  // namespace custody::traces::formats::ftrace
