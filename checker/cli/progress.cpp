// SPDX-License-Identifier: BSD-2-Clause
// Progress of long work, on standard error.
#include "checker/cli/progress.hpp"

#include <unistd.h>

#include "checker/cli/cli.hpp"

namespace custody::checker::cli {

namespace {
using namespace std::chrono_literals;
constexpr auto kFirst = 1s;
constexpr auto kOnTerminal = 200ms;
constexpr auto kElsewhere = 5s;
}  // namespace

Progress::Progress(bool enabled) : enabled_(enabled), terminal_(::isatty(2) == 1), next_(Clock::now() + kFirst) {}

bool Progress::is_due() const { return enabled_ && Clock::now() >= next_; }

void Progress::show(std::string_view text) {
  if (!enabled_) return;
  next_ = Clock::now() + (terminal_ ? Clock::duration(kOnTerminal) : Clock::duration(kElsewhere));
  shown_ = terminal_;
  static_cast<void>(write_all(2, terminal_ ? "\r\x1b[K" + std::string(text) : std::string(text) + "\n"));
}

void Progress::clear() {
  if (shown_) static_cast<void>(write_all(2, "\r\x1b[K"));
  shown_ = false;
}

std::string percent(std::uint64_t part, std::uint64_t total) {
  return total == 0 ? std::string() : std::to_string(part * 100 / total) + " %";
}

}  // namespace custody::checker::cli
