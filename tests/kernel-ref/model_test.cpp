// SPDX-License-Identifier: BSD-2-Clause
// The lifetime, the contract and the real heaps agree: what the machine calls legal the driver accepts, and its DMA
// calls are those that the clauses predict.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "spec/contract.hpp"
#include "tests/kernel-ref/execution.hpp"
#include "traces/formats/litmus/writer.hpp"

namespace custody::kernel_ref::test {
namespace {

using traces::Event;
using traces::EventKind;

/// A DMA call: what, for which device, which way.
using Call = std::tuple<EventKind, std::uint32_t, model::Direction>;

class Prediction {
 public:
  Prediction() { EXPECT_TRUE(contract_); }

  /// The calls that the clauses of the contract predict inside `enter`, which returned `ret`; fails where the machines
  /// refuse it.
  std::multiset<Call> follow(const Event& enter, std::int32_t ret) {
    const auto [event, known] = event_of(enter.kind);
    if (!known) return {};
    model::Call call;
    call.event = event;
    call.failed = ret != 0;
    call.dir = enter.dir;
    call.attachment = enter.attachment;
    call.device = enter.device;
    call.task = enter.task;
    const model::Step foreseen = model::foresee(custody_, contract_->lifetime, call);
    EXPECT_EQ(foreseen.refusal(), nullptr);
    std::multiset<Call> calls;
    // The exporter's hook runs before the core may fail the call.
    if (foreseen.takes_effect() && (ret == 0 || enter.kind == EventKind::kBeginCpuAccess))
      for (const spec::Clause* clause : spec::clauses_of(*contract_, event, foreseen.facts))
        for (const model::Sync& sync : clause->syncs) predict(sync, enter, calls);
    static_cast<void>(model::step(custody_, contract_->lifetime, call));
    return calls;
  }

 private:
  static std::pair<model::Id, bool> event_of(EventKind kind) {
    const std::string_view name = traces::name(kind);
    for (std::size_t i = 0; i < model::kEventCount; ++i)
      if (model::kEvents[i].name == name) return {static_cast<model::Id>(i), true};
    return {0, false};
  }
  void predict(const model::Sync& sync, const Event& e, std::multiset<Call>& calls) const {
    constexpr EventKind kKinds[] = {EventKind::kDmaMap, EventKind::kDmaUnmap, EventKind::kSyncForCpu,
                                    EventKind::kSyncForDevice};
    const EventKind kind = kKinds[static_cast<std::size_t>(sync.call)];
    if (sync.targets == model::Targets::kOwn) calls.insert({kind, e.device, e.dir});
    if (sync.targets == model::Targets::kMapped)
      for (const model::Attachment& a : custody_.attachments)
        if (a.is_mapped()) calls.insert({kind, a.device, e.dir});
  }

  std::optional<spec::Contract> contract_ = spec::find_contract("system-heap-6.1");
  model::Custody custody_;
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
        program.push_back({static_cast<client::Step::Kind>(*rc::gen::inRange<unsigned>(0, client::Step::kKinds)),
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
        if (!same) RC_LOG() << traces::formats::litmus::write_litmus(trace) << "in event " << e.at.line;
        RC_ASSERT(same);
        RC_ASSERT(!::testing::Test::HasFailure());
      }
    }
  }));
}

INSTANTIATE_TEST_SUITE_P(Heaps, Model, ::testing::Values("system", "reserved"));

}  // namespace
}  // namespace custody::kernel_ref::test
