// SPDX-License-Identifier: BSD-2-Clause
// The small machines: an attachment, a CPU window, the kernel mapping, the user mappings. None changes the owner.
#pragma once

#include "model/row.hpp"

namespace custody::model {

// clang-format off
inline constexpr Row kAttachmentRows[] = {
  {"attachment-attach-1", From{"Detached"}, On{"attach"}, If{}, To{"Attached"}, Do{},
   "The device is attached.", "K-04"},
  {"attachment-detach-1", From{"Attached"}, On{"detach"}, If{"own_maps=none", "own_pins=none"}, To{"Detached"}, Do{},
   "The attachment is gone.", "K-05"},
  {"attachment-map-1", From{"Attached"}, On{"map"}, If{}, To{"stays"}, Do{"add_map", "clear_invalidated"},
   "The device may use the buffer from here, once more if a table is cached.", "K-06"},
  {"attachment-unmap-1", From{"Attached"}, On{"unmap"}, If{"own_maps=some"}, To{"stays"}, Do{"drop_map"},
   "With its last map the device must not use the buffer any more.", "K-07"},
  {"attachment-pin-1", From{"Attached"}, On{"pin"}, If{}, To{"stays"}, Do{"add_pin"},
   "The importer pins the storage.", "K-13"},
  {"attachment-unpin-1", From{"Attached"}, On{"unpin"}, If{"own_pins=some"}, To{"stays"}, Do{"drop_pin"},
   "One pin fewer.", "K-14"},
  {"attachment-move-1", From{"Attached"}, On{"move_notify"}, If{}, To{"stays"}, Do{"mark_invalidated"},
   "What the importer mapped is invalid from here.", "K-15"},

  // Refusals.
  {"attachment-attach-x1", From{"Attached"}, On{"attach"}, If{}, To{"stays"}, Do{}, "L10",
   "The attachment exists already; a second attach makes another one.", "K-04"},
  {"attachment-detach-x1", From{"Attached"}, On{"detach"}, If{"own_maps=some"}, To{"Detached"}, Do{}, "L6",
   "The importer must unmap before it detaches.", "K-05"},
  {"attachment-detach-x2", From{"Attached"}, On{"detach"}, If{"own_maps=none", "own_pins=some"}, To{"Detached"}, Do{}, "L11",
   "The importer must unpin before it detaches.", "K-14"},
  {"attachment-detach-x3", From{"Detached"}, On{"detach"}, If{}, To{"stays"}, Do{}, "L10",
   "The attachment does not exist.", "K-05"},
  {"attachment-map-x1", From{"Detached"}, On{"map"}, If{}, To{"stays"}, Do{}, "L10",
   "The attachment does not exist.", "K-06"},
  {"attachment-unmap-x1", From{"Attached"}, On{"unmap"}, If{"own_maps=none"}, To{"stays"}, Do{}, "L5",
   "The attachment is not mapped.", "K-07"},
  {"attachment-unmap-x2", From{"Detached"}, On{"unmap"}, If{}, To{"stays"}, Do{}, "L5",
   "The attachment does not exist.", "K-07"},
  {"attachment-pin-x1", From{"Detached"}, On{"pin"}, If{}, To{"stays"}, Do{}, "L10",
   "The attachment does not exist.", "K-13"},
  {"attachment-unpin-x1", From{"Attached"}, On{"unpin"}, If{"own_pins=none"}, To{"stays"}, Do{}, "L11",
   "The attachment holds no pin.", "K-14"},
  {"attachment-unpin-x2", From{"Detached"}, On{"unpin"}, If{}, To{"stays"}, Do{}, "L11",
   "The attachment does not exist.", "K-14"},
};

inline constexpr Row kWindowRows[] = {
  {"window-begin-1", From{"Closed"}, On{"begin_cpu_access"}, If{}, To{"Open"}, Do{},
   "The window opens.", "K-08"},
  {"window-end-1", From{"Open"}, On{"end_cpu_access"}, If{"window_fits"}, To{"Closed"}, Do{},
   "The window closes.", "K-09"},
  {"window-end-2", From{"Closed"}, On{"end_cpu_access"}, If{}, To{"stays"}, Do{},
   "It closes no window; whether it may is the owner's affair.", "K-09"},

  // Refusals.
  {"window-end-x1", From{"Open"}, On{"end_cpu_access"}, If{"window_misfits"}, To{"Closed"}, Do{}, "L7",
   "No window of this direction is open.", "K-09"},
};

inline constexpr Row kKernelMappingRows[] = {
  {"vmap-1", From{"Unmapped"}, On{"vmap"}, If{"windows=none"}, To{"MappedForCpu"}, Do{},
   "The exporter maps the buffer for the kernel.", "K-10"},
  {"vmap-2", From{"Unmapped"}, On{"vmap"}, If{"windows=some"}, To{"MappedForCpu"}, Do{"mark_bracketed"},
   "The exporter maps the buffer for the kernel; a window is open already.", "K-10"},
  {"vmap-3", From{"MappedForCpu"}, On{"vmap"}, If{}, To{"stays"}, Do{"add_user"},
   "The core counts users of one kernel mapping.", "K-10"},
  {"vunmap-1", From{"MappedForCpu"}, On{"vunmap"}, If{"kernel_mappings=more"}, To{"stays"}, Do{"drop_user"},
   "Other users keep the kernel mapping.", "K-11"},
  {"vunmap-2", From{"MappedForCpu"}, On{"vunmap"}, If{"kernel_mappings=last", "use_was_bracketed"}, To{"Unmapped"}, Do{},
   "The last user drops the kernel mapping.", "K-11"},
  {"vunmap-3", From{"MappedForCpu"}, On{"vunmap"}, If{"kernel_mappings=last", "use_was_not_bracketed"}, To{"Unmapped"},
   Do{"advise_windows"}, "The last user drops a kernel mapping that lived without a window: legal, but worth a word.", "K-11"},
  {"bracket-1", From{"MappedForCpu"}, On{"begin_cpu_access"}, If{}, To{"stays"}, Do{"mark_bracketed"},
   "From here on the kernel mapping's life has seen a window.", "K-11"},
  {"bracket-2", From{"Unmapped"}, On{"begin_cpu_access"}, If{}, To{"stays"}, Do{},
   "There is no kernel mapping to bracket.", "K-11"},

  // Refusals.
  {"vunmap-x2", From{"Unmapped"}, On{"vunmap"}, If{}, To{"stays"}, Do{}, "L11",
   "There is no kernel mapping to drop.", "K-11"},
};

inline constexpr Row kUserMappingRows[] = {
  {"mmap-1", From{"Unmapped"}, On{"mmap"}, If{}, To{"MappedForCpu"}, Do{},
   "The first user mapping.", "K-12"},
  {"mmap-2", From{"MappedForCpu"}, On{"mmap"}, If{}, To{"stays"}, Do{"add_user"},
   "One more user mapping.", "K-12"},
  {"munmap-1", From{"MappedForCpu"}, On{"munmap"}, If{"user_mappings=more"}, To{"stays"}, Do{"drop_user"},
   "One user mapping fewer.", "K-12"},
  {"munmap-2", From{"MappedForCpu"}, On{"munmap"}, If{"user_mappings=last"}, To{"Unmapped"}, Do{},
   "The last user mapping is gone.", "K-12"},

  // Refusals.
  {"munmap-x1", From{"Unmapped"}, On{"munmap"}, If{}, To{"stays"}, Do{}, "L11",
   "There is no user mapping to drop.", "K-12"},
};
// clang-format on

}  // namespace custody::model
