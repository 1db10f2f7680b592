// SPDX-License-Identifier: BSD-2-Clause
// Target: the text form of traces of Perfetto, from memory and as a stream.
#include "traces/formats/perfetto/reader.hpp"

#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void perfetto_text(std::string_view bytes) {
  constexpr ReadLines kRead = [](auto& lines, auto& sink, auto& statistics) {
    traces::formats::perfetto::read_perfetto_text(lines, "trace.pbtxt", sink, statistics);
  };
  const Reader read = reader_of(bytes, kRead);
  require_same(event_log_of(read), event_log_of(reader_of_stream(bytes, kRead)), "a stream is read as a file is");
  require_conversions(read);
}

}  // namespace custody::fuzz
