// SPDX-License-Identifier: BSD-2-Clause
// Lets findings through, and counts those that it does not.
#include "checker/select/selected_report.hpp"

#include "checker/report/fingerprint.hpp"

namespace custody::checker::select {

void SelectedReport::begin_trace(const std::string& path) {
  shown_ = {};
  withheld_ = {};
  report_.begin_trace(path);
}

std::uint64_t* SelectedReport::held_back(const Finding& f, const traces::Directory& d) {
  if (!selection_.filter.is_open() && !selection_.filter.asks_for(f, d)) return &withheld_.not_asked_for;
  if (selection_.suppressions.match(f, d)) return &withheld_.suppressed;
  if (!selection_.baseline && !selection_.written) return nullptr;
  const std::string fingerprint = report::fingerprint_of(f, d);
  const bool is_old = selection_.baseline && selection_.baseline->knows(fingerprint);
  if (selection_.written && selection_.written->note(fingerprint, f, d)) return &withheld_.in_baseline;
  overflowed_ = overflowed_ || selection_.written.has_value();
  return is_old ? &withheld_.in_baseline : nullptr;
}

void SelectedReport::finding(const Finding& f, const traces::Directory& d) {
  if (std::uint64_t* count = held_back(f, d)) {
    ++*count;
    return;
  }
  ++shown_[static_cast<std::size_t>(f.severity)];
  report_.finding(f, d);
}

void SelectedReport::end_trace(const traces::Header& header, const traces::ReadStatistics& statistics,
                               const Summary& summary, std::span<const JudgedExpectation> expectations,
                               const std::string& error) {
  in_all_.add(withheld_);
  report_.withheld(withheld_);
  report_.end_trace(header, statistics, summary, expectations, error);
}

void SelectedReport::end(const Summary& total) {
  report_.withheld(in_all_);
  report_.end(total);
}

}  // namespace custody::checker::select
