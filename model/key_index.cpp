// SPDX-License-Identifier: BSD-2-Clause
// Keeps keys in order, each with the turn in which its item came: places change, turns do not.
#include "model/key_index.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace custody::model {

namespace {

constexpr std::uint64_t kLatest = std::numeric_limits<std::uint64_t>::max();

}  // namespace

std::size_t KeyIndex::place_of(std::uint64_t turn) const {
  return static_cast<std::size_t>(std::lower_bound(turns_.begin(), turns_.end(), turn) - turns_.begin());
}

void KeyIndex::add_place() {
  turns_.push_back(next_++);
  gone_.push_back(false);
}

void KeyIndex::make_hole(std::size_t place) {
  gone_[place] = true;
  ++holes_;
}

bool KeyIndex::drop_last_hole() {
  if (gone_.empty() || !gone_.back()) return false;
  gone_.pop_back();
  turns_.pop_back();
  --holes_;
  return true;
}

void KeyIndex::add(const Key& key, std::size_t place) {
  if (key.which != Key::kNone) keys_.emplace(key, turns_[place]);
}

void KeyIndex::remove(const Key& key, std::size_t place) {
  if (key.which != Key::kNone) keys_.erase({key, turns_[place]});
}

std::size_t KeyIndex::first(const Key& key) const {
  const auto found = keys_.lower_bound({key, 0});
  return found != keys_.end() && found->first == key ? place_of(found->second) : kNowhere;
}

std::size_t KeyIndex::after(const Key& key, std::size_t place) const {
  const auto found = keys_.upper_bound({key, turns_[place]});
  return found != keys_.end() && found->first == key ? place_of(found->second) : kNowhere;
}

std::size_t KeyIndex::before(const Key& key, std::size_t place) const {
  const auto behind = keys_.lower_bound({key, place < turns_.size() ? turns_[place] : kLatest});
  if (behind == keys_.begin()) return kNowhere;
  const auto found = std::prev(behind);
  return found->first == key ? place_of(found->second) : kNowhere;
}

Key KeyIndex::next_key(const Key& key) const {
  const auto found = keys_.upper_bound({key, kLatest});
  return found != keys_.end() && found->first.which == key.which ? found->first : Key{};
}

}  // namespace custody::model
