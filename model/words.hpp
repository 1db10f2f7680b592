// SPDX-License-Identifier: BSD-2-Clause
// A vocabulary is an array of words; a word's index is its id, its name is its name in every format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace custody::model {

using Id = std::uint8_t;

/// A word of the closed vocabulary and the sentence that documents print for it.
struct Word {
  std::string_view name;
  std::string_view says;
};

/// Index of the word `name`; nothing where it is none of them.
[[nodiscard]] constexpr std::optional<Id> find_word(const auto& words, std::string_view name) {
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (words[i].name == name) return static_cast<Id>(i);
  return std::nullopt;
}

/// Index of the word `name`. A name that does not exist does not compile.
consteval Id at(const auto& words, std::string_view name) {
  if (const auto id = find_word(words, name)) return *id;
  throw "no such word in the vocabulary";
}

}  // namespace custody::model
