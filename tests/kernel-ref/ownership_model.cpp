// SPDX-License-Identifier: BSD-2-Clause
#include "tests/kernel-ref/ownership_model.hpp"

#include <array>
#include <deque>
#include <map>

#include "model/step.hpp"

namespace custody::kernel_ref::test {

namespace {

using model::Access;
using model::at;
using model::Direction;

constexpr model::Id kCpu = at(model::kStates, "CpuOwned"), kDevice = at(model::kStates, "DeviceOwned");
constexpr Direction kDirections[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};

struct State {
  model::World world;
  std::array<model::Attachment, 2> attachments;
  std::array<Direction, 2> mapped{Direction::kNone, Direction::kNone};
  Direction window = Direction::kNone;
  model::Belief belief;

  [[nodiscard]] auto key() const {
    std::vector<unsigned> k(world.v.begin(), world.v.end());
    for (const model::Attachment& a : attachments) {
      k.push_back(a.state);
      k.insert(k.end(), a.v.begin(), a.v.end());
    }
    k.insert(k.end(), {world.state, static_cast<unsigned>(mapped[0]), static_cast<unsigned>(mapped[1]),
                       static_cast<unsigned>(window), belief.bits});
    return k;
  }
  [[nodiscard]] model::AccessSet agents() const {
    model::AccessSet may;
    if (window != Direction::kNone) {
      if (model::device_may_write(window)) may.add(Access::kCpuRead);
      if (model::device_may_read(window)) may.add(Access::kCpuWrite);
      return may;
    }
    for (const Direction d : mapped) {
      if (d == Direction::kNone) continue;
      if (model::device_may_read(d)) may.add(Access::kDeviceRead);
      if (model::device_may_write(d)) may.add(Access::kDeviceWrite);
    }
    return may;
  }
  [[nodiscard]] bool is_hazard() const {
    const model::AccessSet may = agents();
    const model::Belief now = model::advance(belief, may);
    for (unsigned a = 0; a < model::kAccesses; ++a)
      if (may.has(static_cast<Access>(a)) && model::is_hazard(static_cast<Access>(a), now)) return true;
    return false;
  }
};

model::Id event_of(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::kAttach: return at(model::kEvents, "attach");
    case Step::Kind::kDetach: return at(model::kEvents, "detach");
    case Step::Kind::kMap: return at(model::kEvents, "map");
    case Step::Kind::kUnmap: return at(model::kEvents, "unmap");
    case Step::Kind::kBegin: return at(model::kEvents, "begin_cpu_access");
    default: return at(model::kEvents, "end_cpu_access");
  }
}

/// The state after `step`; none where a legal client does not make it, or the contract refuses it.
std::optional<State> after(const State& s, const Step& step, const ownership_policy& policy) {
  const Direction dir = kDirections[step.direction % 3];
  const bool writes = s.window != Direction::kNone && s.window != Direction::kFromDevice;
  const bool maps = step.kind == Step::Kind::kMap || step.kind == Step::Kind::kUnmap;
  if ((maps && writes) || (step.kind == Step::Kind::kBegin && s.window != Direction::kNone) ||
      (step.kind == Step::Kind::kMap && s.mapped[step.device] != Direction::kNone))
    return std::nullopt;
  State next = s;
  next.belief = model::advance(s.belief, s.agents());
  const model::Outcome outcome =
      model::step(s.world, s.attachments[step.device], model::Call{event_of(step.kind), false, true, false});
  if (outcome.refusal() != nullptr || outcome.buffer_row == nullptr) return std::nullopt;
  next.world = outcome.world;
  next.attachments[step.device] = outcome.attachment;
  const model::Operation op = operation_between(s.world.state, next.world.state, policy);
  next.belief = model::hardware_closure(model::apply(op, next.belief));
  if (step.kind == Step::Kind::kMap) next.mapped[step.device] = dir;
  if (step.kind == Step::Kind::kUnmap) next.mapped[step.device] = Direction::kNone;
  if (step.kind == Step::Kind::kBegin) next.window = dir;
  if (step.kind == Step::Kind::kEnd) next.window = Direction::kNone;
  return next;
}

State start(const ownership_policy& policy) {
  State s;
  model::set_policy(s.world, at(model::kFields, "device_ends"), policy.until_last_detach);
  model::set_policy(s.world, at(model::kFields, "cpu_unattached"), policy.refuse_unattached);
  model::set_policy(s.world, at(model::kFields, "map_in_window"), policy.refuse_map_in_window);
  s.world = model::step(s.world, {}, model::Call{at(model::kEvents, "export")}).world;
  s.belief = model::hardware_closure(model::start::kDirty);
  return s;
}

}  // namespace

model::Operation operation_between(model::Id before, model::Id after, const ownership_policy& policy) {
  if (before == after) return model::Operation::kNone;
  if (after == kDevice) return model::Operation::kClean;
  if (before != kDevice) return model::Operation::kNone;
  return after == kCpu || policy.end_sync != 0 ? model::Operation::kInvalidate : model::Operation::kNone;
}

std::optional<Program> counterexample(const ownership_policy& policy) {
  struct Node {
    State state;
    Program path;
  };
  std::deque<Node> todo{{start(policy), {}}};
  std::map<std::vector<unsigned>, bool> seen{{todo.front().state.key(), true}};
  constexpr Step::Kind kKinds[] = {Step::Kind::kAttach, Step::Kind::kDetach, Step::Kind::kMap,
                                   Step::Kind::kUnmap,  Step::Kind::kBegin,  Step::Kind::kEnd};
  for (; !todo.empty(); todo.pop_front()) {
    const Node node = todo.front();
    if (node.state.is_hazard()) return node.path;
    for (const Step::Kind kind : kKinds)
      for (std::uint8_t device = 0; device < 2; ++device)
        for (std::uint8_t direction = 0; direction < 3; ++direction) {
          const Step step{kind, device, direction};
          const std::optional<State> next = after(node.state, step, policy);
          if (!next || !seen.try_emplace(next->key(), true).second) continue;
          Program path = node.path;
          path.push_back(step);
          todo.push_back({*next, std::move(path)});
        }
  }
  return std::nullopt;
}

}  // namespace custody::kernel_ref::test
