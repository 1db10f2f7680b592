// SPDX-License-Identifier: BSD-2-Clause
// Text for people, broken at words where a terminal would break it anywhere.
#pragma once

#include <string>
#include <string_view>

namespace custody::checker::cli {

/// Lines that are wider than so many columns, in several: broken at blanks, what follows under where the last column of
/// the line's first half begins, or further in than the line. What has no blank stays whole. Escape sequences of
/// colours take no column, a character of UTF-8 one.
[[nodiscard]] std::string broken_at_words(std::string_view text, std::size_t columns);

/// For what is written to this descriptor: broken at words if it is a terminal that says how wide it is, else as it is.
[[nodiscard]] std::string for_reader(std::string_view text, int fd = 1);

}  // namespace custody::checker::cli
