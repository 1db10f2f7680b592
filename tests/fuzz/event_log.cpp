// SPDX-License-Identifier: BSD-2-Clause
// Target: event logs, from memory and as a stream.
#include "traces/formats/event_log/event_log.hpp"

#include "tests/fuzz/properties.hpp"
#include "tests/fuzz/targets.hpp"

namespace custody::fuzz {

void event_log(std::string_view bytes) {
  constexpr ReadLines kRead = [](auto& lines, auto& sink, auto& statistics) {
    traces::formats::event_log::read_event_log(lines, "trace.jsonl", sink, statistics);
  };
  const Reader read = reader_of(bytes, kRead);
  require_same(event_log_of(read), event_log_of(reader_of_stream(bytes, kRead)), "a stream is read as a file is");
  require_conversions(read);
}

}  // namespace custody::fuzz
