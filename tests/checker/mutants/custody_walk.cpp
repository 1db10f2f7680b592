// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/custody_walk.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

namespace custody::checker::test {
namespace {

using model::at;
using model::Call;
using model::Custody;
using model::Direction;
using model::Facts;
using model::Id;
using model::kEvents;
using model::MachineId;
using model::Step;
using model::Subject;

std::vector<Call> all_calls() {
  std::vector<Call> out;
  for (Id event = 0; event < model::kEventCount; ++event)
    for (std::uint32_t device = 0; device < (model::names_attachment(event) ? 2U : 1U); ++device)
      for (const Direction dir : {Direction::kToDevice, Direction::kFromDevice})
        for (const bool failed : {false, true}) {
          if (!model::has_direction(event) && dir != Direction::kToDevice) continue;
          if (failed && event != at(kEvents, "begin_cpu_access") && event != at(kEvents, "end_cpu_access")) continue;
          Call call;
          call.event = event;
          call.failed = failed;
          if (model::has_direction(event)) call.dir = dir;
          if (model::names_attachment(event)) call.attachment = call.device = device;
          call.snoops = device == 1;
          call.task = 1;
          out.push_back(call);
        }
  return out;
}

std::size_t maps_of(const model::Attachment& a) { return std::size_t{a.maps[0]} + a.maps[1] + a.maps[2]; }

bool is_within_bounds(const Custody& custody) {
  for (const model::Attachment& a : custody.attachments) {
    const bool first = a.id == 0;
    if (maps_of(a) > (first ? 2U : 1U) || a.pins > (first ? 1U : 0U)) return false;
  }
  return custody.attachments.size() <= 2 && custody.windows.size() <= 2 && custody.kernel.users <= 2 &&
         custody.user_mappings <= 1;
}

/// Two custodies within the bounds have the same key where they are equal.
std::string key_of(const Custody& custody) {
  std::string key;
  const auto put = [&key](std::size_t n) { key.push_back(static_cast<char>(n)); };
  put(custody.state);
  put(custody.kernel.users * std::size_t{2} + (custody.kernel.bracketed ? 1U : 0U));
  put(custody.user_mappings);
  for (const model::Attachment& a : custody.attachments) {
    put(a.id);
    for (const std::uint16_t maps : a.maps) put(maps);
    put(a.pins * std::size_t{2} + (a.invalidated ? 1U : 0U));
  }
  put(0xff);
  for (const model::Window& w : custody.windows) put(static_cast<std::size_t>(w.dir) * 2U + (w.idle ? 1U : 0U));
  return key;
}

/// The machines, and which rows answered since it was cleared.
struct StepRecorder {
  mutable std::vector<const model::Row*> answered;
  [[nodiscard]] model::Firing firing() const {
    return {[](const void* context, MachineId machine, Id state, Id event, const Facts& facts, Subject* subject) {
              const model::Fired fired = model::fire(machine, state, event, facts, subject);
              static_cast<const StepRecorder*>(context)->answered.push_back(fired.row);
              return fired;
            },
            this};
  }
};

std::string_view rule_of(const Step& step) {
  return step.refusal() == nullptr ? std::string_view() : step.refusal()->rule;
}

/// What anybody sees of a step, and of the Custody that it leads to, but for the name of the owner's state.
bool look_alike(const Step& a, const Custody& to_a, const Step& b, const Custody& to_b) {
  const auto seen = [](const Step& step) {
    return std::tuple(rule_of(step), step.takes_effect(), step.facts.get(at(model::kFacts, "owner")),
                      step.facts.get(at(model::kFacts, "next_owner")));
  };
  const auto agents = [](const Custody& custody) {
    const model::Agents who = model::who_may_access(custody);
    return std::tuple(who.devices, who.cpu_reads, who.cpu_writes);
  };
  Custody renamed = to_b;
  renamed.state = to_a.state;
  // Nobody looks at the records of what is freed.
  return seen(a) == seen(b) && agents(to_a) == agents(to_b) && (to_a.is_freed() || renamed == to_a);
}

bool can_be_seen(const Custody& custody, const Call& call) {
  const bool is_export = call.event == at(kEvents, "export"), is_unborn = custody.state == at(model::kStates, "Unborn");
  const bool attaches_again =
      call.event == at(kEvents, "attach") && custody.find_attachment(call.attachment) != nullptr;
  return is_export == is_unborn && !attaches_again;
}

std::string litmus_header(const model::Policies& policies) {
  std::string text = "custody litmus: two tables\naccesses exact\ndevice D0\ndevice D1 coherent\n";
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    if (policies.v[p] != 0)
      text.append("policy ")
          .append(model::kPolicies[p].name)
          .append(" ")
          .append(model::kPolicies[p].values[policies.v[p]].name) += "\n";
  return text + "\n";
}

std::string litmus_line(const Call& call) {
  std::string text = std::string(kEvents[call.event].brief) + " b";
  if (call.event == at(kEvents, "export")) return text + " 4K system\n";
  if (model::names_attachment(call.event)) text += " D" + std::to_string(call.device);
  if (model::has_direction(call.event)) text += call.dir == Direction::kToDevice ? " TO" : " FROM";
  return text + (call.failed ? " = -EINTR\n" : "\n");
}

constexpr std::size_t kMostFiles = 8;
/// Who may access shows in what accesses are accused of.
constexpr const char* kAccesses = "cpu_read b\ncpu_write b\ndevice_read b D0\ndevice_write b D0\n";

class TableWalk {
 public:
  TableWalk(const std::vector<RowMutant>& mutants, std::vector<StepComparison>& out)
      : out_(out), seen_pairs_(mutants.size()) {
    for (const RowMutant& mutant : mutants) tables_.push_back(tables_of(mutant));
    for (std::size_t m = 0; m < mutants.size(); ++m) by_row_[mutants[m].id()].push_back(m);
  }
  /// All calls, or those that can be seen.
  void run(const model::Policies& policies, bool only_seen) {
    policies_ = policies;
    only_seen_ = only_seen;
    seen_.clear();
    for (std::unordered_set<std::string>& pairs : seen_pairs_) pairs.clear();
    meet({}, {}, nullptr);
    while (!todo_.empty()) {
      const Place place = std::move(todo_.front());
      todo_.pop_front();
      for (const Call& call : calls_)
        if (!only_seen_ || can_be_seen(place.custody, call)) take(place, call);
    }
  }

