// SPDX-License-Identifier: BSD-2-Clause
// The closed vocabulary of the lifetime: states and groups of states, events. One line a word.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include "model/words.hpp"

namespace custody::model {

// clang-format off
/// States of all machines. A machine uses some of them: the owner's the first six.
inline constexpr Word kStates[] = {
  {"Unborn",            "The buffer was not exported yet."},
  {"NonOwnedNonBacked", "Nobody owns the buffer and it has no backing storage."},
  {"NonOwnedBacked",    "Nobody owns the buffer; its storage exists and keeps the data."},
  {"CpuOwned",          "A CPU access window is open: the CPU owns the buffer, backed and pinned."},
  {"DeviceOwned",       "The mapped devices own the buffer together, backed and pinned."},
  {"Freed",             "The last reference is gone; nothing may touch the buffer any more."},
  {"Detached",          "The attachment does not exist (not yet, or not any more)."},
  {"Attached",          "The device is attached, mapped or not."},
  {"Closed",            "The CPU access window is not open."},
  {"Open",              "The CPU access window is open."},
  {"Unmapped",          "There is no such mapping for the CPU."},
  {"MappedForCpu",      "There is such a mapping for the CPU."},
};
inline constexpr std::size_t kStateCount = std::size(kStates);
/// The states of the owner's machine come first.
inline constexpr std::size_t kOwnerStates = at(kStates, "Detached");

/// A set of states, one bit each.
using StateSet = std::uint16_t;
[[nodiscard]] constexpr StateSet states(auto... ids) { return static_cast<StateSet>((0U | ... | (1U << ids))); }
/// A name for several states that rows may come from.
struct StateGroup { std::string_view name; StateSet states; std::string_view says; };
inline constexpr StateGroup kStateGroups[] = {
  {"unowned", states(at(kStates, "NonOwnedNonBacked"), at(kStates, "NonOwnedBacked")), "Nobody owns the buffer."},
  {"live",    states(at(kStates, "NonOwnedNonBacked"), at(kStates, "NonOwnedBacked"), at(kStates, "CpuOwned"),
                     at(kStates, "DeviceOwned")),                                      "The buffer exists."},
};

/// What calls do: the dma-buf core's, in the kernel's words; `brief` is the litmus language's and a contract's word.
struct EventWord { std::string_view name, brief, says; };
inline constexpr EventWord kEvents[] = {
  {"export",           "export",      "dma_buf_export() made the buffer."},
  {"attach",           "attach",      "dma_buf_dynamic_attach() attached a device."},
  {"detach",           "detach",      "dma_buf_detach() takes a device off."},
  {"map",              "map",         "dma_buf_map_attachment() mapped the buffer for a device."},
  {"unmap",            "unmap",       "dma_buf_unmap_attachment() ends one map of a device."},
  {"begin_cpu_access", "begin",       "dma_buf_begin_cpu_access() opened a CPU window."},
  {"end_cpu_access",   "end",         "dma_buf_end_cpu_access() closed a CPU window."},
  {"vmap",             "vmap",        "dma_buf_vmap() made a kernel mapping."},
  {"vunmap",           "vunmap",      "dma_buf_vunmap() dropped a kernel mapping."},
  {"mmap",             "mmap",        "dma_buf_mmap() made a user mapping."},
  {"munmap",           "munmap",      "A user mapping went away (no kernel trace shows it)."},
  {"pin",              "pin",         "dma_buf_pin() pinned the storage for an importer."},
  {"unpin",            "unpin",       "dma_buf_unpin() undid one pin."},
  {"move_notify",      "move_notify", "dma_buf_move_notify() told the importers that the storage moves."},
  {"release",          "release",     "dma_buf_release(): the last reference is gone."},
};
// clang-format on
inline constexpr std::size_t kEventCount = std::size(kEvents);

/// A set of events, one bit each.
using EventSet = std::uint16_t;
[[nodiscard]] constexpr EventSet events(auto... ids) { return static_cast<EventSet>((0U | ... | (1U << ids))); }
inline constexpr EventSet kAnyEvent = (1U << kEventCount) - 1U;
static_assert(kStateCount <= 16 && kEventCount <= 16);

inline constexpr EventSet kAttachmentEvents = events(at(kEvents, "attach"), at(kEvents, "detach"), at(kEvents, "map"),
                                                     at(kEvents, "unmap"), at(kEvents, "pin"), at(kEvents, "unpin"));
/// The call names an attachment.
[[nodiscard]] constexpr bool names_attachment(Id event) { return ((kAttachmentEvents >> event) & 1U) != 0; }

inline constexpr EventSet kDirectedEvents =
    events(at(kEvents, "map"), at(kEvents, "unmap"), at(kEvents, "begin_cpu_access"), at(kEvents, "end_cpu_access"));
/// The call has a direction.
[[nodiscard]] constexpr bool has_direction(Id event) { return ((kDirectedEvents >> event) & 1U) != 0; }

inline constexpr EventSet kReturningEvents =
    events(at(kEvents, "export"), at(kEvents, "attach"), at(kEvents, "map"), at(kEvents, "begin_cpu_access"),
           at(kEvents, "end_cpu_access"), at(kEvents, "vmap"), at(kEvents, "mmap"), at(kEvents, "pin"));
/// The call takes effect when it returns, if it succeeds; every other call takes effect when it is entered.
[[nodiscard]] constexpr bool acts_on_return(Id event) { return ((kReturningEvents >> event) & 1U) != 0; }

}  // namespace custody::model
