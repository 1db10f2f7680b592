// SPDX-License-Identifier: BSD-2-Clause
// Where the items of a list are that have a key: of lists that are too long to be searched.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace custody::model {

/// What items are looked up by: `which` of their keys, and its value.
struct Key {
  static constexpr std::uint32_t kNone = 0xffffffffU;  ///< the item has no such key now
  std::uint32_t which = kNone;
  std::uint32_t a = 0;
  std::uint64_t b = 0, c = 0;
  auto operator<=>(const Key&) const = default;
};

/// The places of items by their keys, and which places are holes. No time grows with the number of items, but that of
/// `close_holes`.
class KeyIndex {
 public:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  /// A place behind all others.
  void add_place();
  /// What is there has no keys any more.
  void make_hole(std::size_t place);
  /// The last place is a hole: it is gone. False: it is none.
  bool drop_last_hole();
  /// The places that are no holes move up, in order; `move(from, to)` is called for each that does.
  template <class Move>
  void close_holes(const Move& move) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < gone_.size(); ++i) {
      if (gone_[i]) continue;
      if (kept != i) move(i, kept);
      turns_[kept++] = turns_[i];
    }
    turns_.resize(kept);
    gone_.assign(kept, false);
    holes_ = 0;
  }
  [[nodiscard]] bool is_hole(std::size_t place) const { return gone_[place]; }
  [[nodiscard]] std::size_t holes() const { return holes_; }
  [[nodiscard]] std::size_t places() const { return gone_.size(); }

  void add(const Key& key, std::size_t place);
  void remove(const Key& key, std::size_t place);

  /// As of `Ordered`.
  [[nodiscard]] std::size_t first(const Key& key) const;
  [[nodiscard]] std::size_t after(const Key& key, std::size_t place) const;
  [[nodiscard]] std::size_t before(const Key& key, std::size_t place) const;
  [[nodiscard]] Key next_key(const Key& key) const;

 private:
  [[nodiscard]] std::size_t place_of(std::uint64_t turn) const;

  std::set<std::pair<Key, std::uint64_t>> keys_;  ///< with the item's turn
  std::vector<std::uint64_t> turns_;              ///< by place, rising
  std::vector<bool> gone_;                        ///< by place
  std::size_t holes_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace custody::model
