// SPDX-License-Identifier: BSD-2-Clause
// The evidence room: what the trace of one buffer can bear out, and what a finding on it has to assume.
#pragma once

#include <cstdint>

#include "checker/finding.hpp"
#include "checker/replay/custody.hpp"
#include "checker/replay/device_table.hpp"
#include "checker/replay/repeated_pass.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::replay {

/// How the memory behaves, after the exporter's profile and what the trace says were put together.
enum class CacheKind : std::uint8_t { kCached, kUncached };

/// What a finding that some line is stale hangs on.
struct Staleness {
  bool for_sure = false;     ///< a device of known kind could write since the last invalidate
  std::uint8_t assumes = 0;  ///< what has to be assumed of those that could; a bit per Assumption
};

/// What is known of one buffer beside what its calls did.
struct Evidence {
  CacheKind cache = CacheKind::kCached;
  bool history_known = true;     ///< the export is the allocation
  bool assumed_cached = false;   ///< the exporter's name does not tell the memory
  bool own_device = false;       ///< the exporter's device uses the buffer without an attachment
  bool memory_outlives = false;  ///< what the buffer held is somebody's after its release
  bool syncs_by_sg = false;      ///< its exporter is known to sync by DMA calls on scatterlists, and by nothing else
  bool silent = false;           ///< the trace could not have shown this exporter's syncs: no M rules
  bool many_copies = false;      ///< more slots of bounced devices than are told apart: no M rules from there on
  ByTracepoints traced;
  bool client_broke_rules = false;
  bool warned_first_invalidate = false;  ///< M10 of an invalidate-first hand-over: once per buffer
  bool device_ran_in_window = false;     ///< the latest write of a device came while the CPU had a window
  bool written = false;                  ///< somebody wrote through the cache since the buffer's start
  bool ineffective_sync = false;         ///< the latest sync did not invalidate
  Staleness stale;

  /// A missing sync cannot be told: it would not be in the trace, or the CPU caches nothing.
  [[nodiscard]] bool is_silent() const {
    return silent || many_copies || traced.hides_syncs || cache == CacheKind::kUncached;
  }
  /// Takes away what such a buffer is not accused of. A copy that is missing is missing whatever the CPU caches.
  void hush(RuleSet& rules);
  /// What the device may have written hangs on these assumptions; 0: none.
  void note_writer(std::uint8_t assumes);
  /// Every line was invalidated.
  void note_invalidate();
  /// What a finding that some line is stale has to assume.
  [[nodiscard]] std::uint8_t assumed_of_stale() const { return stale.for_sure ? std::uint8_t{0} : stale.assumes; }
};

/// An operation without effect may be told: nothing that the trace does not show can have made it useful.
[[nodiscard]] bool may_claim(const Evidence& evidence, const CustodyAccount& custody);

/// What a finding on this importer's accesses has to assume.
[[nodiscard]] std::uint8_t assumptions_of(const Importer& importer, const DeviceState& device);
[[nodiscard]] constexpr std::uint8_t bit_of(Assumption a) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(a));
}

/// The exporter syncs by calls that the trace does not carry.
[[nodiscard]] bool hides_syncs(const spec::ExporterProfile& profile, const traces::Header& header);

/// `profile` is that of the buffer's exporter.
[[nodiscard]] Evidence evidence_of(const traces::BufferInfo& info, const traces::Header& header,
                                   const spec::ExporterProfile& profile);
/// The contract belief in which a buffer starts, closed.
[[nodiscard]] model::Belief start_of(const Evidence& evidence, const spec::ExporterProfile& profile);

}  // namespace custody::checker::replay
