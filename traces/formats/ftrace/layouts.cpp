// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/layouts.hpp"

#include <algorithm>
#include <charconv>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/enclosed.hpp"
#include "traces/formats/ftrace/foreign_lines.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::int64_t kMicrosecond = 1000;

std::size_t skip_digits(std::string_view line, std::size_t at) {
  while (at < line.size() && is_digit(line[at])) ++at;
  return at;
}

/// The whole of `text` is one number that fits.
template <typename T>
bool number_of(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && is_digit(text[0]) && error == std::errc() && end == text.data() + text.size();
}

/// `comm-pid`.
bool parse_task(std::string_view text, Head& head) {
  const std::size_t dash = text.rfind('-');
  if (dash == kNowhere || !number_of(text.substr(dash + 1), head.pid)) return false;
  head.comm = text.substr(0, dash);
  return true;
}

/// Seconds with a fraction, microseconds with the kernel's mark of a delay behind them (` `, `+`, `!`, ...), or the
/// ticks of a clock that counts nothing real. The index after the colon, or npos.
std::size_t parse_latency_time(std::string_view line, std::size_t at, std::int64_t& ts) {
  if (const std::size_t after = parse_time(line, at, ts); after != kNowhere) return after;
  const std::size_t end = skip_digits(line, at);
  if (!number_of(line.substr(at, end - at), ts)) return kNowhere;
  if (line.substr(end, 1) == ":") return end + 1;
  if (line.substr(end, 2) != "us" || ts > INT64_MAX / kMicrosecond) return kNowhere;
  ts *= kMicrosecond;
  const std::size_t colon = line.find(':', end);
  return colon != kNowhere && colon <= end + 3 ? colon + 1 : kNowhere;
}

/// `d..1.`, or `-0x1` of a raw report: what the word behind a processor says. False where it is neither.
bool read_latency_flags(std::string_view word, bool& in_interrupt) {
  constexpr std::string_view kFirst = ".dDXbB", kRaw = "-0x";
  constexpr std::uint8_t kSaysNothing = 0xff;
  if (word.substr(0, kRaw.size()) == kRaw) {
    std::uint8_t flags = 0;
    const char* const end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data() + kRaw.size(), end, flags, 16);
    in_interrupt = flags != kSaysNothing && bits_say_interrupt(flags);
    return error == std::errc() && stop == end;
  }
  in_interrupt = says_interrupt(word);
  return word.size() >= 3 && word.size() <= 8 && kFirst.find(word[0]) != kNowhere;
}

/// `comm-pid  0d..1.  time: event:`: the processor and its flags are one word.
bool read_latency(std::string_view line, Head& head) {
  for (std::size_t dash = line.find('-'); dash != kNowhere; dash = line.find('-', dash + 1)) {
    const std::size_t pid_end = skip_digits(line, dash + 1);
    const std::size_t cpu = skip_blanks(line, pid_end), flags = skip_digits(line, cpu);
    if (pid_end == dash + 1 || cpu == pid_end || flags == cpu || flags >= line.size()) continue;
    const std::size_t flags_end = std::min(line.find(' ', flags), line.size());
    bool in_interrupt = false;
    if (!read_latency_flags(line.substr(flags, flags_end - flags), in_interrupt)) continue;
    const std::size_t after = parse_latency_time(line, skip_blanks(line, flags_end), head.ts);
    if (after == kNowhere || !parse_event(line, after, head)) continue;
    if (!number_of(line.substr(cpu, flags - cpu), head.cpu)) continue;
    head.in_interrupt = in_interrupt;
    return parse_task(line.substr(0, pid_end), head);
  }
  return false;
}

/// `comm pid`, `comm pid/tid`, with `[cpu]` behind it or without.
bool parse_perf_task(std::string_view text, Head& head) {
  text = trimmed(text);
  head.cpu = 0;
  if (!text.empty() && text.back() == ']') {
    const std::size_t open = text.rfind('[');
    if (open == kNowhere || !number_of(text.substr(open + 1, text.size() - open - 2), head.cpu)) return false;
    text = trimmed(text.substr(0, open));
  }
  const std::size_t blank = text.rfind(' ');
  std::string_view id = text.substr(blank == kNowhere ? 0 : blank + 1);
  if (const std::size_t slash = id.find('/'); slash != kNowhere) {
    std::int64_t process = 0;
    if (!number_of(id.substr(0, slash), process)) return false;
    id.remove_prefix(slash + 1);
  }
  if (!number_of(id, head.pid)) return false;
  head.comm = blank == kNowhere ? std::string_view() : trimmed(text.substr(0, blank));
  return true;
}

