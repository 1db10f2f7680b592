// SPDX-License-Identifier: BSD-2-Clause
// Reads a trace into the engine, and what it says into a report.
#include "checker/replay/replay.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "checker/follow/follower.hpp"
#include "checker/replay/contradiction.hpp"
#include "checker/replay/engine.hpp"
#include "checker/replay/expectations.hpp"
#include "checker/replay/maintenance.hpp"
#include "checker/replay/standing.hpp"

namespace custody::checker::replay {

namespace {

/// What this program would need for the rest is more than it may take.
class LimitReached : public traces::InputError {
 public:
  using InputError::InputError;
};

/// Room for a report where memory ran out: given back before it is written.
constexpr std::size_t kReserve = std::size_t{1} << 20U;

/// Stands between the reader and the engine: keeps the header, and refuses one that names what does not exist.
class Checker final : public traces::EventSink {
 public:
  Checker(const std::string& path, const Options& options, const traces::ReadStatistics& statistics, ReportSink& sink)
      : path_(path), options_(options), statistics_(statistics), sink_(sink),
        engine_(options, [this](const Finding& f, const traces::Directory& d) {
          if (expectations_) expectations_->add(f);
          sink_.finding(f, d);
        }) {
    if (options.contract)
      follower_.emplace(
          *options.contract, options.exporters, options.arch,
          [this](const follow::Departure& d, const traces::Directory& directory) { sink_.departure(d, directory); });
  }

  /// The report hears of the trace.
  void announce() {
    if (!std::exchange(announced_, true)) sink_.begin_trace(path_);
  }
  void on_header(const traces::Header& header, const traces::Directory& directory) override {
    check_header(header, options_, path_);
    header_ = header;
    if (!header.expectations.empty() && !expectations_) expectations_.emplace(header.expectations);
    engine_.on_header(header, directory);
    if (follower_) follower_->on_header(header, directory);
  }
  void on_event(const traces::Event& event, const traces::Directory& directory) override {
    announce();
    if (is_contradictable_) check_contradiction(event, directory);
    walk(event, directory);
    if (is_watched_) sink_.event(event, standing_, directory);
    if (follower_) follower_->on_event(event, directory);
    if (++events_ % kProgressEvents == 0 && options_.progress) options_.progress(statistics_);
  }
  void check_contradiction(const traces::Event& event, const traces::Directory& directory) const {
    if (const std::string wrong = contradiction_of(event, directory, options_); !wrong.empty())
      throw traces::InputError(path_, line_of_operation(event), wrong);
  }
  /// One event, up to the limits of this program.
  void walk(const traces::Event& event, const traces::Directory& directory) {
    line_ = event.at.line;
    try {
      engine_.on_event(event, directory);
    } catch (const std::bad_alloc&) {
      engine_.give_up(event);
      throw;
    }
    if (engine_.has_more_live_than(options_.max_live))
      throw LimitReached(path_, line_,
                         "more than " + std::to_string(options_.max_live) +
                             " buffers are live at once, the most that --max-live allows: not read further");
  }
  void on_gap(const traces::Gap& gap, const traces::Directory& directory) override { engine_.on_gap(gap, directory); }
  void on_end(const traces::Directory& directory) override { engine_.on_end(directory); }

  Engine& engine() { return engine_; }
  /// Of the latest event; 0: there was none.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] bool is_announced() const { return announced_; }
  [[nodiscard]] follow::ContractTotals contract() const {
    return follower_ ? follower_->totals() : follow::ContractTotals();
  }
  [[nodiscard]] const traces::Header& header() const { return header_; }
  [[nodiscard]] const std::optional<Expectations>& expectations() const { return expectations_; }

