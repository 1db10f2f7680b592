// SPDX-License-Identifier: BSD-2-Clause
// Puts the data of a report, its style and its script into one page.
#include "checker/report/html_report.hpp"

#include "checker/report/json_text.hpp"
#include "checker/report/page_assets.hpp"
#include "checker/report/wording.hpp"
#include "spec/document/wording.hpp"

namespace custody::checker::report {

namespace {

constexpr std::size_t kMostDepartures = 1000;

}  // namespace

void HtmlReport::begin_trace(const std::string& path) {
  path_ = path;
  timeline_.clear();
  findings_.clear();
  found_ = {};
  withheld_ = {};
  departures_.clear();
  departures_kept_ = 0;
}

void HtmlReport::finding(const Finding& f, const traces::Directory& d) {
  found_.note(f);
  findings_.note(f, timeline_, d);
}

void HtmlReport::event(const traces::Event& e, const StandingOf& standing, const traces::Directory& d) {
  timeline_.note(e, standing, d);
}

void HtmlReport::departure(const follow::Departure& departure, const traces::Directory& d) {
  if (departures_kept_++ >= kMostDepartures) return;
  std::string& out = departures_;
  append_member(out, out.empty() ? "{\"line\":" : ",{\"line\":", departure.line);
  append_shown(out, ",\"call\":", event_text(ReportedEvent(departure.call), d));
  append_shown(out, ",\"said_by\":", said_by_text(departure));
  append_shown(out, ",\"because\":", because_text(departure));
  append_shown(out, ",\"expected\":", expected_text(departure, d));
  append_shown(out, ",\"found\":", found_text(departure, d));
  out += '}';
}

void HtmlReport::end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& statistics,
                           const Summary& summary, std::span<const JudgedExpectation> expectations,
                           const std::string& error) {
  if (!traces_.empty()) traces_ += ",\n";
  traces_ += page_data({path_, error, statistics, summary, expectations, departures_, found_, withheld_}, timeline_,
                       findings_);
  read_ += (read_.empty() ? "" : ", ") + escape_text(path_);
  begin_trace({});
}

void HtmlReport::skip_trace(const std::string& path, const std::string& why) {
  append_shown(skipped_, skipped_.empty() ? "{\"path\":" : ",{\"path\":", path);
  append_shown(skipped_, ",\"why\":", why);
  skipped_ += '}';
}

void HtmlReport::end(const Summary& /*total*/) {
  const std::string made = escape_text(spec::document::made_by(origin_, read_.empty() ? "no trace" : read_));
  const std::string title = "Custody: " + (read_.empty() ? std::string("no trace") : read_);
  // The template's place holders: what stands between them, and what comes in their place.
  const auto page = [&](std::string_view name) -> std::string {
    if (name == "TITLE") return model::escape_xml(title);
    if (name == "MADE_BY") return model::escape_xml(made);
    if (name == "STYLE") return std::string(page_asset("report.css"));
    if (name == "SCRIPT")
      return std::string(page_asset("data.js"))
          .append(page_asset("timeline.js"))
          .append(page_asset("lists.js"))
          .append(page_asset("report.js"));
    return inside_script("{\"words\":" + page_words() + ",\n\"traces\":[" + traces_ + "],\n\"skipped\":[" + skipped_ +
                         "]}");
  };
  write_page(page_asset("report.html"), page, write_);
}

}  // namespace custody::checker::report
