// SPDX-License-Identifier: BSD-2-Clause
// Progress of long work, on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace custody::checker::cli {

/// Shows a line of progress from the second second on: rewritten in place on a terminal, a new line every few
/// seconds elsewhere, nothing where `enabled` is false. The line is cleared before anything else is printed.
class Progress {
 public:
  explicit Progress(bool enabled);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// Is it time for a new line? Cheap: asks the clock only.
  [[nodiscard]] bool is_due() const;
  /// `text` is plain and without line end.
  void show(std::string_view text);
  /// Takes the line off the terminal.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_, terminal_;
  bool shown_ = false;
  Clock::time_point next_;
};

/// "73 %" of `total`, or an empty text where `total` is 0.
[[nodiscard]] std::string percent(std::uint64_t part, std::uint64_t total);

}  // namespace custody::checker::cli
