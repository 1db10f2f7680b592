// SPDX-License-Identifier: BSD-2-Clause
// Draws programs that have all accesses: windows, syncs and accesses are of blocks of few lines.
#include "tests/property/dice.hpp"
#include "tests/property/random_program.hpp"

namespace custody::property {

namespace {

constexpr unsigned kMostDevices = 2, kMostSteps = 10;

class ExactAuthor {
 public:
  explicit ExactAuthor(std::uint64_t seed) : dice_(seed) {}

  Program write() {
    begin();
    for (unsigned n = 1 + dice_.below(kMostSteps); n > 0; --n) step();
    if (!dice_.one_in(3)) finish();
    return std::move(program_);
  }

 private:
  struct Device {
    bool mapped = false, has_table = false;
    Way way = Way::kBidi, table = Way::kBidi;
  };

  void begin() {
    program_.exact = true;
    program_.arch = static_cast<Arch>(dice_.below(4));
    if (dice_.one_in(4)) program_.origin = static_cast<Origin>(1 + dice_.below(3));
    ranged_ = !dice_.one_in(4);
    careless_ = !dice_.one_in(3);
    fences_ = dice_.one_in(3);
    devices_.resize(1 + dice_.below(kMostDevices));
    for (unsigned d = 0; d < devices_.size(); ++d) {
      program_.devices.push_back(dice_.one_in(3) ? static_cast<Kind>(1 + dice_.below(2)) : Kind::kPlain);
      if (!careless_ || !dice_.one_in(8)) say({Verb::kAttach, d});
    }
  }
  void step() {
    const unsigned d = dice_.below(static_cast<unsigned>(devices_.size()));
    switch (dice_.below(6)) {
      case 0:
      case 1: return window();
      case 2:
      case 3: return fences_ && dice_.one_in(2) ? job(d) : device_access(d);
      case 4: return devices_[d].mapped ? unmap(d) : map(d);
      default: return careless_ ? stray(d) : device_access(d);
    }
  }
  void finish() {
    for (unsigned d = 0; d < devices_.size(); ++d)
      if (devices_[d].mapped) unmap(d);
    say({Verb::kRelease});
    for (unsigned d = 0; d < devices_.size(); ++d)
      if (devices_[d].has_table && dice_.one_in(2)) undo(d);
  }

  void say(ProgramLine line) { program_.lines.push_back(line); }
  void inside(Verb verb, unsigned d, Way way, Blocks blocks = {}) {
    say({verb, d, way, 0, false, false, true, blocks});
  }
  bool slips() { return careless_ && dice_.one_in(4); }
  Blocks blocks() {
    if (!ranged_ || dice_.one_in(4)) return {};
    const unsigned from = dice_.below(kExactBlocks), most = kExactBlocks - from;
    const Blocks drawn{from, from + 1 + dice_.below(most < kLineBlocks ? most : kLineBlocks)};
    return drawn.to - drawn.from == kExactBlocks ? Blocks{} : drawn;
  }
  /// What a driver syncs for the blocks: them, their lines, or all.
  Blocks synced(Blocks wanted) {
    if (slips()) return blocks();
    if (wanted.is_whole() || dice_.one_in(4)) return {};
    if (dice_.one_in(2)) return wanted;
    const Blocks lines{wanted.from / kLineBlocks * kLineBlocks,
                       (wanted.to + kLineBlocks - 1) / kLineBlocks * kLineBlocks};
    return lines.to - lines.from == kExactBlocks ? Blocks{} : lines;
  }

  void syncs(Verb verb, Way way, Blocks wanted) {
    for (unsigned d = 0; d < devices_.size(); ++d)
      if (devices_[d].has_table && !slips()) inside(verb, d, way, synced(wanted));
  }
  void window() {
    const Way way = dice_.way();
    const Blocks wanted = blocks();
    say({Verb::kBegin, 0, way, 0, false, false, false, wanted});
    syncs(Verb::kSyncForCpu, way, wanted);
    for (unsigned n = dice_.below(3); n > 0; --n) {
      const bool writes = way == Way::kTo || (way == Way::kBidi && dice_.one_in(2));
      const Blocks touched = dice_.one_in(2) ? wanted : blocks();
      say({writes ? Verb::kCpuWrite : Verb::kCpuRead, 0, Way::kBidi, 0, false, false, false, touched});
    }
    say({Verb::kEnd, 0, way, 0, false, false, false, wanted});
    syncs(Verb::kSyncForDevice, way, wanted);
  }
  void device_access(unsigned d) {
    if (!devices_[d].mapped && !slips()) map(d);
    const bool writes = devices_[d].way == Way::kFrom || (devices_[d].way == Way::kBidi && dice_.one_in(2));
    say({writes ? Verb::kDeviceWrite : Verb::kDeviceRead, d, Way::kBidi, 0, false, false, false, blocks()});
  }
  /// A job of the device begins or ends, or the storage moves.
  void job(unsigned d) {
    if (dice_.one_in(3)) return say({Verb::kMove});
    if (dice_.one_in(2)) return say({Verb::kSignal, d});
    say({Verb::kFence, d, dice_.one_in(2) ? Way::kTo : Way::kFrom});
  }
  void map(unsigned d) {
    Device& device = devices_[d];
    device.way = dice_.way();
    device.mapped = true;
    say({Verb::kMap, d, device.way});
    if (device.has_table) return;
    inside(Verb::kDmaMap, d, device.way);
    program_.lines.back().skip = slips();
    device.has_table = true;
    device.table = device.way;
  }
  void unmap(unsigned d) {
    say({Verb::kUnmap, d, devices_[d].way});
    devices_[d].mapped = false;
    if (!dice_.one_in(4)) undo(d);
  }
  void undo(unsigned d) {
    inside(Verb::kDmaUnmap, d, devices_[d].table);
    program_.lines.back().skip = slips();
    devices_[d].has_table = false;
  }
  /// A sync or an access that nobody expects.
  void stray(unsigned d) {
    const Verb verb = static_cast<Verb>(static_cast<unsigned>(Verb::kCpuRead) + dice_.below(4));
    if (dice_.one_in(2)) return say({verb, d, Way::kBidi, 0, false, false, false, blocks()});
    say({dice_.one_in(2) ? Verb::kSyncForCpu : Verb::kSyncForDevice, d, dice_.way(), 0, false, false, false, blocks()});
  }

  Dice dice_;
  Program program_;
  std::vector<Device> devices_;
  bool ranged_ = false, careless_ = false, fences_ = false;
};

}  // namespace

Program random_exact_program(std::uint64_t seed) { return ExactAuthor(seed).write(); }

}  // namespace custody::property
