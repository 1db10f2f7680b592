// SPDX-License-Identifier: BSD-2-Clause
// The smallest trace that still shows a given finding, as a litmus file.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "checker/minimize/target.hpp"

namespace custody::checker::minimize {

/// There is no such finding, or a litmus file cannot say what it rests on.
class MinimizeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct MinimizeProgress {
  std::uint64_t replays = 0, events = 0;  ///< done; left of the trace
};

using GoOn = std::function<bool(const MinimizeProgress&)>;

struct Minimized {
  std::string text;  ///< the litmus file
  spec::RuleId rule{};
  std::uint64_t line = 0;                       ///< of the finding in the trace
  std::uint64_t events_before = 0, events = 0;  ///< of the whole trace; of the litmus file, a call counted once
  std::uint64_t replays = 0;                    ///< of parts of the trace
  bool is_smallest = true;                      ///< false: there was no time to find it
};

/// Looks for a part of the trace `path` (`-`: standard input) that shows the finding that `wish` means at the event at
/// which the trace shows it, and that no single chunk can be taken from: no pair of calls, no call with what is nested
/// in it, nothing nested in a call, no cache lines of a DMA call. What is left could have happened: a map has its
/// attach, a call its export, and nothing is illegal, missing or lost that is not so in the whole trace. The call that
/// lacks a sync keeps all that it did. What `options` say of architecture, policies and devices stands in the file, so
/// that `custody replay` of it gives the finding without options; this was tried before it is returned.
///
/// Holds the buffer's part of the trace in memory, a stream as a whole. Throws traces::InputError and
/// MinimizeError. `go_on` is asked before each replay, from the first part on that shows the finding; where it says no,
/// the smallest so far is the result. It may be empty.
[[nodiscard]] Minimized minimize_trace(const std::string& path, const replay::Options& options, const Wish& wish,
                                       const GoOn& go_on = {});

}  // namespace custody::checker::minimize
