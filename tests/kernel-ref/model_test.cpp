// SPDX-License-Identifier: BSD-2-Clause
// The lifetime tables and the real heaps agree: what the machine calls legal the driver accepts, and its DMA calls are
// those that the row predicts.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/step.hpp"
#include "tests/kernel-ref/story.hpp"
#include "traces/litmus_writer.hpp"

namespace custody::kernel_ref::test {
namespace {

using traces::Event;
using traces::EventKind;

/// A DMA call: what, for which device, which way.
using Call = std::tuple<EventKind, std::uint32_t, model::Direction>;

class Prediction {
 public:
  /// The calls that the rows of the tables predict inside `enter`, which returned `ret`; fails where they refuse it.
  std::multiset<Call> follow(const Event& enter, std::int32_t ret) {
    const auto [event, known] = event_of(enter.kind);
    if (!known) return {};
    model::Attachment& attachment = attachments_[enter.attachment].lifetime;
    model::Call call;
    call.event = event;
    call.failed = ret != 0;
    call.window_nested = false;
    const model::Outcome outcome = model::step(world_, attachment, call);
    EXPECT_EQ(outcome.refusal(), nullptr);
    std::multiset<Call> calls;
    if (outcome.buffer_row != nullptr)
      for (const model::Id id : outcome.buffer_row->syncs) predict(model::kSyncs[id], enter, calls);
    // The exporter's hook runs before the core may fail the call.
    if (ret != 0 && enter.kind == EventKind::kBeginCpuAccess)
      for (const auto& [id, a] : attachments_)
        if (a.mapped) calls.insert({EventKind::kSyncForCpu, a.device, enter.dir});
    world_ = outcome.world;
    attachment = outcome.attachment;
    if (ret == 0) remember(enter);
    return calls;
  }

 private:
  struct Importer {
    model::Attachment lifetime;
    std::uint32_t device = 0;
    bool mapped = false;
  };
  static std::pair<model::Id, bool> event_of(EventKind kind) {
    const std::string_view name = traces::name(kind);
    for (std::size_t i = 0; i < model::kEventCount; ++i)
      if (model::kEvents[i].name == name) return {static_cast<model::Id>(i), true};
    return {0, false};
  }
  void remember(const Event& e) {
    Importer& a = attachments_[e.attachment];
    a.device = e.device;
    if (e.kind == EventKind::kMap) a.mapped = true;
    if (e.kind == EventKind::kUnmap) a.mapped = false;
    if (e.kind == EventKind::kDetach) attachments_.erase(e.attachment);
  }
  void predict(const model::Sync& sync, const Event& e, std::multiset<Call>& calls) const {
    const EventKind kind = sync.call == model::SyncCall::kMap      ? EventKind::kDmaMap
                           : sync.call == model::SyncCall::kUnmap  ? EventKind::kDmaUnmap
                           : sync.call == model::SyncCall::kForCpu ? EventKind::kSyncForCpu
                                                                   : EventKind::kSyncForDevice;
    if (sync.targets == model::Targets::kOwn) calls.insert({kind, e.device, e.dir});
    if (sync.targets == model::Targets::kMapped)
      for (const auto& [id, a] : attachments_)
        if (a.mapped) calls.insert({kind, a.device, e.dir});
  }

  model::World world_ = model::fresh_world();
  std::map<std::uint32_t, Importer> attachments_;
};

/// The DMA calls inside the call `id`.
std::multiset<Call> calls_in(const traces::RecordedTrace& trace, std::uint32_t id) {
  std::multiset<Call> calls;
  for (const Event& e : trace.events())
    if (e.in == id && id != traces::kNoId && e.kind >= EventKind::kDmaMap && e.kind <= EventKind::kSyncForDevice)
      calls.insert({e.kind, e.device, e.dir});
  return calls;
}

std::int32_t result_of(const traces::RecordedTrace& trace, std::uint32_t id) {
  for (const Event& e : trace.events())
    if (e.call == id && e.phase == traces::Phase::kReturn) return e.ret;
  return 0;
}

class Model : public ::testing::TestWithParam<const char*> {};

TEST_P(Model, PredictsWhatTheHeapDoes) {
  EXPECT_TRUE(rc::check([&] {
    for (int round = 0; round < 20; ++round) {
      Program program;
      for (std::size_t n = *rc::gen::inRange<std::size_t>(0, 25); n > 0; --n)
        program.push_back({static_cast<Step::Kind>(*rc::gen::inRange<unsigned>(0, Step::kKinds)),
                           *rc::gen::inRange<std::uint8_t>(0, 3), *rc::gen::inRange<std::uint8_t>(0, 3)});
      Setting setting;
      setting.driver = GetParam();
      setting.devices.push_back({"disp"});
      traces::RecordedTrace trace;
      record(setting, program, trace);
      Prediction prediction;
      for (const Event& e : trace.events()) {
        if (e.phase == traces::Phase::kReturn || (e.phase == traces::Phase::kWhole && e.kind != EventKind::kExport))
          continue;
        const std::int32_t ret = e.phase == traces::Phase::kEnter ? result_of(trace, e.call) : 0;
        const bool same = prediction.follow(e, ret) == calls_in(trace, e.call);
        if (!same) RC_LOG() << traces::write_litmus(trace) << "in event " << e.line;
        RC_ASSERT(same);
        RC_ASSERT(!::testing::Test::HasFailure());
      }
    }
  }));
}

INSTANTIATE_TEST_SUITE_P(Heaps, Model, ::testing::Values("system", "reserved"));

}  // namespace
}  // namespace custody::kernel_ref::test
