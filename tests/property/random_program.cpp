// SPDX-License-Identifier: BSD-2-Clause
// Draws programs. What is live is followed only to make most calls legal ones.
#include "tests/property/random_program.hpp"

#include "tests/property/dice.hpp"

namespace custody::property {

namespace {

constexpr unsigned kTasks = 3, kProgramDevices = 3;

class ProgramAuthor {
 public:
  ProgramAuthor(std::uint64_t seed, const ProgramShape& shape) : dice_(seed), shape_(shape) {}

  Program write() {
    begin();
    for (unsigned n = 1 + dice_.below(shape_.steps); n > 0; --n) step();
    finish();
    if (overlaps_) stretch();
    return std::move(program_);
  }

 private:
  struct Device {
    bool attached = false;
    std::vector<Way> maps;    ///< live maps
    std::vector<Way> tables;  ///< live DMA mappings
    unsigned jobs = 0;        ///< that have a fence
  };
  struct Opened {
    unsigned task;
    Way way;
  };

  /// Devices: mostly of one kind or two.
  void begin() {
    program_.arch = dice_.one_in(2) ? Arch::kArm64 : static_cast<Arch>(dice_.below(4));
    if (shape_.unknown && dice_.one_in(4)) program_.origin = static_cast<Origin>(1 + dice_.below(3));
    careless_ = shape_.careless && !dice_.one_in(3);
    faulty_ = shape_.faults && !dice_.one_in(3);
    overlaps_ = shape_.overlaps && dice_.one_in(3);
    fences_ = dice_.one_in(3);
    const unsigned devices = 1 + dice_.below(kProgramDevices);
    const unsigned palette = dice_.below(6);
    for (unsigned d = 0; d < devices; ++d) {
      const Kind other = static_cast<Kind>(1 + dice_.below(3));
      const bool plain = palette < 2 || (palette < 5 && dice_.one_in(2));
      program_.devices.push_back(plain ? Kind::kPlain : other);
    }
    devices_.resize(devices);
    for (unsigned d = 0; d < devices; ++d) attach(d);
  }
  void step() {
    const unsigned d = dice_.below(static_cast<unsigned>(devices_.size()));
    task_ = overlaps_ || dice_.one_in(3) ? dice_.below(kTasks) : 0;
    if (faulty_ && dice_.one_in(4)) return fault(d);
    if (fences_ && dice_.one_in(4)) return job(d);
    switch (dice_.below(8)) {
      case 0:
      case 1: return open(dice_.way(), false);
      case 2:
      case 3: return windows_.empty() ? open(dice_.way(), false) : close(false);
      case 4: return devices_[d].maps.empty() ? aside(d) : unmap(d);
      case 5:
        if (devices_[d].maps.empty()) return remap(d);
        return unmap(d);
      default: return devices_[d].maps.empty() ? map(d, dice_.way()) : unmap(d);
    }
  }
  /// What is legal and beside the point.
  void aside(unsigned d) {
    switch (dice_.below(6)) {
      case 0: return say({Verb::kMmap, 0, Way::kBidi, task_});
      case 1: return say({Verb::kVmap, 0, Way::kBidi, task_});
      case 2: return say({Verb::kVunmap, 0, Way::kBidi, task_});
      default: return map(d, dice_.way());
    }
  }
  /// Detaches and attaches between.
  void remap(unsigned d) {
    if (devices_[d].attached && dice_.one_in(3)) detach(d);
    if (!devices_[d].attached) attach(d);
    map(d, dice_.way());
  }
  void fault(unsigned d) {
    switch (dice_.below(11)) {
      case 0: return failing_map(d);
      case 1: return open(dice_.way(), true);
      case 2: return close(true);
      case 3: return stray_end();
      case 4: return detach(d);
      case 5: detach(d); return detach(d);
      case 6: return map(d, dice_.way());  // once more, or of what is not attached
      case 7: return exit();
      case 8: return stray_sync(d);
      case 9: devices_[d].maps.push_back(dice_.way()); return unmap(d);
      default: return devices_[d].attached ? own_sync(d) : attach(d);
    }
  }
  void finish() {
    const bool leaves = faulty_ && dice_.one_in(3);
    task_ = 0;
    if (leaves && dice_.one_in(2)) return;
    while (!leaves && !windows_.empty()) close(false);
    for (unsigned d = 0; d < devices_.size(); ++d) {
      while (!leaves && !devices_[d].maps.empty()) unmap(d);
      if (devices_[d].attached && !(leaves && dice_.one_in(2))) detach(d);
    }
    task_ = 0;
    if (program_.origin == Origin::kOutliving && dice_.one_in(2)) own_mapping(0);
    say({Verb::kRelease, 0, Way::kBidi, 0});
    for (unsigned d = 0; d < devices_.size(); ++d)
      while (!devices_[d].tables.empty() && dice_.one_in(2)) dma_unmap(d, devices_[d].tables.back());
    if (faulty_ && dice_.one_in(8)) map(0, dice_.way());
  }

