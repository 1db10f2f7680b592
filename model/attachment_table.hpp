// SPDX-License-Identifier: BSD-2-Clause
// The lifetime of an attachment: every transition, and every refusal with its rule and where the kernel goes.
#pragma once

#include "model/row.hpp"

namespace custody::model {

// clang-format off
//  id       from        event          if   do   to   syncs   why   cite
inline constexpr Row kAttachmentRows[] = {
  {"ATT-01", "Detached", "attach",      If{},                Do{},                    "Attached", Syncs{}, "The device is attached.", "K-04"},

  {"ATT-02", "Attached", "detach",      If{"own_pins=none"}, Do{},                    "Detached", Syncs{}, "The attachment is gone.", "K-05"},
  {"ATT-03", "Attached", "map",         If{},                Do{"count_own_map", "clear_invalidated"}, "Mapped",   Syncs{}, "The device may use the buffer from here.", "K-06"},
  {"ATT-04", "Attached", "pin",         If{},                Do{"count_own_pin"},     "Attached", Syncs{}, "The importer pins the storage.", "K-13"},
  {"ATT-05", "Attached", "unpin",       If{"own_pins=some"}, Do{"drop_own_pin"},      "Attached", Syncs{}, "One pin fewer.", "K-14"},
  {"ATT-06", "Attached", "move_notify", If{},                Do{"mark_invalidated"},  "Attached", Syncs{}, "What the importer mapped is invalid from here.", "K-15"},

  {"ATT-07", "Mapped",   "map",         If{},                Do{"count_own_map", "clear_invalidated"}, "Mapped",   Syncs{}, "A table that is cached may be mapped again.", "K-06"},
  {"ATT-08", "Mapped",   "unmap",       If{"own_maps=last"}, Do{"drop_own_map"},      "Attached", Syncs{}, "The device must not use the buffer any more.", "K-07"},
  {"ATT-09", "Mapped",   "unmap",       If{"own_maps=more"}, Do{"drop_own_map"},      "Mapped",   Syncs{}, "The device has other maps.", "K-07"},
  {"ATT-10", "Mapped",   "pin",         If{},                Do{"count_own_pin"},     "Mapped",   Syncs{}, "The importer pins the storage.", "K-13"},
  {"ATT-11", "Mapped",   "unpin",       If{"own_pins=some"}, Do{"drop_own_pin"},      "Mapped",   Syncs{}, "One pin fewer.", "K-14"},
  {"ATT-12", "Mapped",   "move_notify", If{},                Do{"mark_invalidated"},  "Mapped",   Syncs{}, "What the importer mapped is invalid from here.", "K-15"},
};

//  id        from        event          if   do   where the kernel goes   rule   why   cite
inline constexpr Row kAttachmentRefusals[] = {
  {"ATT-X01", "Detached", "detach", If{},                Do{},                    "Detached", "L10", "The attachment does not exist.", "K-05"},
  {"ATT-X02", "Detached", "map",    If{},                Do{},                    "Detached", "L10", "The attachment does not exist.", "K-06"},
  {"ATT-X03", "Detached", "unmap",  If{},                Do{},                    "Detached", "L5",  "The attachment does not exist.", "K-07"},
  {"ATT-X04", "Detached", "pin",    If{},                Do{},                    "Detached", "L10", "The attachment does not exist.", "K-13"},
  {"ATT-X05", "Detached", "unpin",  If{},                Do{},                    "Detached", "L11", "The attachment does not exist.", "K-14"},

  {"ATT-X06", "Attached", "attach", If{},                Do{},                    "Attached", "L10", "The attachment exists already; a second attach makes another one.", "K-04"},
  {"ATT-X07", "Attached", "detach", If{"own_pins=some"}, Do{"clear_own_pins"},    "Detached", "L11", "The importer must unpin before it detaches.", "K-05"},
  {"ATT-X08", "Attached", "unmap",  If{},                Do{},                    "Attached", "L5",  "The attachment is not mapped.", "K-07"},
  {"ATT-X09", "Attached", "unpin",  If{"own_pins=none"}, Do{},                    "Attached", "L11", "The attachment holds no pin.", "K-14"},

  {"ATT-X10", "Mapped",   "attach", If{},                Do{},                    "Mapped",   "L10", "The attachment exists already; a second attach makes another one.", "K-04"},
  {"ATT-X11", "Mapped",   "detach", If{},                Do{"clear_own_maps", "clear_own_pins"}, "Detached", "L6",  "The importer must unmap before it detaches.", "K-05"},
  {"ATT-X12", "Mapped",   "unpin",  If{"own_pins=none"}, Do{},                    "Mapped",   "L11", "The attachment holds no pin.", "K-14"},
};
// clang-format on

}  // namespace custody::model
