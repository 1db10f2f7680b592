// SPDX-License-Identifier: BSD-2-Clause
// Finds the mapping of a DMA call, and keeps the slots of bounced mappings.
#include "checker/replay/mappings.hpp"

#include <algorithm>

namespace custody::checker::replay {

using traces::Event;
using traces::kNoId;

Mapping* Mappings::find(const Event& e, std::uint32_t unmaps) {
  const auto first = [&](const auto& is) -> Mapping* {
    const auto it = std::find_if(mappings_.begin(), mappings_.end(), is);
    return it != mappings_.end() ? &*it : nullptr;
  };
  if (e.dma.mapping != kNoId)
    if (Mapping* m = first([&](const Mapping& x) { return x.id == e.dma.mapping; })) return m;
  // An unmap undoes a mapping of its own direction; a sync is of one that holds its direction.
  const auto fits = [&](const Mapping& x) {
    return e.kind == traces::EventKind::kDmaUnmap ? x.dir == e.dir : model::is_within(e.dir, x.dir);
  };
  const auto own = [&](const Mapping& x) {
    return x.device == e.device && (e.attachment == kNoId || x.attachment == e.attachment);
  };
  if (Mapping* m = first([&](const Mapping& x) { return own(x) && fits(x); })) return m;
  if (Mapping* m = first(own)) return m;
  if (Mapping* m = first([&](const Mapping& x) { return x.device == e.device && x.attachment == kNoId && fits(x); }))
    return m;
  if (Mapping* m = first([&](const Mapping& x) { return x.device == e.device && x.attachment == kNoId; })) return m;
  return unmaps != kNoId ? first([&](const Mapping& x) { return x.attachment == unmaps; }) : nullptr;
}

bool Mappings::maps_again(const Event& e) const {
  return e.attachment != kNoId && std::any_of(mappings_.begin(), mappings_.end(), [&](const Mapping& m) {
           const bool same_table = m.id == e.dma.mapping || m.id == kNoId || e.dma.mapping == kNoId;
           return m.attachment == e.attachment && m.complete && same_table;
         });
}

Mapping& Mappings::add(const Event& e, std::uint32_t call) {
  Mapping& m = mappings_.emplace_back();
  m.id = e.dma.mapping;
  m.device = e.device;
  m.attachment = e.attachment;
  m.call = call;
  m.orig_nents = e.dma.orig_nents;
  m.dir = e.dir;
  m.skipped_sync = e.skips_sync();
  // A reader that gives ids to mappings and no entries has seen the entry of the call only.
  m.succeeded = m.id == kNoId || e.dma.nents != 0;
  return m;
}

void Mappings::outlive(std::uint32_t attachment) {
  for (Mapping& m : mappings_)
    if (m.attachment == attachment) m.attachment = kNoId, m.given = false;
}

void Mappings::distrust() {
  for (Mapping& m : mappings_) m.complete = false;
}

void Mappings::distrust(std::uint32_t attachment) {
  for (Mapping& m : mappings_)
    if (m.attachment == attachment) m.complete = false;
}

void Mappings::give(std::uint32_t attachment) {
  for (Mapping& m : mappings_) m.given = m.given || (m.attachment == attachment && attachment != kNoId);
}

bool Mappings::has_given(std::uint32_t attachment) const {
  return std::any_of(mappings_.begin(), mappings_.end(),
                     [&](const Mapping& m) { return m.attachment == attachment && m.given; });
}

void Mappings::written_by(std::optional<std::uint32_t> writer, DeviceTable& devices) {
  for (Mapping& m : mappings_)
    if (devices.of(m.device).bounced) (writer && m.attachment == *writer && m.given ? m.slot_newer : m.slot_old) = true;
}

void Mappings::written_by_device(std::uint32_t device, bool whole, DeviceTable& devices) {
  for (Mapping& m : mappings_) {
    if (!devices.of(m.device).bounced) continue;
    const bool own = m.device == device;
    (own ? m.slot_newer : m.slot_old) = true;
    if (own && whole) m.slot_old = false;
  }
}

void Mappings::copied_out(Mapping& m, DeviceTable& devices) {
  // What was the same makes nobody else's copy old; nor does what was old already, and was told.
  const bool writes = m.slot_newer && !m.slot_old;
  for (Mapping& other : mappings_) other.slot_old = other.slot_old || (writes && devices.of(other.device).bounced);
  m.slot_old = m.slot_newer = false;
}

void Mappings::settle() {
  for (Mapping& m : mappings_) m.slot_old = m.slot_newer = false;
}

void Mappings::settle_newer() {
  for (Mapping& m : mappings_) m.slot_newer = false;
}

}  // namespace custody::checker::replay