  /// A window for which the exporter maps a device of its own, and keeps it mapped.
  void own_mapping(unsigned d) {
    const Way way = dice_.way();
    say({Verb::kBegin, 0, way, task_});
    dma_map(d, way);
    say({Verb::kEnd, 0, way, task_});
    if (slips()) inside(Verb::kSyncForDevice, d, way);
  }
  void say(ProgramLine line) { program_.lines.push_back(line); }
  void inside(Verb verb, unsigned d, Way way, bool skip = false) { say({verb, d, way, task_, false, skip, true}); }
  bool slips() { return careless_ && dice_.one_in(4); }

  void attach(unsigned d) {
    if (devices_[d].attached) return;
    const bool fails = faulty_ && dice_.one_in(10);
    say({Verb::kAttach, d, Way::kBidi, task_, fails});
    devices_[d].attached = !fails;
  }
  void detach(unsigned d) {
    say({Verb::kDetach, d, Way::kBidi, task_});
    if (dice_.one_in(2))
      while (!devices_[d].tables.empty()) dma_unmap(d, devices_[d].tables.back());
    devices_[d].attached = false;
    devices_[d].maps.clear();
  }
  void dma_map(unsigned d, Way way) {
    inside(Verb::kDmaMap, d, way, slips());
    devices_[d].tables.push_back(way);
  }
  void dma_unmap(unsigned d, Way way) {
    inside(Verb::kDmaUnmap, d, way, slips());
    auto& tables = devices_[d].tables;
    for (std::size_t i = 0; i < tables.size(); ++i)
      if (tables[i] == way || i + 1 == tables.size()) {
        tables.erase(tables.begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
  }
  [[nodiscard]] bool has_table(unsigned d, Way way) const {
    for (const Way table : devices_[d].tables)
      if (table == way || table == Way::kBidi) return true;
    return false;
  }
  void map(unsigned d, Way way) {
    say({Verb::kMap, d, way, task_});
    devices_[d].maps.push_back(way);
    if (!has_table(d, way) || dice_.one_in(2)) dma_map(d, way);
    if (careless_ && dice_.one_in(8)) own_sync(d);
  }
  void failing_map(unsigned d) {
    const Way way = dice_.way();
    say({Verb::kMap, d, way, task_, true});
    if (!dice_.one_in(3)) dma_map(d, way);
    if (dice_.one_in(2) && !devices_[d].tables.empty()) dma_unmap(d, way);
  }
  void unmap(unsigned d) {
    auto& maps = devices_[d].maps;
    const std::size_t which = dice_.below(static_cast<unsigned>(maps.size()));
    const Way way = maps[which];
    maps.erase(maps.begin() + static_cast<std::ptrdiff_t>(which));
    const Way said = faulty_ && dice_.one_in(12) ? dice_.way() : way;
    say({Verb::kUnmap, d, said, task_});
    if (maps.empty() || dice_.one_in(2)) dma_unmap(d, said);
  }
  void syncs(Verb verb, Way way) {
    const Verb other = verb == Verb::kSyncForCpu ? Verb::kSyncForDevice : Verb::kSyncForCpu;
    for (unsigned d = 0; d < devices_.size(); ++d) {
      if (devices_[d].tables.empty()) continue;
      for (unsigned n = careless_ ? dice_.below(3) : 1; n > 0; --n) inside(verb, d, way);
      if (slips()) inside(other, d, way);
    }
  }
  void open(Way way, bool fails) {
    const bool waits_first = dice_.one_in(2);
    say({Verb::kBegin, 0, way, task_, fails});
    if (!fails) windows_.push_back({task_, way});
    if (waits_first) wait_for_jobs();
    if (!fails || dice_.one_in(2)) syncs(Verb::kSyncForCpu, way);
    if (!waits_first && !dice_.one_in(3)) wait_for_jobs();
  }
  /// Inside a call.
  void wait_for_jobs() {
    for (unsigned d = 0; d < devices_.size(); ++d)
      for (; devices_[d].jobs != 0; --devices_[d].jobs) say({Verb::kSignal, d, Way::kBidi, task_, false, false, true});
  }
  /// A job of the device begins or ends, or the storage moves.
  void job(unsigned d) {
    if (dice_.one_in(6)) return say({Verb::kMove, 0, Way::kBidi, task_});
    if (devices_[d].jobs != 0 && dice_.one_in(2)) {
      --devices_[d].jobs;
      return say({Verb::kSignal, d, Way::kBidi, task_});
    }
    ++devices_[d].jobs;
    say({Verb::kFence, d, dice_.one_in(3) ? Way::kTo : Way::kFrom, task_});
  }
  void close(bool fails) {
    if (windows_.empty()) return open(dice_.way(), false);
    const std::size_t which = dice_.below(static_cast<unsigned>(windows_.size()));
    const Opened window = windows_[which];
    task_ = faulty_ && dice_.one_in(8) ? dice_.below(kTasks) : window.task;
    const Way said = faulty_ && dice_.one_in(12) ? dice_.way() : window.way;
    say({Verb::kEnd, 0, said, task_, fails});
    if (!fails) windows_.erase(windows_.begin() + static_cast<std::ptrdiff_t>(which));
    if (!fails || dice_.one_in(2)) syncs(Verb::kSyncForDevice, said);
  }
  void stray_end() {
    say({Verb::kEnd, 0, dice_.way(), task_, dice_.one_in(3)});
    if (dice_.one_in(2)) syncs(Verb::kSyncForDevice, program_.lines.back().way);
  }
  void exit() {
    task_ = windows_.empty() ? task_ : windows_[dice_.below(static_cast<unsigned>(windows_.size()))].task;
    say({Verb::kExit, 0, Way::kBidi, task_});
    std::erase_if(windows_, [&](const Opened& w) { return w.task == task_; });
  }
  void own_sync(unsigned d) { say({Verb::kSyncForDevice, d, dice_.way(), task_}); }
  void stray_sync(unsigned d) {
    say({dice_.one_in(2) ? Verb::kSyncForCpu : Verb::kSyncForDevice, d, dice_.way(), task_});
  }

  // Calls that overlap.
  void stretch() {
    for (std::size_t i = 0; i < program_.lines.size(); ++i)
      if (can_overlap(program_.lines[i]) && dice_.one_in(2)) stretch(i);
  }
  [[nodiscard]] static bool can_overlap(const ProgramLine& line) {
    return !line.inside && !line.braced &&
           (line.verb == Verb::kMap || line.verb == Verb::kUnmap || line.verb == Verb::kBegin ||
            line.verb == Verb::kEnd);
  }
  /// A line can stand before this one, and leaves every call as it is.
  [[nodiscard]] bool is_free(std::size_t at) const {
    return at == program_.lines.size() || !program_.lines[at].inside || program_.lines[program_.call_of(at)].braced;
  }
  /// Lets the call last longer, while others call, and moves what is inside it.
  void stretch(std::size_t call) {
    std::vector<ProgramLine>& lines = program_.lines;
    const unsigned task = lines[call].task;
    std::vector<ProgramLine> own;
    while (call + 1 < lines.size() && lines[call + 1].inside && lines[call + 1].task == task) {
      own.push_back(lines[call + 1]);
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(call) + 1);
    }
    std::size_t end = call + 1;
    const auto ends = [&](const ProgramLine& line) {
      return line.task == task || line.verb == Verb::kAttach || line.verb == Verb::kDetach ||
             line.verb == Verb::kRelease || line.verb == Verb::kExit;
    };
    while (end < lines.size() && !ends(lines[end])) ++end;
    lines[call].braced = true;
    own.push_back({Verb::kReturn, 0, Way::kBidi, task, lines[call].fails});
    std::size_t at = call + 1;
    for (const ProgramLine& line : own) {
      std::size_t to = at + dice_.below(static_cast<unsigned>(end - at) + 1);
      while (!is_free(to)) ++to;
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(to), line);
      at = to + 1;
      ++end;
    }
  }

  Dice dice_;
  ProgramShape shape_;
  Program program_;
  std::vector<Device> devices_;
  std::vector<Opened> windows_;
  unsigned task_ = 0;
  bool careless_ = false, faulty_ = false, overlaps_ = false, fences_ = false;
};

}  // namespace

Program random_program(std::uint64_t seed, const ProgramShape& shape) { return ProgramAuthor(seed, shape).write(); }

}  // namespace custody::property
