// SPDX-License-Identifier: BSD-2-Clause
// What the fields of one record say.
#pragma once

#include <string>
#include <string_view>

#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"
#include "traces/formats/perfetto/plans.hpp"

namespace custody::traces::formats::perfetto {

/// Pointers below are none: no kernel of Linux begins lower (1 GiB, CONFIG_VMSPLIT_1G). Perfetto puts the running
/// number of an address in the place of each value that it takes for one of a symbol, as a `void *` is
/// (FtraceMetadata::AddSymbolAddr); the numbers begin anew at each reading of the buffers, so that one may stand for
/// two addresses, and two for one. A replaced error pointer looks like any other.
inline constexpr std::uint64_t kLowestPointer = 0x40000000;

/// Reads the fields of a record of a probe. Empty, or what makes it unreadable, for people. What views of `fields`
/// point into is `record`.
[[nodiscard]] std::string read_fields(const EventPlan& plan, std::string_view record, ftrace::Fields& fields);

/// Fills `out` from a record of a tracepoint. Empty, or the first field that it should have, and that is missing or
/// cannot be read. An array is none that can be: Perfetto writes it as a string up to its first zero (ReadDataLoc).
[[nodiscard]] std::string_view read_tracepoint(const EventPlan& plan, std::string_view record, ftrace::Tracepoint& out);

}  // namespace custody::traces::formats::perfetto
