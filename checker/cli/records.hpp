// SPDX-License-Identifier: BSD-2-Clause
// What `list` and `explain` say, as JSON: records of texts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace custody::checker::cli {

/// Keys with their values, in order.
using Record = std::vector<std::pair<std::string, std::string>>;

/// `{"schema":SCHEMA,"what":WHAT,"entries":[{...},...]}` with a line end; all values are strings.
[[nodiscard]] std::string records_json(std::string_view schema, std::string_view what,
                                       const std::vector<Record>& records);

/// One a line, the values with tabs between them.
[[nodiscard]] std::string records_text(const std::vector<Record>& records);

}  // namespace custody::checker::cli
