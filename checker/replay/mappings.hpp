// SPDX-License-Identifier: BSD-2-Clause
// The live DMA mappings of one buffer: which one a call concerns, and what the slots of bounced ones hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "checker/replay/calls.hpp"
#include "checker/replay/device_table.hpp"
#include "model/direction.hpp"
#include "model/ordered.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// A live DMA mapping, from its dma_map to its dma_unmap.
struct Mapping {
  using Tally = model::NoTally;
  std::uint32_t id = traces::kNoId;
  std::uint32_t device = traces::kNoId;
  std::uint32_t attachment = traces::kNoId;  ///< kNoId: the exporter's own, or it is gone
  std::uint32_t call = traces::kNoId;        ///< the core call in which it was made
  std::uint32_t orig_nents = 0;              ///< entries that were mapped; 0: unknown
  model::Direction dir = model::Direction::kNone;
  traces::EventKind last_kind = traces::EventKind::kDmaMap;
  // Single bits: there can be very many mappings.
  bool skipped_sync : 1 = false;
  bool complete : 1 = true;     ///< its whole history is in the trace
  bool succeeded : 1 = true;    ///< the trace shows that its dma_map did; else its core call tells
  bool given : 1 = false;       ///< a map of its attachment returned since: the device has its addresses
  bool slot_old : 1 = false;    ///< bounced: the slot may miss what the buffer holds
  bool slot_newer : 1 = false;  ///< bounced: the buffer may miss what the slot holds
  std::uint64_t last_use = 0;   ///< the buffer's significant events when a DMA call last used it (R6)

  /// The slot may hold something else than the buffer does.
  [[nodiscard]] bool differs() const { return slot_old || slot_newer; }

  static constexpr unsigned kById = 0, kByTable = 1, kByDevice = 2, kByAttachment = 3, kUndecidedIn = 4, kAgain = 5,
                            kTrustedOf = 6, kTrusted = 7, kByCall = 8, kKeys = 9;
  [[nodiscard]] model::Key key(unsigned number) const {
    const auto way = static_cast<std::uint64_t>(dir);
    switch (number) {
      case kById: return {number, id};
      case kByTable: return {number, device, attachment, way};
      case kByDevice: return {number, device, way};
      case kByAttachment: return {number, attachment, given ? 1U : 0U};
      case kUndecidedIn: return succeeded ? model::Key{} : model::Key{number, call};
      case kAgain: return complete ? model::Key{number, attachment, id} : model::Key{};
      case kTrustedOf: return complete ? model::Key{number, attachment} : model::Key{};
      case kTrusted: return complete ? model::Key{number} : model::Key{};
      default: return {number, call};
    }
  }
};

/// In the order in which they were made. Pointers are valid until the next `add`, `remove` or `forget`.
class Mappings {
 public:
  using All = model::Ordered<Mapping>;

  /// The mapping that a DMA call names: by its id, or by its device, where one of its attachment and of its direction
  /// comes first: mappings are of a device and a buffer, and may outlive their attachment. Of several the oldest. An
  /// unmap of the core names that of its attachment: `unmaps` is that attachment, kNoId in any other call. Null: none.
  [[nodiscard]] Mapping* find(const traces::Event& e, std::uint32_t unmaps);
  /// The oldest of this id; null: none.
  [[nodiscard]] Mapping* find_id(std::uint32_t id);
  /// A map of the attachment returned: its device has the addresses of what is mapped.
  void give(std::uint32_t attachment);
  /// A successful dma_map inside the core call `call`; `attached`: the attachment that it names is there.
  Mapping& add(const traces::Event& e, std::uint32_t call, bool attached = true);
  void remove(const Mapping* m) { mappings_.erase(place_of(mappings_, m)); }
  /// The core call failed: mappings made in it, of which nothing shows that they succeeded, were never made.
  /// `forgotten` is called with the device of each. Those that did succeed live until they are undone.
  template <class Forgotten>
  void forget(std::uint32_t call, const Forgotten& forgotten) {
    if (call == traces::kNoId) return;
    const model::Key never = {Mapping::kUndecidedIn, call};
    for (std::size_t m = mappings_.first(never, Mapping::kUndecidedIn); m != All::kNowhere;
         m = mappings_.first(never, Mapping::kUndecidedIn)) {
      forgotten(mappings_[m].device);
      mappings_.erase(m);
    }
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
  [[nodiscard]] bool have_copies() const { return copies_ && !given_up_ && !mappings_.empty(); }
  [[nodiscard]] const All& all() const { return mappings_; }
  /// A mapping of this device is live.
  [[nodiscard]] bool has_device(std::uint32_t device) const;
  /// Those whose slots may differ from the buffer.
  [[nodiscard]] std::span<const Mapping> copied() const {
    return differ_ ? mappings_.few() : std::span<const Mapping>();
  }
  /// The device's slots were copied in from the buffer, or out into it.
  void copied_by_device(std::uint32_t device, bool in, DeviceTable& devices);
  /// The slots of many are not told apart: from here on nothing is said of any.
  void give_copies_up();
  [[nodiscard]] bool gave_copies_up() const { return given_up_; }
  void clear() {
    mappings_.clear();
    copies_ = differ_ = given_up_ = false;
  }

 private:
  /// The first mapping with the table's or the device's key of any direction that `fits`, as a place.
  template <class Fits>
  [[nodiscard]] std::size_t first_in_any(model::Key key, unsigned number, const Fits& fits) const;
  /// Those whose slots are followed.
  [[nodiscard]] std::span<Mapping> followed(const DeviceTable& devices) {
    return given_up_ || mappings_.are_many() || !devices.has_bounced() ? std::span<Mapping>() : mappings_.few();
  }

  bool copies_ = false;
  bool differ_ = false;  ///< some slot may differ
  bool given_up_ = false;
  All mappings_;
};

/// The call maps a table of an attachment that has a live mapping already.
[[nodiscard]] bool maps_again(const Mappings& mappings, const traces::Event& e);
/// The device of the attachment has addresses that are still mapped.
[[nodiscard]] bool has_given(const Mappings& mappings, std::uint32_t attachment);
/// A mapping that was made in this core call is live.
[[nodiscard]] bool has_call(const Mappings& mappings, std::uint32_t call);

}  // namespace custody::checker::replay
