// SPDX-License-Identifier: BSD-2-Clause
// Where in the 64 bits of a state each thing is: the buffer's part from the lowest bit on, a block for each device
// above.
#pragma once

#include <array>
#include <bit>

#include "checker/explore/configuration.hpp"
#include "checker/explore/label.hpp"
#include "model/facts.hpp"
#include "spec/contract.hpp"

namespace custody::checker::explore {

struct Slot {
  std::uint8_t shift = 0, width = 0, most = 0;  ///< `most`: counters stop there
};
[[nodiscard]] inline unsigned get(Packed s, Slot slot) {
  return static_cast<unsigned>(s >> slot.shift) & ((1U << slot.width) - 1U);
}
inline void put(Packed& s, Slot slot, unsigned value) {
  const Packed mask = ((Packed{1} << slot.width) - 1U) << slot.shift;
  s = (s & ~mask) | (static_cast<Packed>(value) << slot.shift);
}

/// Offsets in a device's block. A device that is attached at most once is mapped at most once at a time.
struct BlockLayout {
  static constexpr unsigned kDir = 0,
                            kAttached = 2;  ///< the code of its map's direction, 0: not mapped; is it attached
  unsigned bits = 3;
  Slot kept;  ///< the note `kept`, where the contract uses it
  Slot rank;  ///< its place among the attached, where the contract asks who is first
  /// Its table was mapped and is so no more, where syncs work on such tables: it still has the addresses.
  Slot left_table;
  unsigned slot_old = 0, slot_newer = 0;  ///< of its copy, where devices are bounced
};

/// Bits of the blocks of many devices at once.
struct DeviceMasks {
  Packed one_a_block = 0;           ///< the lowest bit of each of six blocks
  Packed attachments = 0;           ///< the bits that say attached
  Packed dirs = 0, plain_dirs = 0;  ///< the lowest bits of the direction: of all devices, of those that do not snoop
  /// The lowest bits of the direction of the devices that reach the buffer in one way; and are there several ways?
  std::array<Packed, kReaches> reach_dirs{};
  bool has_mixed_devices = false;
  Packed left_tables = 0;  ///< the bits of tables that are mapped no more
  Packed counts = 0;       ///< the bits of the buffer's part that count devices: the blocks say them once more
  [[nodiscard]] bool tell_more() const { return has_mixed_devices || left_tables != 0; }

  /// Devices are mapped that reach the buffer in different ways, and one of them may write.
  [[nodiscard]] bool is_mixed(Packed s) const {
    const Packed mapped = s | (s >> 1U);
    unsigned ways = 0;
    for (const Packed of_one : reach_dirs) ways += (mapped & of_one) != 0 ? 1U : 0U;
    return ways > 1 && (s & (dirs << 1U)) != 0;
  }
  /// A bit each: a device that does not snoop is mapped and may write; one that snoops is mapped; and may write.
  [[nodiscard]] unsigned kinds_mapped(Packed s) const {
    const Packed snooping_dirs = dirs & ~plain_dirs;
    return ((s & (plain_dirs << 1U)) != 0 ? 1U : 0U) | (((s | (s >> 1U)) & snooping_dirs) != 0 ? 2U : 0U) |
           ((s & (snooping_dirs << 1U)) != 0 ? 4U : 0U);
  }
};

/// Plain data, made once.
struct Layout {
  Slot state, line, written, kernel_users, user_mappings, bracketed;
  std::array<Slot, 2> window;  ///< its direction's code; above it its range
  /// Counts of devices, and the contract's notes about the buffer: by fact. Width 0: nothing looks at it.
  std::array<Slot, model::kFirstPolicy> fact;
  BlockLayout block;
  /// The buffer's part ends there, at most 32 bits from the lowest on; a block for each device follows.
  unsigned devices_at = 0;
  unsigned bits = 0;
  DeviceMasks masks;

