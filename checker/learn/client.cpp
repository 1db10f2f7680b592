// SPDX-License-Identifier: BSD-2-Clause
// Which calls a legal client may make next.
#include "checker/learn/client.hpp"

#include "checker/learn/names.hpp"

namespace custody::checker::learn {

using model::Attachment;
using model::Direction;

namespace {

constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};

/// The calls of one client in one state.
class Calls {
 public:
  Calls(const model::Custody& custody, const World& world, const Usage& usage)
      : custody_(custody), world_(world), usage_(usage) {
    for (const model::Window& w : custody.windows) {
      ++windows_;
      writes_ = writes_ || w.dir != Direction::kFromDevice;
    }
  }

  std::vector<Step> list() {
    for (std::size_t d = 0; d < world_.size(); ++d) of_device(static_cast<std::uint8_t>(d));
    of_windows();
    if (usage_.cpu_mappings) of_cpu_mappings();
    const bool held = windows_ != 0 || custody_.kernel.users != 0 || custody_.user_mappings != 0 || attached_ != 0;
    if (!held) add(kRelease);
    return std::move(out_);
  }

 private:
  void add(model::Id event, std::uint8_t device = 0, Direction dir = Direction::kNone, bool interrupted = false) {
    out_.push_back({event, device, dir, interrupted});
  }
  void of_device(std::uint8_t device) {
    const Attachment* const a = custody_.find_attachment(device);
    if (a == nullptr) {
      // One of two that are alike, neither of them attached: the first stands for both.
      for (std::size_t other = 0; other < device; ++other)
        if (world_[other] == world_[device] && custody_.find_attachment(static_cast<std::uint32_t>(other)) == nullptr)
          return;
      return add(kAttach, device);
    }
    ++attached_;
    const unsigned maps = a->maps[0] + 0U + a->maps[1] + a->maps[2];
    if (maps == 0) add(kDetach, device);
    if (writes_) return;
    for (const Direction dir : kDirections)
      if (maps < usage_.maps) add(kMap, device, dir);
    for (const Direction dir : kDirections)
      if (a->maps[static_cast<std::size_t>(dir)] != 0) add(kUnmap, device, dir);
  }
  void of_windows() {
    for (const Direction dir : kDirections) {
      const bool shares = windows_ == 0 || (!writes_ && dir == Direction::kFromDevice && windows_ < usage_.windows);
      if (!shares) continue;
      add(kBegin, 0, dir);
      if (usage_.interrupted) add(kBegin, 0, dir, true);
    }
    Direction latest = Direction::kNone;
    for (const model::Window& w : custody_.windows) latest = w.dir;
    if (latest != Direction::kNone) add(kEnd, 0, latest);
  }
  void of_cpu_mappings() {
    if (custody_.kernel.users == 0 && windows_ != 0) add(kVmap);
    if (custody_.kernel.users != 0) add(kVunmap);
    add(custody_.user_mappings == 0 ? kMmap : kMunmap);
  }

  const model::Custody& custody_;
  const World& world_;
  const Usage& usage_;
  std::vector<Step> out_;
  unsigned windows_ = 0, attached_ = 0;
  bool writes_ = false;
};

}  // namespace

std::vector<Step> legal_steps(const model::Custody& custody, const World& world, const Usage& usage) {
  if (custody.is_freed()) return {};
  return Calls(custody, world, usage).list();
}

model::Call call_of(const Step& step, const model::Custody& custody, const World& world, bool failed) {
  model::Call call;
  call.event = step.event;
  call.failed = failed;
  call.interrupted = failed && step.interrupted;
  call.dir = step.dir;
  std::uint32_t windows = 0;
  for ([[maybe_unused]] const model::Window& w : custody.windows) ++windows;
  // Each window is another task's: the latest is ended first.
  call.task = step.event == kEnd && windows != 0 ? windows - 1 : windows;
  if (!model::names_attachment(step.event)) return call;
  call.attachment = call.device = step.device;
  call.snoops = world[step.device];
  return call;
}

}  // namespace custody::checker::learn
