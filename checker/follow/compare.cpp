// SPDX-License-Identifier: BSD-2-Clause
// What the syncs of clauses come to in a call, and where those of a driver are others.
#include "checker/follow/compare.hpp"

#include <algorithm>

#include "model/sync.hpp"

namespace custody::checker::follow {

using model::Attachment;
using model::Direction;
using model::Operation;
using model::SyncCall;
using model::SyncDirection;
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

/// The syncs of clauses for the devices that they name.
class Expansion {
 public:
  explicit Expansion(const SyncScope& scope) : scope_(scope) {}

  void add(const spec::Clause& clause, const model::Sync& sync) {
    if (sync.dir == SyncDirection::kKept && scope_.kept == Direction::kNone) return;
    ExpectedSync want;
    want.sync = sync;
    want.clause = &clause;
    want.skip = model::skips(sync, scope_.skips_maps);
    if (sync.targets == Targets::kBuffer) want.operation = operation_of_pass(sync);
    if (!model::names_device(sync.targets)) return add_for(want, nullptr);
    for (const Attachment& a : scope_.custody.attachments) {
      if (!is_target(sync.targets, a)) continue;
      add_for(want, &a);
      if (sync.targets == Targets::kFirst) return;
    }
  }

  /// A sync of the buffer takes any operation that is left.
  [[nodiscard]] std::vector<ExpectedSync> take() {
    std::stable_partition(out_.begin(), out_.end(),
                          [](const ExpectedSync& e) { return e.sync.targets != Targets::kBuffer; });
    return std::move(out_);
  }

 private:
  static Operation operation_of_pass(const model::Sync& sync) {
    if (model::is_one_pass(sync)) return Operation::kCleanInvalidate;
    return sync.call == SyncCall::kForDevice ? Operation::kClean : Operation::kInvalidate;
  }

  [[nodiscard]] bool is_target(Targets targets, const Attachment& a) const {
    switch (targets) {
      case Targets::kOwn: return &a == scope_.own;
      case Targets::kMapped:
      case Targets::kFirst: return a.is_mapped();
      case Targets::kOthers: return a.is_mapped() && &a != scope_.own;
      case Targets::kAttached: return true;
      case Targets::kExporter:
      case Targets::kBuffer: break;
    }
    return false;
  }

  [[nodiscard]] Direction mapping_of(const Attachment* a) const {
    if (a == nullptr || (a == scope_.own && scope_.dir != Direction::kNone)) return scope_.dir;
    const auto is_mapped = [a](Direction dir) {
      return dir != Direction::kNone && a->maps[static_cast<std::size_t>(dir)] != 0;
    };
    if (is_mapped(scope_.dir)) return scope_.dir;
    for (const Direction dir : {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice})
      if (is_mapped(dir)) return dir;
    return Direction::kNone;
  }

  void add_for(ExpectedSync want, const Attachment* a) {
    want.dir = model::direction_of(want.sync, scope_.dir, mapping_of(a), scope_.kept);
    if (a != nullptr) {
      want.device = a->device;
      want.attachment = a->id;
    }
    out_.push_back(want);
  }

  const SyncScope& scope_;
  std::vector<ExpectedSync> out_;
};

}  // namespace

std::vector<ExpectedSync> expand(std::span<const spec::Clause* const> clauses, const SyncScope& scope) {
  Expansion expansion(scope);
  for (const spec::Clause* const clause : clauses)
    for (const model::Sync& sync : clause->syncs) expansion.add(*clause, sync);
  return expansion.take();
}

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
