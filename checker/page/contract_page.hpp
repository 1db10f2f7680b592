// SPDX-License-Identifier: BSD-2-Clause
// A contract as a page on which people step a buffer through its calls.
#pragma once

#include <string>
#include <string_view>

#include "spec/document/document.hpp"

namespace custody::checker::page {

/// One page that needs no network. `machine` is what the build of the preset `page` makes: this program as
/// WebAssembly, which decides everything that the page shows.
[[nodiscard]] std::string contract_page(const spec::Contract& contract, const spec::document::Origin& origin,
                                        std::string_view machine);

}  // namespace custody::checker::page
