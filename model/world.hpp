// SPDX-License-Identifier: BSD-2-Clause
// The lifetime state of one buffer and of one attachment, as plain values: comparable, hashable, copied freely.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "model/row.hpp"

namespace custody::model {

/// Fields of kFields that a World stores: the buffer's and the contract's policies. They come first in kFields.
inline constexpr std::size_t kWorldFields = at(kFields, "own_maps");
/// Fields that an Attachment stores; they follow.
inline constexpr std::size_t kAttachmentFields = at(kFields, "window_matches") - kWorldFields;

/// The buffer's side: state (an index of kStates) and the values of its fields. The attachments live beside it;
/// the World holds their summary.
struct World {
  Id state = at(kStates, "NonOwnedNonBacked");
  std::array<std::uint16_t, kWorldFields> v{};
  bool operator==(const World&) const = default;
  [[nodiscard]] constexpr std::uint16_t get(Id field) const { return v[field]; }
};

/// One attachment's side.
struct Attachment {
  Id state = kFirstAttachmentState;
  std::array<std::uint16_t, kAttachmentFields> v{};
  bool operator==(const Attachment&) const = default;
  [[nodiscard]] constexpr std::uint16_t get(Id field) const { return v[field - kWorldFields]; }
};

/// Sets policy `field` (an index of kFields with owner kPolicy) and keeps the combination meaningful: storage that is
/// there from allocation is never released by the end of ownership.
constexpr void set_policy(World& world, Id field, std::uint16_t value) {
  world.v[field] = value;
  if (world.v[at(kFields, "backing")] == 0) world.v[at(kFields, "leaves")] = 0;
}

/// True where the values can belong to one buffer: what the tables rely on, and preserve.
/// `known` says which fields to look at, one bit a field: a constraint with an unknown field is taken as met.
[[nodiscard]] constexpr bool is_consistent(Id state, const Cells& c, std::uint64_t known = ~std::uint64_t{0});

/// A short name for each policy value, as contracts and the command line spell it; empty where there is none.
[[nodiscard]] std::string_view policy_value(Id field, std::uint16_t value);

// ---------------------------------------------------------------------------------------------------------------

constexpr bool is_consistent(Id state, const Cells& c, std::uint64_t known) {
  constexpr Id exported = at(kFields, "exported"), attached = at(kFields, "attached"), mapped = at(kFields, "mapped"),
               windows = at(kFields, "windows"), kernel = at(kFields, "kernel_mappings"),
               user = at(kFields, "user_mappings"), cpu = at(kFields, "cpu_mappings"),
               bracketed = at(kFields, "bracketed"), pinned = at(kFields, "pinned"), backing = at(kFields, "backing"),
               leaves = at(kFields, "leaves"), device_ends = at(kFields, "device_ends"),
               own_maps = at(kFields, "own_maps"), own_pins = at(kFields, "own_pins"),
               matches = at(kFields, "window_matches"), nested = at(kFields, "window_nested"),
               cpu_owns = at(kFields, "cpu_owns"), plain = at(kFields, "plain_mapped"),
               writers = at(kFields, "plain_writers"), readers = at(kFields, "snooping_readers"),
               to = at(kFields, "to_device"), from = at(kFields, "from_device"), kept = at(kFields, "own_cached"),
               fits = at(kFields, "kept_matches");
  constexpr Id n0 = at(kStates, "NonOwnedNonBacked"), n1 = at(kStates, "NonOwnedBacked"),
               cpu_owned = at(kStates, "CpuOwned"), device_owned = at(kStates, "DeviceOwned");
  const auto knows = [known](auto... fields) { return (((known >> fields) & 1U) & ...) != 0; };
  const auto x = [&c](Id field) { return c.v[field]; };
  const auto violated = [&](bool relevant, bool met) { return relevant && !met; };
  const bool unowned = state == n0 || state == n1;
  return !(
      violated(knows(exported) && state != n0, x(exported) == 1) ||
      violated(knows(exported, attached) && x(exported) == 0, x(attached) == 0) ||
      violated(knows(exported, windows) && x(exported) == 0, x(windows) == 0) ||
      violated(knows(exported, own_maps) && x(exported) == 0, x(own_maps) == 0) ||
      violated(knows(exported, own_pins) && x(exported) == 0, x(own_pins) == 0) ||
      violated(knows(exported, cpu) && x(exported) == 0, x(cpu) == 0) ||
      violated(knows(exported, pinned) && x(exported) == 0, x(pinned) == 0) ||
      violated(knows(exported, backing) && state == n0, x(exported) == 0 || x(backing) == 1) ||
      violated(knows(attached, mapped), x(mapped) <= x(attached)) ||
      violated(knows(own_maps, mapped) && x(own_maps) > 0, x(mapped) > 0) ||
      violated(knows(mapped) && unowned, x(mapped) == 0) || violated(knows(own_maps) && unowned, x(own_maps) == 0) ||
      violated(knows(windows, cpu_owns) && state == cpu_owned, x(windows) > 0 || x(cpu_owns) == 1) ||
      violated(knows(bracketed, cpu_owns) && state == cpu_owned, x(bracketed) == 1 || x(cpu_owns) == 1) ||
      violated(knows(cpu, cpu_owns) && x(cpu_owns) == 1 && unowned, x(cpu) == 0) ||
      violated(knows(cpu, cpu_owns) && x(cpu_owns) == 1 && state == cpu_owned, x(cpu) > 0) ||
      violated(knows(plain, mapped) && x(mapped) == 0, x(plain) == 0) ||
      violated(knows(writers, mapped) && x(mapped) == 0, x(writers) == 0) ||
      violated(knows(readers, mapped) && x(mapped) == 0, x(readers) == 0) ||
      violated(knows(plain, writers), x(writers) <= x(plain)) || violated(knows(plain) && unowned, x(plain) == 0) ||
      violated(knows(writers) && unowned, x(writers) == 0) || violated(knows(readers) && unowned, x(readers) == 0) ||
      violated(knows(to, from), x(to) + x(from) > 0) || violated(knows(kept, fits) && x(kept) == 0, x(fits) == 0) ||
      violated(knows(kept, fits, to), x(fits) == 0 || (x(kept) & 1) == x(to)) ||
      violated(knows(kept, fits, from), x(fits) == 0 || x(kept) / 2 == x(from)) ||
      violated(knows(kept, fits, to, from) && x(kept) == x(to) + 2 * x(from), x(fits) == 1) ||
      violated(knows(attached) && state == device_owned, x(attached) > 0) ||
      violated(knows(mapped, device_ends) && state == device_owned, x(mapped) > 0 || x(device_ends) == 1) ||
      violated(knows(kernel, user, cpu), x(kernel) + x(user) == x(cpu)) ||
      violated(knows(windows, matches) && x(matches) == 1, x(windows) > 0) ||
      violated(knows(windows, nested) && x(nested) == 1, x(windows) > 0) ||
      violated(knows(backing, leaves) && x(leaves) == 1, x(backing) == 1) ||
      violated(knows(own_maps) && state == at(kStates, "Mapped"), x(own_maps) > 0) ||
      violated(knows(own_maps) && (state == kFirstAttachmentState || state == at(kStates, "Attached")),
               x(own_maps) == 0) ||
      violated(knows(pinned, own_pins) && state < kBufferStates, x(own_pins) <= x(pinned)));
}

}  // namespace custody::model

template <>
struct std::hash<custody::model::World> {
  std::size_t operator()(const custody::model::World& w) const noexcept {
    std::size_t h = w.state;
    for (const auto x : w.v) h = (h + x + 1) * 0x9e3779b97f4a7c15ULL;
    return h ^ (h >> 29U);
  }
};
template <>
struct std::hash<custody::model::Attachment> {
  std::size_t operator()(const custody::model::Attachment& a) const noexcept {
    std::size_t h = a.state;
    for (const auto x : a.v) h = (h + x + 1) * 0x9e3779b97f4a7c15ULL;
    return h ^ (h >> 29U);
  }
};