/// The events of a perf.data file, one line each.
bool read_perf_script(std::string_view line, Head& head) {
  for (std::size_t point = line.find('.'); point != kNowhere; point = line.find('.', point + 1)) {
    std::size_t begin = point;
    while (begin > 0 && is_digit(line[begin - 1])) --begin;
    if (begin == point || begin == 0 || line[begin - 1] != ' ') continue;
    std::size_t after = parse_time(line, begin, head.ts);
    if (after == kNowhere || after >= line.size() || line[after] != ' ') continue;
    // A number before the event is its period.
    const std::size_t period = skip_blanks(line, after), period_end = skip_digits(line, period);
    if (period_end > period && period_end < line.size() && line[period_end] == ' ') after = period_end;
    head.in_interrupt = false;
    if (parse_event(line, after, head) && parse_perf_task(line.substr(0, begin), head)) return true;
  }
  return false;
}

/// `seconds.nanoseconds` of a number of them.
std::string seconds_of(std::uint64_t ticks) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  std::string fraction = std::to_string(ticks % kSecond);
  return std::to_string(ticks / kSecond) + "." + std::string(9 - fraction.size(), '0') + fraction;
}

/// `event(` or `event:(` in `line` from `at`: where its name ends, or npos.
std::size_t end_of_called(std::string_view line, std::size_t at) {
  for (std::size_t open = line.find('(', at); open != kNowhere; open = line.find('(', open + 1))
    if (open > at && (std::isalnum(static_cast<unsigned char>(line[open - 1])) != 0 || line[open - 1] == '_' ||
                      line[open - 1] == ':'))
      return open;
  return kNowhere;
}

/// perf trace: milliseconds, `(duration): `, `comm/tid` and `group:event(fields)`.
bool read_perf_trace(std::string_view line, Head& head) {
  std::size_t at = skip_blanks(line, 0);
  const std::size_t point = skip_digits(line, at), end = skip_digits(line, std::min(point + 1, line.size()));
  std::int64_t ms = 0, us = 0;
  if (point >= line.size() || line[point] != '.' || end != point + 4 || line.substr(end, 1) != " ") return false;
  if (!number_of(line.substr(at, point - at), ms) || !number_of(line.substr(point + 1, 3), us)) return false;
  if (ms > INT64_MAX / (kMicrosecond * 2000)) return false;
  at = skip_blanks(line, end);
  if (line.substr(at, 1) == "(") {
    const std::size_t close = line.find("):", at);
    if (close == kNowhere) return false;
    at = skip_blanks(line, close + 2);
  }
  const std::size_t open = end_of_called(line, at);
  if (open == kNowhere) return false;
  std::size_t name = open;
  while (name > at && line[name - 1] != ' ') --name;
  const std::string_view task = trimmed(line.substr(at, name - at));
  const std::size_t slash = task.rfind('/');
  head.comm = slash == kNowhere ? std::string_view() : task.substr(0, slash);
  if (!number_of(slash == kNowhere ? task : task.substr(slash + 1), head.pid)) return false;
  head.event = line.substr(name, open - name);
  head.rest = line.substr(open);
  if (head.event.back() == ':') head.event.remove_suffix(1);
  else if (line.back() != ')') return false;
  else head.rest = line.substr(open + 1, line.size() - open - 2);
  const std::size_t group = head.event.rfind(':');
  head.group = group == kNowhere ? std::string_view() : head.event.substr(0, group);
  if (group != kNowhere) head.event.remove_prefix(group + 1);
  head.ts = (ms * 1000 + us) * kMicrosecond;
  head.cpu = 0;
  head.in_interrupt = false;
  head.leaves_out_zeros = head.rest.find('=') == kNowhere;
  return !head.event.empty();
}

bool is_flags(std::string_view text) {
  return text.size() >= 4 && text.size() <= 7 &&
         text.find_first_not_of(".dDXbBnNpzZhHsSlL0123456789abcdef") == kNowhere;
}

/// The columns that `trace_options` of function_graph can show, in any number. False where the processor is missing.
bool parse_graph_columns(std::string_view columns, Head& head) {
  bool has_cpu = false;
  head.ts = head.pid = -1;
  head.in_interrupt = false;
  while (!columns.empty()) {
    const std::size_t bar = std::min(columns.find('|'), columns.size());
    std::string_view cell = trimmed(columns.substr(0, bar));
    columns.remove_prefix(std::min(bar + 1, columns.size()));
    const std::size_t digits = skip_digits(cell, 0);
    if (!has_cpu && digits != 0 && cell.substr(digits, 1) == ")") {
      if (!number_of(cell.substr(0, digits), head.cpu)) return false;
      has_cpu = true;
      cell = trimmed(cell.substr(digits + 1));
    }
    // The time stands before the processor; behind it a number with a point is a duration.
    std::string time(cell.substr(cell.rfind(' ') + 1));
    if (!has_cpu && parse_time(time.append(":"), 0, head.ts) != kNowhere) continue;
    if (has_cpu && head.pid < 0 && parse_task(cell, head)) continue;
    if (has_cpu && is_flags(cell)) head.in_interrupt = says_interrupt(cell);
  }
  return has_cpu;
}

