// SPDX-License-Identifier: BSD-2-Clause
// Which probe a record is of, by its group and name: as traces/recorded/README.md names them, as tools name a probe
// that nobody named, or as the user says.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "traces/event_names.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::formats::ftrace {

/// The probe that a tool named after the kernel's function: `p_FUNC_0` and `r_FUNC_0` of kprobe_events, `FUNC` and
/// `FUNC__return` of perf probe, `FUNC__entry` and `FUNC__exit` of fprobes, each with a number behind it where there
/// are several. Null where the function is unknown, or the probe is not at the end of it that tells (an `export` is
/// seen at the return).
[[nodiscard]] const ProbeName* find_alias(std::string_view name);

/// Is it a record of the kernel or of its tracers that tells nothing of buffers: sched_switch, tracing_mark_write,
/// kernel_stack, ...?
[[nodiscard]] bool is_foreign(const Head& head);

class Names {
 public:
  explicit Names(const std::vector<EventName>& own) : own_(own) {}

  /// The probe of a record; null: it is none that is known. The kernel's own `iommu:map` is not `map`: without its
  /// group its text tells it. In a group that nobody knows, a record that has none of the probes' fields is another's.
  [[nodiscard]] const ProbeName* find(const Head& head) const {
    const ProbeName* probe = find_ordinary(head);
    return probe != nullptr ? probe : find_any(head);
  }
  /// The same where the record is surely of a probe; null: it has to be looked at closer.
  [[nodiscard]] const ProbeName* find_ordinary(const Head& head) const {
    const bool is_by_probe = head.group.empty() && !head.rest.empty() && head.rest[0] == '(';
    return is_by_probe && own_.empty() ? find_probe(head.event) : nullptr;
  }

 private:
  [[nodiscard]] const ProbeName* find_any(const Head& head) const;
  const std::vector<EventName>& own_;
};

}  // namespace custody::traces::formats::ftrace
