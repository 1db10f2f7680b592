// SPDX-License-Identifier: BSD-2-Clause
// Which object a kernel pointer means now. A pointer is reused as soon as its object is freed: an identity is a pointer
// and its lifetime.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/directory.hpp"
#include "traces/event.hpp"
#include "traces/formats/ftrace/attachment_ids.hpp"
#include "traces/recorder_notes.hpp"

namespace custody::traces::formats::ftrace {

/// A live DMA mapping, found by its scatterlist.
struct Mapping {
  std::uint32_t id = kNoId;
  std::uint32_t buffer = kNoId;
  std::uint32_t attachment = kNoId;
  std::uint32_t device = kNoId;
  std::uint32_t call = kNoId;  ///< the core call in which it was made
  bool is_doubtful = false;    ///< its table was mapped for another device then, by what the trace shows
};

/// Gives ids of the Directory to pointers. Memory follows the live objects: ids of released buffers are reused once
/// `kTombstones` later releases have passed, those of detached attachments at once.
class Identities {
 public:
  static constexpr std::size_t kTombstones = 4096;
  explicit Identities(Directory& directory) : directory_(directory) {}

  /// A new buffer at `pointer`, whatever was there before.
  std::uint32_t export_buffer(std::uint64_t pointer);
  /// The buffer at `pointer`; one that was never seen is older than the trace.
  std::uint32_t buffer(std::uint64_t pointer);
  /// The buffer at `pointer` that was not released; kNoId: none is known.
  [[nodiscard]] std::uint32_t live_buffer(std::uint64_t pointer) const;
  /// The object at `pointer` is gone; events that still name it mean the dead buffer.
  void release_buffer(std::uint64_t pointer);

  /// A buffer that no pointer names, and its end.
  std::uint32_t add_buffer(bool export_seen);
  void drop_buffer(std::uint32_t id);

  std::uint32_t attach(std::uint64_t pointer, std::uint32_t buffer, std::uint32_t device);
  std::uint32_t attachment(std::uint64_t pointer, std::uint32_t buffer);
  /// An attachment that no pointer names, and its end.
  std::uint32_t add_attachment(std::uint32_t buffer, std::uint32_t device);
  void drop_attachment(std::uint32_t id) { attachments_.ids.give_back(id); }
  /// The buffer, not released, to which the attachment at `pointer` belongs that was not detached; kNoId: none is
  /// there.
  [[nodiscard]] std::uint32_t attached_to(std::uint64_t pointer) const;
  void detach(std::uint64_t pointer);
  /// For calls on attachments, from their entry to their return.
  [[nodiscard]] AttachmentIds& attachment_ids() { return attachments_.ids; }

  std::uint32_t device(std::string_view name);
  std::uint32_t task(std::int64_t pid, std::uint32_t cpu, std::string_view comm);

  /// Records a mapping; one that is live at `sgl` keeps its id: the same table was mapped again.
  std::uint32_t map(std::uint64_t sgl, const Mapping& mapping);
  /// The id of a mapping that no scatterlist names.
  std::uint32_t new_mapping() { return mappings_.count++; }
  /// The live mapping at `sgl`; null where there is none.
  [[nodiscard]] const Mapping* mapping(std::uint64_t sgl) const;
  void unmap(std::uint64_t sgl);
  /// The call failed: what it mapped is not live.
  void unmap_call(std::uint32_t call);
  /// After a loss nothing that was released can be told from something new.
  void forget_released();
  /// What the recorder said of devices that are not met yet.
  void told(const RecorderNotes& notes) { notes_ = notes; }

 private:
  struct Buffer {
    std::uint64_t pointer = 0;
    std::uint32_t mappings = 0;
    bool released = false;
  };
  struct Buffers {
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_pointer;
    std::vector<Buffer> state;  ///< by id
    std::vector<std::uint32_t> free;
    std::deque<std::pair<std::uint32_t, std::uint32_t>> tombstones;  ///< id, generation
    std::uint64_t count = 0;                                         ///< all there ever were
  };
  struct Attachments {
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_pointer;
    AttachmentIds ids;
    std::uint64_t count = 0;  ///< all there ever were
  };
  struct Mappings {
    boost::unordered_flat_map<std::uint64_t, Mapping> by_sgl;
    struct Recent {
      std::uint32_t call = kNoId;
      std::uint64_t sgl = 0;
    };
    std::array<Recent, 64> recent;  ///< by id: of calls that may still fail
    std::uint32_t count = 0;        ///< all there ever were
  };
  struct Devices {
    boost::unordered_flat_map<std::string, std::uint32_t> by_name;
    /// Asked for last, by size and last character of the name: most records name one of a few.
    std::array<std::uint32_t, 16> recent = all_none();
    static constexpr std::array<std::uint32_t, 16> all_none() {
      std::array<std::uint32_t, 16> none{};
      none.fill(kNoId);
      return none;
    }
  };
  struct Tasks {
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_key;
    struct Recent {
      std::uint64_t key = 0;
      std::uint32_t id = kNoId;
    };
    std::array<Recent, 256> recent;  ///< asked for last, by key
  };
  std::uint32_t new_buffer(std::uint64_t pointer, bool export_seen);
  void bury();

  Directory& directory_;
  RecorderNotes notes_;
  Buffers buffers_;
  Attachments attachments_;
  Mappings mappings_;
  Devices devices_;
  Tasks tasks_;
};

}  // namespace custody::traces::formats::ftrace
