// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/address_space.hpp"

#include <algorithm>

namespace custody::traces::formats::ftrace {

namespace {

/// So many mappings of one device may begin before an address and still hold it.
constexpr int kMostBefore = 16;

/// Of two that fit, is `a` the better one?
bool is_better(const AddressMapping& a, const AddressMapping& b, std::uint32_t buffer) {
  if (a.live != b.live) return a.live;
  if ((a.owner.buffer == buffer) != (b.owner.buffer == buffer)) return a.owner.buffer == buffer;
  return a.live ? a.id < b.id : a.id > b.id;
}

bool is_of(const MemoryOwner& a, const MemoryOwner& b) { return a.buffer == b.buffer && a.generation == b.generation; }

}  // namespace

AddressSpace::Found AddressSpace::at(std::uint32_t device, std::uint64_t dma_addr, std::uint32_t buffer) const {
  Found best;
  auto it = by_dma_.upper_bound({device, dma_addr});
  for (int i = 0; i < kMostBefore && it != by_dma_.begin(); ++i) {
    --it;
    if (it->first.first != device) break;
    if (dma_addr - it->first.second >= it->second.bytes) continue;
    const AddressMapping& m = slots_[it->second.slot];
    if (best.mapping == nullptr || is_better(m, *best.mapping, buffer))
      best = {&m, it->second.offset + (dma_addr - it->first.second)};
    if (best.mapping->live && !best.mapping->repeated) break;
  }
  return best;
}

AddressSpace::Found AddressSpace::of_table(const AddressMapping& like) const {
  const AddressMapping* best = nullptr;
  const auto [first, last] = by_memory_.equal_range({like.device, like.memory});
  for (auto it = first; it != last; ++it) {
    const AddressMapping& m = slots_[it->second];
    if (m.table != like.table || m.single != like.single) continue;
    const bool same = m.dir == like.dir;
    if (best != nullptr && (m.live != best->live              ? best->live
                            : (best->dir == like.dir) != same ? !same
                                                              : !is_better(m, *best, like.owner.buffer)))
      continue;
    best = &m;
  }
  return {best, 0};
}

MemoryOwner AddressSpace::owner_of(std::uint64_t memory) const {
  const auto it = owners_.find(memory);
  return it != owners_.end() ? it->second.owner : MemoryOwner{};
}

void AddressSpace::make_way(std::uint32_t device, AddressRange range) {
  in_the_way_.clear();
  auto it = by_dma_.lower_bound({device, range.begin});
  for (int i = 0; i < kMostBefore && it != by_dma_.begin(); ++i) {
    if (std::prev(it)->first.first != device) break;
    --it;
  }
  for (; it != by_dma_.end() && it->first.first == device; ++it) {
    const std::uint64_t begin = it->first.second;
    if (begin > range.begin && begin - range.begin >= range.bytes) break;
    if (begin < range.begin && range.begin - begin >= it->second.bytes) continue;
    const AddressMapping& m = slots_[it->second.slot];
    if (!m.live || m.translated) in_the_way_.push_back(it->second.slot);
  }
  std::sort(in_the_way_.begin(), in_the_way_.end());
  in_the_way_.erase(std::unique(in_the_way_.begin(), in_the_way_.end()), in_the_way_.end());
  for (const Slot slot : in_the_way_) {
    end(slots_[slot]);
    drop(slot);
  }
}

void AddressSpace::own(const AddressMapping& mapping) {
  Owned& owned = owners_[mapping.memory];
  if (!is_of(owned.owner, mapping.owner)) owned = {mapping.owner, 0};
  ++owned.live;
}

void AddressSpace::add(AddressMapping mapping, std::span<const AddressRange> segments) {
  // Before anything else of this buffer is forgotten.
  if (mapping.owner.by_address) ++known_[mapping.owner.buffer];
  for (const AddressRange& s : segments) make_way(mapping.device, s);
  const auto [first, last] = by_memory_.equal_range({mapping.device, mapping.memory});
  for (auto it = first; it != last; ++it) {
    AddressMapping& other = slots_[it->second];
    if (!other.live) continue;
    other.repeated = mapping.repeated = true;
  }
  Slot slot = static_cast<Slot>(slots_.size());
  if (free_.empty()) {
    slots_.emplace_back();
    segments_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot] = mapping;
  own(mapping);
  segments_[slot].assign(segments.begin(), segments.end());
  std::uint64_t offset = 0;
  for (const AddressRange& s : segments) {
    by_dma_.emplace(Place{mapping.device, s.begin}, Segment{slot, s.bytes, offset});
    offset += s.bytes;
  }
  by_memory_.emplace(Place{mapping.device, mapping.memory}, slot);
}

void AddressSpace::end(const AddressMapping& mapping) {
  const auto slot = static_cast<Slot>(&mapping - slots_.data());
  AddressMapping& m = slots_[slot];
  if (!m.live) return;
  m.live = false;
  const auto owned = owners_.find(m.memory);
  const bool owns = owned != owners_.end() && is_of(owned->second.owner, m.owner);
  // Memory of a buffer that calls name may be anybody's once it is not mapped.
  if (owns && --owned->second.live == 0 && !m.owner.by_address) owners_.erase(owned);
  graves_.push_back({slot, m.id});
  if (graves_.size() <= kTombstones) return;
  const Grave oldest = graves_.front();
  graves_.pop_front();
  if (slots_[oldest.slot].id == oldest.id) drop(oldest.slot);
}

void AddressSpace::drop(Slot slot) {
  AddressMapping& m = slots_[slot];
  if (m.id == kNoId) return;
  const auto erase = [&](auto& map, const Place& place, const auto& is) {
    const auto [first, last] = map.equal_range(place);
    const auto it = std::find_if(first, last, is);
    if (it != last) map.erase(it);
  };
  for (const AddressRange& s : segments_[slot])
    erase(by_dma_, {m.device, s.begin}, [slot](const auto& e) { return e.second.slot == slot; });
  erase(by_memory_, {m.device, m.memory}, [slot](const auto& e) { return e.second == slot; });
  if (m.owner.by_address && --known_[m.owner.buffer] == 0) {
    known_.erase(m.owner.buffer);
    gone.push_back(m.owner.buffer);
    const auto owned = owners_.find(m.memory);
    if (owned != owners_.end() && is_of(owned->second.owner, m.owner)) owners_.erase(owned);
  }
  m = AddressMapping{};
  m.live = false;
  free_.push_back(slot);
}

void AddressSpace::adopt(std::uint32_t id, const MemoryOwner& owner, std::uint32_t attachment) {
  const auto it = std::find_if(slots_.begin(), slots_.end(), [id](const AddressMapping& m) { return m.id == id; });
  if (it == slots_.end() || it->owner.by_address) return;
  it->owner = owner;
  it->attachment = attachment;
  owners_[it->memory] = {owner, it->live ? 1U : 0U};
}

void AddressSpace::forget() {
  for (Slot slot = 0; slot < slots_.size(); ++slot) drop(slot);
  graves_.clear();
  owners_.clear();
}

}  // namespace custody::traces::formats::ftrace
