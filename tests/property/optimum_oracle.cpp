// SPDX-License-Identifier: BSD-2-Clause
// Keeps the least cost of every set of hardware states that any schedule can lead to.
#include "tests/property/optimum_oracle.hpp"

#include <algorithm>
#include <map>

namespace custody::property {

namespace {

class Trial {
 public:
  Trial(const std::vector<Kind>& devices, unsigned both, HardwareSets& sets)
      : devices_(devices), both_(both), sets_(sets), mapped_(devices.size()), costs_{{sets.dirty_start(), 0}} {}

  void make(const Deal& deal) {
    pass();
    enter(deal);
    operate();
    pass();
    copy(deal);
    pass();
    operate();
    leave(deal);
    look();
  }
  [[nodiscard]] Cheapest result() const {
    Cheapest cheapest;
    cheapest.mixed = mixed_;
    for (const auto& [set, cost] : costs_) cheapest.passes = std::min(cost, cheapest.passes.value_or(cost));
    return cheapest;
  }

 private:
  using Costs = std::map<SetId, unsigned>;
  static void improve(Costs& costs, SetId set, unsigned cost) {
    const auto [it, is_new] = costs.try_emplace(set, cost);
    if (!is_new) it->second = std::min(it->second, cost);
  }
  template <class To>
  void each(const To& to) {
    Costs next;
    for (const auto& [set, cost] : costs_) improve(next, to(set), cost);
    costs_ = std::move(next);
  }
  void require(Question never) {
    std::erase_if(costs_, [&](const auto& entry) { return sets_.any(entry.first, never); });
  }

  [[nodiscard]] bool are_devices_active() const { return !window_ && !opening_; }
  [[nodiscard]] std::vector<Step> moves() const {
    std::vector<Step> may;
    if (window_ && device_reads(*window_)) may.push_back({Move::kCpuStore, 0});
    for (unsigned d = 0; d < devices_.size() && are_devices_active(); ++d) {
      if (!mapped_[d] || !device_writes(*mapped_[d])) continue;
      if (devices_[d] == Kind::kPlain) may.push_back({Move::kDevicePut, 0});
      else if (devices_[d] == Kind::kBounced) may.push_back({Move::kSlotPut, 1});
      else may.push_back({Move::kSnoopingPut, 0});
      if (devices_[d] == Kind::kAllocating) may.push_back({Move::kSnoopingPutInCache, 0});
    }
    return may;
  }
  void pass() {
    const std::vector<Step> may = moves();
    each([&](SetId set) { return sets_.closure(set, may); });
    look();
  }
  /// An operation that can lose a write is in no schedule.
  void operate() {
    const Costs before = costs_;
    for (const Move move : {Move::kClean, Move::kInvalidate, Move::kCleanInvalidate})
      for (const auto& [set, cost] : before) {
        if (move == Move::kInvalidate && sets_.any(set, {Ask::kLosesDirty, 0})) continue;
        improve(costs_, sets_.closure(sets_.after(set, {move, 0}), {}),
                cost + (move == Move::kCleanInvalidate ? both_ : 1));
      }
  }
  void copy(const Deal& deal) {
    const auto step = [&](Move move) {
      each([&](SetId set) { return sets_.closure(sets_.after(set, {move, 1}), {}); });
    };
    switch (deal.copy) {
      case Copy::kNone: return;
      case Copy::kFirstIn:
      case Copy::kIn:
        require({Ask::kBufferOld, 0});
        return step(deal.copy == Copy::kIn ? Move::kCopyIn : Move::kNewSlot);
      case Copy::kOut: return step(Move::kCopyOut);
      case Copy::kLastOut: step(Move::kCopyOut); break;
      case Copy::kDrop: break;
    }
    step(Move::kDropSlot);
  }
  void enter(const Deal& deal) {
    if (deal.deed == Deed::kUnmap) mapped_[deal.device].reset();
    opening_ = deal.deed == Deed::kBegin;
    if (deal.deed != Deed::kEnd && deal.deed != Deed::kExit) return;
    // What is open is closed, and nobody has the buffer until the call is over.
    window_.reset();
    opening_ = true;
  }
  void leave(const Deal& deal) {
    opening_ = false;
    if (deal.deed == Deed::kMap) mapped_[deal.device] = deal.way;
    if (deal.deed == Deed::kBegin) window_ = deal.way;
  }
  void look() {
    if (window_ && device_writes(*window_)) require({Ask::kBufferOld, 0});
    for (unsigned d = 0; d < devices_.size() && are_devices_active(); ++d) {
      if (!mapped_[d]) continue;
      for (unsigned other = 0; other < d; ++other) mixed_ = mixed_ || mixes(d, other);
      const bool plain = devices_[d] == Kind::kPlain;
      if (devices_[d] == Kind::kBounced) continue;
      if (device_reads(*mapped_[d])) require({plain ? Ask::kMemoryOld : Ask::kBufferOld, 0});
      if (plain && device_writes(*mapped_[d])) require({Ask::kDirty, 0});
    }
  }
  [[nodiscard]] bool mixes(unsigned a, unsigned b) const {
    const auto reach = [&](unsigned d) { return devices_[d] == Kind::kAllocating ? Kind::kCoherent : devices_[d]; };
    return mapped_[b] && reach(a) != reach(b) && (device_writes(*mapped_[a]) || device_writes(*mapped_[b]));
  }

  const std::vector<Kind>& devices_;
  unsigned both_;
  HardwareSets& sets_;
  std::vector<std::optional<Way>> mapped_;
  std::optional<Way> window_;
  bool opening_ = false, mixed_ = false;
  Costs costs_;
};

}  // namespace

Cheapest cheapest_schedule(const BufferStory& story, const std::vector<Kind>& devices, unsigned both,
                           HardwareSets& sets) {
  Trial trial(devices, both, sets);
  for (const Deal& deal : story.deals) trial.make(deal);
  return trial.result();
}

}  // namespace custody::property
