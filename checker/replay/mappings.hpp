// SPDX-License-Identifier: BSD-2-Clause
// The live DMA mappings of one buffer: which one a call concerns, and what the slots of bounced ones hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/replay/calls.hpp"
#include "checker/replay/device_table.hpp"
#include "model/direction.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// A live DMA mapping, from its dma_map to its dma_unmap.
struct Mapping {
  std::uint32_t id = traces::kNoId;
  std::uint32_t device = traces::kNoId;
  std::uint32_t attachment = traces::kNoId;  ///< kNoId: the exporter's own, or it is gone
  std::uint32_t call = traces::kNoId;        ///< the core call in which it was made
  std::uint32_t orig_nents = 0;              ///< entries that were mapped; 0: unknown
  model::Direction dir = model::Direction::kNone;
  bool skipped_sync = false;
  bool complete = true;        ///< its whole history is in the trace
  bool succeeded = true;       ///< the trace shows that its dma_map did; else its core call tells
  bool given = false;          ///< a map of its attachment returned since: the device has its addresses
  bool slot_old = false;       ///< bounced: the slot may miss what the buffer holds
  bool slot_newer = false;     ///< bounced: the buffer may miss what the slot holds
  std::uint64_t last_use = 0;  ///< the buffer's significant events when a DMA call last used it (R6)
  traces::EventKind last_kind = traces::EventKind::kDmaMap;

  /// The slot may hold something else than the buffer does.
  [[nodiscard]] bool differs() const { return slot_old || slot_newer; }
};

/// In the order in which they were made. Pointers are valid until the next `add`, `remove` or `forget`.
class Mappings {
 public:
  /// The mapping that a DMA call names: by its id, or by its device, where one of its attachment and of its direction
  /// comes first: mappings are of a device and a buffer, and may outlive their attachment. Of several the oldest. An
  /// unmap of the core names that of its attachment: `unmaps` is that attachment, kNoId in any other call. Null: none.
  [[nodiscard]] Mapping* find(const traces::Event& e, std::uint32_t unmaps);
  /// The call maps a table of an attachment that has a live mapping already.
  [[nodiscard]] bool maps_again(const traces::Event& e) const;
  /// A map of the attachment returned: its device has the addresses of what is mapped.
  void give(std::uint32_t attachment);
  /// The device of the attachment has addresses that are still mapped.
  [[nodiscard]] bool has_given(std::uint32_t attachment) const;
  /// A successful dma_map inside the core call `call`.
  Mapping& add(const traces::Event& e, std::uint32_t call);
  void remove(const Mapping* m) { mappings_.erase(mappings_.begin() + (m - mappings_.data())); }
  /// The core call failed: mappings made in it, of which nothing shows that they succeeded, were never made.
  /// `forgotten` is called with the device of each. Those that did succeed live until they are undone.
  template <class Forgotten>
  void forget(std::uint32_t call, const Forgotten& forgotten) {
    if (call == traces::kNoId) return;
    std::erase_if(mappings_, [&](const Mapping& m) {
      const bool never = m.call == call && !m.succeeded;
      if (never) forgotten(m.device);
      return never;
    });
  }
  /// The attachment is gone: its mappings are its device's from here on.
  void outlive(std::uint32_t attachment);
  /// Events were lost.
  void distrust();
  /// Those of this attachment may have been undone unseen.
  void distrust(std::uint32_t attachment);

  /// Somebody wrote: the slots of all others are old. `writer`: its attachment, whose own slots are newer; none: the
  /// CPU.
  void written_by(std::optional<std::uint32_t> writer, DeviceTable& devices);
  /// The same of an access that the trace knows, by its device. `whole`: of all that its slot holds.
  void written_by_device(std::uint32_t device, bool whole, DeviceTable& devices);
  /// A copy out of the slot of `m` wrote the buffer: all other slots are old, if it held anything else.
  void copied_out(Mapping& m, DeviceTable& devices);
  /// After a finding: as if every copy that was due had been made.
  void settle();
  /// The same of what the buffer misses only.
  void settle_newer();

  /// Some mapping is behind a copy: a device that is bounced was met.
  void note_copies() { copies_ = true; }
  [[nodiscard]] bool have_copies() const { return copies_ && !mappings_.empty(); }
  [[nodiscard]] std::span<Mapping> all() { return mappings_; }
  [[nodiscard]] std::span<const Mapping> all() const { return mappings_; }
  void clear() {
    mappings_.clear();
    copies_ = false;
  }

 private:
  bool copies_ = false;
  std::vector<Mapping> mappings_;
};

}  // namespace custody::checker::replay
