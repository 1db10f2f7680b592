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
  end = skip_blanks_before(line, end);
  if (end > 0 && line[end - 1] == ')') {
    const std::size_t open = line.rfind('(', end - 1);
    if (open == std::string_view::npos) return open;
    end = skip_blanks_before(line, open);
  }
  // Nearly always it has less than eight digits.
  const std::size_t few = end < kWordBytes ? 0 : last_digits(load(line, end - kWordBytes));
  if (std::uint32_t value = 0; few != 0 && few < kWordBytes && parse_decimal8(load_digits(line, end, few), value)) {
    pid = value;
    return line[end - few - 1] == '-' ? end - few - 1 : std::string_view::npos;
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

/// `[CPU]`, whose bracket is at `at`. Returns the place behind it, or npos.
std::size_t parse_cpu(std::string_view line, std::size_t at, std::uint32_t& cpu) {
  constexpr std::size_t kUsual = 3;  // digits
  if (at + kUsual + 1 < line.size() && line[at + kUsual + 1] == ']') {
    const unsigned a = static_cast<unsigned char>(line[at + 1]) - unsigned{'0'},
                   b = static_cast<unsigned char>(line[at + 2]) - unsigned{'0'},
                   c = static_cast<unsigned char>(line[at + 3]) - unsigned{'0'};
    cpu = a * 100 + b * 10 + c;
    return a < 10 && b < 10 && c < 10 ? at + kUsual + 2 : std::string_view::npos;
  }
  std::size_t end = at + 1;
  cpu = 0;
  while (end < line.size() && is_digit(line[end]) && end - at < 8)
    cpu = cpu * 10 + static_cast<std::uint32_t>(line[end++] - '0');
  return end != at + 1 && end < line.size() && line[end] == ']' ? end + 1 : std::string_view::npos;
}

/// The six digits behind the point at `point`, which stands behind a digit. False where one of them is none.
bool parse_micros(std::string_view line, std::size_t point, std::int64_t& micros) {
  const Word seconds_and_point = ~(~Word{0} << (2 * kWordBytes));
  std::uint32_t value = 0;
  const Word six = (load(line, point - 1) & ~seconds_and_point) | (repeated('0') & seconds_and_point);
  if (!parse_decimal8(six, value)) return false;
  micros = value;
  return true;
}

/// The seconds at `at`. Returns the place of the point behind them, or npos.
std::size_t parse_seconds(std::string_view line, std::size_t at, std::int64_t& seconds) {
  if (at + kWordBytes <= line.size()) {
    const Word word = load(line, at);
    const std::size_t point = place_of('.', word);
    if (point == 0) return std::string_view::npos;
    if (point < kWordBytes) {
      const std::size_t missing = kWordBytes * (kWordBytes - point);
      std::uint32_t value = 0;
      if (!parse_decimal8(word << missing | (repeated('0') & ~(~Word{0} << missing)), value))
        return std::string_view::npos;
      seconds = value;
      return at + point;
    }
  }
  std::size_t i = at;
  for (; i < line.size() && is_digit(line[i]) && i - at < 12; ++i) seconds = seconds * 10 + (line[i] - '0');
  return i == at || i >= line.size() || line[i] != '.' ? std::string_view::npos : i;
}

/// `parse_time`, where each line asks for it.
inline std::size_t read_time(std::string_view line, std::size_t at, std::int64_t& ts) {
  std::int64_t seconds = 0;
  std::size_t i = parse_seconds(line, at, seconds);
  if (i == std::string_view::npos) return i;
  // Nearly always there are six digits.
  if (std::int64_t micros = 0; i + 7 < line.size() && line[i + 7] == ':' && parse_micros(line, i, micros)) {
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

}  // namespace

std::size_t parse_time(std::string_view line, std::size_t at, std::int64_t& ts) { return read_time(line, at, ts); }

bool says_interrupt(std::string_view flags) {
  static constexpr auto kSays = [] {
    std::array<bool, 256> says{};
    for (const char c : {'h', 'H', 's', 'Z', 'z'}) says[static_cast<unsigned char>(c)] = true;
    return says;
  }();
  // Nearly always one of them is a letter at most: the first, of interrupts that are disabled.
  constexpr Word kLetters = repeated(0x40);
  if (flags.size() >= 4 && flags.size() <= kWordBytes && (load_first(flags) & kLetters & ~Word{0xff}) == 0)
    return kSays[static_cast<unsigned char>(flags[0])];
  if (flags.size() >= 5 && flags.substr(flags.size() - 2) == "ff") return false;
  bool any = false;
  for (const char c : flags) any |= kSays[static_cast<unsigned char>(c)];
  return any;
}

namespace {

/// `parse_event`, where each line asks for it.
inline bool read_event(std::string_view line, std::size_t at, Head& head) {
  at = skip_blanks(line, at);
  std::size_t end = find_blank_or(':', line, at);
  const bool has_group = end < line.size() && line[end] == ':' && end + 1 < line.size() && line[end + 1] != ' ';
  if (has_group) end = find_blank(line, end) - 1;
  if (end <= at || end >= line.size() || line[end] != ':') return false;
  head.event = line.substr(at, end - at);
  head.group = {};
  if (const std::size_t group = has_group ? head.event.rfind(':') : std::string_view::npos;
      group != std::string_view::npos) {
    head.group = head.event.substr(0, group);
    head.event.remove_prefix(group + 1);
  }
  head.rest = line.substr(std::min(end + 2, line.size()));
  return true;
}

/// The columns after `[cpu]`: optional flags, time, event. False where they are not there.
bool parse_tail(std::string_view line, std::size_t at, Head& head) {
  constexpr std::size_t kNoTime = std::string_view::npos;
  at = skip_blanks(line, at);
  // What begins with another character is no time.
  const bool may_be_time = at < line.size() && is_digit(line[at]);
  std::size_t after = may_be_time ? read_time(line, at, head.ts) : kNoTime;
  head.in_interrupt = false;
  if (after == kNoTime) {
    const std::size_t end = find_blank(line, at);
    if (end == line.size()) return false;
    head.in_interrupt = says_interrupt(line.substr(at, end - at));
    after = read_time(line, skip_blanks(line, end), head.ts);
    if (after == kNoTime) return false;
  }
  return read_event(line, after, head);
}

/// Are there marks of a colour inside a name? Names of tasks and devices may have any character, so that only what grep
/// puts around a find, which ends the line in its colour too, is no part of them; names of events have no such.
bool is_coloured(std::string_view line, const Head& head) {
  constexpr char kEscape = '\x1b';
  const std::size_t first = line.find(kEscape);
  if (first == std::string_view::npos) return false;
  return head.event.find(kEscape) != std::string_view::npos || head.group.find(kEscape) != std::string_view::npos ||
         line.find("\x1b[K", first) != std::string_view::npos;
}

}  // namespace

bool parse_event(std::string_view line, std::size_t at, Head& head) { return read_event(line, at, head); }

bool parse_head(std::string_view line, Head& head) {
  for (std::size_t at = 0; (at = find_near('[', line, at)) != std::string_view::npos; ++at) {
    std::uint32_t cpu = 0;
    const std::size_t end = parse_cpu(line, at, cpu);
    if (end == std::string_view::npos) continue;
    const std::size_t dash = pid_before(line, at, head.pid);
    if (dash == std::string_view::npos) continue;
    if (!parse_tail(line, end, head)) continue;
    if (is_coloured(line, head)) return false;
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

}  // namespace custody::traces::formats::ftrace
