// SPDX-License-Identifier: BSD-2-Clause
// The report for people.
#include "checker/report/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

constexpr std::uint64_t kMostPrinted = 100;
constexpr std::size_t kMostWarnings = 10;

/// What the reader passed over, before the summary.
std::string passed_over(const traces::ReadStatistics& st) {
  std::string out;
  for (const auto& [count, what] :
       {std::pair{st.unknown_events, "unknown"}, std::pair{st.unattributed, "of no known buffer"},
        std::pair{st.lost, "lost"}, std::pair{st.malformed, "unreadable"},
        std::pair{st.passed_over.fields, "fields without a readable value"},
        std::pair{st.out_of_order, "out of order"}})
    if (count != 0) out += fmt::format("{} {}, ", count, what);
  return st.truncated ? out + "the last line is cut off, " : out;
}

}  // namespace

void TextReport::begin_trace(const std::string& path) {
  read_ = path;
  path_ = escape_text(path == "-" ? "<standard input>" : path);
  causes_.clear();
  found_ = {};
  departures_printed_ = 0;
  ++traces_;
}

void TextReport::finding(const Finding& f, const traces::Directory& d) {
  found_.note(f);
  Instances* cause = options_.all ? nullptr : causes_.note(f, d);
  if (!options_.all && (cause == nullptr || cause->count > 1)) return;
  FindingText text = finding_text(path_, f, d, options_.form, paint_);
  if (options_.all || options_.at_once) write_(text.before + text.after);
  if (cause == nullptr) return;
  cause->before = std::move(text.before);
  if (options_.at_once) cause->after = fmt::format(" [{}]\n", spec::rule(f.rule).id);
  else cause->after = std::move(text.after);
}

std::string TextReport::cause_lines() const {
  std::string out;
  for (const Instances* i : causes_.by_line()) {
    if (options_.at_once && i->count < 2) continue;
    const std::string times = escape_text(count_text(*i));
    out += i->before + (times.empty() ? "" : " (" + times + ")") + i->after;
  }
  if (causes_.left_out() != 0)
    out += fmt::format("{}: {} more; --all prints them\n", path_, plural(causes_.left_out(), "finding"));
  return out;
}

void TextReport::departure(const follow::Departure& departure, const traces::Directory& d) {
  if (!options_.all && ++departures_printed_ > kMostPrinted) return;
  const std::uint32_t buffer = departure.call.buffer;
  std::string kind(follow::name(departure.kind));
  std::replace(kind.begin(), kind.end(), '_', ' ');
  const std::string said_by = escape_text(said_by_text(departure));
  write_(paint_.bold(fmt::format("{}:{}: ", path_, departure.line)) + paint_.bad("departs: ") +
         paint_.bold(fmt::format("{} in {} of line {}", kind, escape_text(event_text(ReportedEvent(departure.call), d)),
                                 departure.call.at.line)) +
         fmt::format(" [{}]\n     buffer {}\n     expected: {}\n     found:    {}\n     {}: {}\n\n", said_by,
                     buffer < d.buffers.size() ? escape_text(d.buffers[buffer].name) : "unknown",
                     escape_text(expected_text(departure, d)), escape_text(found_text(departure, d)), said_by,
                     escape_text(because_text(departure))));
}

std::string TextReport::reading_lines(const traces::ReadStatistics& st) const {
  if (options_.quiet) return {};
  std::string out;
  std::size_t shown = 0;
  for (const traces::Warning& w : st.kept_warnings)
    if (shown++ < kMostWarnings) out += fmt::format("{}:{}: reading: {}\n", path_, w.line, escape_text(w.message));
  if (st.warnings > kMostWarnings)
    out += fmt::format("{}: {} more warnings of the reader\n", path_, st.warnings - kMostWarnings);
  return out;
}

std::string TextReport::expectation_lines(std::span<const JudgedExpectation> expectations) const {
  std::string out;
  for (const JudgedExpectation& j : expectations) {
    if (options_.quiet && j.held) continue;
    out +=
        fmt::format("{}:{}: {}: {}{}\n", path_, j.expectation.line, j.held ? paint_.good("holds") : paint_.bad("FAILS"),
                    escape_text(j.expectation.text), j.held ? "" : " (" + escape_text(j.found) + ")");
  }
  return out;
}

SummaryForm TextReport::summary_form(bool complete) const {
  return {options_.form == Form::kLong || options_.all, complete, withheld_, paint_};
}

void TextReport::end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& st, const Summary& s,
                           std::span<const JudgedExpectation> expectations, const std::string& error) {
  std::string out = cause_lines() + reading_lines(st) + expectation_lines(expectations);
  if (!error.empty()) out += paint_.bad(escape_text(error_text(error, read_, path_))) + "\n";
  if (!options_.quiet)
    out += fmt::format("{}: ", path_) + passed_over(st) + summary_text(s, found_, summary_form(error.empty()));
  if (options_.explain_cost) out += cost_table(s);
  write_(out);
  found_in_all_.add(found_);
  all_complete_ = all_complete_ && error.empty();
}

void TextReport::skip_trace(const std::string& /*path*/, const std::string& why) {
  write_(paint_.doubtful("skipped: ") + escape_text(why) + "\n");
}

void TextReport::end(const Summary& total) {
  if (traces_ < 2 || options_.quiet) return;
  write_(fmt::format("total of {} traces: ", traces_) +
         summary_text(total, found_in_all_, summary_form(all_complete_)));
  if (options_.explain_cost) write_(cost_table(total));
}

}  // namespace custody::checker::report
