// SPDX-License-Identifier: BSD-2-Clause
// Where what stands in a trace.dat: event formats, command lines, and the ring-buffer pages of each processor.
// Sources: trace-cmd.dat.v6(5), trace-cmd.dat.v7(5), and lib/trace-cmd/trace-input.c of trace-cmd 3.1.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "traces/formats/trace_dat/compression.hpp"

namespace custody::traces::formats::trace_dat {

/// The first bytes of every trace.dat.
inline constexpr std::string_view kMagic = "\x17\x08\x44tracing";

/// The pages of one processor: bytes of the file, which may be less than the file claims.
struct CpuData {
  std::uint32_t cpu = 0;
  std::uint64_t offset = 0, size = 0;
};

/// What one tracing instance recorded.
struct Buffer {
  std::string_view name;   ///< empty: the top instance
  std::string_view clock;  ///< empty: not said, the file's
  std::uint64_t page_size = 0;
  bool compressed = false;
  std::vector<CpuData> cpus;
};

/// What the kernel printed of an event: events/SYSTEM/EVENT/format.
struct FormatText {
  std::string_view system, text;
};

/// What the recorder counted as lost on one processor, of all instances.
struct CpuLosses {
  std::uint64_t overrun = 0;  ///< overwritten before they could be read; pages tell where
  std::uint64_t dropped = 0;  ///< never written, as the buffer was full; nothing tells where
};

/// Views point into the file or into `unpacked`.
struct Layout {
  bool swapped = false;         ///< recorded in the other byte order than this machine's
  unsigned long_size = 8;       ///< of the recorded machine's user space
  std::uint64_t page_size = 0;  ///< of the head
  Compression compression = Compression::kNone;
  std::string_view header_page;  ///< events/header_page
  std::vector<FormatText> formats;
  std::string_view command_lines;  ///< `PID NAME` lines
  std::vector<Buffer> buffers;
  std::vector<CpuLosses> losses;     ///< by processor
  std::vector<std::string> damages;  ///< what could not be read, in words, where the rest still can
  bool is_incomplete = false;        ///< pages are missing of which it is not known when they were written
  std::deque<std::string> unpacked;
};

/// Reads all but the pages of `file`, the whole of a trace.dat. Throws InputError where that cannot be done: a version
/// that is neither 6 nor 7, a compression that is not known, a latency trace, formats that are cut or not there. Sizes
/// and offsets are checked against the file, and no more memory is used than a few times its size or 256 MiB.
[[nodiscard]] Layout read_layout(std::string_view file, const std::string& path);

}  // namespace custody::traces::formats::trace_dat
