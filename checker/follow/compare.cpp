// SPDX-License-Identifier: BSD-2-Clause
// What the syncs of clauses come to in a call, and where those of a driver are others.
#include "checker/follow/compare.hpp"

#include <algorithm>

#include "model/sync.hpp"

namespace custody::checker::follow {

using model::Direction;
using model::Operation;
using model::SyncCall;
using model::Targets;
using traces::Event;
using traces::EventKind;
using traces::kNoId;

namespace {

EventKind dma_call(SyncCall call) {
  switch (call) {
    case SyncCall::kMap: return EventKind::kDmaMap;
    case SyncCall::kUnmap: return EventKind::kDmaUnmap;
    case SyncCall::kForCpu: return EventKind::kSyncForCpu;
    case SyncCall::kForDevice: return EventKind::kSyncForDevice;
  }
  return EventKind::kLost;
}

class Comparison {
 public:
  Comparison(const CallFacts& facts, std::span<const FollowedAttachment> attachments,
             const traces::Directory& directory)
      : facts_(facts), attachments_(attachments), directory_(directory) {}

  [[nodiscard]] bool matches(const ExpectedSync& want, const Event& e) const {
    if (want.sync.targets == Targets::kBuffer) return operation_of(e) == want.operation;
    return same_call(want, e) && same_target(want, e) && same_direction(want, e) && e.skips_sync() == want.skip;
  }

  /// What an exporter gives back at release has the direction in which it was mapped: the clause does not say.
  [[nodiscard]] static bool same_direction(const ExpectedSync& want, const Event& e) {
    return e.dir == want.dir || want.dir == Direction::kNone;
  }

  [[nodiscard]] bool same_call(const ExpectedSync& want, const Event& e) const {
    return want.sync.targets != Targets::kBuffer && e.kind == dma_call(want.sync.call);
  }

  [[nodiscard]] bool same_target(const ExpectedSync& want, const Event& e) const {
    if (want.device == kNoId) return is_exporters(e);
    if (e.attachment != kNoId && want.attachment != kNoId) return e.attachment == want.attachment;
    return e.device == want.device;
  }

  /// Not the exporter's sync of an importer's mapping.
  [[nodiscard]] bool is_exporters(const Event& e) const {
    if (e.kind == EventKind::kCacheOperation) return true;
    return e.attachment == kNoId && std::none_of(attachments_.begin(), attachments_.end(),
                                                 [&](const FollowedAttachment& a) { return a.device == e.device; });
  }

  /// Made or given back for other reasons than this call, or without a touch of a cache.
  [[nodiscard]] bool may_be_extra(const Event& e) const {
    const bool maps = e.kind == EventKind::kDmaMap, unmaps = e.kind == EventKind::kDmaUnmap;
    if (facts_.kind == EventKind::kAttach && maps) return true;
    if (facts_.kind == EventKind::kDetach && unmaps && facts_.had_table) return true;
    return (maps || unmaps) && e.skips_sync() && is_exporters(e);
  }

  /// The core or the exporter keeps the table of the attachment.
  [[nodiscard]] bool may_be_missing(const ExpectedSync& want) const {
    if (want.sync.targets != Targets::kOwn) return false;
    return want.sync.call == SyncCall::kMap ? facts_.had_table : facts_.keeps_table;
  }

 private:
  [[nodiscard]] Operation operation_of(const Event& e) const {
    if (e.kind == EventKind::kCacheOperation || e.maintenance.known) return e.maintenance.kind;
    const bool snoops = e.device < directory_.devices.size() && directory_.devices[e.device].coherent.value_or(false);
    if (e.skips_sync() || snoops) return Operation::kNone;
    const bool for_device = e.kind == EventKind::kDmaMap || e.kind == EventKind::kSyncForDevice;
    return for_device ? facts_.arch->device_operation(e.dir) : facts_.arch->cpu_operation(e.dir);
  }

  const CallFacts& facts_;
  std::span<const FollowedAttachment> attachments_;
  const traces::Directory& directory_;
};

Departure departure(DepartureKind kind, const ExpectedSync* expected, const Event* found) {
  Departure d;
  d.kind = kind;
  if (expected != nullptr) {
    d.expected = *expected;
    d.clause = expected->clause;
  }
  if (found != nullptr) {
    d.found = *found;
    d.line = found->at.line;
  }
  return d;
}

/// `want` was not made as it should be: what stands in its place?
Departure explain(const ExpectedSync& want, const std::vector<Event>& left, const Comparison& c) {
  const auto find = [&](auto like) {
    const auto it = std::find_if(left.begin(), left.end(), like);
    return it == left.end() ? nullptr : &*it;
  };
  const auto same = [&](const Event& e) { return c.same_call(want, e) && c.same_target(want, e); };
  if (const Event* e = find([&](const Event& x) { return same(x) && x.skips_sync() == want.skip; }))
    return departure(DepartureKind::kWrongDirection, &want, e);
  if (const Event* e = find([&](const Event& x) { return same(x) && Comparison::same_direction(want, x); }))
    return departure(DepartureKind::kWrongAttributes, &want, e);
  if (const Event* e = find(same)) return departure(DepartureKind::kWrongDirection, &want, e);
  if (const Event* e = find([&](const Event& x) { return c.same_call(want, x); }))
    return departure(DepartureKind::kWrongTarget, &want, e);
  return departure(DepartureKind::kMissingSync, &want, nullptr);
}

}  // namespace

std::optional<Departure> first_difference(std::vector<ExpectedSync> expected, std::vector<Event> found,
                                          const CallFacts& facts, std::span<const FollowedAttachment> attachments,
                                          const traces::Directory& directory) {
  const Comparison c(facts, attachments, directory);
  std::erase_if(found, [](const Event& e) {
    return !e.ok() || (e.kind == EventKind::kCacheOperation && e.maintenance.kind == Operation::kNone);
  });
  std::erase_if(expected, [&](const ExpectedSync& want) {
    const auto made = std::find_if(found.begin(), found.end(), [&](const Event& e) { return c.matches(want, e); });
    if (made == found.end()) return false;
    found.erase(made);
    return true;
  });
  std::erase_if(found, [&](const Event& e) { return c.may_be_extra(e); });
  std::optional<Departure> missing;
  for (const ExpectedSync& want : expected) {
    Departure d = explain(want, found, c);
    if (d.kind != DepartureKind::kMissingSync) return d;
    if (!missing && !c.may_be_missing(want)) missing = d;
  }
  if (missing) return missing;
  if (!found.empty()) return departure(DepartureKind::kExtraSync, nullptr, &found.front());
  return std::nullopt;
}

}  // namespace custody::checker::follow
