// SPDX-License-Identifier: BSD-2-Clause
// Random legal usage of one buffer with the syncs of a driver, as a litmus file.
#include "tests/property/usage.hpp"

#include <rapidcheck.h>

namespace custody::property {

namespace {
std::string name_of(int device) { return "D" + std::to_string(device); }
std::string any_direction() { return *rc::gen::element(std::string("TO"), std::string("FROM"), std::string("BIDI")); }
}  // namespace

Usage Usage::random(int steps, const UsageDriver& driver) {
  Usage usage(driver);
  for (int i = 0; i < steps; ++i) usage.step();
  usage.finish();
  return usage;
}

std::string Usage::text(std::size_t gone) const {
  std::string text = "custody litmus: random legal usage\ndevice D0\ndevice D1";
  text += driver_.snooping ? " coherent\n\n" : "\n\n";
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const UsageStep step = lines_[i].step;
    if (i == gone && (step == UsageStep::kSyncForCpu || step == UsageStep::kSyncForDevice)) continue;
    text += lines_[i].text + (i == gone || lines_[i].skipped ? " skip\n" : "\n");
  }
  return text;
}

Usage::Usage(const UsageDriver& driver) : driver_(driver) {
  say(UsageStep::kOther, 0, "", "export b 64K system");
  say(UsageStep::kOther, 0, "", "attach b D0");
  say(UsageStep::kOther, 0, "", "attach b D1");
}

void Usage::say(UsageStep step, int device, const std::string& direction, const std::string& text) {
  lines_.push_back({step, device, direction, text, driver_.snooping && device == 1, false});
}

bool Usage::forgets() const { return driver_.careless && *rc::gen::inRange(0, 3) == 0; }

/// A sync in a window: once, or as often as a careless driver makes it.
void Usage::sync(UsageStep step, int device, const std::string& direction) {
  const char* const call = step == UsageStep::kSyncForCpu ? "  sync_for_cpu " : "  sync_for_device ";
  for (int left = driver_.careless ? *rc::gen::inRange(0, 3) : 1; left > 0; --left)
    say(step, device, direction, call + name_of(device) + " " + direction);
}

void Usage::step() {
  const int device = *rc::gen::inRange(0, 2);
  if (*rc::gen::inRange(0, 3) == 0) return window(any_direction());
  if (mapped_[device].empty()) map(device, any_direction());
  else unmap(device);
}

void Usage::map(int device, const std::string& direction) {
  mapped_[device] = direction;
  say(UsageStep::kMap, device, direction, "map b " + name_of(device) + " " + direction);
  say(UsageStep::kDmaMap, device, direction, "  dma_map " + name_of(device) + " " + direction);
  lines_.back().skipped = forgets();
}

void Usage::unmap(int device) {
  const std::string direction = mapped_[device];
  say(UsageStep::kUnmap, device, direction, "unmap b " + name_of(device) + " " + direction);
  say(UsageStep::kDmaUnmap, device, direction, "  dma_unmap " + name_of(device) + " " + direction);
  lines_.back().skipped = forgets();
  mapped_[device].clear();
}

void Usage::window(const std::string& direction) {
  say(UsageStep::kBegin, 0, direction, "begin b " + direction);
  for (int d = 1; d >= 0; --d)
    if (!mapped_[d].empty()) {
      sync(UsageStep::kSyncForCpu, d, direction);
      if (driver_.careless && forgets()) sync(UsageStep::kSyncForDevice, d, direction);
    }
  say(UsageStep::kEnd, 0, direction, "end b " + direction);
  for (int d = 1; d >= 0; --d)
    if (!mapped_[d].empty()) {
      sync(UsageStep::kSyncForDevice, d, direction);
      if (driver_.careless && forgets()) sync(UsageStep::kSyncForCpu, d, direction);
    }
}

void Usage::finish() {
  for (int d = 0; d < 2; ++d)
    if (!mapped_[d].empty()) unmap(d);
  say(UsageStep::kOther, 0, "", "detach b D0");
  say(UsageStep::kOther, 0, "", "detach b D1");
  say(UsageStep::kOther, 0, "", "release b");
}

}  // namespace custody::property
