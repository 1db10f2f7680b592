// SPDX-License-Identifier: BSD-2-Clause
// Lines that stand between records and tell nothing of buffers, and those that ought to have been records.
#pragma once

#include <string_view>

namespace custody::traces::formats::ftrace {

/// A line of the function or the function_graph tracer, of a stack or a call chain, a tool's note about its own work,
/// a code fence, an empty line, or another message of the log that the trace was taken from.
[[nodiscard]] bool is_foreign_line(std::string_view line);

/// The comment, from its `#` on, that `line`, which is no record, is but for what stands before it; empty: it is none.
[[nodiscard]] std::string_view comment_in(std::string_view line);

/// The `(+12)` before something with a colon, as `trace-cmd report --ts-diff` puts it before the event; empty: none.
[[nodiscard]] std::string_view difference_in(std::string_view line);

/// Has the line a field that only the probes have?
[[nodiscard]] bool has_own_field(std::string_view line);

/// Has it such a field, or the name of a known event where a record has it? A record was
/// damaged then.
[[nodiscard]] bool may_have_been_record(std::string_view line);

}  // namespace custody::traces::formats::ftrace
