// SPDX-License-Identifier: GPL-2.0-only
// One run of a driver: a client's calls from the export on, on a machine that was put back to its start.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/replay/engine.hpp"
#include "kernel-ref/drive/caller.hpp"
#include "kernel-ref/drive/findings.hpp"
#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/drive/trap.hpp"
#include "kernel-ref/machine/machine.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref::drive {

/// Where a driver is explored, and how far.
struct Configuration {
  std::string name;  ///< `plain`, `snooping`, ...
  std::string arch;
  std::vector<machine::Device> devices;
  Limits limits;
  unsigned depth = 0;          ///< calls of a sequence
  unsigned failing_depth = 0;  ///< of sequences with one failure; 0: nothing fails
  unsigned pair_depth = 0;     ///< calls before two run side by side, and 1; 0: none do
  unsigned preemptions = 2;
  std::string driver = {};  ///< what the client asks for, where that is not what was built for all
};

/// The driver on a machine, as it is after the boot. One at a time.
class Stage {
 public:
  static constexpr std::uint64_t kBytes = 2 * machine::kPageBytes;

  /// `fresh`: the kernel as it was loaded. `driver`: what the client asks for; empty: the heap that registers first.
  /// `profile`: of its exporter, or empty.
  Stage(Kernel& kernel, const Kernel::Saved& fresh, Configuration configuration, std::string driver,
        const std::string& profile, std::size_t pages = 64);
  /// Why it does not boot.
  [[nodiscard]] const Stop& boot() const { return boot_; }
  void restore();

  [[nodiscard]] Kernel& kernel() { return kernel_; }
  [[nodiscard]] machine::Machine& machine() { return *machine_; }
  [[nodiscard]] const Configuration& configuration() const { return configuration_; }
  [[nodiscard]] const std::string& driver() const { return driver_; }
  [[nodiscard]] const checker::replay::Options& options() const { return options_; }

 private:
  void find_profile();
  Kernel& kernel_;
  Configuration configuration_;
  std::string driver_;
  checker::replay::Options options_;
  std::unique_ptr<machine::Machine> machine_;
  Kernel::Saved booted_;
  Stop boot_;
};

/// What the checker said of a call.
struct Told {
  std::string key, rule, severity, owes, says;
  bool redundant = false;
  bool of_client = false;   ///< the client or an importer owes it
  bool at_release = false;  ///< an illegal call of the release itself
};

/// What can be seen of a call.
struct Observation {
  int ret = 0;
  Stop stop;
  std::vector<std::string> operations;  ///< of the DMA API and on kernel mappings, in their order
  std::vector<Told> told;
  std::string leak;           ///< of `finish`: what is left; empty: nothing
  std::vector<Call> closing;  ///< of `finish`: the calls that it made
  unsigned requests = 0;
  bool in_window = false;             ///< one was open before it
  std::vector<std::string> warnings;  ///< WARN_ONs of the driver

  /// All of it but what is redundant, in one line that two drivers can be compared by.
  [[nodiscard]] std::string text() const;
};

/// A run. The calls of one client, one by one; after a stop nothing more.
class Run {
 public:
  /// `wants_words`: whether the sentence of a finding with this key is wanted.
  Run(Stage& stage, const FindingBook& book, bool keeps_trace = false);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  Observation export_buffer(std::uint8_t fails = 0);
  Observation make(const Call& call);
  Observation finish();
  [[nodiscard]] Digest digest();
  [[nodiscard]] const Situation& situation() const { return situation_; }
  [[nodiscard]] Situation& situation() { return situation_; }
  [[nodiscard]] client::Client& client() { return *client_; }
  [[nodiscard]] Stage& stage() { return stage_; }
  /// As a litmus file, with this title. Only of a run that keeps its trace.
  [[nodiscard]] std::string litmus(const std::string& title) const;

  /// What is seen between these: for calls that somebody else makes.
  void begin_observation(std::uint8_t fails = 0);
  [[nodiscard]] Observation end_observation();

 private:
  class Sink;
  void note(const checker::Finding& finding, const traces::Directory& directory);
  void judge_mapping(const machine::DmaCall& call, std::size_t told_before);
  void listen();

  Stage& stage_;
  const FindingBook& book_;
  checker::replay::Engine engine_;
  std::unique_ptr<traces::RecordedTrace> trace_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<client::Client> client_;
  Situation situation_;
  Observation seen_;
  std::string_view call_;  ///< that is made; empty: two tasks make one each
  std::uint8_t fails_ = 0;
  bool counts_ = false;
};

}  // namespace custody::kernel_ref::drive
