// SPDX-License-Identifier: BSD-2-Clause
// What the cache operations of a call leave of the line that a search follows, and of the copies of bounced devices.
#pragma once

#include "checker/explore/decisions.hpp"
#include "checker/explore/layout.hpp"
#include "model/line_model.hpp"

namespace custody::checker::explore {

using model::LineModel;
using model::LineSet;
using model::LineShape;

/// A cache operation that a call ran, for people.
struct RunSync {
  const spec::Clause* clause;  ///< of the contract
  model::Sync sync;
  int device;  ///< -1: the exporter's own, or the buffer
  model::Direction dir;
  model::Operation operation;  ///< none of a table that never was mapped: it names no memory
  bool strays;                 ///< its table is not mapped
};

/// What a search of a contract is made of, once compiled. Immutable.
struct Frame {
  Configuration configuration;
  bool cached = true, skips_implicit = false, drops_backing = false, has_idle_windows = false;
  unsigned granularity = 0;  ///< 0 the buffer, 1 ranges, 2 rounded ranges
  LineModel lines;
  Layout layout;
};

/// Runs syncs on a state. The frame and the decisions must outlive it.
class Caches {
 public:
  Caches(const Frame& frame, const Decisions& decisions) : f_(frame), decisions_(decisions) {}

  /// Runs the syncs of a call made in the state `s` on the line and the copies of `next`.
  void run(Packed s, const std::vector<Plan>& plans, Successor& next) const;
  /// The same syncs one by one, for people.
  [[nodiscard]] std::vector<RunSync> list(Packed s, const std::vector<Plan>& plans, const Label& label) const;
  /// The range of a window, as its syncs cover it.
  [[nodiscard]] BlockMask covered(BlockMask blocks) const;
  /// The blocks that a sync of a call covers: all, or of a window those that it is over; a map or an unmap works on the
  /// whole table.
  [[nodiscard]] BlockMask synced_blocks(const Label& label, const model::Sync& sync) const;
  /// The buffer, or the copy of `writer`, has newer data than every other copy.
  void outdate_copies(Packed& s, int writer) const;
  /// A copy of another device than this one has newer data than the buffer.
  [[nodiscard]] bool misses_copy_of_another(Packed s, unsigned device) const;
  /// Everything is as after correct operations.
  void correct(Packed& s) const;

 private:
  /// The sync works on a table of the device that is not mapped.
  [[nodiscard]] bool strays(const Plan& plan, Packed s, unsigned device) const;
  /// It does, and the table has no addresses of this buffer.
  [[nodiscard]] bool misses(const Plan& plan, Packed s, unsigned device) const {
    return strays(plan, s, device) && !f_.layout.has_left_table(s, device);
  }
  [[nodiscard]] bool is_target(const Plan& plan, Packed s, unsigned device, unsigned own) const;
  /// The plan for one device, once its direction is known; without direction there is nothing to do.
  [[nodiscard]] Plan settled(Plan plan, Packed s, unsigned device, unsigned own) const;
  void sync_device(const Plan& plan, Packed s, unsigned device, Successor& next) const;
  void operate(model::Operation operation, BlockMask blocks, Successor& next) const;
  /// A sync of a device that is reached through copies.
  void copy(const model::Sync& sync, model::Direction dir, unsigned device, Successor& next) const;

  const Frame& f_;
  const Decisions& decisions_;
};

/// The lines that an operation on these blocks leaves of `lines`, with the hardware's moves after it.
[[nodiscard]] LineSet lines_after(const LineModel& model, model::Operation operation, BlockMask blocks,
                                  const LineSet& lines);

}  // namespace custody::checker::explore
