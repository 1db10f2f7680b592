// SPDX-License-Identifier: BSD-2-Clause
// A buffer is with one task at a time and goes round its pipeline; the tasks' lines come interleaved.
#include "tests/bench/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace custody::bench {

namespace {

using model::Direction;

constexpr std::uint32_t kCpus = 8;
constexpr std::size_t kFlushAt = 1U << 20U;
constexpr std::array<std::uint64_t, 8> kSizes = {65536, 262144, 1048576, 1048576, 1048576, 2097152, 2097152, 4194304};
constexpr std::array<std::string_view, 4> kTaskNames = {"camera-hal:0", "RenderThread", "surfaceflinger",
                                                        "app.video/main"};
constexpr std::string_view kGpuName = "gpu.0";
constexpr std::string_view kDisplayName = "disp.0";

constexpr std::string_view kColumns =
    "#                                _-----=> irqs-off/BH-disabled\n"
    "#                               / _----=> need-resched\n"
    "#                              | / _---=> hardirq/softirq\n"
    "#                              || / _--=> preempt-depth\n"
    "#                              ||| / _-=> migrate-disable\n"
    "#                              |||| /     delay\n"
    "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
    "#              | |         |   |||||     |         |\n";

}  // namespace

Workload::Workload(const WorkloadOptions& options) : options_(options), random_(options.seed) {
  options_.pipelines = std::clamp(options_.pipelines, 1U, std::max(1U, options_.buffers));
  slots_.resize(options_.buffers);
  tasks_.resize(std::size_t{options_.pipelines} * kStages);
  for (std::uint32_t p = 0; p < options_.pipelines; ++p) {
    cameras_.push_back(fmt::format("cam.{}", p));
    for (std::uint32_t stage = 0; stage < kStages; ++stage) {
      Task& t = task(p, stage);
      t.name = fmt::format("{:>16}-{:<7}", kTaskNames[stage], 400 + p * 16 + stage);
      t.pipeline = p;
      t.stage = static_cast<Stage>(stage);
    }
  }
  for (std::uint32_t i = 0; i < options_.buffers; ++i) task(i % options_.pipelines, kApplication).waiting.push_back(i);
}

/// Not a distribution of the standard library: those differ from one library to the next.
std::uint32_t Workload::below(std::uint32_t bound) { return static_cast<std::uint32_t>((random_() >> 32U) % bound); }

void Workload::open_window(Slot& s, Direction dir, Script& out) {
  heap_.begin_cpu_access(s.buffer, dir, out);
  heap_.end_cpu_access(s.buffer, dir, out);
}

void Workload::retire_and_replace(Slot& s, Script& out) {
  if (s.live) heap_.release(s.buffer, out);
  constexpr std::array kStyles = {Style::kRemapped, Style::kRemapped, Style::kKept, Style::kDrawn};
  s.style = kStyles[below(kStyles.size())];
  s.live = true;
  s.mapped_by_cpu = false;
  s.frames_left = 3 + below(40);
  heap_.export_buffer(s.buffer, kSizes[below(kSizes.size())], out);
  ++exported_;
}

void Workload::run_device(Slot& s, const Task& t, Script& out) {
  const bool uses = s.style != Style::kDrawn || t.stage == kGpu;
  if (!uses) return;
  const std::string_view device = t.stage == kCamera ? cameras_[t.pipeline] : t.stage == kGpu ? kGpuName : kDisplayName;
  const Direction dir = s.style == Style::kDrawn || t.stage == kDisplay ? Direction::kToDevice
                        : t.stage == kCamera                            ? Direction::kFromDevice
                                                                        : Direction::kBidirectional;
  const bool kept = s.style == Style::kKept;
  const auto& all = s.buffer.attachments;
  const bool attached = std::any_of(all.begin(), all.end(), [&](const Attachment& a) { return a.device == device; });
  if (!attached) {
    heap_.attach(s.buffer, device, out);
    heap_.map(s.buffer, device, dir, out);
  }
  if (kept && s.frames_left > 0) return;
  heap_.unmap(s.buffer, device, out);
  heap_.detach(s.buffer, device, out);
}

void Workload::run_application(Slot& s, Script& out) {
  if (!s.live || s.frames_left == 0) return retire_and_replace(s, out);
  --s.frames_left;
  if (s.style == Style::kRemapped) return;
  if (!s.mapped_by_cpu) {
    heap_.mmap(s.buffer, out);
    s.mapped_by_cpu = true;
  }
  if (s.style == Style::kDrawn) {
    const bool by_kernel = one_in(4);
    if (by_kernel) heap_.vmap(s.buffer, out);
    open_window(s, one_in(3) ? Direction::kBidirectional : Direction::kToDevice, out);
    if (by_kernel) heap_.vunmap(s.buffer, out);
    return;
  }
  constexpr std::array kDirections = {Direction::kFromDevice, Direction::kFromDevice, Direction::kToDevice,
                                      Direction::kBidirectional};
  open_window(s, kDirections[below(kDirections.size())], out);
}

void Workload::hand_on(Task& t) { task(t.pipeline, (t.stage + 1U) % kStages).waiting.push_back(t.current); }

/// Gives `t` lines to print: from its queue, past buffers for which its stage has nothing to do.
bool Workload::find_work(Task& t) {
  if (!t.script.done()) return true;
  for (std::size_t tries = t.waiting.size(); tries > 0; --tries) {
    t.current = t.waiting.front();
    t.waiting.pop_front();
    Slot& s = slots_[t.current];
    if (t.stage == kApplication) run_application(s, t.script);
    else run_device(s, t, t.script);
    if (!t.script.done()) return true;
    hand_on(t);
  }
  return false;
}

void Workload::print(std::uint32_t cpu, const Task& t, std::string_view line) {
  constexpr std::size_t kFlags = 5;
  now_us_ += 1 + below(6);
  std::array<char, kFlags> flags{};
  std::copy_n(line.begin(), kFlags, flags.begin());
  if (one_in(50)) flags[1] = 'N';
  fmt::format_to(std::back_inserter(text_), "{} [{:03}] {} {:5}.{:06}: {}\n", t.name, cpu,
                 std::string_view(flags.data(), kFlags), now_us_ / 1'000'000, now_us_ % 1'000'000, line.substr(kFlags));
}

bool Workload::write(std::FILE* file) {
  text_ = fmt::format("# tracer: nop\n#\n# entries-in-buffer/entries-written: {0}/{0}   #P:{1}\n#\n", options_.events,
                      kCpus);
  text_ += kColumns;
  const auto flush = [&] {
    const bool written = std::fwrite(text_.data(), 1, text_.size(), file) == text_.size();
    text_.clear();
    return written;
  };
  const auto tasks = static_cast<std::uint32_t>(tasks_.size());
  std::vector<std::uint32_t> order(tasks);  // the first kCpus are running, the others wait
  for (std::uint32_t i = 0; i < tasks; ++i) order[i] = i;
  for (std::uint64_t printed = 0; printed < options_.events;) {
    const std::uint32_t cpu = below(std::min(kCpus, tasks));
    Task& t = tasks_[order[cpu]];
    if (!find_work(t) || one_in(40)) {
      std::swap(order[cpu], order[below(tasks)]);
      continue;
    }
    print(cpu, t, t.script.take());
    ++printed;
    if (t.script.done()) {
      t.script.finish();
      hand_on(t);
    }
    if (text_.size() >= kFlushAt && !flush()) return false;
  }
  return flush();
}

}  // namespace custody::bench
