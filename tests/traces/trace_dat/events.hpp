// SPDX-License-Identifier: BSD-2-Clause
// Events out of lines of ftrace text: their formats and their records, as the kernel has them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/traces/trace_dat/output.hpp"
#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::test {

/// One kind of event of a capture.
struct DatEvent {
  std::string group;  ///< `custody`, or that of one of the kernel's tracepoints
  std::string name;
  std::uint16_t id = 0;
  bool is_return = false;
  std::vector<std::string> fields;  ///< in the order of the text
};

/// All kinds of events of a capture, in the order in which they come first. What a user wrote to the trace is ftrace's
/// own event `print`, which is not among them.
class DatEvents {
 public:
  static constexpr std::uint16_t kPrint = 5;

  /// Learns from a record.
  void learn(const formats::ftrace::Head& head);
  [[nodiscard]] const std::vector<DatEvent>& all() const { return events_; }
  /// What events/GROUP/NAME/format holds.
  [[nodiscard]] static std::string format(const DatEvent& event);
  /// What events/ftrace/print/format holds.
  [[nodiscard]] static std::string print_format();
  /// The bytes of a record. `all_flags`: its flags and its preemption count are all ones, if it is of a probe.
  [[nodiscard]] std::string record(const formats::ftrace::Head& head, bool big_endian, bool all_flags) const;

 private:
  std::vector<DatEvent> events_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace custody::traces::test
