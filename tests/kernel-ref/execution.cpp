// SPDX-License-Identifier: BSD-2-Clause
// One program on one driver: what was recorded, what the checker says of it, what really can happen to one line.
#include "tests/kernel-ref/execution.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "tests/kernel-ref/agents.hpp"

namespace custody::kernel_ref::test {

namespace {

using model::test::Action;

constexpr std::size_t kPages = 24, kLine = 64;

/// Memory is full of somebody else's bytes: zeroing it matters.
struct FullMachine : machine::Machine {
  explicit FullMachine(const Setting& setting)
      : machine::Machine({model::find_arch(setting.arch), setting.devices, kPages, kLine}) {
    ownership_heap_policy = setting.policy;
    std::fill_n(memory().ram(), memory().size(), std::uint8_t{0xee});
  }
};

void run(client::Client& client, const Setting& setting, const Program& program) {
  client::Usage usage(client, machine::kPageBytes, static_cast<std::uint32_t>(setting.devices.size()));
  for (const client::Step& step : program) usage.apply(step);
  usage.finish();
  client.finish();
}

/// Stands in the client's way and lets agents and hardware act on the first line of the buffer, between the events.
class Actor : public traces::EventSink {
 public:
  Actor(machine::Machine& machine, const Setting& setting, Counts counts)
      : machine_(machine), agents_(coherent(setting)), counts_(counts) {
    machine_.before_dma = [this] { act(); };
  }
  ~Actor() override { machine_.before_dma = nullptr; }
  void watch(client::Client& client) { client_ = &client; }
  void on_header(const traces::Header&, const traces::Directory&) override {}
  void on_event(const traces::Event& event, const traces::Directory&) override {
    // The gap before a DMA call was played before its operation ran.
    if (!event.maintenance.known && delivered_ > 0) act();
    if (event.kind == traces::EventKind::kExport) buffer_ = event.buffer;
    ++delivered_;
    acted_ = false;
    agents_.follow(event);
  }
  [[nodiscard]] bool wrong() const { return wrong_; }

 protected:
  virtual void play(std::size_t gap, const std::vector<Access>& may) = 0;

  void hardware(Move::Kind kind) {
    const machine::Phys at = client_->page(buffer_, 0);
    if (kind == Move::Kind::kFill) machine_.memory().speculate(at);
    if (kind == Move::Kind::kDrop) machine_.memory().drop(at);
    if (kind == Move::Kind::kWriteBack) machine_.memory().write_back(at);
  }
  void access(Action action, std::uint32_t device) {
    std::array<std::uint8_t, kLine> bytes{};
    const bool reads = action == Action::kLoad || action == Action::kFetch || action == Action::kSnoopingFetch;
    if (!reads) bytes.fill(++newest_);
    machine_.keep_snooping_writes(action == Action::kSnoopingPutInCache);
    if (action == Action::kLoad) client_->cpu_read(buffer_, 0, bytes.data(), kLine);
    else if (action == Action::kStoreLine) client_->cpu_write(buffer_, 0, bytes.data(), kLine);
    else if (reads) client_->device_read(agents_.attachment_of(device), 0, bytes.data(), kLine);
    else client_->device_write(agents_.attachment_of(device), 0, bytes.data(), kLine);
    for (const std::uint8_t byte : bytes) wrong_ = wrong_ || byte != newest_;
  }

 private:
  static std::vector<bool> coherent(const Setting& setting) {
    std::vector<bool> out;
    for (const machine::Device& d : setting.devices) out.push_back(d.coherent);
    return out;
  }
  void act() {
    if (client_ == nullptr || delivered_ == 0 || std::exchange(acted_, true)) return;
    look_for_loss();
    play(delivered_, agents_.permitted());
    look_for_loss();
  }
  /// The newest bytes must be in memory or in the line.
  void look_for_loss() {
    if (counts_ == Counts::kReads) return;
    const machine::Memory& m = machine_.memory();
    const machine::Phys at = client_->page(buffer_, 0);
    const bool held =
        m.in_memory(at) == newest_ || (m.state(at) != machine::LineState::kAbsent && m.in_cache(at) == newest_);
    wrong_ = wrong_ || !held;
  }

  machine::Machine& machine_;
  client::Client* client_ = nullptr;
  Agents agents_;
  Counts counts_;
  std::uint32_t buffer_ = 0;
  std::size_t delivered_ = 0;
  bool acted_ = false, wrong_ = false;
  std::uint8_t newest_ = 0;
};

class Scheduled final : public Actor {
 public:
  Scheduled(machine::Machine& machine, const Setting& setting, const Schedule& schedule, Counts counts)
      : Actor(machine, setting, counts), schedule_(schedule) {}

 private:
  void play(std::size_t gap, const std::vector<Access>&) override {
    for (; next_ < schedule_.size() && schedule_[next_].first == gap; ++next_) {
      const Move& move = schedule_[next_].second;
      if (move.kind == Move::Kind::kAct) access(move.action, move.device);
      else hardware(move.kind);
    }
  }
  const Schedule& schedule_;
  std::size_t next_ = 0;
};

class Random final : public Actor {
 public:
  Random(machine::Machine& machine, const Setting& setting, unsigned seed, Counts counts)
      : Actor(machine, setting, counts), random_(seed) {
    if (counts != Counts::kReads) return;
    stays_ = true;
    most_ = 2 + seed % 4;
    idle_ = seed % 8 < 4;
  }

 private:
  void play(std::size_t, const std::vector<Access>& may) override {
    if (idle_ && may.empty()) return;
    for (auto n = random_() % most_; n > 0; --n) {
      const std::size_t pick = random_() % (may.size() + (idle_ ? 0 : 3));
      if (pick < may.size()) access(anywhere(may[pick].action), may[pick].device);
      else hardware(static_cast<Move::Kind>(pick - may.size()));
    }
  }
  /// A snooping device's write may stay in the cache.
  Action anywhere(Action action) {
    return action == Action::kSnoopingPut && stays_ && random_() % 2 == 0 ? Action::kSnoopingPutInCache : action;
  }
  bool stays_ = false;
  bool idle_ = false;  ///< the hardware makes no move of its own: in long runs it would have written all lines back
  unsigned most_ = 5;
  std::mt19937 random_;
};

}  // namespace

void record(const Setting& setting, const Program& program, traces::RecordedTrace& trace) {
  FullMachine machine(setting);
  client::Client client(machine, trace, {setting.driver, 0, false});
  run(client, setting, program);
}

void with_client(const Setting& setting, const std::function<void(client::Usage&, const traces::RecordedTrace&)>& use) {
  FullMachine machine(setting);
  traces::RecordedTrace trace;
  client::Client client(machine, trace, {setting.driver, 0, false});
  client::Usage usage(client, machine::kPageBytes, static_cast<std::uint32_t>(setting.devices.size()));
  use(usage, trace);
  usage.finish();
  client.finish();
}

bool bytes_go_wrong(const Setting& setting, const Program& program, const Schedule& schedule, Counts counts) {
  FullMachine machine(setting);
  Scheduled actor(machine, setting, schedule, counts);
  client::Client client(machine, actor, {setting.driver, 0, false});
  actor.watch(client);
  run(client, setting, program);
  return actor.wrong();
}

bool bytes_go_wrong_at_random(const Setting& setting, const Program& program, unsigned seed, Counts counts) {
  FullMachine machine(setting);
  Random actor(machine, setting, seed, counts);
  client::Client client(machine, actor, {setting.driver, seed, false});
  actor.watch(client);
  run(client, setting, program);
  return actor.wrong();
}

}  // namespace custody::kernel_ref::test
