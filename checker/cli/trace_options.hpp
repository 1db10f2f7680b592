// SPDX-License-Identifier: BSD-2-Clause
// The options that say what a person knows better than the trace, the same for every command that judges traces.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "checker/replay/options.hpp"

namespace custody::checker::cli {

struct TraceOptions {
  std::vector<std::string> policies, devices, exporters, events;
  std::string arch, exporters_file, price = "combined", trust = "windows";
  std::uint32_t cpu_line = 0;
  std::uint64_t max_live = replay::kMostLiveBuffers;
};

void add_trace_options(CLI::App& command, TraceOptions& options);

/// `--event`, for commands that read traces and judge none.
void add_event_option(CLI::App& command, std::vector<std::string>& events);
/// Fills `names`; what is wrong, or empty.
[[nodiscard]] std::string parse_events(const std::vector<std::string>& events, std::vector<traces::EventName>& names);

/// What is read at `path` has no end of its own, or none that is known: a pipe, standard input, a file of the kernel.
[[nodiscard]] bool is_stream(const std::string& path);

/// Fills `options`; what is wrong, or empty.
[[nodiscard]] std::string parse_trace_options(const TraceOptions& a, replay::Options& options);

}  // namespace custody::checker::cli
