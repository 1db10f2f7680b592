// SPDX-License-Identifier: BSD-2-Clause
// What one event costs in the model: the lifetime step, both beliefs advanced, and a cache operation where one runs.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <iterator>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "model/coherence.hpp"
#include "model/custody.hpp"

namespace custody::bench {
namespace {

using model::Access;
using model::AccessSet;
using model::at;
using model::Belief;
using model::kEvents;
using model::Operation;

constexpr std::uint32_t kBuffers = 1000;
constexpr std::uint32_t kFrames = 4;
/// Camera, GPU, display.
constexpr model::Direction kDevices[] = {model::Direction::kFromDevice, model::Direction::kBidirectional,
                                         model::Direction::kToDevice};

/// One event of one buffer, with the agents that were active before it.
struct Event {
  std::uint32_t buffer = 0;
  model::Call call;
  AccessSet contract, worst;
  Operation operation = Operation::kNone;
};

struct Buffer {
  model::Custody custody;
  Belief contract, worst;
};

/// The events of one buffer's life: a frame maps and unmaps each device, then the CPU reads or writes.
class Execution {
 public:
  explicit Execution(std::uint32_t buffer) : buffer_(buffer) {}

  std::vector<Event> events() {
    add("export", 0, Operation::kNone);
    for (std::uint32_t frame = 0; frame < kFrames; ++frame) {
      for (std::uint32_t device = 0; device < std::size(kDevices); ++device) use(device);
      use_by_cpu();
    }
    add("release", 0, Operation::kNone);
    return std::move(events_);
  }

 private:
  // The event's word is looked up at run time: this is the setup, and nothing of it is measured.
  void add(std::string_view word, std::uint32_t device, Operation operation) {
    Event e;
    e.buffer = buffer_;
    e.call.attachment = e.call.device = device;
    e.call.dir = kDevices[device];
    e.call.task = 0;
    for (std::size_t i = 0; i < std::size(kEvents); ++i)
      if (kEvents[i].name == word) e.call.event = static_cast<model::Id>(i);
    e.contract = agents_;
    e.worst = agents_;
    e.worst.add(Access::kCpuRead).add(Access::kCpuWrite).add(Access::kCpuWritePart);
    e.operation = operation;
    events_.push_back(e);
  }

  void use(std::uint32_t device) {
    const bool writes = model::device_may_write(kDevices[device]);
    add("attach", device, Operation::kNone);
    add("map", device, Operation::kClean);
    agents_.add(writes ? Access::kDeviceWrite : Access::kDeviceRead);
    add("unmap", device, writes ? Operation::kInvalidate : Operation::kNone);
    agents_ = {};
    add("detach", device, Operation::kNone);
  }

  void use_by_cpu() {
    add("begin_cpu_access", 0, Operation::kInvalidate);
    agents_.add(Access::kCpuRead).add(Access::kCpuWrite);
    add("end_cpu_access", 0, Operation::kClean);
    agents_ = {};
  }

  std::uint32_t buffer_;
  AccessSet agents_;
  std::vector<Event> events_;
};

/// The events of all buffers, in random turns: neighbours in the trace are strangers in memory.
std::vector<Event> interleaved() {
  std::vector<std::vector<Event>> executions;
  executions.reserve(kBuffers);
  for (std::uint32_t b = 0; b < kBuffers; ++b) executions.push_back(Execution(b).events());
  std::vector<std::size_t> next(kBuffers, 0);
  std::vector<std::uint32_t> turns;
  for (std::uint32_t b = 0; b < kBuffers; ++b) turns.insert(turns.end(), executions[b].size(), b);
  std::mt19937 random(1);
  for (std::size_t i = turns.size(); i > 1; --i) std::swap(turns[i - 1], turns[random() % i]);
  std::vector<Event> events;
  events.reserve(turns.size());
  for (const std::uint32_t b : turns) events.push_back(executions[b][next[b]++]);
  return events;
}

const std::vector<Event>& trace() {
  static const auto kTrace = interleaved();
  return kTrace;
}

void start_if_exported(Buffer& b, const Event& e) {
  if (e.call.event != at(kEvents, "export")) return;
  model::start_over(b.custody);
  b.contract = model::hardware_closure(model::start::kDirty);
  b.worst = b.contract;
}

bool take_step(Buffer& b, const Event& e) {
  static const model::Lifetime kLifetime;
  return step(b.custody, kLifetime, e.call).refusal() == nullptr;
}

unsigned move_beliefs(Buffer& b, const Event& e) {
  b.contract = model::advance(b.contract, e.contract);
  b.worst = model::advance(b.worst, e.worst);
  if (e.operation == Operation::kNone) return 0;
  const bool contract_same = model::has_no_effect(e.operation, b.contract);
  const bool worst_same = model::has_no_effect(e.operation, b.worst);
  b.contract = model::hardware_closure(model::apply(e.operation, b.contract));
  b.worst = model::hardware_closure(model::apply(e.operation, b.worst));
  return (contract_same ? 1U : 0U) + (worst_same ? 1U : 0U);
}

/// Runs `body` on one event after the other; one iteration is one event.
template <class Body>
void on_each_event(benchmark::State& state, const Body& body) {
  const std::vector<Event>& events = trace();
  std::vector<Buffer> buffers(kBuffers);
  std::size_t next = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const Event& e = events[next];
    Buffer& b = buffers[e.buffer];
    start_if_exported(b, e);
    if (!body(b, e)) {
      state.SkipWithError("a legal call was refused");
      break;
    }
    if (++next == events.size()) next = 0;
  }
  state.SetItemsProcessed(state.iterations());
}

void step_alone(benchmark::State& state) { on_each_event(state, take_step); }

void beliefs_alone(benchmark::State& state) {
  unsigned without_effect = 0;
  on_each_event(state, [&](Buffer& b, const Event& e) {
    without_effect += move_beliefs(b, e);
    return true;
  });
  benchmark::DoNotOptimize(without_effect);
}

void step_and_beliefs(benchmark::State& state) {
  unsigned without_effect = 0;
  on_each_event(state, [&](Buffer& b, const Event& e) {
    without_effect += move_beliefs(b, e);
    return take_step(b, e);
  });
  benchmark::DoNotOptimize(without_effect);
}

BENCHMARK(step_alone);
BENCHMARK(beliefs_alone);
BENCHMARK(step_and_beliefs);

}  // namespace
}  // namespace custody::bench

BENCHMARK_MAIN();
