// SPDX-License-Identifier: BSD-2-Clause
// The client's calls in a search, and what the machines' answers and the contract's notes do to a state.
#include "checker/explore/transitions.hpp"

namespace custody::checker::explore {

using model::at;
using model::code_of;
using model::Direction;
using model::Id;

namespace {

constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};
constexpr Id kAttached = at(model::kStates, "Attached"), kOpen = at(model::kStates, "Open"),
             kClosed = at(model::kStates, "Closed"), kUnmapped = at(model::kStates, "Unmapped"),
             kNonBacked = at(model::kStates, "NonOwnedNonBacked"), kCpuOwned = at(model::kStates, "CpuOwned"),
             kDeviceOwned = at(model::kStates, "DeviceOwned");
constexpr Id kAttachedCount = at(model::kFacts, "attached");

/// A window in a state: its direction, and above it its range.
unsigned window_code(const Label& label) { return code_of(label.dir) + label.blocks * 4U; }

constexpr Id kAddMap = at(model::kActions, "add_map"), kDropMap = at(model::kActions, "drop_map"),
             kMarkBracketed = at(model::kActions, "mark_bracketed");

bool has_action(const Decision& decision, Id wanted) { return decision.part != nullptr && decision.part->does(wanted); }

}  // namespace

void Calls::move_attachment(Packed& s, const Decision& decision, const Label& label) const {
  const Layout& l = f_.layout;
  const unsigned d = label.device;
  const Packed before = s;
  const bool was_attached = l.is_attached(s, d), is_attached = decision.part_to == kAttached;
  if (has_action(decision, kAddMap)) put(s, l.of_device(d, BlockLayout::kDir, 2), code_of(label.dir));
  if (has_action(decision, kDropMap) || !is_attached) put(s, l.of_device(d, BlockLayout::kDir, 2), 0);
  put(s, l.of_device(d, BlockLayout::kAttached, 1), is_attached ? 1 : 0);
  if (l.block.rank.width != 0 && was_attached != is_attached) {
    const unsigned rank = get(s, l.of_device(d, l.block.rank));
    for (unsigned other = 0; other < f_.configuration.devices && was_attached; ++other) {
      const Slot slot = l.of_device(other, l.block.rank);
      if (l.is_attached(s, other) && get(s, slot) > rank) put(s, slot, get(s, slot) - 1);
    }
    put(s, l.of_device(d, l.block.rank), was_attached ? 0 : get(s, l.fact[kAttachedCount]));
  }
  recount(s, before, d, l, f_.configuration);
}

void Calls::move_table(Packed& s, unsigned device) const {
  const Layout& l = f_.layout;
  if (!f_.configuration.is_plain(device)) return;
  const bool was_mapped = l.has_table(s_, device) || l.has_left_table(s_, device);
  const bool is_left = was_mapped && l.is_attached(s, device) && !l.has_table(s, device);
  put(s, l.of_device(device, l.block.left_table), is_left ? 1 : 0);
}

void Calls::move_window(Packed& s, const Decision& decision, const Label& label) const {
  const auto& window = f_.layout.window;
  if (label.kind == Label::Kind::kBegin && decision.part_to == kOpen)
    put(s, window[get(s, window[0]) == 0 ? 0 : 1], window_code(label));
  if (label.kind == Label::Kind::kEnd && decision.part_to == kClosed)
    put(s, window[get(s, window[0]) == window_code(label) ? 0 : 1], 0);
  // The order in which two windows were opened does not matter.
  if (f_.configuration.windows == 2 && get(s, window[0]) < get(s, window[1])) {
    const unsigned first = get(s, window[0]);
    put(s, window[0], get(s, window[1]));
    put(s, window[1], first);
  }
  if (label.kind == Label::Kind::kBegin && decisions_.brackets() && get(s, f_.layout.kernel_users) != 0)
    put(s, f_.layout.bracketed, 1);
}