/// A record whose only time is a difference, behind the processor's brackets or in the latency format.
bool shows_difference(std::string_view line) {
  const std::string_view difference = difference_in(line);
  if (difference.empty()) return false;
  const std::string_view before = line.substr(0, static_cast<std::size_t>(difference.data() - line.data()));
  if (before.find("] ") != kNowhere) return true;
  Head head;
  const std::string without = std::string(before).append(line.substr(before.size() + difference.size()));
  return read_latency(without, head);
}

}  // namespace

/// A number with a blank before it and a colon and a blank behind it, where the layouts of tracefs and of perf script
/// have seconds.
bool Layouts::read_ticks(std::string_view line, Head& head) {
  for (std::size_t colon = line.find(": "); colon != kNowhere; colon = line.find(": ", colon + 1)) {
    std::size_t begin = colon;
    while (begin > 0 && is_digit(line[begin - 1])) --begin;
    std::uint64_t ticks = 0;
    if (begin == 0 || line[begin - 1] != ' ' || !number_of(line.substr(begin, colon - begin), ticks)) continue;
    if (ticks > INT64_MAX) continue;
    in_seconds_.assign(line.substr(0, begin)).append(seconds_of(ticks)).append(line.substr(colon));
    if (parse_head(in_seconds_, head) || read_perf_script(in_seconds_, head)) return true;
  }
  return false;
}

bool Layouts::read_graph(std::string_view line, Head& head) {
  const std::size_t open = line.find("/* "), close = line.rfind("*/");
  if (open == kNowhere || close == kNowhere || close < open + 3) return false;
  if (!parse_graph_columns(line.substr(0, open), head) &&
      !parse_graph_columns(without_prefix(line.substr(0, open)), head))
    return false;
  const std::string_view inside = trimmed(line.substr(open + 3, close - open - 3));
  if (!parse_event(inside, 0, head)) return false;
  if (head.pid >= 0) return true;
  // All tasks with pid 0 are told apart by their processor: so is one that no switch has named yet.
  head.pid = 0;
  head.comm = {};
  if (head.cpu < running_.size()) {
    head.pid = running_[head.cpu].pid;
    head.comm = running_[head.cpu].comm;
  }
  return true;
}

/// ` 0)  camera-26  =>  other-30`: who runs from here on.
bool Layouts::follow_switch(std::string_view line) {
  constexpr std::uint32_t kProcessors = 8192;
  line = trimmed(line);
  const std::size_t digits = skip_digits(line, 0), arrow = line.find(" => ");
  Head head;
  if (digits == 0 || line.substr(digits, 1) != ")" || arrow == kNowhere) return false;
  if (!number_of(line.substr(0, digits), head.cpu) || head.cpu >= kProcessors) return false;
  if (!parse_task(trimmed(line.substr(arrow + 4)), head)) return false;
  if (head.cpu >= running_.size()) running_.resize(head.cpu + std::size_t{1});
  running_[head.cpu] = {std::string(head.comm), head.pid};
  return true;
}

/// `time: (+12)  event:`, as `trace-cmd report --ts-diff` prints it: the time stands there whole.
bool Layouts::read_beside_difference(std::string_view line, Head& head) {
  const std::string_view difference = difference_in(line);
  if (difference.empty()) return false;
  const std::string_view before = line.substr(0, static_cast<std::size_t>(difference.data() - line.data()));
  if (before.substr(before.size() - std::min<std::size_t>(before.size(), 2)) != ": ") return false;
  without_.assign(before).append(line.substr(before.size() + difference.size()));
  if (!parse_head(without_, head) && !read_latency(without_, head)) return false;
  text_ = without_;
  return true;
}

LineIs Layouts::read(std::string_view line, Head& head) {
  text_ = line;
  head.leaves_out_zeros = false;
  if (needs_cleaning(line)) {
    clean(line, cleaned_);
    text_ = cleaned_;
    if (parse_head(text_, head)) return LineIs::kRecord;
  }
  if (take_out(text_, inside_)) {
    text_ = inside_;
    if (parse_head(text_, head)) return LineIs::kRecord;
  }
  if (text_.find("/* ") != kNowhere && read_graph(text_, head)) return LineIs::kRecord;
  if (read_latency(text_, head) || read_perf_script(text_, head) || read_perf_trace(text_, head))
    return LineIs::kRecord;
  if (in_ticks_ && read_ticks(text_, head)) return LineIs::kRecord;
  if (read_beside_difference(text_, head)) return LineIs::kRecord;
  if (shows_difference(text_)) return LineIs::kDifferences;
  if (follow_switch(text_) || is_border(line) || is_foreign_line(text_)) return LineIs::kForeign;
  return LineIs::kNothing;
}

}  // namespace custody::traces::formats::ftrace
