// SPDX-License-Identifier: BSD-2-Clause
// What the syncs of clauses come to in one call.
#include "spec/expected_sync.hpp"

#include <algorithm>

namespace custody::spec {

using model::Attachment;
using model::Direction;
using model::Operation;
using model::SyncCall;
using model::SyncDirection;
using model::Targets;

namespace {

/// The syncs of clauses for the devices that they name.
class Expansion {
 public:
  explicit Expansion(const SyncScope& scope) : scope_(scope) {}

  void add(const Clause& clause, const model::Sync& sync) {
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

std::vector<ExpectedSync> expand(std::span<const Clause* const> clauses, const SyncScope& scope) {
  Expansion expansion(scope);
  for (const Clause* const clause : clauses)
    for (const model::Sync& sync : clause->syncs) expansion.add(*clause, sync);
  return expansion.take();
}

}  // namespace custody::spec
