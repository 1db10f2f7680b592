// SPDX-License-Identifier: BSD-2-Clause
// Puts what a replay finds into SARIF.
#include "checker/report/sarif_report.hpp"

#include <fmt/format.h>

#include <utility>

#include "checker/report/fingerprint.hpp"
#include "checker/report/story.hpp"
#include "checker/report/summary_text.hpp"
#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

constexpr std::size_t kMostNotices = 1000;

std::vector<SarifRule> rules_of_replay() {
  std::vector<SarifRule> rules;
  for (const spec::Rule& r : spec::kRules)
    if (r.judged)
      rules.push_back(
          {std::string(r.id), std::string(r.says), std::string(r.why), std::string(r.fix), spec::name(r.severity)});
  return rules;
}

SarifResult result_of(const std::string& path, const Finding& f, const traces::Directory& d) {
  SarifResult r;
  r.rule = spec::rule(f.rule).id;
  r.level = spec::name(f.severity);
  r.text = message(f, d);
  r.place = {path, f.line};
  for (const Step& step : story_of(f, d)) {
    std::string says = event_text(step.event, d);
    if (!step.why.empty()) says += ": " + step.why;
    r.related.push_back({path, step.event.at.line, std::move(says)});
  }
  r.fingerprint = fingerprint_of(f, d);
  return r;
}

/// What stands behind the number of instances.
std::string advice_of(const Finding& f, const traces::Directory& d) {
  return fmt::format("\nfix: {}\nresponsible: {}", remedy(f), responsible(f, d));
}

}  // namespace

SarifReport::SarifReport(Write write, std::string_view version) : write_(std::move(write)) {
  write_(sarif_head(version, rules_of_replay()));
}

void SarifReport::begin_trace(const std::string& path) {
  // Standard input is no file.
  path_ = path == "-" ? std::string() : path;
  causes_.clear();
  results_.clear();
}

void SarifReport::finding(const Finding& f, const traces::Directory& d) {
  Instances* cause = causes_.note(f, d);
  if (cause == nullptr || cause->count > 1) return;
  cause->after = advice_of(f, d);
  results_.push_back(result_of(path_, f, d));
}

void SarifReport::end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& /*statistics*/,
                            const Summary& /*summary*/, std::span<const JudgedExpectation> /*expectations*/,
                            const std::string& error) {
  for (const Instances* cause : causes_.by_line()) {
    SarifResult& r = results_[cause->number];
    const std::string times = count_text(*cause);
    if (!times.empty()) r.text += " (" + times + ")";
    r.text += cause->after;
    r.count = cause->count;
    r.place.line = cause->first_line;
    write_((std::exchange(first_, false) ? "" : ",") + sarif_result(r));
  }
  if (causes_.left_out() != 0 && notices_.size() < kMostNotices)
    notices_.push_back({"warning", plural(causes_.left_out(), "finding") + " more, of other causes", {path_}});
  if (error.empty()) return;
  successful_ = false;
  if (notices_.size() < kMostNotices) notices_.push_back({"error", error, {path_}});
}

void SarifReport::skip_trace(const std::string& /*path*/, const std::string& why) {
  if (notices_.size() < kMostNotices) notices_.push_back({"note", "skipped: " + why, {}});
}

void SarifReport::end(const Summary& /*total*/) {
  if (withheld_.all() != 0) notices_.push_back({"note", withheld_text(withheld_), {}});
  write_(sarif_end(successful_, notices_));
}

}  // namespace custody::checker::report
