// SPDX-License-Identifier: BSD-2-Clause
// Puts the syncs of a contract into the calls of a trace.
#include "checker/review/substitution.hpp"

namespace custody::checker::review {

using model::Operation;
using traces::Event;
using traces::EventKind;
using traces::Phase;

namespace {

EventKind kind_of(model::SyncCall call) {
  switch (call) {
    case model::SyncCall::kMap: return EventKind::kDmaMap;
    case model::SyncCall::kUnmap: return EventKind::kDmaUnmap;
    case model::SyncCall::kForCpu: return EventKind::kSyncForCpu;
    case model::SyncCall::kForDevice: return EventKind::kSyncForDevice;
  }
  return EventKind::kLost;
}

}  // namespace

replay::Options options_under(const spec::Contract& contract, replay::Options options) {
  if (contract.memory != "write_combined") return options;
  const std::vector<spec::ExporterProfile> profiles = options.exporters.profiles();
  for (const spec::ExporterProfile& p : profiles)
    options.exporters.override_with(p.name + ":memory=" + std::string(spec::name(spec::MemoryKind::kWriteCombined)));
  return options;
}

SyncSubstitution::SyncSubstitution(const spec::Contract& contract, const spec::ExporterCatalogue& exporters,
                                   const std::string& arch, traces::EventSink& sink)
    : sink_(sink), arch_name_(arch), arch_(model::find_arch(model::kDefaultArch)),
      follower_(
          contract, exporters, arch, [](const follow::Departure&, const traces::Directory&) {},
          [this](const follow::FollowedCall& call) {
            entered_.entry = call.entry;
            entered_.syncs = call.expected;
            entered_.refused = call.is_refused();
          }) {}

void SyncSubstitution::on_header(const traces::Header& header, const traces::Directory& directory) {
  if (const model::ArchProfile* found = model::find_arch(arch_name_.empty() ? header.arch : arch_name_)) arch_ = found;
  traces::Header substituted = header;
  substituted.observes_dma_api = substituted.observes_cache_ops = true;
  substituted.expectations.clear();
  follower_.on_header(substituted, directory);
  sink_.on_header(substituted, directory);
}

void SyncSubstitution::on_event(const Event& e, const traces::Directory& directory) {
  if (replay::is_nested_kind(e.kind)) return;
  if (!replay::is_core_call(e.kind)) {
    follower_.on_event(e, directory);
    return sink_.on_event(e, directory);
  }
  if (e.phase != Phase::kReturn) return enter(e, directory);
  const std::optional<Open> call = open_.close(e);
  follower_.on_event(e, directory);
  if (!call) return sink_.on_event(e, directory);
  leave(*call, e, directory);
}

void SyncSubstitution::enter(const Event& e, const traces::Directory& directory) {
  entered_ = {};
  entered_.entry = e;
  follower_.on_event(e, directory);
  Open call = std::move(entered_);
  if (e.phase == Phase::kEnter) {
    sink_.on_event(e, directory);
    open_.open(std::move(call));
    return;
  }
  if (call.syncs.empty() || call.refused) {
    if (call.refused && e.ok()) ++refused_;
    return sink_.on_event(e, directory);
  }
  Event begin = e, end = e;
  begin.phase = Phase::kEnter;
  end.phase = Phase::kReturn;
  begin.call = end.call = next_call_++;
  begin.ret = 0;
  call.entry = begin;
  sink_.on_event(begin, directory);
  leave(call, end, directory);
}

void SyncSubstitution::leave(const Open& call, const Event& end, const traces::Directory& directory) {
  if (call.refused && end.ok()) ++refused_;
  if (!call.refused && (end.ok() || end.kind == EventKind::kBeginCpuAccess))
    for (const follow::ExpectedSync& sync : call.syncs) sink_.on_event(event_of(sync, call, end), directory);
  sink_.on_event(end, directory);
}

Event SyncSubstitution::event_of(const follow::ExpectedSync& sync, const Open& call, const Event& end) const {
  Event e;
  e.buffer = call.entry.buffer;
  e.task = call.entry.task;
  e.in = call.entry.call;
  e.at.line = end.at.line;
  e.at.ts = end.at.ts;
  e.dir = sync.dir;
  const model::SyncCall kind = sync.sync.call;
  const bool for_device = kind == model::SyncCall::kMap || kind == model::SyncCall::kForDevice;
  if (sync.device != traces::kNoId) {
    e.kind = kind_of(kind);
    e.device = sync.device;
    e.attachment = sync.attachment;
    e.dma.attrs = sync.skip ? traces::kAttrSkipCpuSync : 0;
    return e;
  }
  e.kind = EventKind::kCacheOperation;
  e.maintenance.known = true;
  e.maintenance.kind = sync.operation;
  if (sync.sync.targets == model::Targets::kExporter && !sync.skip)
    e.maintenance.kind = for_device ? arch_->device_operation(sync.dir) : arch_->cpu_operation(sync.dir);
  if (arch_->all_coherent) e.maintenance.kind = Operation::kNone;
  return e;
}

}  // namespace custody::checker::review
