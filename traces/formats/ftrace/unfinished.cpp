// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/unfinished.hpp"

#include <algorithm>

#include "traces/formats/ftrace/cleaning.hpp"

namespace custody::traces::formats::ftrace {

Continues Unfinished::join(std::string_view text, Joined& joined) {
  if (beginnings_.empty() && !record_.empty()) beginnings_.push_back({std::string(record_), number_, true});
  Continues otherwise = Continues::kNo;
  for (const Joined& begun : beginnings_) {
    const Continues rest = wrapped_.join(begun.text, text, joined.text);
    if (rest == Continues::kForeign && begun.is_known) return rest;
    if (rest == Continues::kMaybe && begun.is_known) otherwise = rest;
    if (rest != Continues::kYes) continue;
    joined.number = begun.number;
    joined.is_known = begun.is_known;
    const auto used =
        std::find_if(broken_.begin(), broken_.end(), [&](const Line& b) { return b.number >= joined.number; });
    broken_.erase(used, broken_.end());
    return rest;
  }
  return otherwise;
}

void Unfinished::keep(std::string_view text, std::uint64_t number, bool may_be_rest) {
  constexpr std::size_t kMostBeginnings = 16;
  if (beginnings_.size() == 1 && beginnings_[0].is_known && wrapped_.is_whole(beginnings_[0].text)) beginnings_.clear();
  const std::string_view rest = without_prefix(text);
  const std::size_t before = beginnings_.size();
  for (std::size_t i = 0; i < before && beginnings_.size() < kMostBeginnings; ++i) {
    beginnings_.push_back(beginnings_[i]);
    beginnings_.back().text.append(" ").append(rest);
    beginnings_[i].text.append(rest);
  }
  beginnings_.push_back({std::string(text), number, false});
  record_ = {};
  broken_.push_back({std::string(text), number, may_be_rest});
}

}  // namespace custody::traces::formats::ftrace
