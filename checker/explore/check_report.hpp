// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as JSON: schema `custody.check/1`, spec/check_report.schema.json.
#pragma once

#include <string>

#include "checker/explore/search.hpp"

namespace custody::checker {

inline constexpr std::string_view kCheckSchema = "custody.check/1";

/// One JSON document with a line end. `seconds` is the time that the search took.
[[nodiscard]] std::string check_json(const spec::Contract& contract, const System& system, const SearchResult& result,
                                     double seconds);

}  // namespace custody::checker
