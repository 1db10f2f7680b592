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
  void on_header(const Header& header, const Directory& directory) override {
    has_header = true;
    RecordedTrace::on_header(header, directory);
  }
  void on_gap(const Gap& gap, const Directory&) override {
    gaps += gap.kind == Gap::Kind::kUnreadRecord ? 1 : 0;
    before_header += has_header ? 0 : 1;
  }

  ReadStatistics statistics;
  std::string error;
  unsigned gaps = 0;
  unsigned before_header = 0;  ///< gaps that were told out of their order
  bool has_header = false;
};

}  // namespace custody::traces::test
