// SPDX-License-Identifier: BSD-2-Clause
// What is known of each device of a trace: declared, overridden by the user, or inferred from its calls.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/replay/options.hpp"
#include "traces/directory.hpp"

namespace custody::checker::replay {

/// Does the device snoop the CPU cache?
enum class Coherence : std::uint8_t {
  kUnknown,  ///< nothing tells: taken as not coherent, as an assumption
  kLikely,   ///< one call without the operation that it would have needed: not enough to be sure
  kNo,
  kYes,
};

struct DeviceState {
  Coherence coherence = Coherence::kUnknown;
  bool fixed = false;      ///< declared or overridden: not to be inferred
  bool allocates = false;  ///< what it writes may stay in the cache, dirty; only where it is coherent
  bool bounced = false;
  bool reads_only = false;
  std::uint32_t line = 0;  ///< bytes; 0: it writes byte by byte
  std::uint32_t calls_without_operation = 0;
  bool advised = false;       ///< R1 was said of it
  bool traced_sync = false;   ///< a tracepoint of a sync named it: it needs syncs
  std::uint64_t changed = 0;  ///< which of the table's changes was the latest of it; 0: none

  [[nodiscard]] bool snoops() const { return coherence == Coherence::kYes || coherence == Coherence::kLikely; }
};

/// Grows with the directory's devices. A device is coherent by inference after two successful calls that would have
/// run a cache operation for a device that does not snoop and ran none, in a trace that carries such operations; one
/// call with an operation settles that it is not.
class DeviceTable {
 public:
  DeviceTable(const Options& options, const traces::Directory& directory) : options_(options), directory_(directory) {}

  /// `all_coherent`: the architecture has only coherent devices.
  void set_all_coherent(bool all_coherent) { all_coherent_ = all_coherent; }
  /// Events were lost, and operations perhaps with them: from now on a call without one says nothing.
  void distrust_silence() { lossy_ = true; }
  /// The state of device `id`; ids beyond the directory get a shared unknown state.
  [[nodiscard]] DeviceState& of(std::uint32_t id) { return id < devices_.size() ? devices_[id] : meet(id); }
  /// A successful call of the device ran (or did not run) an architecture helper. Returns true where that settled
  /// what was unknown before.
  bool learn(std::uint32_t id, bool helper_ran);
  /// It is behind a copy: a copy was seen.
  void note_bounced(std::uint32_t id);
  /// Some device that was met is behind a copy.
  [[nodiscard]] bool has_bounced() const { return has_bounced_; }
  /// Visits the devices of which what is known changed after `seen`, each once, and makes `seen` the latest change.
  template <class Visit>
  void changed_since(std::uint64_t& seen, const Visit& visit) const {
    if (seen == changes_) return;
    auto change = std::upper_bound(log_.begin(), log_.end(), seen,
                                   [](std::uint64_t number, const Change& c) { return number < c.number; });
    for (; change != log_.end(); ++change)
      if (is_latest(*change)) visit(change->device);
    seen = changes_;
  }
  /// How many changes are kept for `changed_since`: at most two a device, however long the trace is.
  [[nodiscard]] std::size_t kept_changes() const { return log_.size(); }
  /// A map whose DMA call was learned from turned out to have failed.
  void unlearn(std::uint32_t id);

 private:
  /// The first time that it is asked for.
  [[nodiscard]] DeviceState& meet(std::uint32_t id);
  [[nodiscard]] DeviceState describe(std::uint32_t id) const;
  struct Change {
    std::uint64_t number;  ///< from 1
    std::uint32_t device;
  };
  void note_change(std::uint32_t id);
  [[nodiscard]] bool is_latest(const Change& change) const { return devices_[change.device].changed == change.number; }

  const Options& options_;
  const traces::Directory& directory_;
  std::vector<DeviceState> devices_;
  std::uint64_t changes_ = 0;
  std::vector<Change> log_;  ///< rising; of each device the latest, and no more that are outdated than devices
  bool has_bounced_ = false;
  DeviceState nobody_;
  bool all_coherent_ = false;
  bool lossy_ = false;
};

}  // namespace custody::checker::replay