void Calls::move_mapping(Packed& s, const Decision& decision, Slot users) const {
  put(s, users, decision.part_to == kUnmapped ? 0 : 1);
  if (users.shift != f_.layout.kernel_users.shift || f_.layout.bracketed.width == 0) return;
  if (decision.part_to == kUnmapped) put(s, f_.layout.bracketed, 0);
  else if (has_action(decision, kMarkBracketed)) put(s, f_.layout.bracketed, 1);
}

void Calls::note(Packed& s, const Decision& decision, const Label& label) const {
  if (decision.program == nullptr) return;
  for (const Id id : decision.program->notes) {
    const model::NoteAction& action = model::kNoteActions[id];
    if (label.kind == Label::Kind::kBeginFails && !model::outlives_interruption(action)) continue;
    const Slot slot = model::is_own_note(action.fact) ? f_.layout.of_device(label.device, f_.layout.block.kept)
                                                      : f_.layout.fact[action.fact];
    model::Facts value;
    value.v[action.fact] = static_cast<std::uint8_t>(get(s, slot));
    model::run(action, value, label.dir);
    put(s, slot, value.v[action.fact]);
  }
}

void Calls::move(Packed& s, const Decision& decision, const Label& label) const {
  const Layout& l = f_.layout;
  put(s, l.state, decision.to);
  if (is_window_call(label.kind)) move_window(s, decision, label);
  else if (label.kind == Label::Kind::kVmap || label.kind == Label::Kind::kVunmap)
    move_mapping(s, decision, l.kernel_users);
  else if (label.kind == Label::Kind::kMmap || label.kind == Label::Kind::kMunmap)
    move_mapping(s, decision, l.user_mappings);
  else if (model::names_attachment(event_of(label.kind))) move_attachment(s, decision, label);
  note(s, decision, label);
  if (l.block.left_table.width != 0 && model::names_attachment(event_of(label.kind))) move_table(s, label.device);
  // What the copy of a table holds is gone with the table.
  const bool gives_table = label.kind == Label::Kind::kUnmap || label.kind == Label::Kind::kDetach;
  if (gives_table && f_.configuration.bounces(label.device) && l.kept(s, label.device) == Direction::kNone)
    put(s, l.of_device(label.device, l.block.slot_old, 2), 0);
}

void Calls::drop_backing(Successor& next) const {
  const unsigned was = get(s_, f_.layout.state), is = get(next.next, f_.layout.state);
  if (!f_.drops_backing || (was != kCpuOwned && was != kDeviceOwned) || is != kNonBacked) return;
  if (get(s_, f_.layout.written) != 0) next.violate(Property::kBackingLost);
  put(next.next, f_.layout.written, 0);
  put(next.next, f_.layout.line, f_.lines.clean());
}

void Calls::call(const Label& label) {
  const Decision& decision = decisions_.decide(s_, label);
  // A client that keeps the rules does nothing that the contract refuses. One that never brackets its accesses gives
  // its kernel mapping back all the same, and the kernel lets it.
  const bool goes_on = f_.configuration.client == Client::kVmap && label.kind == Label::Kind::kVunmap;
  if (decision.owner == nullptr || (decision.is_refused() && !goes_on)) return;
  if (decision.program != nullptr && decision.program->refuses) return;
  Successor next{label, s_, 0, 0};
  // The allocator has written; an exporter may write that back before anybody sees the buffer.
  if (label.kind == Label::Kind::kExport)
    put(next.next, f_.layout.line, f_.cached ? f_.lines.dirty() : f_.lines.clean());
  if (decision.program != nullptr) caches_.run(s_, decision.program->plans[static_cast<std::size_t>(label.dir)], next);
  if (label.kind == Label::Kind::kBeginFails) {
    note(next.next, decision, label);
  } else {
    move(next.next, decision, label);
    drop_backing(next);
  }
  if (f_.layout.masks.has_mixed_devices && f_.layout.masks.is_mixed(next.next) &&
      agents_.devices_are_active(next.next)) {
    next.broken = bit_of(Property::kM11);  // whatever its syncs break follows from it
    next.next = s_;
  }
  out_.push_back(next);
}

