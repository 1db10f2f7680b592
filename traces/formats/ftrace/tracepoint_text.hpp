// SPDX-License-Identifier: BSD-2-Clause
// The tracepoints' records as the kernel, trace-cmd and perf print them.
#pragma once

#include <string>
#include <string_view>

#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// Is a record of `event` with this text, what follows `event:`, one of the kernel's own tracepoints? A probe of the
/// same name begins with a location in parentheses, and so does none of these. `map` and `unmap` of an IOMMU begin with
/// `IOMMU:`.
[[nodiscard]] TracepointName recognise_tracepoint(std::string_view group, std::string_view event,
                                                  std::string_view rest);

/// Fills `out` from the text of a record of `kind`: the words of TP_printk
/// (include/trace/events/{dma,dma_buf,dma_fence, iommu}.h), or, after `[FAILED TO PARSE]`, libtraceevent's raw fields,
/// whose `ARRAY[00, ...]` are bytes, little-endian. Returns the name of the first field that is missing or cannot be
/// read; empty: none. Views of `out` are into `rest`.
[[nodiscard]] std::string_view parse_tracepoint(TracepointKind kind, std::string_view rest, Tracepoint& out);

/// The same, also through what `clean` takes away; views may be into `text` then.
[[nodiscard]] std::string_view parse_odd_tracepoint(TracepointKind kind, std::string_view rest, std::string& text,
                                                    Tracepoint& out);

/// What a record of the group dma has to have and `t` has not; empty: nothing.
[[nodiscard]] std::string_view missing_dma_field(TracepointKind kind, const Tracepoint& t);

}  // namespace custody::traces::formats::ftrace
