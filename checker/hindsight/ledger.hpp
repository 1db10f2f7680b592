// SPDX-License-Identifier: BSD-2-Clause
// Who pays for cache maintenance: sums for each device, exporter and call site.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/coherence.hpp"
#include "model/direction.hpp"
#include "traces/directory.hpp"
#include "traces/event.hpp"

namespace custody::checker::hindsight {

/// What became of an operation.
enum class Fate : std::uint8_t {
  kNeeded,        ///< without it something would go wrong
  kNoEffect,      ///< nobody could ever tell that it ran
  kUnobserved,    ///< it had an effect at which nobody looked
  kUndetermined,  ///< the trace does not tell which of these
};
inline constexpr std::size_t kFates = 4;

/// Operations and their bytes, by fate.
struct CostSums {
  std::uint64_t operations[kFates] = {}, bytes[kFates] = {};
  void add(const CostSums& other);
  [[nodiscard]] std::uint64_t total_operations() const;
  [[nodiscard]] std::uint64_t total_bytes() const;
  /// Bytes of the operations without effect and of the unobserved ones.
  [[nodiscard]] std::uint64_t bytes_to_save() const;
};

enum class Payer : std::uint8_t { kDevice, kExporter, kSite };
[[nodiscard]] std::string_view name(Payer p);

/// `operation`: of the cache. The names are data of the trace; not escaped.
struct CostEntry {
  Payer payer = Payer::kDevice;
  std::string name;
  CostSums sums;
};

/// Where an operation is booked.
struct CostPlace {
  std::uint32_t device = traces::kNoId;
  std::uint32_t exporter = 0;                         ///< an id of the ledger's own
  traces::EventKind call = traces::EventKind::kLost;  ///< the core call around it; kLost: none
  traces::EventKind trigger = traces::EventKind::kLost;
  model::Direction dir = model::Direction::kNone;
  model::Operation operation = model::Operation::kNone;
};

/// Memory grows with devices, exporters and sites, not with the trace.
class Ledger {
 public:
  /// Learns the names of the device and of the buffer's exporter; returns the place with that exporter.
  [[nodiscard]] CostPlace know(CostPlace place, std::uint32_t buffer, const traces::Directory& directory);
  /// Each operation is booked once, at a place that is known.
  void book(const CostPlace& place, Fate fate, std::uint64_t passes, std::uint64_t bytes);
  /// By payer, and most to save first.
  [[nodiscard]] std::vector<CostEntry> entries() const;

 private:
  struct Named {
    std::string name;
    CostSums sums;
  };
  std::vector<Named> devices_;  ///< by the trace's id
  CostSums no_device_;
  std::vector<Named> exporters_;
  std::map<std::string, std::uint32_t, std::less<>> exporter_ids_;
  std::map<std::uint32_t, CostSums> sites_;
};

/// By payer, most to save first, then by name. Entries of one payer and name become one.
void sort_costs(std::vector<CostEntry>& entries);

}  // namespace custody::checker::hindsight
