// SPDX-License-Identifier: BSD-2-Clause
// Who uses the buffers, and when: pipelines of camera, GPU, display and application on a few processors.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "tests/bench/heap_calls.hpp"

namespace custody::bench {

struct WorkloadOptions {
  std::uint64_t events = 2'000'000;  ///< lines of events; the trace ends there, if need be inside a call
  std::uint32_t buffers = 1'000;     ///< live at a time
  std::uint32_t pipelines = 4;       ///< each has its own four tasks, and its share of the buffers
  std::uint64_t seed = 1;
};

/// Random legal use of system-heap buffers: of each four, two are mapped and unmapped per frame, one stays mapped and
/// is read and written in CPU windows, one is drawn by the CPU. A buffer lives a few frames to a few dozen; its
/// addresses are used again. Equal options make equal traces, on any machine.
class Workload {
 public:
  explicit Workload(const WorkloadOptions& options);

  /// Writes the trace, header first, as tracefs prints it. False where the file could not be written.
  [[nodiscard]] bool write(std::FILE* file);

  /// Buffers exported so far.
  [[nodiscard]] std::uint64_t exported() const { return exported_; }

 private:
  enum class Style : std::uint8_t { kRemapped, kKept, kDrawn };
  enum Stage : std::uint32_t { kCamera, kGpu, kDisplay, kApplication, kStages };

  struct Slot {
    Buffer buffer;
    Style style = Style::kRemapped;
    bool live = false;
    bool mapped_by_cpu = false;
    std::uint32_t frames_left = 0;
  };
  struct Task {
    std::string name;  ///< as the trace prints it: padded name, dash, padded number
    std::uint32_t pipeline = 0;
    Stage stage = kCamera;
    std::deque<std::uint32_t> waiting;  ///< buffers that this stage has to work on
    std::uint32_t current = 0;          ///< the buffer of `script`
    Script script;
  };

  std::uint32_t below(std::uint32_t bound);
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  Task& task(std::uint32_t pipeline, std::uint32_t stage) { return tasks_[pipeline * kStages + stage]; }

  bool find_work(Task& t);
  void hand_on(Task& t);
  void run_device(Slot& s, const Task& t, Script& out);
  void run_application(Slot& s, Script& out);
  void retire_and_replace(Slot& s, Script& out);
  void open_window(Slot& s, model::Direction dir, Script& out);
  void print(std::uint32_t cpu, const Task& t, std::string_view line);

  WorkloadOptions options_;
  std::mt19937_64 random_;
  Heap heap_;
  std::vector<Slot> slots_;
  std::vector<Task> tasks_;
  std::vector<std::string> cameras_;  ///< device name of each pipeline's camera
  std::string text_;                  ///< what is not written yet
  std::uint64_t now_us_ = 100'000'000;
  std::uint64_t exported_ = 0;
};

}  // namespace custody::bench
