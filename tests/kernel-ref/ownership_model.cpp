// SPDX-License-Identifier: BSD-2-Clause
// The ownership contract as the lifetime tables have it: an operation exactly where the owner's state changes.
#include "tests/kernel-ref/ownership_model.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "model/custody.hpp"

namespace custody::kernel_ref::test {

namespace {

using model::at;
using model::Direction;

constexpr model::Id kCpu = at(model::kStates, "CpuOwned"), kDevice = at(model::kStates, "DeviceOwned");
constexpr Direction kModelDirections[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};

struct State {
  model::Custody custody;
  model::Lifetime lifetime;
  model::Belief belief;

  [[nodiscard]] auto key() const {
    std::vector<unsigned> k{custody.state, belief.bits};
    std::vector<model::Attachment> attachments(custody.attachments.begin(), custody.attachments.end());
    std::sort(attachments.begin(), attachments.end(),
              [](const model::Attachment& a, const model::Attachment& b) { return a.id < b.id; });
    for (const model::Attachment& a : attachments) k.insert(k.end(), {a.id, a.maps[0], a.maps[1], a.maps[2]});
    for (const model::Window& w : custody.windows) k.push_back(100U + static_cast<unsigned>(w.dir));
    return k;
  }
  [[nodiscard]] Direction window() const {
    return custody.windows.empty() ? Direction::kNone : custody.windows.begin()->dir;
  }
  [[nodiscard]] bool is_mapped(std::uint32_t device) const {
    const model::Attachment* const a = custody.find_attachment(device);
    return a != nullptr && a->is_mapped();
  }
  [[nodiscard]] Direction mapped(std::uint32_t device) const {
    const model::Attachment* const a = custody.find_attachment(device);
    for (const Direction dir : kModelDirections)
      if (a != nullptr && a->maps[static_cast<std::size_t>(dir)] != 0) return dir;
    return Direction::kNone;
  }
  [[nodiscard]] model::AccessSet agents() const {
    model::AccessSet may;
    const model::Agents active = model::who_may_access(custody);
    if (active.cpu_reads) may.add(model::Access::kCpuRead);
    if (active.cpu_writes) may.add(model::Access::kCpuWrite);
    for (const model::Attachment& a : custody.attachments) {
      if (!active.devices) continue;
      if (a.may_read()) may.add(model::Access::kDeviceRead);
      if (a.may_write()) may.add(model::Access::kDeviceWrite);
    }
    return may;
  }
  [[nodiscard]] bool is_hazard() const {
    const model::AccessSet may = agents();
    const model::Belief now = model::advance(belief, may);
    for (unsigned a = 0; a < model::kAccesses; ++a)
      if (may.has(static_cast<model::Access>(a)) && model::is_hazard(static_cast<model::Access>(a), now)) return true;
    return false;
  }
};

model::Id event_of(client::Step::Kind kind) {
  switch (kind) {
    case client::Step::Kind::kAttach: return at(model::kEvents, "attach");
    case client::Step::Kind::kDetach: return at(model::kEvents, "detach");
    case client::Step::Kind::kMap: return at(model::kEvents, "map");
    case client::Step::Kind::kUnmap: return at(model::kEvents, "unmap");
    case client::Step::Kind::kBegin: return at(model::kEvents, "begin_cpu_access");
    default: return at(model::kEvents, "end_cpu_access");
  }
}

/// The state after `step`; none where a legal client does not make it, or the contract refuses it.
std::optional<State> after(const State& s, const client::Step& step, const ownership_policy& policy) {
  const bool writes = s.window() != Direction::kNone && s.window() != Direction::kFromDevice;
  const bool maps = step.kind == client::Step::Kind::kMap || step.kind == client::Step::Kind::kUnmap;
  if ((maps && writes) || (step.kind == client::Step::Kind::kBegin && s.window() != Direction::kNone) ||
      (step.kind == client::Step::Kind::kMap && s.is_mapped(step.device)))
    return std::nullopt;
  model::Call call;
  call.event = event_of(step.kind);
  call.attachment = call.device = step.device;
  call.task = 1;
  call.dir = kModelDirections[step.direction % 3];
  // What ends has the direction in which it began.
  if (step.kind == client::Step::Kind::kUnmap) call.dir = s.mapped(step.device);
  if (step.kind == client::Step::Kind::kEnd) call.dir = s.window();
  State next = s;
  next.belief = model::advance(s.belief, s.agents());
  const model::Step done = model::step(next.custody, next.lifetime, call);
  if (done.refusal() != nullptr) return std::nullopt;
  const model::Operation op = operation_between(done.was, done.is, policy);
  next.belief = model::hardware_closure(model::apply(op, next.belief));
  return next;
}

State start(const ownership_policy& policy) {
  State s;
  const auto set = [&s](std::string_view name, int value) {
    for (std::size_t p = 0; p < model::kPolicyCount; ++p)
      if (model::kPolicies[p].name == name) s.lifetime.policies.v[p] = static_cast<std::uint8_t>(value);
  };
  set("device_ends", policy.until_last_detach);
  set("cpu_unattached", policy.refuse_unattached);
  set("map_in_window", policy.refuse_map_in_window);
  model::Call exported;
  exported.event = at(model::kEvents, "export");
  static_cast<void>(model::step(s.custody, s.lifetime, exported));
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
  constexpr client::Step::Kind kKinds[] = {client::Step::Kind::kAttach, client::Step::Kind::kDetach,
                                           client::Step::Kind::kMap,    client::Step::Kind::kUnmap,
                                           client::Step::Kind::kBegin,  client::Step::Kind::kEnd};
  for (; !todo.empty(); todo.pop_front()) {
    const Node node = todo.front();
    if (node.state.is_hazard()) return node.path;
    for (const client::Step::Kind kind : kKinds)
      for (std::uint8_t device = 0; device < 2; ++device)
        for (std::uint8_t direction = 0; direction < 3; ++direction) {
          const client::Step step{kind, device, direction};
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
