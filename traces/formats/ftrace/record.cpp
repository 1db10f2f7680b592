// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/record.hpp"

#include <charconv>

namespace custody::traces::formats::ftrace {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

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
  std::size_t begin = end;
  while (begin > 0 && is_digit(line[begin - 1])) --begin;
  if (begin == end || begin == 0 || line[begin - 1] != '-' || end - begin > 10) return std::string_view::npos;
  std::from_chars(line.data() + begin, line.data() + end, pid);
  return begin - 1;
}

/// `seconds.fraction` followed by `:`. Returns the index after the colon, or npos.
std::size_t parse_time(std::string_view line, std::size_t at, std::int64_t& ts) {
  std::int64_t seconds = 0;
  std::size_t i = at;
  for (; i < line.size() && is_digit(line[i]) && i - at < 12; ++i) seconds = seconds * 10 + (line[i] - '0');
  if (i == at || i >= line.size() || line[i] != '.') return std::string_view::npos;
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

std::size_t skip_blanks(std::string_view line, std::size_t at) {
  while (at < line.size() && line[at] == ' ') ++at;
  return at;
}

/// The columns after `[cpu]`: optional flags, time, event. False where they are not there.
bool parse_tail(std::string_view line, std::size_t at, Head& head) {
  at = skip_blanks(line, at);
  std::size_t after = parse_time(line, at, head.ts);
  head.in_interrupt = false;
  if (after == std::string_view::npos) {
    const std::size_t end = line.find(' ', at);
    if (end == std::string_view::npos) return false;
    for (std::size_t i = at; i < end; ++i) {
      const char c = line[i];
      if (c == 'h' || c == 'H' || c == 's' || c == 'Z' || c == 'z') head.in_interrupt = true;
    }
    after = parse_time(line, skip_blanks(line, end), head.ts);
    if (after == std::string_view::npos) return false;
  }
  at = skip_blanks(line, after);
  const std::size_t space = line.find(' ', at);
  const std::size_t end = space == std::string_view::npos ? line.size() : space;
  if (end <= at + 1 || line[end - 1] != ':') return false;
  head.event = line.substr(at, end - 1 - at);
  if (const std::size_t group = head.event.rfind(':'); group != std::string_view::npos)
    head.event.remove_prefix(group + 1);
  head.rest = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  return true;
}

}  // namespace

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
    return true;
  }
  return false;
}

std::optional<std::uint64_t> parse_lost(std::string_view line) {
  const std::size_t cpu = line.find("CPU:");
  const std::size_t open = cpu == std::string_view::npos ? cpu : line.find('[', cpu);
  if (open == std::string_view::npos) return std::nullopt;
  std::string_view said = line.substr(open + 1);
  const bool by_kernel = said.substr(0, 5) == "LOST ";
  if (by_kernel) said.remove_prefix(5);
  std::uint64_t count = 0;
  const char* const after = std::from_chars(said.data(), said.data() + said.size(), count).ptr;
  said.remove_prefix(skip_blanks(said, static_cast<std::size_t>(after - said.data())));
  const std::string_view rest = by_kernel ? "EVENTS]" : "EVENTS DROPPED]";
  if (said.substr(0, rest.size()) != rest) return std::nullopt;
  return count;
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

Fields::Name field_of(std::string_view key) {
  for (unsigned n = 0; n < Fields::kCount; ++n)
    if (!key.empty() && kNames[n].size() == key.size() && kNames[n][0] == key[0] && kNames[n] == key)
      return static_cast<Fields::Name>(n);
  return Fields::kCount;
}

namespace {

/// Most values of a record are pointers: this is much shorter than the library's way.
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

bool parse_number(std::string_view text, std::uint64_t& value) {
  if (text.size() > 2 && text[0] == '0' && text[1] == 'x') return parse_hex(text.substr(2), value);
  if (!text.empty() && text[0] == '-') {
    std::int64_t negative = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), negative);
    value = static_cast<std::uint64_t>(negative);
    return error == std::errc() && end == text.data() + text.size();
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// End of the value that begins at `at`; strings keep their quotes.
std::size_t value_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (std::size_t quote = text.find('"', at + 1); quote != std::string_view::npos; quote = text.find('"', quote + 1))
      if (quote + 1 == text.size() || text[quote + 1] == ' ') return quote + 1;
    return text.size();
  }
  const std::size_t space = text.find(' ', at);
  return space == std::string_view::npos ? text.size() : space;
}

std::string_view unquoted(std::string_view value) {
  if (value == "(fault)") return {};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

void parse_fields(std::string_view rest, Fields& fields) {
  std::size_t at = skip_blanks(rest, 0);
  if (at < rest.size() && rest[at] == '(') {
    const std::size_t close = rest.find(')', at);
    at = close == std::string_view::npos ? rest.size() : close + 1;
  }
  while ((at = skip_blanks(rest, at)) < rest.size()) {
    const std::size_t equals = rest.find('=', at);
    if (equals == std::string_view::npos) return;
    const std::string_view key = rest.substr(at, equals - at);
    const std::size_t end = value_end(rest, equals + 1);
    const std::string_view value = rest.substr(equals + 1, end - equals - 1);
    at = end;
    const Fields::Name name = field_of(key);
    if (name == Fields::kCount) {
      if (fields.unknown.empty()) fields.unknown = key;
      continue;
    }
    fields.present |= 1U << name;
    if (name == Fields::kDev) fields.dev = unquoted(value);
    else if (name == Fields::kExpName) fields.exp_name = unquoted(value);
    else if (!parse_number(value, fields.value[name])) {
      fields.present &= ~(1U << name);
      if (fields.malformed.empty()) fields.malformed = value.empty() ? key : value;
    }
  }
}

std::int32_t error_of(std::uint64_t pointer) {
  constexpr std::uint64_t kMaxErrno = 4095;
  return pointer >= ~std::uint64_t{0} - kMaxErrno + 1 ? static_cast<std::int32_t>(static_cast<std::int64_t>(pointer))
                                                      : 0;
}

}  // namespace custody::traces::formats::ftrace
