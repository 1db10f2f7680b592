// SPDX-License-Identifier: BSD-2-Clause
// Random legal usage of one buffer with the syncs of a correct driver, as a litmus file.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace custody::checker::test {

/// One line of the usage, and whether it is a sync that may be taken out alone.
struct UsageLine {
  std::string text;
  bool sync = false;
};

/// What the random client does: two devices that attach once, map and unmap; one task that opens and closes windows.
/// The driver behind it is the system heap since 5.11: a sync at each map and unmap, and in each window for each mapped
/// device. A window is closed as it was opened, and nothing is mapped or unmapped inside one.
class Usage {
 public:
  static Usage random(int steps) {
    Usage usage;
    for (int i = 0; i < steps; ++i) usage.step();
    usage.finish();
    return usage;
  }
  [[nodiscard]] const std::vector<UsageLine>& lines() const { return lines_; }
  /// The litmus file, without line `gone`.
  [[nodiscard]] std::string text(std::size_t gone = static_cast<std::size_t>(-1)) const {
    std::string text = "custody litmus: random legal usage\ndevice D0\ndevice D1\n\n";
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (i != gone) text += lines_[i].text + "\n";
    return text;
  }

 private:
  Usage() {
    lines_.push_back({"export b 64K system"}), lines_.push_back({"attach b D0"}), lines_.push_back({"attach b D1"});
  }

  void say(const std::string& text, bool sync = false) { lines_.push_back({text, sync}); }
  void step() {
    const int d = *rc::gen::inRange(0, 2);
    const std::string device = "D" + std::to_string(d);
    if (*rc::gen::inRange(0, 3) == 0)
      return window(*rc::gen::element(std::string("TO"), std::string("FROM"), std::string("BIDI")));
    if (dir_[d].empty()) {
      dir_[d] = *rc::gen::element(std::string("TO"), std::string("FROM"), std::string("BIDI"));
      say("map b " + device + " " + dir_[d]);
      say("  dma_map " + device + " " + dir_[d]);
    } else {
      unmap(d);
    }
  }
  void unmap(int d) {
    const std::string device = "D" + std::to_string(d);
    say("unmap b " + device + " " + dir_[d]);
    say("  dma_unmap " + device + " " + dir_[d]);
    dir_[d].clear();
  }
  void window(const std::string& dir) {
    say("begin b " + dir);
    for (int d = 1; d >= 0; --d)
      if (!dir_[d].empty()) say("  sync_for_cpu D" + std::to_string(d) + " " + dir, true);
    say("end b " + dir);
    for (int d = 1; d >= 0; --d)
      if (!dir_[d].empty()) say("  sync_for_device D" + std::to_string(d) + " " + dir, true);
  }
  void finish() {
    for (int d = 0; d < 2; ++d)
      if (!dir_[d].empty()) unmap(d);
    say("detach b D0");
    say("detach b D1");
    say("release b");
  }

  std::vector<UsageLine> lines_;
  std::string dir_[2];
};

}  // namespace custody::checker::test
