// SPDX-License-Identifier: BSD-2-Clause
// The word that was meant, where one of a closed set was mistyped.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace custody::model {

/// The one of `words` that `word` most likely stands for: it differs in case, or by at most a third of its letters
/// (inserted, dropped, changed, or two that changed places), at most three. The first of those that are as near; empty
/// where none is. Words of more than 64 bytes are not compared.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> words);

/// `; did you mean 'clean'?`, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> words);

/// `clean, invalidate or none`.
[[nodiscard]] std::string alternatives(std::span<const std::string_view> words);

/// The names in a table of what has a `name`.
[[nodiscard]] std::vector<std::string_view> names_of(const auto& table) {
  std::vector<std::string_view> names;
  for (const auto& entry : table) names.emplace_back(entry.name);
  return names;
}

}  // namespace custody::model
