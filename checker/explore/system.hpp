// SPDX-License-Identifier: BSD-2-Clause
// The transition system of a contract: its exporter, the most general client up to a bound, and one cache line whose
// hardware makes its own moves.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "checker/explore/caches.hpp"
#include "checker/explore/configuration.hpp"
#include "checker/explore/decisions.hpp"
#include "checker/explore/label.hpp"
#include "checker/explore/layout.hpp"
#include "model/line_model.hpp"
#include "spec/contract.hpp"

namespace custody::checker::explore {

/// The line that a search of this contract follows: of blocks of 64 bytes where the contract syncs ranges, else the
/// whole buffer is one. Throws std::invalid_argument where a line has neither 64 nor 128 bytes.
[[nodiscard]] LineShape line_shape(const spec::Contract& contract, const Configuration& configuration);

/// Who may access in a state, for each way in which windows can be open: asked of model::who_may_access once.
class AgentTable {
 public:
  AgentTable(const Frame& frame, const Caches& caches);
  struct Blocks {
    BlockMask cpu_reads = 0, cpu_writes = 0;  ///< through windows, or by the CPU's mapping
    BlockMask devices = 0;                    ///< by devices that are mapped
  };
  [[nodiscard]] const Blocks& of(Packed s) const;
  /// Devices that are mapped may access all of the buffer, as custody has it: a client may have left that aside.
  [[nodiscard]] bool devices_are_active(Packed s) const { return of(s).devices == f_.lines.all(); }

 private:
  static constexpr std::size_t kWindowCodes = 16, kStates = 8;
  const Frame& f_;
  std::array<Blocks, kStates * kWindowCodes * kWindowCodes> blocks_{};
};

/// Compiled from a contract, which must outlive it; immutable afterwards, and safe to use from several threads.
class System {
 public:
  System(const spec::Contract& contract, const Configuration& configuration);
  /// Of the contract of the tables, which several systems may share and none needs afterwards.
  System(const DecisionTables& tables, const Configuration& configuration);
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  [[nodiscard]] static Packed initial() { return 0; }
  /// All transitions from `state`, in a fixed order, into `out`: those that are no device's, then device by device.
  void successors(Packed state, std::vector<Successor>& out) const;
  /// Adds those that are no device's: of CPU windows and mappings, of the caches, the export and the release.
  void shared_successors(Packed state, std::vector<Successor>& out) const;
  /// Adds those of one device. They change its block and the buffer's part of the state, no other block.
  void device_successors(Packed state, unsigned device, std::vector<Successor>& out) const;
  /// The same state up to the order of devices that are alike.
  [[nodiscard]] Packed canonical(Packed state) const {
    return canonical_form(state, frame_.layout, frame_.configuration);
  }
  /// Nobody holds the buffer any more.
  [[nodiscard]] bool is_freed(Packed state) const { return get(state, frame_.layout.state) == kFreed; }
  /// The line's part of a state.
  [[nodiscard]] unsigned line_of(Packed state) const { return get(state, frame_.layout.line); }
  /// A device's larger line takes the neighbour along, which the CPU may be writing.
  [[nodiscard]] bool spills_into_window(Packed state, const Label& label) const;
  [[nodiscard]] model::Direction direction_of(Packed state, unsigned device) const {
    return frame_.layout.dir(state, device);
  }
  /// What a device that is mapped like this may do to the buffer: one behind a copy nothing.
  [[nodiscard]] model::AccessSet accesses_of(unsigned device, model::Direction dir) const;
  /// The device is reached through a copy, which has newer data than the buffer; or may write such data to it.
  [[nodiscard]] bool has_newer_copy(Packed state, unsigned device) const {
    return frame_.configuration.bounces(device) &&
           get(state, frame_.layout.of_device(device, frame_.layout.block.slot_newer, 1)) != 0;
  }
  [[nodiscard]] bool may_write_copy(Packed state, unsigned device) const {
    return frame_.configuration.bounces(device) && agents_.devices_are_active(state) &&
           model::device_may_write(direction_of(state, device));
  }
  /// What all may do who are active in a state; the CPU through windows.
  [[nodiscard]] model::AccessSet accesses_in(Packed state) const;
  /// The automaton of its lines.
  [[nodiscard]] const LineModel& lines() const { return frame_.lines; }
  [[nodiscard]] BlockMask synced_blocks(const Label& label, const model::Sync& sync) const {
    return caches_.synced_blocks(label, sync);
  }
  /// The cache operations of a call, in order.
  [[nodiscard]] std::vector<RunSync> syncs_of(Packed state, const Label& label) const;
  [[nodiscard]] const Configuration& configuration() const { return frame_.configuration; }
  /// A device's transitions change no other device's block, so that `Layout::digest` is all they see of those.
  [[nodiscard]] bool is_separable() const { return separable_; }
  /// The end of ownership releases the backing.
  [[nodiscard]] bool drops_backing() const { return frame_.drops_backing; }
  /// Maps and unmaps carry no sync, whatever their clauses say.
  [[nodiscard]] bool skips_implicit() const { return frame_.skips_implicit; }
  /// Some devices reach the buffer in other ways than others, and the client may have them mapped together.
  [[nodiscard]] bool mixes_devices() const {
    return frame_.layout.masks.has_mixed_devices && !frame_.configuration.in_turn;
  }
  /// Windows and syncs cover ranges, not the buffer.
  [[nodiscard]] bool has_ranges() const { return frame_.granularity != 0; }
  /// Where in a state each thing is.
  [[nodiscard]] const Layout& layout() const { return frame_.layout; }

 private:
  static constexpr unsigned kFreed = model::at(model::kStates, "Freed");

  Frame frame_;
  Decisions decisions_;
  Caches caches_;
  AgentTable agents_;
  bool separable_ = false;
};

}  // namespace custody::checker::explore
