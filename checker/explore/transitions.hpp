// SPDX-License-Identifier: BSD-2-Clause
// What can happen next in one state: the client's calls, the accesses of all agents, the hardware's own moves.
#pragma once

#include <vector>

#include "checker/explore/system.hpp"

namespace custody::checker::explore {

/// The calls of the most general client.
class Calls {
 public:
  Calls(const Frame& frame, const Decisions& decisions, const Caches& caches, const AgentTable& agents, Packed state,
        std::vector<Successor>& out)
      : f_(frame), decisions_(decisions), caches_(caches), agents_(agents), s_(state), out_(out) {}
  /// Those that name no device.
  void add_shared();
  void add_export() { call({Label::Kind::kExport, 0, model::Direction::kNone, 0}); }
  void add_of_device(unsigned device);

 private:
  void add_windows();
  void add_mappings();
  void call(const Label& label);
  /// The machines' answer, and the contract's notes.
  void move(Packed& s, const Decision& decision, const Label& label) const;
  void move_attachment(Packed& s, const Decision& decision, const Label& label) const;
  /// Of the device, whose table may be mapped no more.
  void move_table(Packed& s, unsigned device) const;
  void move_window(Packed& s, const Decision& decision, const Label& label) const;
  void move_mapping(Packed& s, const Decision& decision, Slot users) const;
  void note(Packed& s, const Decision& decision, const Label& label) const;
  /// The storage goes with the end of ownership, and with it what was written there.
  void drop_backing(Successor& next) const;
  /// Nothing of another kind is mapped, or the client does not mind.
  [[nodiscard]] bool keeps_turns(unsigned device) const;

  const Frame& f_;
  const Decisions& decisions_;
  const Caches& caches_;
  const AgentTable& agents_;
  Packed s_;
  std::vector<Successor>& out_;
};

/// Accesses, and the moves of the hardware.
class Accesses {
 public:
  Accesses(const Frame& frame, const Caches& caches, const AgentTable& agents, Packed state,
           std::vector<Successor>& out)
      : f_(frame), caches_(caches), agents_(agents), s_(state), out_(out) {}
  void add_hardware();
  void add_of_cpu();
  void add_of_device(unsigned device);
  [[nodiscard]] bool spills_into_window(const Label& label) const;

 private:
  void access(const Label& label);
  [[nodiscard]] BlockMask free_blocks() const;
  [[nodiscard]] model::Access access_of(const Label& label) const;
  [[nodiscard]] PropertySet broken_by(const Label& label) const;

  const Frame& f_;
  const Caches& caches_;
  const AgentTable& agents_;
  Packed s_;
  std::vector<Successor>& out_;
};

}  // namespace custody::checker::explore
