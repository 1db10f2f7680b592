// SPDX-License-Identifier: BSD-2-Clause
// Finds the mapping of a DMA call, and keeps the slots of bounced mappings.
#include "checker/replay/mappings.hpp"

#include <algorithm>
#include <initializer_list>

namespace custody::checker::replay {

using traces::Event;
using traces::kNoId;

template <class Fits>
std::size_t Mappings::first_in_any(model::Key key, unsigned number, const Fits& fits) const {
  std::uint64_t& way = number == Mapping::kByTable ? key.c : key.b;
  std::size_t first = All::kNowhere;
  for (const model::Direction dir : {model::Direction::kBidirectional, model::Direction::kToDevice,
                                     model::Direction::kFromDevice, model::Direction::kNone}) {
    way = static_cast<std::uint64_t>(dir);
    if (fits(dir)) first = std::min(first, mappings_.first(key, number));
  }
  return first;
}

Mapping* Mappings::find_id(std::uint32_t id) {
  const std::size_t place = mappings_.first({Mapping::kById, id}, Mapping::kById);
  return place == All::kNowhere ? nullptr : &mappings_.unkeyed(place);
}

Mapping* Mappings::find(const Event& e, std::uint32_t unmaps) {
  if (mappings_.empty()) return nullptr;
  const auto at = [&](std::size_t place) { return place == All::kNowhere ? nullptr : &mappings_.unkeyed(place); };
  if (e.dma.mapping != kNoId)
    if (Mapping* m = find_id(e.dma.mapping)) return m;
  // An unmap undoes a mapping of its own direction; a sync is of one that holds its direction.
  const auto fits = [&](model::Direction dir) {
    return e.kind == traces::EventKind::kDmaUnmap ? dir == e.dir : model::is_within(e.dir, dir);
  };
  const auto any = [](model::Direction) { return true; };
  const auto of = [&](std::uint32_t attachment, const auto& is) -> std::size_t {
    if (!mappings_.are_many()) {
      for (const Mapping& m : mappings_.few())
        if (m.device == e.device && m.attachment == attachment && is(m.dir)) return place_of(mappings_, &m);
      return All::kNowhere;
    }
    return first_in_any({Mapping::kByTable, e.device, attachment}, Mapping::kByTable, is);
  };
  const auto own = [&](const auto& is) -> std::size_t {
    if (e.attachment != kNoId) return of(e.attachment, is);
    return first_in_any({Mapping::kByDevice, e.device}, Mapping::kByDevice, is);
  };
  if (Mapping* m = at(own(fits))) return m;
  if (Mapping* m = at(own(any))) return m;
  if (Mapping* m = at(of(kNoId, fits))) return m;
  if (Mapping* m = at(of(kNoId, any))) return m;
  if (unmaps == kNoId) return nullptr;
  return at(std::min(mappings_.first({Mapping::kByAttachment, unmaps, 0}, Mapping::kByAttachment),
                     mappings_.first({Mapping::kByAttachment, unmaps, 1}, Mapping::kByAttachment)));
}

bool maps_again(const Mappings& mappings, const Event& e) {
  if (e.attachment == kNoId) return false;
  const Mappings::All& all = mappings.all();
  if (e.dma.mapping == kNoId) return has(all, {Mapping::kTrustedOf, e.attachment}, Mapping::kTrustedOf);
  return has(all, {Mapping::kAgain, e.attachment, e.dma.mapping}, Mapping::kAgain) ||
         has(all, {Mapping::kAgain, e.attachment, kNoId}, Mapping::kAgain);
}

bool Mappings::has_device(std::uint32_t device) const {
  return first_in_any({Mapping::kByDevice, device}, Mapping::kByDevice, [](model::Direction) { return true; }) !=
         All::kNowhere;
}

Mapping& Mappings::add(const Event& e, std::uint32_t call, bool attached) {
  Mapping m;
  m.id = e.dma.mapping;
  m.device = e.device;
  m.attachment = e.attachment;
  m.call = call;
  m.orig_nents = e.dma.orig_nents;
  m.dir = e.dir;
  m.skipped_sync = e.skips_sync();
  // A reader that gives ids to mappings and no entries has seen the entry of the call only.
  m.succeeded = m.id == kNoId || e.dma.nents != 0;
  // A map of what is not attached is refused; what was mapped inside it is the device's next attachment's to use.
  if (!attached) m.attachment = kNoId;
  mappings_.push_back(m);
  return mappings_.unkeyed(mappings_.places() - 1);
}

void Mappings::outlive(std::uint32_t attachment) {
  for (const std::uint64_t given : {0U, 1U})
    change_each(mappings_, {Mapping::kByAttachment, attachment, given}, Mapping::kByAttachment, [](Mapping& m) {
      m.attachment = kNoId;
      m.given = false;
    });
}

void Mappings::distrust() {
  change_each(mappings_, {Mapping::kTrusted}, Mapping::kTrusted, [](Mapping& m) { m.complete = false; });
}

void Mappings::distrust(std::uint32_t attachment) {
  change_each(mappings_, {Mapping::kTrustedOf, attachment}, Mapping::kTrustedOf,
              [](Mapping& m) { m.complete = false; });
}

void Mappings::give(std::uint32_t attachment) {
  if (attachment == kNoId) return;
  change_each(mappings_, {Mapping::kByAttachment, attachment, 0}, Mapping::kByAttachment,
              [](Mapping& m) { m.given = true; });
}

bool has_given(const Mappings& mappings, std::uint32_t attachment) {
  return has(mappings.all(), {Mapping::kByAttachment, attachment, 1}, Mapping::kByAttachment);
}

bool has_call(const Mappings& mappings, std::uint32_t call) {
  return has(mappings.all(), {Mapping::kByCall, call}, Mapping::kByCall);
}

void Mappings::written_by(std::optional<std::uint32_t> writer, DeviceTable& devices) {
  for (Mapping& m : followed(devices)) {
    if (!devices.of(m.device).bounced) continue;
    if (writer && m.attachment == *writer && m.given) m.slot_newer = true;
    else m.slot_old = true;
    differ_ = true;
  }
}

void Mappings::written_by_device(std::uint32_t device, bool whole, DeviceTable& devices) {
  for (Mapping& m : followed(devices)) {
    if (!devices.of(m.device).bounced) continue;
    const bool own = m.device == device;
    if (own) m.slot_newer = true;
    else m.slot_old = true;
    if (own && whole) m.slot_old = false;
    differ_ = true;
  }
}

void Mappings::copied_out(Mapping& m, DeviceTable& devices) {
  // What was the same makes nobody else's copy old; nor does what was old already, and was told.
  const bool writes = m.slot_newer && !m.slot_old;
  differ_ = differ_ || writes;
  for (Mapping& other : followed(devices))
    other.slot_old = other.slot_old || (writes && devices.of(other.device).bounced);
  m.slot_old = m.slot_newer = false;
}

void Mappings::copied_by_device(std::uint32_t device, bool in, DeviceTable& devices) {
  copies_ = true;
  if (has_device(device)) devices.note_bounced(device);
  for (Mapping& m : followed(devices)) {
    if (m.device != device) continue;
    if (in) m.slot_old = false;
    else m.slot_newer = false;
  }
}

void Mappings::give_copies_up() {
  given_up_ = true;
  differ_ = false;
  for (std::size_t place = 0; place < mappings_.places(); ++place)
    mappings_.unkeyed(place).slot_old = mappings_.unkeyed(place).slot_newer = false;
}

void Mappings::settle() {
  if (!differ_) return;
  for (Mapping& m : mappings_.few()) m.slot_old = m.slot_newer = false;
  differ_ = false;
}

void Mappings::settle_newer() {
  if (!differ_) return;
  for (Mapping& m : mappings_.few()) m.slot_newer = false;
}

}  // namespace custody::checker::replay
