// SPDX-License-Identifier: BSD-2-Clause
// The files that pages are made of, and how they are put together.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace custody::checker::report {

/// A file of checker/report/page/; empty where there is none of that name.
[[nodiscard]] std::string_view page_asset(std::string_view file);

/// Writes `page`, with what `part(NAME)` gives in place of each `@{NAME}`.
void write_page(std::string_view page, const std::function<std::string(std::string_view name)>& part,
                const std::function<void(std::string_view)>& write);

}  // namespace custody::checker::report
