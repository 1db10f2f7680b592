// SPDX-License-Identifier: BSD-2-Clause
// Finds a name among a few that are known when the tool is compiled: one multiplication, one comparison.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

/// `kNames` names, of which no two have the same size and the same first eight characters. Where the table is built it
/// must be constant: no such table is an endless search then, which the compiler refuses.
template <std::size_t kNames>
class NameTable {
 public:
  static constexpr std::size_t kNone = kNames;

  constexpr explicit NameTable(const std::array<std::string_view, kNames>& names) : names_(names) {
    for (std::size_t i = 0; i < kNames; ++i) firsts_[i] = word_of(names[i]);
    while (!place_all()) factor_ = factor_ * 6364136223846793005U + 2;
  }
  /// The index of `name`, or `kNone`. `first` is `load_first(name)`.
  [[nodiscard]] std::size_t find(std::string_view name, Word first) const {
    const std::size_t found = index_[slot_of(first, name.size())];
    if (found == kNone || firsts_[found] != first || names_[found].size() != name.size()) return kNone;
    return name.size() <= kWordBytes || names_[found] == name ? found : kNone;
  }

 private:
  static constexpr unsigned kBits = 7;

  [[nodiscard]] constexpr std::size_t slot_of(Word first, std::size_t size) const {
    return static_cast<std::size_t>(((first ^ (Word{size} << 56U)) * factor_) >> (64 - kBits));
  }
  constexpr bool place_all() {
    index_.fill(static_cast<std::uint8_t>(kNone));
    for (std::size_t i = 0; i < kNames; ++i) {
      std::uint8_t& slot = index_[slot_of(firsts_[i], names_[i].size())];
      if (slot != kNone) return false;
      slot = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  std::array<std::string_view, kNames> names_;
  std::array<Word, kNames> firsts_ = {};
  std::array<std::uint8_t, std::size_t{1} << kBits> index_ = {};
  Word factor_ = 0x9e3779b97f4a7c15U;
};

}  // namespace custody::traces::formats::ftrace
