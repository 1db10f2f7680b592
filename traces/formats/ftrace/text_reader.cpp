// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/text_reader.hpp"

#include <algorithm>
#include <cctype>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/foreign_lines.hpp"
#include "traces/recorder_notes.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// Could the last value of a line without end be a part of a longer one? A direction has one digit, a string its
/// quotes; a pointer or a number that was cut would be another one.
bool may_be_cut(std::string_view line) {
  const std::string_view last = line.substr(line.rfind(' ') + 1);
  const bool ends = last.empty() || last.back() == '"' || last.back() == ')' || last == "ret=0" ||
                    (last.size() == 5 && last.substr(0, 4) == "dir=");
  return !ends;
}

/// More than the records of a probe have.
constexpr std::size_t kLongestBroken = 512;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
}

/// A page that holds a trace, as systrace writes it.
bool begins_page(std::string_view text) {
  std::string begin(text.substr(0, 14));
  std::transform(begin.begin(), begin.end(), begin.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return begin.substr(0, 5) == "<html" || begin == "<!doctype html";
}

}  // namespace

void TextReader::warn(std::uint64_t number, std::string message) { statistics_.warn(number, std::move(message)); }

void TextReader::cut_off(std::string_view line) {
  if (line.size() <= kLongestBroken && is_printable(line)) return;
  window_.drain();
  session_.unread();
}

bool TextReader::is_cut(std::string_view line, std::uint64_t number) {
  if (!may_be_cut(line)) return false;
  ++statistics_.malformed;
  warn(number, "the last line has no end, its last value may be cut off; not read");
  return true;
}

bool TextReader::read_comment(std::string_view text, std::uint64_t number) {
  if (text.empty()) return false;
  const std::uint64_t overwritten = parse_overwritten(text);
  if (overwritten != 0) {
    window_.drain();
    warn(number, std::to_string(overwritten) + " events were overwritten before the trace begins");
    session_.lost(overwritten, number);
    return true;
  }
  if (starts_late(text)) {
    window_.drain();
    // The header counts these events; without header there was at least one.
    session_.lost(statistics_.lost == 0 ? 1 : 0, number);
    return true;
  }
  if (const std::uint64_t missed = missed_calls(text); missed != 0) {
    window_.drain();
    warn(number, "the recorder's probes missed " + std::to_string(missed) + " calls, wherever they were");
    session_.lost(missed, number);
    return true;
  }
  return text.find("tracer:") != std::string_view::npos || text.size() < 4 || text[1] == ' ' || text[1] == '#';
}

void TextReader::feed_other(std::string_view line, std::uint64_t number, bool truncated) {
  if (may_be_enclosed(line) && !take_out(line, inside_) && parse_head(line, head_))
    return take(line, number, truncated, !stays_);
  const LineIs is = layouts_.read(line, head_);
  if (is == LineIs::kRecord) return take(layouts_.text(), number, truncated, true);
  const std::string_view text = layouts_.text();
  if (read_comment(comment_in(text), number)) return;
  if (const std::optional<std::uint64_t> lost = parse_lost(text)) {
    window_.drain();
    session_.lost(*lost != 0 ? *lost : 1, number);
    return;
  }
  if (is == LineIs::kDifferences)
    throw InputError(
        path_, number,
        "a record with a difference of times and no time, as of `trace-cmd report --ts-diff`; expected a report "
        "without --ts-diff");
  is_html_ = is_html_ || begins_page(without_prefix(text));
  if (is == LineIs::kForeign || (is_html_ && !has_own_field(text))) {
    ++statistics_.passed_over.foreign;
    return;
  }
  statistics_.truncated = truncated;
  const Continues goes_on = truncated ? Continues::kNo : continues(text);
  if (goes_on == Continues::kYes || goes_on == Continues::kForeign) return;
  if (truncated || text.size() > kLongestBroken) {
    give_up_broken();
    return strange(text, number, truncated, false);
  }
  if (unfinished_.is_full()) give_up_broken();
  unfinished_.keep(text, number, goes_on == Continues::kMaybe);
}

Continues TextReader::continues(std::string_view text) {
  Unfinished::Joined joined;
  const Continues rest = unfinished_.join(text, joined);
  if (rest == Continues::kForeign) ++statistics_.passed_over.foreign;
  if (rest != Continues::kYes) return rest;
  if (!parse_head(joined.text, head_) && layouts_.read(joined.text, head_) != LineIs::kRecord) return Continues::kNo;
  if (!joined.is_known) {
    take(joined.text, joined.number, false, true);
    return rest;
  }
  if (!window_.replace(head_, joined.number)) return Continues::kNo;
  unfinished_.begin(joined.text, joined.number, false);
  return rest;
}

void TextReader::give_up_broken() {
  for (const Unfinished::Line& b : unfinished_.take_broken()) strange(b.text, b.number, false, b.may_be_rest);
}

void TextReader::strange(std::string_view text, std::uint64_t number, bool truncated, bool may_be_rest) {
  if (counts_.strange++ == 0) counts_.first_strange.assign(text.substr(0, 40));
  ++statistics_.malformed;
  if (truncated) {
    cut_off(text);
  } else if (may_be_rest || may_have_been_record(text)) {
    ++statistics_.known_events;
    ++statistics_.passed_over.unread;
    window_.drain();
    session_.unread();
  }
  warn(number, truncated ? "the last line is cut off: no record of ftrace text"
                         : "no record of ftrace text, expected `task-pid [cpu] flags time: event: fields`");
}

std::string TextReader::what_it_seems() const {
  if (counts_.records != 0) {
    const std::string& other = records_.first_unknown();
    return std::to_string(counts_.records) + " of others" + (other.empty() ? "" : ", the first of '" + other + "'") +
           ": ftrace text of other events";
  }
  if (is_html_) return "an HTML page without trace";
  if (counts_.strange == 0 && statistics_.passed_over.foreign != 0)
    return "there is none: stacks, a trace of functions, or definitions of events";
  if (counts_.strange == 0) return "there is none: nothing but comments";
  std::string begin;
  for (const char c : counts_.first_strange) begin.push_back(c >= ' ' && c < 127 ? c : '?');
  return "there is none: no trace; it begins with '" + begin + "'";
}

void TextReader::finish() {
  give_up_broken();
  window_.drain();
  session_.finish();
  if (statistics_.known_events != 0) return;
  if (counts_.records == 0 && counts_.strange != 0)
    throw InputError(path_, 1,
                     "no trace event found, expected ftrace text, an event log or a litmus file: " + what_it_seems());
  throw InputError(
      path_, 0,
      "no record of a known event: found " + what_it_seems() +
          ", expected events of the dma-buf core and of the DMA API (`--event NAME=KIND` says what a probe "
          "is called)");
}

}  // namespace custody::traces::formats::ftrace
