// SPDX-License-Identifier: BSD-2-Clause
// Target: trace.dat.
#include "traces/formats/trace_dat/reader.hpp"

#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void trace_dat(std::string_view bytes) {
  constexpr ReadLines kRead = [](auto& lines, auto& sink, auto& statistics) {
    traces::formats::trace_dat::read_trace_dat(lines, "trace.dat", sink, statistics);
  };
  const Reader read = reader_of(bytes, kRead);
  require_conversions(read);
}

}  // namespace custody::fuzz
