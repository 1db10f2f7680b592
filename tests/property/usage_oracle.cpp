// SPDX-License-Identifier: BSD-2-Clause
// Follows a usage through every hardware state that it can be in. Shares no rule with the checker.
#include <algorithm>

#include "tests/model/coherence_simulator.hpp"
#include "tests/property/usage.hpp"

namespace custody::property {

namespace {

using model::test::Action;
using model::test::States;

bool is_for_device(const UsageLine& line) {
  return line.step == UsageStep::kDmaMap || line.step == UsageStep::kSyncForDevice;
}

class Oracle {
 public:
  Oracle() : states_(model::test::after(Action::kStoreLine, States{model::test::Hardware{}})) {}

  void step(const UsageLine& line, bool without_operation) {
    ++at_;
    if (!has_operation(line.step)) leave_call();
    if (has_operation(line.step)) {
      if (!without_operation) operate(line);
    } else {
      enter_call(line);
    }
  }
  void leave_call() {
    if (!in_call_) return;
    in_call_ = false;
    if (call_.step == UsageStep::kMap) {
      mapped_[call_.device] = call_.direction;
      snoops_[call_.device] = call_.snoops;
    }
    if (call_.step == UsageStep::kBegin) window_ = call_.direction;
    if (call_.step == UsageStep::kEnd) suspended_ = false;
    look();
  }
  void maintain(Action action) {
    states_ = closure(states_, actions());
    constexpr int kLost = -1;
    note(kLost, [&](const model::test::Hardware& h) { return loses_a_write(action, h); });
    states_ = after(action, states_);
  }
  [[nodiscard]] bool wrong() const { return !hazards_.empty(); }
  [[nodiscard]] const Hazards& hazards() const { return hazards_; }
  [[nodiscard]] bool mixed() const { return mixed_; }

 private:
  void enter_call(const UsageLine& line) {
    if (line.step == UsageStep::kOther) return;
    call_ = line;
    in_call_ = true;
    states_ = closure(states_, actions());
    if (line.step == UsageStep::kUnmap) mapped_[line.device].clear();
    if (line.step == UsageStep::kBegin) suspended_ = true;
    if (line.step == UsageStep::kEnd) window_.clear();
  }
  /// What the agents that are active now may do.
  [[nodiscard]] std::vector<Action> actions() const {
    std::vector<Action> may;
    if (window_ == "FROM" || window_ == "BIDI") may.push_back(Action::kLoad);
    if (window_ == "TO" || window_ == "BIDI") may.push_back(Action::kStoreLine);
    if (suspended_) return may;
    for (const std::size_t d : {0U, 1U}) {
      const bool both = mapped_[d] == "BIDI";
      if (mapped_[d] == "TO" || both) may.push_back(snoops_[d] ? Action::kSnoopingFetch : Action::kFetch);
      if (mapped_[d] == "FROM" || both) may.push_back(snoops_[d] ? Action::kSnoopingPut : Action::kPut);
    }
    return may;
  }
  void look() {
    const bool together = !suspended_ && !mapped_[0].empty() && !mapped_[1].empty();
    mixed_ = mixed_ || (together && snoops_[0] != snoops_[1] && (mapped_[0] != "TO" || mapped_[1] != "TO"));
    const std::vector<Action> may = actions();
    states_ = closure(states_, may);
    for (const Action action : may)
      note(static_cast<int>(action), [&](const model::test::Hardware& h) { return goes_wrong(action, h); });
  }
  void note(int what, const auto& happens) {
    if (std::any_of(states_.begin(), states_.end(), happens)) hazards_.emplace_back(at_, what);
  }
  void operate(const UsageLine& line) {
    if (!runs_operation(line)) return;
    maintain(is_for_device(line) ? Action::kCleanLine : Action::kInvalidateLine);
  }

  States states_;
  UsageLine call_;
  std::string mapped_[2], window_;
  bool snoops_[2] = {};
  bool in_call_ = false, suspended_ = false, mixed_ = false;
  std::size_t at_ = 0;
  Hazards hazards_;
};

/// The cheapest way through the lines from `at` on, if it is cheaper than `limit`; else `limit`. One operation of any
/// kind may run in each call.
unsigned cheapest_from(const Usage& usage, std::size_t at, Oracle oracle, unsigned limit, unsigned both) {
  const auto& lines = usage.lines();
  for (; at < lines.size(); ++at) {
    const bool slot = lines[at].step != UsageStep::kOther && !has_operation(lines[at].step);
    oracle.step(lines[at], true);
    if (oracle.wrong()) return limit;
    if (!slot) continue;
    unsigned best = cheapest_from(usage, at + 1, oracle, limit, both);
    for (const Action action : {Action::kCleanLine, Action::kInvalidateLine, Action::kCleanInvalidateLine}) {
      const unsigned cost = action == Action::kCleanInvalidateLine ? both : 1;
      if (best <= cost) continue;
      Oracle with = oracle;
      with.maintain(action);
      if (!with.wrong()) best = std::min(best, cost + cheapest_from(usage, at + 1, with, best - cost, both));
    }
    return best;
  }
  oracle.leave_call();
  return oracle.wrong() ? limit : 0;
}

/// The least kept from `at` on, if it is less than `limit`; else `limit`.
unsigned subset_from(const Usage& usage, std::size_t at, Oracle oracle, unsigned limit) {
  const auto& lines = usage.lines();
  for (; at < lines.size(); ++at) {
    if (runs_operation(lines[at])) {
      Oracle without = oracle;
      without.step(lines[at], true);
      oracle.step(lines[at], false);
      const unsigned best = subset_from(usage, at + 1, without, limit);
      if (best <= 1 || oracle.wrong()) return best;
      return std::min(best, 1 + subset_from(usage, at + 1, oracle, best - 1));
    }
    oracle.step(lines[at], false);
    if (oracle.wrong()) return limit;
  }
  oracle.leave_call();
  return oracle.wrong() ? limit : 0;
}

constexpr unsigned kTooMany = 1000;

}  // namespace

bool mixes(const Usage& usage) {
  Oracle oracle;
  for (const UsageLine& line : usage.lines()) oracle.step(line, false);
  oracle.leave_call();
  return oracle.mixed();
}

bool runs_operation(const UsageLine& line) {
  return has_operation(line.step) && !line.skipped && !line.snoops && (is_for_device(line) || line.direction != "TO");
}

Hazards hazards_of(const Usage& usage, std::size_t gone) {
  Oracle oracle;
  for (std::size_t i = 0; i < usage.lines().size(); ++i) oracle.step(usage.lines()[i], i == gone);
  oracle.leave_call();
  return oracle.hazards();
}

bool can_go_wrong(const Usage& usage, std::size_t gone) { return !hazards_of(usage, gone).empty(); }

unsigned cheapest(const Usage& usage, unsigned both) { return cheapest_from(usage, 0, Oracle(), kTooMany, both); }

unsigned cheapest_subset(const Usage& usage) { return subset_from(usage, 0, Oracle(), kTooMany); }

}  // namespace custody::property
