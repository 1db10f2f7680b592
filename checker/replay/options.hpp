// SPDX-License-Identifier: BSD-2-Clause
// What the person who replays a trace knows better than the trace.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/optimum/price.hpp"
#include "model/custody.hpp"
#include "spec/contract.hpp"
#include "spec/exporter_profile.hpp"
#include "traces/event_names.hpp"
#include "traces/reader.hpp"

namespace custody::checker::replay {

/// What a `--device NAME=...` option says. It wins over the trace and over what can be inferred.
struct DeviceOverride {
  std::string name;
  std::optional<bool> coherent;
  std::optional<bool> bounced;
  std::optional<bool> reads_only;
  std::optional<std::uint32_t> line;
  std::optional<bool> allocates;
};

inline constexpr std::uint64_t kProgressEvents = 1U << 16U;

/// Each is an open file of a process: no system has as many. They take less than 1 GiB.
inline constexpr std::uint64_t kMostLiveBuffers = 1'000'000;

/// Options of a replay; the same for every file of a run. Policies and the architecture given here win over a
/// trace's header. Names are checked by `check_options`.
struct Options {
  std::string arch;  ///< empty: the trace's own, else `model::kDefaultArch`
  std::vector<std::pair<std::string, std::string>> policies;
  std::uint32_t cpu_line = 0;   ///< bytes of a line of the CPU cache; 0: the trace's own, else the architecture's
  bool trust_mappings = false;  ///< CPU accesses may come through any live mapping, as `trust mappings` of a header
  optimum::Price price = optimum::Price::kCombined;
  std::vector<DeviceOverride> devices;
  std::vector<traces::EventName> event_names;  ///< of ftrace text: what the user calls its probes
  spec::ExporterCatalogue exporters = spec::ExporterCatalogue::builtin();
  /// The contract that the trace is compared with; null: none.
  std::shared_ptr<const spec::Contract> contract;
  /// Called now and then while a trace is read, at least once in `kProgressEvents` events; may be empty.
  std::function<void(const traces::ReadStatistics&)> progress;
  /// Where more buffers than these live at once, reading ends: memory follows the live buffers.
  std::uint64_t max_live = kMostLiveBuffers;
  /// Where this becomes true, reading ends as if the trace did; null: never.
  const std::atomic<bool>* stop = nullptr;
  /// What runs the machines of the lifetime: Boost.MSM, unless a test puts something else here.
  model::Firing machines = model::compiled_machines();
};

/// Empty where a replay reads the policy and the value exists; else what is wrong and what is allowed.
[[nodiscard]] std::string check_policy(std::string_view name, std::string_view value);

/// The policies in force: options win over the header. Those that `check_policy` does not pass change nothing.
[[nodiscard]] model::Policies policies_of(const traces::Header& header, const Options& options);

/// Empty where `name` is empty or an architecture profile; else what is wrong and what is allowed.
[[nodiscard]] std::string check_arch(std::string_view name);

/// Empty where every name and value exists; else what is wrong and what is allowed.
[[nodiscard]] std::string check_options(const Options& options);

}  // namespace custody::checker::replay
