// SPDX-License-Identifier: BSD-2-Clause
// Who owns a buffer: the lifetime as today's kernel and the 2019 review have it, every transition and every refusal.
#pragma once

#include "model/row.hpp"

namespace custody::model {

// clang-format off
inline constexpr Row kOwnerRows[] = {
  {"export-1", From{"Unborn"}, On{"export"}, If{"backing=at_allocation"}, To{"NonOwnedBacked"}, Do{},
   "The exporter allocated the storage before it exported.", "K-01"},
  {"export-2", From{"Unborn"}, On{"export"}, If{"backing=at_first_use"}, To{"NonOwnedNonBacked"}, Do{},
   "A fresh buffer has no storage yet: the exporter picks it at first use.", "seed"},

  {"map-1", From{"unowned"}, On{"map"}, If{"own_attached=yes"}, To{"DeviceOwned"}, Do{},
   "The first mapped device becomes the owner and the storage is there.", "K-06"},
  {"map-2", From{"DeviceOwned"}, On{"map"}, If{"own_attached=yes"}, To{"stays"}, Do{},
   "All mapped devices own the buffer together.", "K-06"},
  {"map-3", From{"CpuOwned"}, On{"map"}, If{"own_attached=yes", "map_in_window=allow"}, To{"stays"}, Do{},
   "The CPU stays the owner until its last window ends.", "K-06"},

  {"unmap-1", From{"CpuOwned"}, On{"unmap"}, If{"own_maps=some"}, To{"stays"}, Do{},
   "The CPU stays the owner.", "K-07"},
  {"unmap-2", From{"DeviceOwned"}, On{"unmap"}, If{"owned_after_unmap"}, To{"stays"}, Do{},
   "The devices that are left stay the owners.", "K-07"},
  {"unmap-3", From{"DeviceOwned"}, On{"unmap"}, If{"last_owner_unmaps", "leaves=keep"}, To{"NonOwnedBacked"}, Do{},
   "The last owner is gone; the storage keeps the data.", "K-07"},
  {"unmap-4", From{"DeviceOwned"}, On{"unmap"}, If{"last_owner_unmaps", "leaves=release"}, To{"NonOwnedNonBacked"}, Do{},
   "The last owner is gone and the storage goes with it.", "seed"},

  {"detach-1", From{"unowned", "CpuOwned"}, On{"detach"}, If{}, To{"stays"}, Do{},
   "The device does not own the buffer: nothing is handed over.", "K-05"},
  {"detach-2", From{"DeviceOwned"}, On{"detach"}, If{"owned_after_detach"}, To{"stays"}, Do{},
   "The devices that are left stay the owners.", "K-05"},
  {"detach-3", From{"DeviceOwned"}, On{"detach"}, If{"last_owner_detaches", "leaves=keep"}, To{"NonOwnedBacked"}, Do{},
   "The last owner is gone; the storage keeps the data.", "seed"},
  {"detach-4", From{"DeviceOwned"}, On{"detach"}, If{"last_owner_detaches", "leaves=release"}, To{"NonOwnedNonBacked"}, Do{},
   "The last owner is gone and the storage goes with it.", "seed"},

  {"begin-1", From{"unowned", "DeviceOwned"}, On{"begin_cpu_access"}, If{"cpu_admitted"}, To{"CpuOwned"}, Do{},
   "Ownership moves to the CPU.", "K-08"},
  {"begin-2", From{"CpuOwned"}, On{"begin_cpu_access"}, If{}, To{"stays"}, Do{},
   "Another window opens; the CPU owns the buffer already.", "K-08"},
  {"begin-3", From{"unowned", "DeviceOwned"}, On{"begin_cpu_access"}, If{"cpu_without_effect"}, To{"stays"}, WithoutEffect{},
   "The call succeeds and does nothing.", "seed"},

  {"end-1", From{"CpuOwned"}, On{"end_cpu_access"}, If{"window=some", "other_windows=some"}, To{"stays"}, Do{},
   "Other windows are open: the CPU stays the owner.", "K-09"},
  {"end-2", From{"CpuOwned"}, On{"end_cpu_access"}, If{"window=some", "other_windows=none", "devices_take_over"}, To{"DeviceOwned"}, Do{},
   "Ownership moves back to the devices.", "K-09"},
  {"end-3", From{"CpuOwned"}, On{"end_cpu_access"}, If{"window=some", "other_windows=none", "nobody_takes_over", "leaves=keep"},
   To{"NonOwnedBacked"}, Do{}, "Nobody is left to own it; the storage keeps the data.", "K-09"},
  {"end-4", From{"CpuOwned"}, On{"end_cpu_access"}, If{"window=some", "other_windows=none", "nobody_takes_over", "leaves=release"},
   To{"NonOwnedNonBacked"}, Do{}, "Nobody is left to own it and the storage goes.", "seed"},
  {"end-5", From{"unowned", "DeviceOwned"}, On{"end_cpu_access"}, If{"window=some"}, To{"stays"}, WithoutEffect{},
   "A window that had no effect ends without one.", "seed"},

  {"release-1", From{"unowned"}, On{"release"}, If{"attached=none", "kernel_mappings=none", "windows=none"}, To{"Freed"}, Do{},
   "Nobody holds the buffer any more.", "K-03"},
  {"other-1", From{"live"}, On{"attach", "pin", "unpin", "vmap", "vunmap", "mmap", "munmap"}, If{}, To{"stays"}, Do{},
   "It hands nothing over: a CPU mapping's user must open a window, a device must be mapped.", "K-04"},
  {"move-1", From{"live"}, On{"move_notify"}, If{"pins=none"}, To{"stays"}, Do{},
   "The importers' mappings are invalid from here; the owner stays.", "K-15"},
  {"move-2", From{"live"}, On{"move_notify"}, If{"pins=some", "pinned_moves=allow"}, To{"stays"}, Do{},
   "The storage is revoked from importers that pinned it; the owner stays.", "K-15"},

  // Refusals.
  {"export-x1", From{"live"}, On{"export"}, If{}, To{"stays"}, Do{}, "L10",
   "A buffer is exported once; a second export is another buffer.", "K-01"},
  {"map-x1", From{"CpuOwned"}, On{"map"}, If{"own_attached=yes", "map_in_window=refuse"}, To{"stays"}, Do{}, "L7",
   "The contract refuses a map while a CPU window is open.", "seed"},
  {"map-x2", From{"live"}, On{"map"}, If{"own_attached=no"}, To{"stays"}, Do{}, "L10",
   "The attachment does not exist.", "K-06"},
  {"unmap-x1", From{"unowned"}, On{"unmap"}, If{}, To{"stays"}, Do{}, "L5",
   "No device is mapped.", "K-07"},
  {"unmap-x2", From{"CpuOwned", "DeviceOwned"}, On{"unmap"}, If{"own_maps=none"}, To{"stays"}, Do{}, "L5",
   "The attachment is not mapped.", "K-07"},
  {"begin-x1", From{"unowned", "DeviceOwned"}, On{"begin_cpu_access"}, If{"cpu_refused"}, To{"CpuOwned"}, Do{}, "L8",
   "The contract refuses CPU access without the attachment or the CPU mapping that it asks for.", "seed"},
  {"end-x1", From{"live"}, On{"end_cpu_access"}, If{"window=none"}, To{"stays"}, Do{}, "L7",
   "No window is open that it could close.", "K-09"},
  {"release-x1", From{"unowned", "CpuOwned"}, On{"release"}, If{"attached=some"}, To{"Freed"}, Do{}, "L6",
   "A device is still attached.", "K-03"},
  {"release-x2", From{"unowned", "CpuOwned"}, On{"release"}, If{"attached=none", "kernel_mappings=some"}, To{"Freed"}, Do{}, "L6",
   "A kernel mapping is still there.", "K-03"},
  {"release-x3", From{"CpuOwned"}, On{"release"}, If{"attached=none", "kernel_mappings=none"}, To{"Freed"}, Do{}, "L7",
   "A CPU access window is still open.", "K-03"},
  {"release-x4", From{"DeviceOwned"}, On{"release"}, If{}, To{"Freed"}, Do{}, "L6",
   "A device is still attached.", "K-03"},
  {"release-x5", From{"unowned"}, On{"release"}, If{"attached=none", "kernel_mappings=none", "windows=some"}, To{"Freed"}, Do{}, "L7",
   "A CPU access window that had no effect is still open.", "K-03"},
  {"move-x1", From{"live"}, On{"move_notify"}, If{"pins=some", "pinned_moves=refuse"}, To{"stays"}, Do{}, "L11",
   "The contract refuses to move pinned storage.", "K-15"},
  {"unborn-x1", From{"Unborn"}, On{kAnyEvent & ~events(at(kEvents, "export"))}, If{}, To{"stays"}, Do{}, "L10",
   "The buffer does not exist before its export.", "K-01"},
  {"freed-x1", From{"Freed"}, On{kAnyEvent}, If{}, To{"stays"}, Do{}, "L10",
   "The last reference is gone: the buffer no longer exists.", "K-03"},
};
// clang-format on

}  // namespace custody::model
