// SPDX-License-Identifier: BSD-2-Clause
// Keeps the kinds of many importers, and picks who stands for each.
#include "checker/replay/importer_kinds.hpp"

#include <algorithm>

namespace custody::checker::replay {

using model::Attachment;

std::uint16_t kind_of(const Importer& importer, const DeviceState& device) {
  const bool writes_on = importer.evidence.fences.has_write();
  if (!importer.is_mapped() && !writes_on) return 0;
  std::uint16_t kind = 1;
  const auto add = [&kind](unsigned value, unsigned bits) {
    kind = static_cast<std::uint16_t>((static_cast<unsigned>(kind) << bits) | value);
  };
  add(static_cast<unsigned>(device.coherence), 2);
  for (const bool has : {importer.may_read(), importer.may_write(), writes_on, device.bounced, device.allocates,
                         device.reads_only, importer.evidence.mapped_by_core && importer.attachment.maps[0] != 0})
    add(has ? 1 : 0, 1);
  return kind;
}

namespace {

void note_devices(CustodyAccount& custody, const DeviceTable& devices) {
  devices.changed_since(custody.stand_ins().devices, [&custody](std::uint32_t device) {
    each(custody.custody().attachments, Attachment::by_device(device), Attachment::kByDevice,
         [&](std::size_t place) { custody.records().note_change(place); });
  });
}

void tell_kinds(CustodyAccount& custody, DeviceTable& devices) {
  constexpr unsigned kOld = AttachmentEvidence::kOfOldKind;
  AttachmentRecords& records = custody.records();
  for (std::size_t place = records.all().first({kOld}, kOld); place != AttachmentRecords::All::kNowhere;
       place = records.all().first({kOld}, kOld)) {
    const Importer importer = custody.importer(place);
    records.tell_kind(place, kind_of(importer, devices.of(importer.device())));
  }
}

}  // namespace

Places told_apart_of_many(CustodyAccount& custody, DeviceTable& devices) {
  const auto& all = custody.records().all();
  note_devices(custody, devices);
  tell_kinds(custody, devices);
  StandIns& known = custody.stand_ins();
  if (known.records == custody.records().changes()) return Places(known.places);
  known.records = custody.records().changes();
  known.places.clear();
  constexpr unsigned kByKind = AttachmentEvidence::kByKind;
  for (model::Key kind = all.next_key({kByKind}); kind.which == kByKind; kind = all.next_key(kind)) {
    const std::size_t first = all.first(kind, kByKind), second = all.after(kind, kByKind, first);
    known.places.push_back(first);
    if (second != AttachmentRecords::All::kNowhere) known.places.push_back(second);
  }
  std::sort(known.places.begin(), known.places.end());
  return Places(known.places);
}

}  // namespace custody::checker::replay
