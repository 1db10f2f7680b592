// SPDX-License-Identifier: BSD-2-Clause
// What a user calls a probe that the readers know by another name.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces {

struct EventName {
  std::string group;  ///< empty: of any group
  std::string name;
  std::string kind;  ///< the readers' name of the probe
};

/// Fills `out` from `NAME=KIND`, where NAME may be `GROUP:NAME`. What is wrong, with the kinds that are known and the
/// nearest of them, or empty.
[[nodiscard]] std::string parse_event_name(std::string_view text, EventName& out);

}  // namespace custody::traces
