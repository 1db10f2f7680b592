// SPDX-License-Identifier: BSD-2-Clause
// Makes a trace.dat out of ftrace text, as `trace-cmd record` would have written it, for the tests of its reader.
#pragma once

#include <string>
#include <string_view>

#include "traces/formats/trace_dat/compression.hpp"

namespace custody::traces::test {

struct DatShape {
  int version = 6;                                                                       ///< or 7
  formats::trace_dat::Compression compression = formats::trace_dat::Compression::kNone;  ///< of version 7
  unsigned cpus = 1;      ///< tasks wander over them; of equal times all are on one
  bool instance = false;  ///< every other task is recorded by an instance `custody`, without print events
  bool big_endian = false;
  unsigned long_size = 8;      ///< of the kernel; 4 or 8
  std::string cpu_statistics;  ///< of processor 0: lines of per_cpu/cpu0/stats; empty: none
  std::size_t page_size = 4096;
  bool sets_all_flags = false;  ///< of records of probes, whose preemption count is -1 then, as Linux 6.18 does
};

/// Records of `text` keep their order, names, fields and microseconds. `CPU:n [LOST m EVENTS]` becomes a page that
/// misses so many events.
[[nodiscard]] std::string make_trace_dat(std::string_view text, const DatShape& shape);

}  // namespace custody::traces::test
