// SPDX-License-Identifier: BSD-2-Clause
// The layouts of a record that are not the one of tracefs, each told from the line itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::formats::ftrace {

enum class LineIs : std::uint8_t {
  kRecord,
  kForeign,      ///< of the function tracer, a stack, a comment, an empty line: no record of an event, and none was
  kDifferences,  ///< a record that shows how much later it is, and no time
  kNothing,      ///< none of these
};

/// Reads one line after another. What it remembers of earlier ones is only which task runs on each processor, as the
/// function_graph tracer does not repeat it.
class Layouts {
 public:
  /// `in_ticks`: a time may be a number without a point, of ticks.
  explicit Layouts(bool in_ticks = false) : in_ticks_(in_ticks) {}
  /// What `line` is; `head` is filled for a record. Its views, and `text`, point into `line` or to what is valid until
  /// the next call.
  ///
  /// Layouts (`<>` is optional): `comm-pid cpu,flags time: event:` of the latency format and of a dump in dmesg, times
  /// in seconds or `us`; `comm pid<pid>/tid <[cpu]> time: <period> event:` of perf script; `ms (duration): comm/tid
  /// event(fields)` of perf trace; `time: (+difference) event:` of trace-cmd; `/* event: fields */` of function_graph;
  /// and that of tracefs with something around it that `clean`, `take_out` or `without_prefix` takes away.
  [[nodiscard]] LineIs read(std::string_view line, Head& head);
  /// The line as it was read last, cleaned.
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  [[nodiscard]] bool read_ticks(std::string_view line, Head& head);
  [[nodiscard]] bool read_beside_difference(std::string_view line, Head& head);
  [[nodiscard]] bool read_graph(std::string_view line, Head& head);
  [[nodiscard]] bool follow_switch(std::string_view line);
  struct Running {
    std::string comm;
    std::int64_t pid = 0;
  };
  std::vector<Running> running_;  ///< by processor
  std::string cleaned_;
  std::string inside_;      ///< of what a row of a table or of a log encloses
  std::string without_;     ///< a line without the difference of times in it
  std::string in_seconds_;  ///< a line whose time was in ticks
  std::string_view text_;
  bool in_ticks_;
};

}  // namespace custody::traces::formats::ftrace