 private:
  const std::string& path_;
  const Options& options_;
  const traces::ReadStatistics& statistics_;
  ReportSink& sink_;
  const bool is_contradictable_ = !options_.devices.empty() || !options_.arch.empty();
  const bool is_watched_ = sink_.watches_events();
  const StandingOf standing_ = [this](std::uint32_t buffer, const traces::Event& e) {
    return standing_of(engine_.rooms(), buffer, e);
  };
  bool announced_ = false;
  std::uint64_t events_ = 0, line_ = 0;
  std::optional<Expectations> expectations_;
  traces::Header header_;
  Engine engine_;
  std::optional<follow::Follower> follower_;
};

}  // namespace

void check_header(const traces::Header& header, const Options& options, const std::string& path) {
  const auto refuse = [&](const std::string& wrong, std::uint64_t line) {
    if (!wrong.empty()) throw traces::InputError(path, line, wrong);
  };
  if (options.arch.empty()) refuse(check_arch(header.arch), 0);
  for (const auto& policy : header.policies) refuse(check_policy(policy.name, policy.value), policy.line);
  // Both together, in whatever order they were written.
  const std::uint64_t last = header.policies.empty() ? 0 : header.policies.back().line;
  refuse(std::string(model::conflict_of(policies_of(header, options))), last);
  for (const traces::Expectation& e : header.expectations) refuse(check_expectation(e), e.line);
  if (!header.contract.empty())
    refuse("contract '" + header.contract + "' is not known: this version replays under the default contract", 0);
}

namespace {

void refuse_nothing_known(const std::string& path, const traces::ReadStatistics& s) {
  if (s.could_read_none())
    // What an archive holds beside it is no reason to pass over it.
    throw traces::InputError(path, 0,
                             "no record of a known event could be read: found " + std::to_string(s.passed_over.unread) +
                                 " that are damaged or have another form, as the reader's warnings say");
  if (s.known_events != 0) return;
  const std::string found = s.unknown_events == 0 ? "there is none" : std::to_string(s.unknown_events) + " of others";
  throw traces::NoTrace(
      path, 0,
      "no record of a known event: found " + found + ", expected events of the dma-buf core and of the DMA API");
}

}  // namespace

ReplayResult replay_reading(const std::string& path, bool is_member, const Reading& read, const Options& options,
                            ReportSink& sink) {
  ReplayResult result;
  std::string error;
  bool cut = false;
  std::unique_ptr<std::byte[]> reserve(new std::byte[kReserve]);
  Checker trace(path, options, result.statistics, sink);
  if (!is_member) trace.announce();
  try {
    read(trace, result.statistics);
    refuse_nothing_known(path, result.statistics);
  } catch (const LimitReached& e) {
    error = result.stopped = e.what();
  } catch (const std::bad_alloc&) {
    reserve.reset();
    error = result.stopped = LimitReached(path, trace.line(), "memory ran out: not read further").what();
  } catch (const traces::InputError& e) {
    error = e.what();
    result.input_error = true;
    cut = dynamic_cast<const traces::DamagedInput*>(&e) != nullptr;
    result.skipped = is_member && !trace.is_announced() && dynamic_cast<const traces::NoTrace*>(&e) != nullptr;
  }
  if (result.skipped) {
    sink.skip_trace(path, error);
    return result;
  }
  trace.announce();
  result.summary = trace.engine().finish();
  if (cut) result.summary.coverage.take_back(JudgedReason::kUnreadRecord);
  result.summary.contract = trace.contract();
  result.summary.coverage.inventory.sources = result.statistics.tracepoints;
  const bool damaged = result.summary.coverage.damaged_buffers != 0 || result.statistics.lost != 0;
  std::vector<JudgedExpectation> judged;
  if (trace.expectations()) {
    judged = trace.expectations()->judge(result.summary);
    result.has_expectations = true;
    for (const JudgedExpectation& j : judged) result.expectations_failed = result.expectations_failed || !j.held;
  }
  // A litmus file says itself what of it is judged.
  result.inconclusive = damaged || !result.stopped.empty() ||
                        (!result.has_expectations && result.summary.coverage.of(Judged::kWhole) == 0);
  sink.end_trace(trace.header(), result.statistics, result.summary, judged, error);
  return result;
}

ReplayResult report_unreadable(const std::string& path, const std::string& error, ReportSink& sink) {
  ReplayResult result;
  result.input_error = true;
  sink.begin_trace(path);
  sink.end_trace({}, result.statistics, result.summary, {}, error);
  return result;
}

}  // namespace custody::checker::replay
