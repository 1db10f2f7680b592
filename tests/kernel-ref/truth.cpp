// SPDX-License-Identifier: BSD-2-Clause
// Follows every hardware state of one line through a recording, gap by gap, and remembers how each was reached.
#include <map>

#include "tests/kernel-ref/agents.hpp"
#include "tests/kernel-ref/execution.hpp"

namespace custody::kernel_ref::test {

namespace {

using model::test::Action;
using model::test::Hardware;

struct Node {
  Hardware state;
  std::size_t parent;
  std::size_t gap;
  Move move;
  bool moved;  ///< `move` led here; else an event did
};

Move own_hardware_move(const Hardware& h) {
  if (!h.present) return {Move::Kind::kFill, Action::kLoad, traces::kNoId};
  return {h.dirty ? Move::Kind::kWriteBack : Move::Kind::kDrop, Action::kLoad, traces::kNoId};
}

Action action_of(model::Operation op) {
  if (op == model::Operation::kClean) return Action::kCleanLine;
  return op == model::Operation::kInvalidate ? Action::kInvalidateLine : Action::kCleanInvalidateLine;
}

class Explorer {
 public:
  explicit Explorer(Truth& truth) : truth_(truth) {
    // The CPU zeroed the page: its lines are dirty.
    nodes_.push_back({model::test::after(Action::kStoreLine, Hardware{}), 0, 0, {}, false});
    now_[nodes_[0].state] = 0;
  }

  /// Everything that may happen in the gap before event `gap`.
  void close(std::size_t gap, const std::vector<Access>& may) {
    std::vector<std::size_t> todo;
    for (const auto& [state, node] : now_) todo.push_back(node);
    while (!todo.empty() && !truth_.wrong) {
      const std::size_t at = todo.back();
      todo.pop_back();
      const Hardware h = nodes_[at].state;
      reach(model::test::own_move(h), {at, gap, own_hardware_move(h)}, todo);
      for (const Access& access : may) {
        const Move move{Move::Kind::kAct, access.action, access.device};
        if (model::test::goes_wrong(access.action, h)) return blame(at, gap, move);
        reach(model::test::after(access.action, h), {at, gap, move}, todo);
      }
    }
  }

  /// The operation of event `gap` runs. Returns whether it changes nothing.
  bool operate(std::size_t gap, model::Operation op) {
    const Action action = action_of(op);
    std::map<Hardware, std::size_t> before = now_, after;
    for (const auto& [h, node] : now_) {
      if (model::test::loses_a_write(action, h)) {
        truth_.wrong = true;
        truth_.witness = path_to(node);
        return false;
      }
      after.try_emplace(model::test::after(action, h), node);
    }
    now_.clear();
    for (const auto& [h, node] : after) {
      now_[h] = nodes_.size();
      nodes_.push_back({h, node, gap, {}, false});
    }
    model::test::States was, is;
    for (const auto& [h, node] : before) was.insert(h);
    for (const auto& [h, node] : now_) is.insert(h);
    return model::test::closure(is, {}) == was;
  }

 private:
  struct Step {
    std::size_t from, gap;
    Move move;
  };
  void reach(const Hardware& h, const Step& step, std::vector<std::size_t>& todo) {
    if (now_.contains(h)) return;
    now_[h] = nodes_.size();
    todo.push_back(nodes_.size());
    nodes_.push_back({h, step.from, step.gap, step.move, true});
  }
  Schedule path_to(std::size_t node) const {
    Schedule path;
    for (; node != 0; node = nodes_[node].parent)
      if (nodes_[node].moved) path.emplace_back(nodes_[node].gap, nodes_[node].move);
    std::reverse(path.begin(), path.end());
    return path;
  }
  void blame(std::size_t node, std::size_t gap, const Move& move) {
    truth_.wrong = true;
    truth_.witness = path_to(node);
    truth_.witness.emplace_back(gap, move);
    // A device that wrote under a dirty line: the loss shows when the line is written back.
    if (move.action == Action::kPut) truth_.witness.push_back({gap, {Move::Kind::kWriteBack, Action::kLoad, 0}});
  }

  Truth& truth_;
  std::vector<Node> nodes_;
  std::map<Hardware, std::size_t> now_;
};

}  // namespace

Truth truth_of(const Setting& setting, const traces::RecordedTrace& trace) {
  Truth truth;
  truth.no_effect.assign(trace.events().size(), false);
  std::vector<bool> coherent;
  for (const machine::Device& d : setting.devices) coherent.push_back(d.coherent);
  Agents agents(coherent);
  Explorer explorer(truth);
  for (std::size_t i = 1; i < trace.events().size() && !truth.wrong; ++i) {
    const traces::Event& event = trace.events()[i];
    explorer.close(i, agents.permitted());
    if (truth.wrong) break;
    if (event.maintenance.kind != model::Operation::kNone)
      truth.no_effect[i] = explorer.operate(i, event.maintenance.kind);
    agents.follow(event);
    truth.mixes = truth.mixes || agents.mixes();
  }
  return truth;
}

}  // namespace custody::kernel_ref::test
