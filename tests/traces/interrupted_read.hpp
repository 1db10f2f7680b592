// SPDX-License-Identifier: BSD-2-Clause
// A reading that may end before its trace does.
#pragma once

#include <string>

#include "traces/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

/// What `read(sink, statistics)` delivered, and what stopped it.
struct InterruptedRead : RecordedTrace {
  template <class Read>
  explicit InterruptedRead(const Read& read) {
    try {
      read(*this, statistics);
    } catch (const InputError& e) {
      error = e.what();
    }
  }
  void on_gap(const Gap& gap, const Directory&) override { gaps += gap.kind == Gap::Kind::kUnreadRecord ? 1 : 0; }

  ReadStatistics statistics;
  std::string error;
  unsigned gaps = 0;
};

}  // namespace custody::traces::test
