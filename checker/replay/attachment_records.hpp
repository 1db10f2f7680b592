// SPDX-License-Identifier: BSD-2-Clause
// Part of the custody room: what the trace shows of attachments that custody itself does not keep.
#pragma once

#include <cstddef>
#include <cstdint>

#include "checker/replay/fences.hpp"
#include "model/ordered.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// What the trace shows of an attachment beside who has the buffer.
struct AttachmentEvidence {
  using Tally = model::NoTally;
  std::uint32_t id = traces::kNoId;   ///< the trace's
  bool complete : 1 = true;           ///< its whole history is in the trace
  bool mapped_by_core : 1 = false;    ///< the core mapped it inside attach, BIDIRECTIONAL by habit
  bool table_was_mapped : 1 = false;  ///< by a dma_map: its entries have addresses from there on
  bool kind_is_old : 1 = true;        ///< something of it changed since `kind` was told
  std::uint16_t kind = 0;             ///< what tells importers apart (kinds_of_importers.hpp); 0: it does nothing
  Fences fences;                      ///< of its device

  static constexpr unsigned kById = 0, kByKind = 1, kOfOldKind = 2, kComplete = 3, kWriting = 4, kKeys = 5;
  [[nodiscard]] model::Key key(unsigned number) const {
    switch (number) {
      case kById: return {number, id};
      case kByKind: return kind != 0 ? model::Key{number, kind} : model::Key{};
      case kOfOldKind: return kind_is_old ? model::Key{number} : model::Key{};
      case kWriting: return fences.has_write() ? model::Key{number} : model::Key{};
      default: return complete ? model::Key{number} : model::Key{};
    }
  }
};

/// The evidence of one buffer's attachments, one entry for each attachment in custody, in custody's order: whoever
/// changes those changes these. An id that no attachment has is passed over.
class AttachmentRecords {
 public:
  using All = model::Ordered<AttachmentEvidence>;

  [[nodiscard]] const All& all() const { return all_; }
  [[nodiscard]] const AttachmentEvidence& operator[](std::size_t place) const { return all_[place]; }
  /// Counts what may have changed their places or kinds.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// The oldest attachment of this id in the trace; `All::kNowhere`: it is not there.
  [[nodiscard]] std::size_t find(std::uint32_t id) const { return all_.first(key_of(id), AttachmentEvidence::kById); }
  [[nodiscard]] bool has(std::uint32_t id) const { return find(id) != All::kNowhere; }

  void add(std::uint32_t id, bool complete);
  void remove(std::size_t place);
  void clear();

  /// Custody changed of it, or its fences.
  void note_change(std::size_t place);
  /// A fence of its device, with `Fences`' `moves`.
  void add_fence(std::size_t place, bool writes, std::uint32_t moves);
  void signal_fence(std::size_t place, std::uint32_t moves);
  /// What tells it apart is known.
  void tell_kind(std::size_t place, std::uint16_t kind);
  /// What was done with this attachment is not all in the trace.
  void distrust(std::uint32_t id);
  void distrust_all();
  /// The core made the mapping of this attachment, not its importer.
  void note_core_mapping(std::uint32_t id);
  /// A DMA call mapped the table of this attachment.
  void note_mapped_table(std::uint32_t id);

 private:
  [[nodiscard]] static model::Key key_of(std::uint32_t id) { return {AttachmentEvidence::kById, id}; }
  template <class Change>
  void change_all(std::uint32_t id, const Change& with);

  All all_;
  std::uint64_t changes_ = 0;
};

}  // namespace custody::checker::replay