void Calls::add_windows() {
  const Client client = f_.configuration.client;
  if (client == Client::kNeverBrackets || client == Client::kVmap) return;
  const bool write_open = f_.layout.has_write_window(s_), ranges = f_.granularity != 0;
  const unsigned open = f_.layout.open_windows(s_);
  // Only the state graph of 2019 has an owner without a window, who may end what it never began.
  const bool owned_by_mapping = get(s_, f_.layout.state) == kCpuOwned && open == 0;
  for (const Direction dir : kDirections)
    // Ranges: the first block, the second, both.
    for (unsigned range = ranges ? 1 : 0; range <= (ranges ? f_.lines.all() : 0U); ++range) {
      const auto blocks = static_cast<BlockMask>(range);
      const bool writes = dir != Direction::kFromDevice;
      const bool legal = !write_open && (!writes || open == 0);
      if (open < f_.configuration.windows && (legal || client == Client::kOverlapping)) {
        call({Label::Kind::kBegin, 0, dir, blocks});
        if (f_.configuration.failing_begins) call({Label::Kind::kBeginFails, 0, dir, blocks});
      }
      const Label end{Label::Kind::kEnd, 0, dir, blocks};
      bool is_open = owned_by_mapping && dir == Direction::kBidirectional && (blocks == 0 || blocks == f_.lines.all());
      for (unsigned w = 0; w < f_.configuration.windows; ++w)
        is_open = is_open || get(s_, f_.layout.window[w]) == window_code(end);
      if (is_open) call(end);
    }
}

void Calls::add_mappings() {
  const bool kernel = f_.configuration.client == Client::kVmap;
  const bool mapped = get(s_, kernel ? f_.layout.kernel_users : f_.layout.user_mappings) != 0;
  const Label::Kind makes = kernel ? Label::Kind::kVmap : Label::Kind::kMmap,
                    drops = kernel ? Label::Kind::kVunmap : Label::Kind::kMunmap;
  call({mapped ? drops : makes, 0, Direction::kNone, 0});
  if (!mapped && f_.layout.open_windows(s_) == 0 && get(s_, f_.layout.fact[kAttachedCount]) == 0)
    call({Label::Kind::kRelease, 0, Direction::kNone, 0});
}

void Calls::add_shared() {
  add_windows();
  add_mappings();
}

bool Calls::keeps_turns(unsigned device) const {
  if (!f_.configuration.in_turn) return true;
  for (unsigned d = 0; d < f_.configuration.devices; ++d)
    if (f_.configuration.reach_of(d) != f_.configuration.reach_of(device) && f_.layout.is_mapped(s_, d)) return false;
  return true;
}

void Calls::add_of_device(unsigned d) {
  // Who keeps the rules gives back no mapping, nor a table that is kept for it, while another writes.
  const bool free_to_map = f_.configuration.client != Client::kLegal || !f_.layout.has_write_window(s_);
  const bool free_to_detach = free_to_map || f_.layout.kept(s_, d) == Direction::kNone;
  const auto device = static_cast<std::uint8_t>(d);
  const Direction dir = f_.layout.dir(s_, d);
  const bool attached = f_.layout.is_attached(s_, d), mapped = dir != Direction::kNone;
  if (!attached) call({Label::Kind::kAttach, device, Direction::kNone, 0});
  if (attached && !mapped && free_to_detach) call({Label::Kind::kDetach, device, Direction::kNone, 0});
  if (attached && !mapped && free_to_map && keeps_turns(d))
    for (const Direction way : kDirections) call({Label::Kind::kMap, device, way, 0});
  if (mapped && free_to_map) call({Label::Kind::kUnmap, device, dir, 0});
}

}  // namespace custody::checker::explore