 private:
  struct Place {
    Custody custody;
    std::string path;  ///< lines of a litmus file
  };
  struct Pair {
    Custody a, b;
    std::string path;
  };

  /// A Custody, and the call that led there from where `path` ends.
  void meet(const Custody& custody, const std::string& path, const Call* call) {
    if (is_within_bounds(custody) && seen_.insert(key_of(custody)).second)
      todo_.push_back({custody, call == nullptr ? path : path + litmus_line(*call)});
  }
  /// Nothing more is to be learned of this mutant.
  [[nodiscard]] bool is_told_apart(std::size_t m) const { return out_[m].litmus.size() == kMostFiles; }
  void take(const Place& place, const Call& call) {
    recorder_.answered.clear();
    Custody next = place.custody;
    const Step step = model::step(next, {policies_, recorder_.firing()}, call);
    std::set<std::size_t> concerned;
    for (const model::Row* const row : recorder_.answered)
      if (row != nullptr)
        if (const auto mutants = by_row_.find(row->id); mutants != by_row_.end())
          concerned.insert(mutants->second.begin(), mutants->second.end());
    for (const std::size_t m : concerned) {
      if (is_told_apart(m)) continue;
      Custody other = place.custody;
      const Step changed = model::step(other, {policies_, tables_[m].firing()}, call);
      compare(m, place.path, call, {step, next}, {changed, other});
      follow(m);
    }
    meet(next, place.path, &call);
  }
  using Stepped = std::pair<const Step&, const Custody&>;
  /// The two steps of one call, after the calls of `before`.
  void compare(std::size_t m, const std::string& before, const Call& call, const Stepped& a, const Stepped& b) {
    const bool alike = look_alike(a.first, a.second, b.first, b.second);
    if (alike && a.second == b.second) return;
    StepComparison& out = out_[m];
    out.steps = std::max(out.steps, Steps::kAlike);
    if (!only_seen_) return;
    if (!alike) {
      out.steps = Steps::kDifferent;
      if (!is_told_apart(m)) out.litmus.push_back(litmus_header(policies_) + before + litmus_line(call) + kAccesses);
    } else if (is_within_bounds(a.second) && is_within_bounds(b.second) &&
               seen_pairs_[m].insert(key_of(a.second) + '|' + key_of(b.second)).second) {
      pairs_.push_back({a.second, b.second, before + litmus_line(call)});
    }
  }
  /// From where the tables have led apart.
  void follow(std::size_t m) {
    while (!pairs_.empty()) {
      const Pair pair = std::move(pairs_.back());
      pairs_.pop_back();
      if (is_told_apart(m)) continue;
      for (const Call& call : calls_) {
        if (!can_be_seen(pair.a, call)) continue;
        Custody a = pair.a, b = pair.b;
        const Step step = model::step(a, {policies_, model::compiled_machines()}, call);
        const Step changed = model::step(b, {policies_, tables_[m].firing()}, call);
        compare(m, pair.path, call, {step, a}, {changed, b});
      }
    }
  }

  std::vector<StepComparison>& out_;
  std::vector<Pair> pairs_;                                  ///< of one mutant, to be followed
  std::vector<std::unordered_set<std::string>> seen_pairs_;  ///< by mutant
  std::vector<model::test::Tables> tables_;
  std::map<std::string_view, std::vector<std::size_t>> by_row_;
  const std::vector<Call> calls_ = all_calls();
  model::Policies policies_;
  bool only_seen_ = false;
  StepRecorder recorder_;
  std::unordered_set<std::string> seen_;
  std::deque<Place> todo_;
};

}  // namespace

std::vector<StepComparison> compare_steps(const std::vector<RowMutant>& mutants,
                                          const std::vector<model::Policies>& policies) {
  std::vector<StepComparison> out(mutants.size());
  TableWalk walk(mutants, out);
  for (const bool only_seen : {false, true})
    for (const model::Policies& p : policies) walk.run(p, only_seen);
  return out;
}

}  // namespace custody::checker::test
