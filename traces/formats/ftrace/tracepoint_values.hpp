// SPDX-License-Identifier: BSD-2-Clause
// Values in the text of a tracepoint. Each function returns false where the text is none, and what it filled then means
// nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/direction.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

/// Takes `word` off the beginning of `text`, if it is there.
bool take(std::string_view& text, std::string_view word);

/// The whole text as one number of that base; `0x` makes any hexadecimal.
[[nodiscard]] bool parse_number(std::string_view text, int base, std::uint64_t& value);
[[nodiscard]] bool parse_signed(std::string_view text, std::int64_t& value);

/// `{0x1,0x2}`, or `ARRAY[00, 10, ...]`: elements of `width` bytes, the lowest first.
[[nodiscard]] bool parse_array(std::string_view text, std::size_t width, std::vector<std::uint64_t>& out);

/// The kernel's word, with or without `DMA_`, or its number.
[[nodiscard]] bool parse_direction(std::string_view text, model::Direction& dir);

/// `A|B|0x800`. A name that is not known is newer than `kDmaAttributes`: it says nothing of syncs, and `unknown` is the
/// last of them. False where one is cut.
[[nodiscard]] bool parse_attributes(std::string_view text, std::uint64_t& attrs, std::string_view& unknown);

/// Where the value ends that begins at `value`: a list in braces, bytes in brackets, or a word.
[[nodiscard]] std::size_t end_of_value(std::string_view text, std::size_t value);

/// One word, `key=value` or a mark. `at` goes behind it.
[[nodiscard]] std::string_view next_word(std::string_view text, std::size_t& at);

}  // namespace custody::traces::formats::ftrace
