// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/replays.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "checker/follow/departure.hpp"
#include "tests/checker/mutants/random_trace.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using model::Facts;
using model::Id;
using model::MachineId;
using model::Subject;

/// Every finding and departure, and which expectations hold.
class RenderedVerdict final : public ReportSink {
 public:
  void begin_trace(const std::string& /*path*/) override {}
  void finding(const Finding& f, const traces::Directory& /*directory*/) override {
    text_ << spec::rule(f.rule).id << ' ' << static_cast<int>(f.severity) << ' ' << static_cast<int>(f.effect) << ' '
          << f.proved << ' ' << f.line << ' ' << f.device << " also";
    for (const spec::Rule& rule : spec::kRules)
      if (f.also.has(spec::id_of(rule))) text_ << ' ' << rule.id;
    text_ << '\n';
  }
  void departure(const follow::Departure& d, const traces::Directory& /*directory*/) override {
    text_ << follow::name(d.kind) << ' ' << d.line << '\n';
  }
  void end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& /*statistics*/,
                 const Summary& /*summary*/, std::span<const JudgedExpectation> expectations,
                 const std::string& error) override {
    for (const JudgedExpectation& j : expectations) text_ << j.held;
    text_ << error;
  }
  void end(const Summary& /*summary*/) override {}
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

/// Departures alone.
class Departures final : public ReportSink {
 public:
  void begin_trace(const std::string& /*path*/) override {}
  void finding(const Finding& /*finding*/, const traces::Directory& /*directory*/) override {}
  void departure(const follow::Departure& d, const traces::Directory& /*directory*/) override {
    text_ << follow::name(d.kind) << ' ' << d.line << '\n';
  }
  void end_trace(const traces::Header& /*header*/, const traces::ReadStatistics& /*statistics*/,
                 const Summary& /*summary*/, std::span<const JudgedExpectation> /*expectations*/,
                 const std::string& /*error*/) override {}
  void end(const Summary& /*summary*/) override {}
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

std::vector<std::string> committed_traces() {
  std::vector<std::string> files;
  for (const char* const folder : {"traces/litmus", "traces/recorded"})
    for (const auto& file : std::filesystem::directory_iterator(folder))
      if (file.path().extension() != ".md") files.push_back(file.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string verdict_of(const std::string& name, const std::string& text, const std::string& contract,
                       const model::Firing& machines) {
  replay::Options options;
  options.machines = machines;
  if (!contract.empty()) {
    auto compared = std::make_shared<spec::Contract>(*spec::find_contract(contract));
    compared->lifetime.machines = machines;
    options.contract = compared;
  }
  RenderedVerdict verdict;
  if (text.empty()) {
    static_cast<void>(replay::replay_trace(name, options, verdict));
  } else {
    const TemporaryFile file(text);
    static_cast<void>(replay::replay_trace(file.path(), options, verdict));
  }
  return verdict.text();
}

/// Runs tables and notes which rows answer a call that counts.
struct Recorder {
  model::test::Tables tables;
  std::set<std::string_view> answered;
  [[nodiscard]] model::Firing firing() {
    return {[](const void* context, MachineId machine, Id state, Id event, const Facts& facts, Subject* subject) {
              auto* const self = const_cast<Recorder*>(static_cast<const Recorder*>(context));
              const model::Fired fired =
                  model::test::interpret(self->tables.rows(machine), state, event, facts, subject);
              if (fired.row != nullptr) self->answered.insert(fired.row->id);
              return fired;
            },
            this};
  }
};

}  // namespace

std::string departures_from(const spec::Contract& contract) {
  replay::Options options;
  options.contract = std::make_shared<spec::Contract>(contract);
  std::string out;
  for (const std::string& file : committed_traces()) {
    Departures departures;
    static_cast<void>(replay::replay_trace(file, options, departures));
    out += file + "\n" + departures.text();
  }
  return out;
}

std::string departures_of(const std::string& litmus, const spec::Contract& contract) {
  replay::Options options;
  options.contract = std::make_shared<spec::Contract>(contract);
  const TemporaryFile file(litmus);
  Departures departures;
  static_cast<void>(replay::replay_trace(file.path(), options, departures));
  return departures.text();
}

void Replays::add(Trace trace) {
  Recorder recorder;
  trace.verdict = verdict_of(trace.name, trace.text, trace.contract, recorder.firing());
  for (const std::string_view row : recorder.answered) by_row_[std::string(row)].push_back(traces_.size());
  traces_.push_back(std::move(trace));
}

Replays::Replays(unsigned random) {
  for (unsigned seed = 0; seed < random; ++seed)
    add({"random trace " + std::to_string(seed), random_litmus(seed), "", ""});
  const std::vector<std::string> files = committed_traces();
  for (const char* const contract : {"", "system-heap-6.1", "vision-keep"})
    for (const std::string& file : files) add({file, "", contract, ""});
}

std::size_t Replays::count(std::string_view row) const {
  const auto found = by_row_.find(row);
  return found == by_row_.end() ? 0 : found->second.size();
}

bool Replays::tell_apart_by(const std::string& litmus, const model::test::Tables& tables) {
  return verdict_of("", litmus, "", tables.firing()) != verdict_of("", litmus, "", model::compiled_machines());
}

std::string Replays::tell_apart(const model::test::Tables& tables, std::string_view row) const {
  const auto found = by_row_.find(row);
  if (found == by_row_.end()) return {};
  for (const std::size_t t : found->second) {
    const Trace& trace = traces_[t];
    if (verdict_of(trace.name, trace.text, trace.contract, tables.firing()) != trace.verdict) return trace.name;
  }
  return {};
}

}  // namespace custody::checker::test
