// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: what the trace shows of attachments that custody itself does not keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/replay/fences.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// What the trace shows of an attachment beside who has the buffer.
struct AttachmentEvidence {
  std::uint32_t id = traces::kNoId;  ///< the trace's
  bool complete = true;              ///< its whole history is in the trace
  bool mapped_by_core = false;       ///< the core mapped it inside attach, BIDIRECTIONAL by habit
  bool table_was_mapped = false;     ///< by a dma_map: its entries have addresses from there on
  Fences fences;                     ///< of its device
};

/// The evidence of one buffer's attachments, one entry for each attachment in custody, in custody's order: whoever
/// changes those changes these. An id that no attachment has is passed over.
class AttachmentRecords {
 public:
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] const AttachmentEvidence& operator[](std::size_t place) const { return all_[place]; }
  [[nodiscard]] Fences& fences(std::size_t place) { return all_[place].fences; }
  /// The attachment of this id in the trace is there.
  [[nodiscard]] bool has(std::uint32_t id) const;

  void add(std::uint32_t id, bool complete);
  void remove(std::size_t place);
  void clear() { all_.clear(); }

  /// What was done with this attachment is not all in the trace.
  void distrust(std::uint32_t id);
  void distrust_all();
  /// The core made the mapping of this attachment, not its importer.
  void note_core_mapping(std::uint32_t id);
  /// A DMA call mapped the table of this attachment.
  void note_mapped_table(std::uint32_t id);
  /// The storage moved.
  void note_move();

 private:
  std::vector<AttachmentEvidence> all_;
};

}  // namespace custody::checker::replay
