// SPDX-License-Identifier: BSD-2-Clause
// A recording on a running kernel: an instance of tracefs of its own, with probes of its own, and nothing left behind.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "traces/recording/probes.hpp"
#include "traces/recording/tracefs.hpp"

namespace custody::traces::recording {

/// What names of ours begin with: the instance of a recording and the group of its probes are called `custody_PID`;
/// those of the script that `probes --script` prints, `custody`.
inline constexpr std::string_view kPrefix = "custody";
[[nodiscard]] std::string name_of_recording(std::int64_t pid);

/// A probe that the kernel refused, and what it said.
struct Refusal {
  Probe probe;
  std::string why;
};

/// What a recording is made with.
struct Setup {
  std::string name;  ///< of the instance, and of the group of the probes
  Probes probes;
  std::vector<Refusal> refused;
  std::vector<std::string> tracepoints;  ///< `dma/dma_map_sg`; `dma_fence`: all of it
};

/// What `name` would be made with, if the kernel took every probe; nothing is set. `types` null: no probes.
[[nodiscard]] Setup planned_setup(const Tracefs& fs, std::string name, const KernelTypes* types, Registers registers);

/// What was not recorded, as the kernel counted it: calls that a probe missed, by event; records lost in the buffers.
struct Losses {
  std::vector<std::pair<std::string, std::uint64_t>> missed;
  std::uint64_t overwritten = 0, dropped = 0;
  /// Windows of the CPU that began, where none ended, although both are probed: dma_buf_ioctl() holds a copy of
  /// dma_buf_end_cpu_access(), as in Debian's kernels for x86_64, and no probe sees that.
  std::uint64_t windows_without_end = 0;
};

class Recording {
 public:
  /// Nothing is touched yet. `fs` outlives it.
  Recording(Tracefs& fs, std::string name) : fs_(fs), setup_{std::move(name), {}, {}, {}} {}
  /// Removes what is set.
  ~Recording() { static_cast<void>(remove()); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  /// Makes the instance, with `buffer_kb` for each processor, and sets the best probes that the kernel takes: where it
  /// refuses one, the next best. `types` null: no probes. What is wrong, or empty.
  [[nodiscard]] std::string set_up(const KernelTypes* types, Registers registers, std::uint64_t buffer_kb);
  /// Records from here on; what is wrong, or empty.
  [[nodiscard]] std::string start();
  /// No record is made any more.
  void stop();
  /// A descriptor from which the records come as text, each once, without waiting; from `set_up` to `remove`.
  [[nodiscard]] int records() const { return records_; }
  [[nodiscard]] Losses losses() const;
  /// Takes instance and probes away. What could not be removed, or empty.
  [[nodiscard]] std::string remove();

  [[nodiscard]] const Setup& setup() const { return setup_; }

 private:
  [[nodiscard]] std::string instance() const { return "instances/" + setup_.name; }
  /// Each of them, up to the first that the kernel refuses: whether it took all.
  [[nodiscard]] bool set_probes(const Probes& probes);

  Tracefs& fs_;
  Setup setup_;
  bool is_set_ = false;
  int records_ = -1;
};

/// Takes away the instance `name` and the probes of its group, also of a recording that did not end well. An instance
/// that somebody reads stays as it is. What could not be removed, or empty.
[[nodiscard]] std::string remove_recording(Tracefs& fs, const std::string& name);

/// Names of recordings that are set, running or left over: instances, and groups of probes.
[[nodiscard]] std::vector<std::string> recordings_in(const Tracefs& fs);

}  // namespace custody::traces::recording
