// SPDX-License-Identifier: BSD-2-Clause
// Keeps the evidence of a buffer's attachments.
#include "checker/replay/attachment_records.hpp"

namespace custody::checker::replay {

using traces::kNoId;

template <class Change>
void AttachmentRecords::change_all(std::uint32_t id, const Change& with) {
  change_each(all_, key_of(id), AttachmentEvidence::kById, [&](AttachmentEvidence& evidence) {
    with(evidence);
    evidence.kind_is_old = true;
  });
}

void AttachmentRecords::add(std::uint32_t id, bool complete) {
  AttachmentEvidence added;
  added.id = id;
  added.complete = complete;
  all_.push_back(added);
}

void AttachmentRecords::remove(std::size_t place) {
  all_.erase(place);
  ++changes_;
}

void AttachmentRecords::clear() {
  all_.clear();
  ++changes_;
}

void AttachmentRecords::add_fence(std::size_t place, bool writes, std::uint32_t moves) {
  all_.change(place, [&](AttachmentEvidence& evidence) {
    evidence.fences.add(writes, moves);
    evidence.kind_is_old = true;
  });
}

void AttachmentRecords::signal_fence(std::size_t place, std::uint32_t moves) {
  all_.change(place, [&](AttachmentEvidence& evidence) {
    evidence.fences.signal(moves);
    evidence.kind_is_old = true;
  });
}

void AttachmentRecords::note_change(std::size_t place) {
  if (!all_[place].kind_is_old) all_.change(place, [](AttachmentEvidence& evidence) { evidence.kind_is_old = true; });
}

void AttachmentRecords::tell_kind(std::size_t place, std::uint16_t kind) {
  if (all_[place].kind != kind) ++changes_;
  all_.change(place, [kind](AttachmentEvidence& evidence) {
    evidence.kind = kind;
    evidence.kind_is_old = false;
  });
}

void AttachmentRecords::distrust(std::uint32_t id) {
  change_all(id, [](AttachmentEvidence& evidence) { evidence.complete = false; });
}

void AttachmentRecords::distrust_all() {
  change_each(all_, {AttachmentEvidence::kComplete}, AttachmentEvidence::kComplete,
              [](AttachmentEvidence& evidence) { evidence.complete = false; });
}

void AttachmentRecords::note_core_mapping(std::uint32_t id) {
  if (id != kNoId) change_all(id, [](AttachmentEvidence& evidence) { evidence.mapped_by_core = true; });
}

void AttachmentRecords::note_mapped_table(std::uint32_t id) {
  if (id == kNoId) return;
  each(all_, key_of(id), AttachmentEvidence::kById,
       [this](std::size_t place) { all_.unkeyed(place).table_was_mapped = true; });
}

}  // namespace custody::checker::replay
