// SPDX-License-Identifier: BSD-2-Clause
// The text of single litmus lines.
#pragma once

#include <optional>
#include <string>

#include "traces/directory.hpp"
#include "traces/event.hpp"
#include "traces/formats/litmus/spelling.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::litmus {

/// The statement of `event` without indentation and task; empty where no line can say it. `inherits`: the buffer is
/// that of the call around it and is left out where the event was attributed by nesting. `ret` is the call's result.
[[nodiscard]] std::string statement_text(const Event& event, const Directory& directory, const Spelling& names,
                                         bool inherits, std::int32_t ret);

/// The lines under a DMA call that say what it did to the cache; none where the trace does not know.
[[nodiscard]] std::vector<std::string> maintenance_text(const Event& event, const Directory& directory);

/// The header up to its expectations, each line with its end.
[[nodiscard]] std::string header_text(const Header& header, const Directory& directory, const Spelling& names);

}  // namespace custody::traces::formats::litmus