  [[nodiscard]] Slot of_device(unsigned device, unsigned offset, unsigned width) const {
    return {static_cast<std::uint8_t>(devices_at + device * block.bits + offset), static_cast<std::uint8_t>(width),
            static_cast<std::uint8_t>((1U << width) - 1U)};
  }
  [[nodiscard]] Slot of_device(unsigned device, Slot slot) const {
    slot.shift = static_cast<std::uint8_t>(slot.shift + devices_at + device * block.bits);
    return slot;
  }
  [[nodiscard]] model::Direction dir(Packed s, unsigned device) const {
    return model::direction_of_code(get(s, of_device(device, BlockLayout::kDir, 2)));
  }
  [[nodiscard]] bool is_mapped(Packed s, unsigned device) const { return dir(s, device) != model::Direction::kNone; }
  [[nodiscard]] bool is_attached(Packed s, unsigned device) const {
    return get(s, of_device(device, BlockLayout::kAttached, 1)) != 0;
  }
  /// Of the device's table that is kept.
  [[nodiscard]] model::Direction kept(Packed s, unsigned device) const {
    return model::direction_of_code(get(s, of_device(device, block.kept)));
  }
  /// Its table is mapped, for the device to use or because it is kept: so its copy lives.
  [[nodiscard]] bool has_table(Packed s, unsigned device) const {
    return is_mapped(s, device) || kept(s, device) != model::Direction::kNone;
  }
  /// Syncs of its device that is attached work on a table that is mapped no more.
  [[nodiscard]] bool has_left_table(Packed s, unsigned device) const {
    return get(s, of_device(device, block.left_table)) != 0;
  }
  /// What a transition can see of the blocks of all devices: how many are mapped and do not snoop; is one attached and
  /// not mapped; where some snoop and some do not, is one of either kind mapped, and may it write; and how many tables
  /// are mapped no more. With the buffer's part of the state, and a device's own block, it decides a transition.
  [[nodiscard]] unsigned digest(Packed s) const {
    static_assert(kMaxDevices == 6, "it adds up six blocks");
    constexpr unsigned kMostMapped = 7;
    const Packed pairs = s | (s >> 1U);
    // One bit a block: the product adds them up in the sixth block.
    const Packed marks = (pairs & masks.plain_dirs) >> devices_at;
    const auto mapped = static_cast<unsigned>((marks * masks.one_a_block) >> (5U * block.bits)) & kMostMapped;
    const Packed idle = ((s & masks.attachments) >> BlockLayout::kAttached) & ~(pairs & masks.dirs);
    const unsigned digest = mapped * 2U + (idle != 0 ? 1U : 0U);
    if (!masks.tell_more()) return digest;
    const unsigned kinds = masks.has_mixed_devices ? masks.kinds_mapped(s) : 0;
    return digest | (kinds << 4U) | (static_cast<unsigned>(std::popcount(s & masks.left_tables)) << 7U);
  }
  /// A window is open through which the CPU may write.
  [[nodiscard]] bool has_write_window(Packed s) const { return ((get(s, window[0]) | get(s, window[1])) & 1U) != 0; }
  [[nodiscard]] unsigned open_windows(Packed s) const {
    return (get(s, window[0]) != 0 ? 1U : 0U) + (get(s, window[1]) != 0 ? 1U : 0U);
  }
};

/// Throws std::invalid_argument where a state of the configuration has too many bits.
[[nodiscard]] Layout layout_of(const spec::Contract& contract, const Configuration& configuration,
                               unsigned line_states);

/// The counts of devices that these blocks come to, put into a state that has the blocks and nothing else.
void count_devices(Packed& s, const Layout& layout, const Configuration& configuration);

/// Brings the counts of devices up to what a change of one device's block made of it. `before`: the state before.
void recount(Packed& s, Packed before, unsigned device, const Layout& layout, const Configuration& configuration);

/// The same state up to the order of devices that are alike.
[[nodiscard]] Packed canonical_form(Packed s, const Layout& layout, const Configuration& configuration);

/// Some clause syncs a device that is attached and not mapped, with an operation on what its table once named: on
/// memory of a device that neither snoops nor is bounced.
[[nodiscard]] bool syncs_left_tables(const spec::Contract& contract, const Configuration& configuration);

/// Some clause syncs the first of the mapped devices.
[[nodiscard]] bool asks_who_is_first(const spec::Contract& contract);

}  // namespace custody::checker::explore
