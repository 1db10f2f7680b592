// SPDX-License-Identifier: BSD-2-Clause
// Names in UTF-8, which kernels do not promise.
#pragma once

#include <string>
#include <string_view>

namespace custody::model {

/// `text`; where it is no UTF-8 each of the bytes that are none is \x and two digits, and a backslash two. What is
/// none is then told apart in every output, and UTF-8 stays as it is.
[[nodiscard]] std::string spell_as_utf8(std::string_view text);

}  // namespace custody::model
