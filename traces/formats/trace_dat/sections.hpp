// SPDX-License-Identifier: BSD-2-Clause
// The parts that both versions of the file have, whatever stands around them.
#pragma once

#include <string>

#include "traces/formats/trace_dat/bytes.hpp"
#include "traces/formats/trace_dat/layout.hpp"

namespace custody::traces::formats::trace_dat {

/// Options of the file that are used; the numbers are trace-cmd's.
enum class Option : std::uint16_t {
  kDone = 0,
  kCpuStat = 2,
  kBuffer = 3,
  kCpuCount = 8,
  kHeaderInfo = 16,
  kEventFormats = 18,
  kFtraceEvents = 17,
  kCommandLines = 21,
  kBufferText = 22,
};

/// Most processors of all instances together.
inline constexpr std::size_t kMostCpus = 8192;

// Each reads one part at `at` into `layout`; where the cursor fails the part is cut.
void read_header_files(Cursor& at, Layout& layout);
void read_ftrace_formats(Cursor& at, Layout& layout);
void read_event_formats(Cursor& at, Layout& layout);
void read_command_lines(Cursor& at, Layout& layout);
/// An option `kCpuStat`: per_cpu/cpuN/stats after a line `CPU: N`.
void read_cpu_statistics(std::string_view text, Layout& layout);

/// The rest of a file of that version, after the page size.
void read_version6(std::string_view file, Cursor& at, const std::string& path, Layout& layout);
void read_version7(std::string_view file, Cursor& at, const std::string& path, Layout& layout);

}  // namespace custody::traces::formats::trace_dat
