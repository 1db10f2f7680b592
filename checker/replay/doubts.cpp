// SPDX-License-Identifier: BSD-2-Clause
// Follows what a buffer may hold from before the trace, until it no longer matters.
#include "checker/replay/doubts.hpp"

#include <algorithm>

#include "checker/replay/agents.hpp"

namespace custody::checker::replay {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Line;
using model::Memory;
using traces::Event;
using traces::EventKind;

namespace {

/// Somebody has the newest data, and no dirty line is about to destroy them.
constexpr Belief kNothingLost =
    model::only(Memory::kCurrent, Line::kAbsent) | model::only(Memory::kCurrent, Line::kCleanCurrent) |
    model::only(Memory::kCurrent, Line::kCleanOld) | model::only(Memory::kCurrent, Line::kDirtyCurrent) |
    model::only(Memory::kOld, Line::kDirtyCurrent);

constexpr Belief without_losses(Belief b) { return Belief{static_cast<std::uint16_t>(b.bits & kNothingLost.bits)}; }

}  // namespace

void Doubts::begin(bool export_seen) {
  history_ = export_seen ? History::kSeen : History::kOpen;
  mattered_ = saw_end_ = cpu_wrote_ = judged_since_ = false;
  quiet_ = true;
  reasons_ = 0;
  unknown_ = kNothingLost;
  olders_ = 0;
  first_ = 0;
  few_count_ = 0;
  many_.reset();
}

void Doubts::meet_older(std::uint32_t device, bool ends) {
  auto& older = older_.made();
  auto* const end = older.data() + std::min<std::size_t>(olders_, kMostOlders);
  if (std::find(older.data(), end, device) == end) {
    if (olders_ < kMostOlders) older[olders_] = device;
    if (olders_ <= kMostOlders) ++olders_;
    // A mapping that nobody knew of was there all along.
    if (history_ == History::kProved) mattered_ = true;
  }
  if (!ends || olders_ > kMostOlders) return;
  saw_end_ = true;
  auto* const last = older.data() + olders_;
  olders_ = static_cast<std::uint8_t>(std::remove(older.data(), last, device) - older.data());
}

bool Doubts::has_device(std::uint32_t device) const {
  if (device < kFirstDevices) return ((first_ >> device) & 1U) != 0;
  if (many_.exists() && !many_.get()->known.empty()) return many_.get()->known.contains(device);
  const auto known = devices();
  return std::find(known.begin(), known.end(), device) != known.end();
}

void Doubts::add_device(std::uint32_t device) {
  if (device < kFirstDevices) first_ |= std::uint64_t{1} << device;
  if (!many_.exists() && few_count_ < kFewDevices) {
    few_[few_count_++] = device;
    return;
  }
  if (!many_.exists()) many_.made().all.assign(few_.begin(), few_.end());
  ManyDevices& many = *many_.get();
  many.all.push_back(device);
  if (!many.known.empty()) many.known.insert(device);
  else if (many.all.size() > kSearched) many.known.insert(many.all.begin(), many.all.end());
}

bool Doubts::note(const Event& e, const Mappings& known) {
  if (e.device == traces::kNoId) return false;
  const bool maps = e.kind == EventKind::kMap || e.kind == EventKind::kDmaMap;
  const bool added = maps && !has_device(e.device);
  if (added) add_device(e.device);
  const bool syncs = e.kind == EventKind::kSyncForCpu || e.kind == EventKind::kSyncForDevice;
  const bool unmaps = e.kind == EventKind::kDmaUnmap;
  if (history_ != History::kSeen && (syncs || unmaps) && !known.has_device(e.device)) meet_older(e.device, unmaps);
  return added;
}

void Doubts::advance(AccessSet may, Belief contract, Now now) {
  judged_since_ = judged_since_ || (history_ == History::kProved && now != Now::kQuiet);
  if (history_ != History::kOpen) return;
  quiet_ = now == Now::kQuiet;
  AccessSet all = may, hidden;
  if (now != Now::kWithCpu) all.add(hidden.add(Access::kDeviceRead).add(Access::kDeviceWrite));
  const Belief possible = model::advance(unknown_, all);
  // Of what the CPU wrote in the trace, a device from before it may be the one that misses the clean.
  mattered_ =
      mattered_ || possible.intersects(hazards_of(may)) || (cpu_wrote_ && unknown_.intersects(hazards_of(hidden)));
  cpu_wrote_ = cpu_wrote_ || may.has(Access::kCpuWrite);
  unknown_ = without_losses(possible);
  settle_history(contract);
}

void Doubts::perform(Access access, bool whole) {
  if (history_ != History::kOpen) return;
  mattered_ = mattered_ || unknown_.intersects(model::hazards(access));
  const Belief done = model::hardware_closure(model::perform(access, unknown_));
  unknown_ = without_losses(whole ? done : done | unknown_);
}

void Doubts::operate(model::Operation op, Belief contract) {
  if (history_ != History::kOpen) return;
  // What is lost here was written before the trace, or is judged in the contract belief.
  const auto dirty = model::only(Memory::kOld, Line::kDirtyCurrent);
  Belief kept = unknown_;
  if (op == model::Operation::kInvalidate) kept.bits = static_cast<std::uint16_t>(kept.bits & ~dirty.bits);
  unknown_ = without_losses(model::hardware_closure(model::apply(op, kept)));
  settle_history(contract);
}

void Doubts::settle_history(Belief contract) {
  if (!quiet_ || !saw_end_ || olders_ != 0 || !(unknown_ == without_losses(contract))) return;
  history_ = History::kProved;
  // They were refused for what was before.
  if (!mattered_) reasons_ &= ~bit_of(JudgedReason::kUnjudgedRefusal);
}

void Doubts::lose(JudgedReason why) {
  note(why);
  unknown_ = kNothingLost;
}

std::uint32_t Doubts::reasons() const {
  const bool before = is_history_open() || (history_ == History::kProved && mattered_);
  return before ? reasons_ | bit_of(JudgedReason::kMappedBeforeTrace) : reasons_;
}

}  // namespace custody::checker::replay
