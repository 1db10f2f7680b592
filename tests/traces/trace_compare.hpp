// SPDX-License-Identifier: BSD-2-Clause
// Says where two recorded traces differ.
#pragma once

#include <string>

#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

/// What of a trace a format keeps.
struct Keeps {
  bool time = false;
  bool tid = false;
  bool ino = false;
  bool attachment_names = false;
  bool repeats = true;  ///< what is said elsewhere: the device of an attachment, and of a return the call around
};

/// The first difference as a sentence; empty where the traces are the same. Line numbers are not
/// compared, and not what follows a `~` in a buffer's name.
[[nodiscard]] std::string first_difference(const RecordedTrace& a, const RecordedTrace& b, const Keeps& keeps);

/// One event in words, for messages of tests.
[[nodiscard]] std::string describe(const Event& event);

}  // namespace custody::traces::test
