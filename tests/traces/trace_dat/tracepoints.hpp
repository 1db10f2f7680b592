// SPDX-License-Identifier: BSD-2-Clause
// The kernel's own tracepoints out of lines of ftrace text: their formats and records, as the kernel has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::test {

/// The group of the tracepoint that the record is one of; empty: it is of a probe.
[[nodiscard]] std::string_view tracepoint_group(const formats::ftrace::Head& head);

/// The lines of its fields behind the common ones, and its print format, which nobody parses here.
[[nodiscard]] std::string tracepoint_fields(std::string_view event);

/// The bytes behind the eight of the common fields.
[[nodiscard]] std::string tracepoint_bytes(const formats::ftrace::Head& head, bool big_endian);

}  // namespace custody::traces::test
