// SPDX-License-Identifier: BSD-2-Clause
// The closed vocabulary of the lifetime tables: states, events, fields, guards, actions, syncs.
// One line a word. A guard is one comparison of one bounded field, an action one assignment.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "model/words.hpp"

namespace custody::model {

// clang-format off
inline constexpr Word kStates[] = {
  {"NonOwnedNonBacked", "Nobody owns the buffer and it has no backing storage."},
  {"NonOwnedBacked",    "Nobody owns the buffer; its storage exists and keeps the data."},
  {"CpuOwned",          "A CPU access window is open: the CPU owns the buffer, backed and pinned."},
  {"DeviceOwned",       "The mapped devices own the buffer together, backed and pinned."},
  {"Freed",             "The last reference is gone; nothing may touch the buffer any more."},
  {"Detached",          "The attachment does not exist (not yet, or not any more)."},
  {"Attached",          "The device is attached and not mapped."},
  {"Mapped",            "The device is attached and mapped at least once."},
};

inline constexpr Word kEvents[] = {
  {"export",           "dma_buf_export() made the buffer."},
  {"attach",           "dma_buf_dynamic_attach() attached a device."},
  {"detach",           "dma_buf_detach() takes a device off."},
  {"map",              "dma_buf_map_attachment() mapped the buffer for a device."},
  {"unmap",            "dma_buf_unmap_attachment() ends one map of a device."},
  {"begin_cpu_access", "dma_buf_begin_cpu_access() opened a CPU window."},
  {"end_cpu_access",   "dma_buf_end_cpu_access() closed a CPU window."},
  {"vmap",             "dma_buf_vmap() made a kernel mapping."},
  {"vunmap",           "dma_buf_vunmap() dropped a kernel mapping."},
  {"mmap",             "dma_buf_mmap() made a user mapping."},
  {"munmap",           "A user mapping went away (no kernel trace shows it)."},
  {"pin",              "dma_buf_pin() pinned the storage for an importer."},
  {"unpin",            "dma_buf_unpin() undid one pin."},
  {"move_notify",      "dma_buf_move_notify() told the importers that the storage moves."},
  {"release",          "dma_buf_release(): the last reference is gone."},
};

/// Whose value a field is.
enum class Owner : std::uint8_t {
  kBuffer,      ///< of the buffer's World
  kPolicy,      ///< of the contract: set when a World is made, never changed in a run
  kAttachment,  ///< of the attachment that the call names
  kCall,        ///< an argument of the call
};

/// `max` bounds searches, proofs and exports; a replay counts on beyond it.
struct Field { std::string_view name, says; std::uint16_t max; Owner owner; };

inline constexpr Field kFields[] = {
  {"exported",            "the export was seen",                                       1, Owner::kBuffer},
  {"attached",            "attached devices",                                          3, Owner::kBuffer},
  {"mapped",              "attachments with a live map",                               3, Owner::kBuffer},
  {"windows",             "open CPU access windows",                                   3, Owner::kBuffer},
  {"kernel_mappings",     "live kernel mappings",                                      2, Owner::kBuffer},
  {"user_mappings",       "live user mappings",                                        2, Owner::kBuffer},
  {"cpu_mappings",        "live CPU mappings, kernel and user",                        3, Owner::kBuffer},
  {"bracketed",           "a window was open in the life of the kernel mapping",       1, Owner::kBuffer},
  {"pinned",              "pins of all attachments",                                   2, Owner::kBuffer},
  {"own_mapping",         "the exporter has a DMA mapping of its own",                 1, Owner::kBuffer},
  {"begin_mappings",      "kernel mappings that begin_cpu_access made",                3, Owner::kBuffer},
  {"cpu_dirty",           "the exporter's note: the CPU may have written since the last clean", 1, Owner::kBuffer},
  {"cpu_stale",           "the exporter's note: a device may have written since the last invalidate", 1, Owner::kBuffer},
  {"plain_mapped",        "live maps of devices that do not snoop",                     3, Owner::kBuffer},
  {"plain_writers",       "of these, those through which the device may write",        3, Owner::kBuffer},
  {"snooping_readers",    "live maps through which a device that snoops may read",      3, Owner::kBuffer},
  {"backing",             "policy: 0 backed at allocation, 1 at first use",            1, Owner::kPolicy},
  {"leaves",              "policy: the end of ownership 0 keeps, 1 releases the backing", 1, Owner::kPolicy},
  {"device_ends",         "policy: device ownership ends at 0 the last unmap, 1 the last detach", 1, Owner::kPolicy},
  {"end_sync",            "policy: 0 no operation when device ownership ends, 1 a sync for the CPU", 1, Owner::kPolicy},
  {"cpu_unattached",      "policy: CPU access with no device attached: 0 allowed, 1 refused, 2 no effect", 2, Owner::kPolicy},
  {"cpu_unmapped",        "policy: CPU access with no CPU mapping: 0 allowed, 1 fails, 2 no effect", 2, Owner::kPolicy},
  {"map_in_window",       "policy: map while a window is open: 0 allowed, 1 refused",  1, Owner::kPolicy},
  {"implicit_sync",       "policy: map and unmap 0 carry the DMA API's sync, 1 skip it", 1, Owner::kPolicy},
  {"granularity",         "policy: a sync covers 0 the whole buffer, 1 the range as called, 2 that range rounded to the largest line", 2, Owner::kPolicy},
  {"cpu_owns",            "policy: the CPU owns 0 in a window, 1 while a CPU mapping exists that no device's map came before", 1, Owner::kPolicy},
  {"own_maps",            "live maps of this attachment",                              3, Owner::kAttachment},
  {"own_pins",            "pins of this attachment",                                   2, Owner::kAttachment},
  {"own_invalidated",     "the storage moved since this attachment's last map",        1, Owner::kAttachment},
  {"own_cached",          "the direction of this attachment's table that is kept: 0 none, 1 TO_DEVICE, 2 FROM_DEVICE, 3 BIDIRECTIONAL", 3, Owner::kAttachment},
  {"own_snoops",          "the attached device snoops",                                1, Owner::kAttachment},
  {"window_matches",      "a window of the call's direction is open",                  1, Owner::kCall},
  {"window_nested",       "the calling task has a window open already",                1, Owner::kCall},
  {"to_device",           "the call's direction is TO_DEVICE or BIDIRECTIONAL",        1, Owner::kCall},
  {"from_device",         "the call's direction is FROM_DEVICE or BIDIRECTIONAL",      1, Owner::kCall},
  {"kept_matches",        "the table that is kept has the call's direction",           1, Owner::kCall},
};
inline constexpr std::size_t kFieldCount = std::size(kFields);

enum class Rel : std::uint8_t { eq, gt, lt };
struct Guard { std::string_view name; Id field; Rel rel; std::uint16_t value; std::string_view says; };

inline constexpr Guard kGuards[] = {
  {"not_exported",          at(kFields, "exported"),        Rel::eq, 0, "it was not exported before"},
  {"exported",              at(kFields, "exported"),        Rel::eq, 1, "it was exported"},
  {"attached=none",         at(kFields, "attached"),        Rel::eq, 0, "no device is attached"},
  {"attached=some",         at(kFields, "attached"),        Rel::gt, 0, "a device is attached"},
  {"attached=last",         at(kFields, "attached"),        Rel::eq, 1, "this is the last attached device"},
  {"attached=more",         at(kFields, "attached"),        Rel::gt, 1, "other devices stay attached"},
  {"mapped=none",           at(kFields, "mapped"),          Rel::eq, 0, "no device is mapped"},
  {"mapped=some",           at(kFields, "mapped"),          Rel::gt, 0, "a device is mapped"},
  {"mapped=last",           at(kFields, "mapped"),          Rel::eq, 1, "this is the last mapped device"},
  {"mapped=more",           at(kFields, "mapped"),          Rel::gt, 1, "other devices stay mapped"},
  {"windows=none",          at(kFields, "windows"),         Rel::eq, 0, "no window is open"},
  {"windows=some",          at(kFields, "windows"),         Rel::gt, 0, "a window is open"},
  {"windows=last",          at(kFields, "windows"),         Rel::eq, 1, "this is the last open window"},
  {"windows=more",          at(kFields, "windows"),         Rel::gt, 1, "other windows stay open"},
  {"kernel_mappings=none",  at(kFields, "kernel_mappings"), Rel::eq, 0, "no kernel mapping exists"},
  {"kernel_mappings=some",  at(kFields, "kernel_mappings"), Rel::gt, 0, "a kernel mapping exists"},
  {"kernel_mappings=last",  at(kFields, "kernel_mappings"), Rel::eq, 1, "this is the last kernel mapping"},
  {"kernel_mappings=more",  at(kFields, "kernel_mappings"), Rel::gt, 1, "other kernel mappings stay"},
  {"user_mappings=none",    at(kFields, "user_mappings"),   Rel::eq, 0, "no user mapping exists"},
  {"user_mappings=some",    at(kFields, "user_mappings"),   Rel::gt, 0, "a user mapping exists"},
  {"cpu_mappings=none",     at(kFields, "cpu_mappings"),    Rel::eq, 0, "no CPU mapping exists"},
  {"cpu_mappings=some",     at(kFields, "cpu_mappings"),    Rel::gt, 0, "a CPU mapping exists"},
  {"cpu_mappings=last",     at(kFields, "cpu_mappings"),    Rel::eq, 1, "this is the last CPU mapping"},
  {"cpu_mappings=more",     at(kFields, "cpu_mappings"),    Rel::gt, 1, "other CPU mappings stay"},
  {"bracketed",             at(kFields, "bracketed"),       Rel::eq, 1, "a window was open in the life of the mapping"},
  {"not_bracketed",         at(kFields, "bracketed"),       Rel::eq, 0, "no window was open in the life of the mapping"},
  {"pinned=none",           at(kFields, "pinned"),          Rel::eq, 0, "nobody pins the storage"},
  {"pinned=some",           at(kFields, "pinned"),          Rel::gt, 0, "the storage is pinned"},
  {"at_allocation",         at(kFields, "backing"),         Rel::eq, 0, "backing = at_allocation"},
  {"at_first_use",          at(kFields, "backing"),         Rel::eq, 1, "backing = at_first_use"},
  {"keeps",                 at(kFields, "leaves"),          Rel::eq, 0, "leaves = keep"},
  {"releases",              at(kFields, "leaves"),          Rel::eq, 1, "leaves = release"},
  {"until_last_unmap",      at(kFields, "device_ends"),     Rel::eq, 0, "device_ends = last_unmap"},
  {"until_last_detach",     at(kFields, "device_ends"),     Rel::eq, 1, "device_ends = last_detach"},
  {"unattached_allowed",    at(kFields, "cpu_unattached"),  Rel::eq, 0, "cpu_unattached = allow"},
  {"unattached_refused",    at(kFields, "cpu_unattached"),  Rel::eq, 1, "cpu_unattached = refuse"},
  {"unattached_no_effect",  at(kFields, "cpu_unattached"),  Rel::eq, 2, "cpu_unattached = no_effect"},
  {"unmapped_allowed",      at(kFields, "cpu_unmapped"),    Rel::eq, 0, "cpu_unmapped = allow"},
  {"unmapped_fails",        at(kFields, "cpu_unmapped"),    Rel::eq, 1, "cpu_unmapped = fail"},
  {"unmapped_no_effect",    at(kFields, "cpu_unmapped"),    Rel::eq, 2, "cpu_unmapped = no_effect"},
  {"map_in_window_allowed", at(kFields, "map_in_window"),   Rel::eq, 0, "map_in_window = allow"},
  {"map_in_window_refused", at(kFields, "map_in_window"),   Rel::eq, 1, "map_in_window = refuse"},
  {"begin_mappings=none",   at(kFields, "begin_mappings"),  Rel::eq, 0, "begin has made no kernel mapping"},
  {"begin_mappings=some",   at(kFields, "begin_mappings"),  Rel::gt, 0, "begin has made a kernel mapping"},
  {"cpu_dirty=yes",         at(kFields, "cpu_dirty"),       Rel::eq, 1, "the CPU may have written since the last clean"},
  {"cpu_dirty=no",          at(kFields, "cpu_dirty"),       Rel::eq, 0, "the CPU has not written since the last clean"},
  {"cpu_stale=yes",         at(kFields, "cpu_stale"),       Rel::eq, 1, "a device may have written since the last invalidate"},
  {"cpu_stale=no",          at(kFields, "cpu_stale"),       Rel::eq, 0, "no device has written since the last invalidate"},
  {"plain_mapped=none",     at(kFields, "plain_mapped"),    Rel::eq, 0, "no mapped device does without snooping"},
  {"plain_mapped=some",     at(kFields, "plain_mapped"),    Rel::gt, 0, "a mapped device does not snoop"},
  {"plain_writers=none",    at(kFields, "plain_writers"),   Rel::eq, 0, "no mapped device that does not snoop may write"},
  {"plain_writers=some",    at(kFields, "plain_writers"),   Rel::gt, 0, "a mapped device that does not snoop may write"},
  {"snooping_readers=none", at(kFields, "snooping_readers"), Rel::eq, 0, "no mapped device that snoops may read"},
  {"snooping_readers=some", at(kFields, "snooping_readers"), Rel::gt, 0, "a mapped device that snoops may read"},
  {"cpu_owns_in_window",    at(kFields, "cpu_owns"),        Rel::eq, 0, "cpu_owns = window"},
  {"cpu_owns_by_mapping",   at(kFields, "cpu_owns"),        Rel::eq, 1, "cpu_owns = mapping"},
  {"own_snoops=yes",        at(kFields, "own_snoops"),      Rel::eq, 1, "the device snoops"},
  {"own_snoops=no",         at(kFields, "own_snoops"),      Rel::eq, 0, "the device does not snoop"},
  {"to_device=yes",         at(kFields, "to_device"),       Rel::eq, 1, "the direction is TO_DEVICE or BIDIRECTIONAL"},
  {"to_device=no",          at(kFields, "to_device"),       Rel::eq, 0, "the direction is FROM_DEVICE"},
  {"from_device=yes",       at(kFields, "from_device"),     Rel::eq, 1, "the direction is FROM_DEVICE or BIDIRECTIONAL"},
  {"from_device=no",        at(kFields, "from_device"),     Rel::eq, 0, "the direction is TO_DEVICE"},
  {"own_mapping=none",      at(kFields, "own_mapping"),     Rel::eq, 0, "the exporter has no mapping of its own"},
  {"own_mapping=some",      at(kFields, "own_mapping"),     Rel::gt, 0, "the exporter has a mapping of its own"},
  {"own_cached=none",       at(kFields, "own_cached"),      Rel::eq, 0, "no table of this attachment is kept"},
  {"own_cached=some",       at(kFields, "own_cached"),      Rel::gt, 0, "a table of this attachment is kept"},
  {"own_cached=bidi",       at(kFields, "own_cached"),      Rel::eq, 3, "its kept table is BIDIRECTIONAL"},
  {"own_cached=one_way",    at(kFields, "own_cached"),      Rel::lt, 3, "no BIDIRECTIONAL table of it is kept"},
  {"kept_matches",          at(kFields, "kept_matches"),    Rel::eq, 1, "its kept table has the call's direction"},
  {"kept_differs",          at(kFields, "kept_matches"),    Rel::eq, 0, "no kept table of it has the call's direction"},
  {"own_maps=none",         at(kFields, "own_maps"),        Rel::eq, 0, "this attachment is not mapped"},
  {"own_maps=some",         at(kFields, "own_maps"),        Rel::gt, 0, "this attachment is mapped"},
  {"own_maps=last",         at(kFields, "own_maps"),        Rel::eq, 1, "this is its last map"},
  {"own_maps=more",         at(kFields, "own_maps"),        Rel::gt, 1, "it stays mapped"},
  {"own_pins=none",         at(kFields, "own_pins"),        Rel::eq, 0, "this attachment holds no pin"},
  {"own_pins=some",         at(kFields, "own_pins"),        Rel::gt, 0, "this attachment holds a pin"},
  {"window_matches",        at(kFields, "window_matches"),  Rel::eq, 1, "a window of this direction is open"},
  {"window_mismatched",     at(kFields, "window_matches"),  Rel::eq, 0, "no window of this direction is open"},
  {"window_nested",         at(kFields, "window_nested"),   Rel::eq, 1, "this task has a window open already"},
  {"window_not_nested",     at(kFields, "window_nested"),   Rel::eq, 0, "this task has no window open"},
};

/// `dir` sets the code of the call's direction (model::code_of).
enum class Op : std::uint8_t { set, add, sub, dir };
struct Action { std::string_view name; Id field; Op op; std::uint16_t value; std::string_view says; };

inline constexpr Action kActions[] = {
  {"mark_exported",         at(kFields, "exported"),        Op::set, 1, "mark as exported"},
  {"count_attached",        at(kFields, "attached"),        Op::add, 1, "one more device is attached"},
  {"drop_attached",         at(kFields, "attached"),        Op::sub, 1, "one device fewer is attached"},
  {"count_mapped",          at(kFields, "mapped"),          Op::add, 1, "one more device is mapped"},
  {"drop_mapped",           at(kFields, "mapped"),          Op::sub, 1, "one device fewer is mapped"},
  {"open_window",           at(kFields, "windows"),         Op::add, 1, "a window opens"},
  {"close_window",          at(kFields, "windows"),         Op::sub, 1, "a window closes"},
  {"mark_bracketed",        at(kFields, "bracketed"),       Op::set, 1, "the kernel mapping's life has seen a window"},
  {"clear_bracketed",       at(kFields, "bracketed"),       Op::set, 0, "the kernel mapping's life has seen no window"},
  {"count_kernel_mapping",  at(kFields, "kernel_mappings"), Op::add, 1, "one more kernel mapping"},
  {"drop_kernel_mapping",   at(kFields, "kernel_mappings"), Op::sub, 1, "one kernel mapping fewer"},
  {"count_user_mapping",    at(kFields, "user_mappings"),   Op::add, 1, "one more user mapping"},
  {"drop_user_mapping",     at(kFields, "user_mappings"),   Op::sub, 1, "one user mapping fewer"},
  {"count_cpu_mapping",     at(kFields, "cpu_mappings"),    Op::add, 1, "one more CPU mapping"},
  {"drop_cpu_mapping",      at(kFields, "cpu_mappings"),    Op::sub, 1, "one CPU mapping fewer"},
  {"count_pin",             at(kFields, "pinned"),          Op::add, 1, "one more pin"},
  {"drop_pin",              at(kFields, "pinned"),          Op::sub, 1, "one pin fewer"},
  {"count_own_map",         at(kFields, "own_maps"),        Op::add, 1, "this attachment has one more map"},
  {"drop_own_map",          at(kFields, "own_maps"),        Op::sub, 1, "this attachment has one map fewer"},
  {"clear_own_maps",        at(kFields, "own_maps"),        Op::set, 0, "its maps are gone"},
  {"count_own_pin",         at(kFields, "own_pins"),        Op::add, 1, "this attachment has one more pin"},
  {"drop_own_pin",          at(kFields, "own_pins"),        Op::sub, 1, "this attachment has one pin fewer"},
  {"clear_own_pins",        at(kFields, "own_pins"),        Op::set, 0, "its pins are gone"},
  {"make_own_mapping",      at(kFields, "own_mapping"),     Op::set, 1, "the exporter maps for itself"},
  {"count_begin_mapping",   at(kFields, "begin_mappings"),  Op::add, 1, "begin maps for the kernel, or counts that mapping"},
  {"drop_begin_mapping",    at(kFields, "begin_mappings"),  Op::sub, 1, "end gives that mapping back"},
  {"note_dirty",            at(kFields, "cpu_dirty"),       Op::set, 1, "note that the CPU may write"},
  {"note_cleaned",          at(kFields, "cpu_dirty"),       Op::set, 0, "note that it was cleaned"},
  {"note_stale",            at(kFields, "cpu_stale"),       Op::set, 1, "note that a device may write"},
  {"note_invalidated",      at(kFields, "cpu_stale"),       Op::set, 0, "note that it was invalidated"},
  {"count_plain_mapped",    at(kFields, "plain_mapped"),    Op::add, 1, "one more map of a device that does not snoop"},
  {"drop_plain_mapped",     at(kFields, "plain_mapped"),    Op::sub, 1, "one map fewer of a device that does not snoop"},
  {"count_plain_writer",    at(kFields, "plain_writers"),   Op::add, 1, "one more of these through which it may write"},
  {"drop_plain_writer",     at(kFields, "plain_writers"),   Op::sub, 1, "one fewer of these through which it may write"},
  {"count_snooping_reader", at(kFields, "snooping_readers"), Op::add, 1, "one more map through which a device that snoops may read"},
  {"drop_snooping_reader",  at(kFields, "snooping_readers"), Op::sub, 1, "one map fewer through which a device that snoops may read"},
  {"cache_own_table",       at(kFields, "own_cached"),      Op::dir, 0, "its table is kept, with the direction of the call"},
  {"drop_own_table",        at(kFields, "own_cached"),      Op::set, 0, "its table is kept no longer"},
  {"mark_invalidated",      at(kFields, "own_invalidated"), Op::set, 1, "its mapping is invalid"},
  {"clear_invalidated",     at(kFields, "own_invalidated"), Op::set, 0, "its mapping is valid"},
};

/// A sync that a row predicts: who, with which direction, by which DMA call, and whether before the state change.
/// `kExporter` is a device of the exporter that does not snoop, `kBuffer` one pass over the buffer whoever is mapped.
enum class Targets : std::uint8_t { kNone, kMapped, kAttached, kOwn, kExporter, kBuffer };
/// `kKept` is that of the attachment's table that is kept.
enum class SyncDirection : std::uint8_t { kCaller, kMapping, kKept, kToDevice, kFromDevice, kBidirectional };
enum class SyncCall : std::uint8_t { kNone, kMap, kUnmap, kForCpu, kForDevice };
/// It works on a whole table, whatever range its caller was given.
[[nodiscard]] constexpr bool maps(SyncCall call) { return call == SyncCall::kMap || call == SyncCall::kUnmap; }
enum class SyncWhen : std::uint8_t { kBefore, kAfter };
/// With `skip` the call carries DMA_ATTR_SKIP_CPU_SYNC: it touches no cache.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a line reads
struct Sync { std::string_view name; Targets targets; SyncDirection dir; SyncCall call; SyncWhen when; std::string_view says; bool skip = false; };

inline constexpr Sync kSyncs[] = {
  {"own:map",           Targets::kOwn,    SyncDirection::kCaller,  SyncCall::kMap,       SyncWhen::kBefore, "dma_map for this device (no sync under implicit_sync = skip)"},
  {"own:unmap",         Targets::kOwn,    SyncDirection::kMapping, SyncCall::kUnmap,     SyncWhen::kAfter,  "dma_unmap for this device (no sync under implicit_sync = skip)"},
  {"own:unmap:kept",    Targets::kOwn,    SyncDirection::kKept,    SyncCall::kUnmap,     SyncWhen::kAfter,  "dma_unmap of the table of this device that is kept, if one is (no sync under implicit_sync = skip)"},
  {"mapped:for_cpu",    Targets::kMapped, SyncDirection::kCaller,  SyncCall::kForCpu,    SyncWhen::kBefore, "sync for the CPU for each mapped device"},
  {"mapped:for_device", Targets::kMapped, SyncDirection::kCaller,  SyncCall::kForDevice, SyncWhen::kBefore, "sync for the device for each mapped device"},
  {"own:map:skip",      Targets::kOwn,    SyncDirection::kCaller,  SyncCall::kMap,       SyncWhen::kBefore, "dma_map for this device, without its sync", true},
  {"own:unmap:skip",    Targets::kOwn,    SyncDirection::kMapping, SyncCall::kUnmap,     SyncWhen::kAfter,  "dma_unmap for this device, without its sync", true},
  {"own:unmap:kept:skip", Targets::kOwn,  SyncDirection::kKept,    SyncCall::kUnmap,     SyncWhen::kAfter,  "dma_unmap of the table of this device that is kept, if one is, without its sync", true},
  {"attached:for_cpu",    Targets::kAttached, SyncDirection::kCaller, SyncCall::kForCpu,    SyncWhen::kBefore, "sync for the CPU for each attached device, mapped or not"},
  {"attached:for_device", Targets::kAttached, SyncDirection::kCaller, SyncCall::kForDevice, SyncWhen::kBefore, "sync for the device for each attached device, mapped or not"},
  {"exporter:map",        Targets::kExporter, SyncDirection::kCaller, SyncCall::kMap,       SyncWhen::kBefore, "dma_map for the exporter's own device"},
  {"exporter:map:skip",   Targets::kExporter, SyncDirection::kCaller, SyncCall::kMap,       SyncWhen::kBefore, "dma_map for the exporter's own device, without its sync", true},
  {"exporter:unmap:bidi", Targets::kExporter, SyncDirection::kBidirectional, SyncCall::kUnmap, SyncWhen::kAfter, "dma_unmap BIDIRECTIONAL for the exporter's own device"},
  {"exporter:unmap:skip", Targets::kExporter, SyncDirection::kMapping, SyncCall::kUnmap,   SyncWhen::kAfter,  "dma_unmap for the exporter's own device, without its sync", true},
  {"exporter:for_cpu",    Targets::kExporter, SyncDirection::kCaller, SyncCall::kForCpu,    SyncWhen::kBefore, "sync for the CPU through the exporter's own mapping"},
  {"exporter:for_device", Targets::kExporter, SyncDirection::kCaller, SyncCall::kForDevice, SyncWhen::kBefore, "sync for the device through the exporter's own mapping"},
  {"exporter:for_cpu:from",    Targets::kExporter, SyncDirection::kFromDevice, SyncCall::kForCpu,    SyncWhen::kBefore, "sync for the CPU through the exporter's own mapping, which is FROM_DEVICE"},
  {"exporter:for_device:from", Targets::kExporter, SyncDirection::kFromDevice, SyncCall::kForDevice, SyncWhen::kBefore, "sync for the device through the exporter's own mapping, which is FROM_DEVICE"},
  {"buffer:clean",        Targets::kBuffer, SyncDirection::kToDevice,   SyncCall::kForDevice, SyncWhen::kBefore, "one clean of the buffer"},
  {"buffer:invalidate",   Targets::kBuffer, SyncDirection::kFromDevice, SyncCall::kForCpu,    SyncWhen::kBefore, "one invalidate of the buffer"},
  {"buffer:clean_invalidate", Targets::kBuffer, SyncDirection::kBidirectional, SyncCall::kForDevice, SyncWhen::kBefore, "one clean and invalidate of the buffer, in one pass"},
};
// clang-format on

/// Clean and invalidate in one pass, which hardware offers and the DMA API does not.
[[nodiscard]] constexpr bool is_one_pass(const Sync& s) {
  return s.targets == Targets::kBuffer && s.dir == SyncDirection::kBidirectional;
}

/// The buffer's states, and the attachment's.
inline constexpr Id kFirstAttachmentState = at(kStates, "Detached");
inline constexpr std::size_t kBufferStates = kFirstAttachmentState;
inline constexpr std::size_t kEventCount = std::size(kEvents);

}  // namespace custody::model
