// SPDX-License-Identifier: BSD-2-Clause
// Does a part of an excerpt still show the finding?
#include "checker/minimize/trial.hpp"

#include <algorithm>

#include "checker/replay/expectations.hpp"
#include "traces/formats/litmus/reader.hpp"

namespace custody::checker::minimize {

using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::formats::litmus::Layout;

namespace {

/// Passes a litmus file on to the engine, and keeps its expectations.
class Reader final : public traces::EventSink {
 public:
  explicit Reader(replay::Engine& engine) : engine_(engine) {}
  void on_header(const traces::Header& header, const traces::Directory& directory) override {
    expected_ = header.expectations;
    engine_.on_header(header, directory);
  }
  void on_event(const Event& e, const traces::Directory& d) override { engine_.on_event(e, d); }
  void on_end(const traces::Directory& d) override { engine_.on_end(d); }
  [[nodiscard]] const std::vector<traces::Expectation>& expected() const { return expected_; }

 private:
  replay::Engine& engine_;
  std::vector<traces::Expectation> expected_;
};

bool is_fault(spec::RuleId rule) {
  const spec::RuleClass cls = spec::rule(rule).cls;
  return cls == spec::RuleClass::kIllegal || cls == spec::RuleClass::kMissing || cls == spec::RuleClass::kLostWrite;
}

std::size_t& place(std::vector<std::size_t>& places, std::size_t i) {
  if (places.size() <= i) places.resize(i + 1, Layout::kNone);
  return places[i];
}

}  // namespace

Trial::Trial(Excerpt& excerpt, const Target& target, const std::string& title)
    : excerpt_(excerpt), target_(target), title_(title) {
  const std::vector<Event>& events = excerpt.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].phase == traces::Phase::kReturn) continue;
    if (events[i].kind == EventKind::kExport && events[i].buffer != kNoId) place(exports_, events[i].buffer) = i;
    if (events[i].kind == EventKind::kAttach && events[i].attachment != kNoId)
      place(attaches_, events[i].attachment) = i;
  }
  const Kept whole = excerpt.whole();
  Outcome outcome = replay(whole);
  if (outcome.targets.empty()) return;
  // The excerpt ends with the event that settles the target, so the latest is meant.
  line_ = outcome.targets.back().second;
  outcome = replay(whole);
  faults_ = std::move(outcome.faults);
  std::sort(faults_.begin(), faults_.end());
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].at.line == outcome.call_line && events[i].phase == traces::Phase::kEnter) call_ = i;
  possible_ = shows(whole);
}

void Trial::note(const Finding& f, const traces::Directory& directory, Outcome& outcome) const {
  bool is_target = target_.is(f, directory);
  if (is_target) outcome.targets.emplace_back(f.rule, f.line);
  is_target = is_target && f.line == line_;
  if (is_target) {
    outcome.shown = true;
    outcome.call_line = f.place.call_line;
  } else if (is_fault(f.rule)) {
    outcome.faults.emplace_back(f.rule, f.line);
  }
  if (f.severity == spec::Severity::kError && !is_target) outcome.errors.emplace_back(f.rule, f.line);
}

Trial::Outcome Trial::replay(const Kept& kept) {
  ++replays_;
  Outcome outcome;
  replay::Engine engine(options_, [&](const Finding& f, const traces::Directory& d) { note(f, d, outcome); });
  excerpt_.deliver(kept, engine);
  return outcome;
}

bool Trial::could_have_happened(const Kept& kept) const {
  const auto is_left_out = [&](const std::vector<std::size_t>& places, std::uint32_t id) {
    return id < places.size() && places[id] != Layout::kNone && !kept[places[id]];
  };
  for (std::size_t i = 0; i < excerpt_.events().size(); ++i) {
    const Event& e = excerpt_.events()[i];
    if (kept[i] && (is_left_out(exports_, e.buffer) || is_left_out(attaches_, e.attachment))) return false;
  }
  return true;
}

std::string Trial::text_of(const Kept& kept) {
  const Outcome outcome = replay(kept);
  std::vector<Fault> places{{target_.wished, line_}};
  for (const Fault& error : outcome.errors)
    if (std::find(places.begin(), places.end(), error) == places.end()) places.push_back(error);
  std::vector<traces::Expectation> expected;
  for (const auto& [rule, line] : places) {
    traces::Expectation& e = expected.emplace_back();
    e.what = spec::rule(rule).id;
    e.at = line;
  }
  return excerpt_.text(kept, title_, expected);
}

bool Trial::holds_as_text(const Kept& kept) {
  std::vector<Finding> seen;
  bool shown = false;
  replay::Engine engine(options_, [&](const Finding& f, const traces::Directory& d) {
    shown = shown || target_.is(f, d);
    seen.push_back(f);
  });
  Reader reader(engine);
  try {
    traces::formats::litmus::read_litmus(text_of(kept), "the minimised trace", reader);
  } catch (const traces::InputError&) {
    return false;
  }
  replay::Expectations expectations(reader.expected());
  for (const Finding& f : seen) expectations.add(f);
  const auto judged = expectations.judge(engine.finish());
  return shown && std::all_of(judged.begin(), judged.end(), [](const auto& j) { return j.held; });
}

bool Trial::shows(const Kept& kept) {
  if (!could_have_happened(kept)) return false;
  Outcome outcome = replay(kept);
  std::sort(outcome.faults.begin(), outcome.faults.end());
  return outcome.shown && std::includes(faults_.begin(), faults_.end(), outcome.faults.begin(), outcome.faults.end()) &&
         holds_as_text(kept);
}

}  // namespace custody::checker::minimize
