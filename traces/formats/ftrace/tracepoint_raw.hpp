// SPDX-License-Identifier: BSD-2-Clause
// Records of tracepoints whose fields stand with their names, as they are in the ring buffer.
#pragma once

#include <string_view>

#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// Fills `out`, whose kind is set, from all fields with their names: libtraceevent prints them so where it cannot print
/// the words of the kernel, or is asked not to (`trace-cmd report -R`). As `parse_tracepoint`.
[[nodiscard]] std::string_view parse_raw_tracepoint(std::string_view rest, Tracepoint& out);

}  // namespace custody::traces::formats::ftrace
