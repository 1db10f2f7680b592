// SPDX-License-Identifier: BSD-2-Clause
// Keeps the evidence of a buffer's attachments.
#include "checker/replay/attachment_records.hpp"

#include <algorithm>

namespace custody::checker::replay {

using traces::kNoId;

bool AttachmentRecords::has(std::uint32_t id) const {
  return std::any_of(all_.begin(), all_.end(), [id](const AttachmentEvidence& e) { return e.id == id; });
}

void AttachmentRecords::add(std::uint32_t id, bool complete) {
  AttachmentEvidence& added = all_.emplace_back();
  added.id = id;
  added.complete = complete;
}

void AttachmentRecords::remove(std::size_t place) { all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(place)); }

void AttachmentRecords::distrust(std::uint32_t id) {
  for (AttachmentEvidence& evidence : all_)
    if (evidence.id == id) evidence.complete = false;
}

void AttachmentRecords::distrust_all() {
  for (AttachmentEvidence& evidence : all_) evidence.complete = false;
}

void AttachmentRecords::note_core_mapping(std::uint32_t id) {
  for (AttachmentEvidence& evidence : all_)
    if (evidence.id == id && id != kNoId) evidence.mapped_by_core = true;
}

void AttachmentRecords::note_mapped_table(std::uint32_t id) {
  for (AttachmentEvidence& evidence : all_)
    if (evidence.id == id && id != kNoId) evidence.table_was_mapped = true;
}

void AttachmentRecords::note_move() {
  for (AttachmentEvidence& evidence : all_) evidence.fences.note_move();
}

}  // namespace custody::checker::replay
