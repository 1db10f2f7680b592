// SPDX-License-Identifier: BSD-2-Clause
// Items in the order in which they came: a plain vector while they are few, looked up by their keys beyond that.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <type_traits>
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

/// What is summed up over all items of a kind that sums up nothing.
struct NoTally {};

/// `T` has `kKeys`, how many keys it has at most, `key(n)`, the nth of them, and a `Tally` with `count(item, sign)` or
/// `NoTally`. Items change through `change` alone, so that keys and tally follow. No time grows with the number of
/// items but that of a copy and of an iteration; up to `kFew` items are searched one by one, without any allocation of
/// their own. A place is valid until the next `erase` or `clear`; what is erased of many leaves a hole, which no
/// iteration and no search meets.
template <class T>
class Ordered {
 public:
  static constexpr std::size_t kFew = 16, kNowhere = static_cast<std::size_t>(-1);
  using Tally = typename T::Tally;

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;
    Iterator() = default;
    Iterator(const Ordered* of, std::size_t place) : of_(of), place_(of->next_from(place)) {}
    reference operator*() const { return of_->items_[place_]; }
    pointer operator->() const { return &of_->items_[place_]; }
    Iterator& operator++() {
      place_ = of_->next_from(place_ + 1);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    const Ordered* of_ = nullptr;
    std::size_t place_ = 0;
  };

  Ordered() = default;
  Ordered(const Ordered& other)
      : items_(other.items_), tally_(other.tally_),
        index_(other.index_ ? std::make_unique<Index>(*other.index_) : nullptr) {}
  Ordered(Ordered&&) noexcept = default;
  Ordered& operator=(const Ordered& other) {
    items_ = other.items_;
    tally_ = other.tally_;
    index_ = other.index_ ? std::make_unique<Index>(*other.index_) : nullptr;
    return *this;
  }
  Ordered& operator=(Ordered&&) noexcept = default;
  ~Ordered() = default;

  [[nodiscard]] std::size_t size() const { return items_.size() - (index_ ? index_->holes : 0); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// They are looked up by their keys.
  [[nodiscard]] bool are_many() const { return index_ != nullptr; }
  /// Places and holes: no place is as large.
  [[nodiscard]] std::size_t places() const { return items_.size(); }
  /// The item at a place; of a hole, what was there.
  [[nodiscard]] const T& operator[](std::size_t place) const { return items_[place]; }
  [[nodiscard]] const T& front() const { return *begin(); }
  [[nodiscard]] const T& back() const {
    std::size_t place = items_.size() - 1;
    while (index_ && index_->gone[place]) --place;
    return items_[place];
  }
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, items_.size()}; }
  /// Sums over all items.
  [[nodiscard]] const Tally& tally() const { return tally_; }
  bool operator==(const Ordered& other) const {
    if (size() != other.size()) return false;
    for (Iterator a = begin(), b = other.begin(); !(a == end()); ++a, ++b)
      if (!(*a == *b)) return false;
    return true;
  }

  void push_back(T item) {
    count(item, 1);
    items_.push_back(std::move(item));
    if (index_) index_->add(items_.back(), items_.size() - 1);
    else if (items_.size() > kFew) build_index();
  }
  void erase(std::size_t place) {
    count(items_[place], -1);
    if (!index_) {
      items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(place));
      return;
    }
    index_->remove(items_[place], place);
    index_->gone[place] = true;
    ++index_->holes;
    // The back has no holes, so that it is found at once.
    while (!items_.empty() && index_->gone.back()) {
      items_.pop_back();
      index_->gone.pop_back();
      index_->turns.pop_back();
      --index_->holes;
    }
    if (index_->holes * 2 > items_.size() || size() <= kFew / 2) close_holes();
  }
  void clear() {
    items_.clear();
    index_.reset();
    tally_ = {};
  }
  /// Calls `change` with the item, which may be any other afterwards.
  template <class Change>
  void change(std::size_t place, const Change& change) {
    T& item = items_[place];
    count(item, -1);
    if (index_) {
      const T before = item;
      change(item);
      index_->move(before, item, place);
    } else {
      change(item);
    }
    count(item, 1);
  }

  /// The place of the first item with the key, of the last; `kNowhere`: there is none.
  [[nodiscard]] std::size_t first(const Key& key, unsigned number) const {
    if (index_) return index_->first(key);
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].key(number) == key) return i;
    return kNowhere;
  }
  [[nodiscard]] std::size_t last(const Key& key, unsigned number) const {
    if (index_) return index_->last(key);
    for (std::size_t i = items_.size(); i-- > 0;)
      if (items_[i].key(number) == key) return i;
    return kNowhere;
  }
  [[nodiscard]] bool has(const Key& key, unsigned number) const { return first(key, number) != kNowhere; }
  /// The next item with the key behind this one, which has it; the one before it.
  [[nodiscard]] std::size_t after(const Key& key, unsigned number, std::size_t place) const {
    if (index_) return index_->after(key, place);
    while (++place < items_.size())
      if (items_[place].key(number) == key) return place;
    return kNowhere;
  }
  [[nodiscard]] std::size_t before(const Key& key, unsigned number, std::size_t place) const {
    if (index_) return index_->before(key, place);
    while (place-- > 0)
      if (items_[place].key(number) == key) return place;
    return kNowhere;
  }
  /// All items, which are few.
  [[nodiscard]] std::span<T> few() { return items_; }
  [[nodiscard]] std::span<const T> few() const { return items_; }
  /// The first key of this number that is larger, and of which there are items; `which` is kNone where there is none.
  /// Of many items only.
  [[nodiscard]] Key next_key(const Key& key) const {
    const auto found = index_->keys.upper_bound({key, std::numeric_limits<std::uint64_t>::max()});
    return found != index_->keys.end() && found->first.which == key.which ? found->first : Key{};
  }
  /// Of an item that is here.
  [[nodiscard]] std::size_t place_of(const T* item) const { return static_cast<std::size_t>(item - items_.data()); }
  /// The item, to change what no key and no sum depends on.
  [[nodiscard]] T& unkeyed(std::size_t place) { return items_[place]; }
  /// Visits the places of all items with the key, in order; `visit` changes nothing.
  template <class Visit>
  void each(const Key& key, unsigned number, const Visit& visit) const {
    if (index_) return index_->each(key, visit);
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].key(number) == key) visit(i);
  }
  /// Changes all items with the key, in order, by which each has to lose it.
  template <class Change>
  void change_each(const Key& key, unsigned number, const Change& with) {
    for (std::size_t place = first(key, number); place != kNowhere; place = first(key, number)) change(place, with);
  }

 private:
  struct Index {
    std::set<std::pair<Key, std::uint64_t>> keys;  ///< with the item's turn
    std::vector<std::uint64_t> turns;              ///< by place, rising
    std::vector<bool> gone;                        ///< by place
    std::size_t holes = 0;
    std::uint64_t next = 0;

    [[nodiscard]] std::size_t place_of(std::uint64_t turn) const {
      return static_cast<std::size_t>(std::lower_bound(turns.begin(), turns.end(), turn) - turns.begin());
    }
    void add(const T& item, std::size_t place) {
      if (place == turns.size()) {
        turns.push_back(next++);
        gone.push_back(false);
      }
      for (unsigned n = 0; n < T::kKeys; ++n)
        if (const Key key = item.key(n); key.which != Key::kNone) keys.emplace(key, turns[place]);
    }
    void remove(const T& item, std::size_t place) {
      for (unsigned n = 0; n < T::kKeys; ++n)
        if (const Key key = item.key(n); key.which != Key::kNone) keys.erase({key, turns[place]});
    }
    void move(const T& before, const T& after, std::size_t place) {
      for (unsigned n = 0; n < T::kKeys; ++n) {
        const Key from = before.key(n), to = after.key(n);
        if (from == to) continue;
        if (from.which != Key::kNone) keys.erase({from, turns[place]});
        if (to.which != Key::kNone) keys.emplace(to, turns[place]);
      }
    }
    [[nodiscard]] std::size_t first(const Key& key) const {
      const auto found = keys.lower_bound({key, 0});
      return found != keys.end() && found->first == key ? place_of(found->second) : kNowhere;
    }
    [[nodiscard]] std::size_t last(const Key& key) const {
      auto found = keys.upper_bound({key, std::numeric_limits<std::uint64_t>::max()});
      if (found == keys.begin()) return kNowhere;
      --found;
      return found->first == key ? place_of(found->second) : kNowhere;
    }
    [[nodiscard]] std::size_t after(const Key& key, std::size_t place) const {
      const auto found = keys.upper_bound({key, turns[place]});
      return found != keys.end() && found->first == key ? place_of(found->second) : kNowhere;
    }
    [[nodiscard]] std::size_t before(const Key& key, std::size_t place) const {
      const auto found = keys.lower_bound({key, turns[place]});
      return found != keys.begin() && std::prev(found)->first == key ? place_of(std::prev(found)->second) : kNowhere;
    }
    template <class Visit>
    void each(const Key& key, const Visit& visit) const {
      for (auto it = keys.lower_bound({key, 0}); it != keys.end() && it->first == key; ++it)
        visit(place_of(it->second));
    }
  };

  [[nodiscard]] std::size_t next_from(std::size_t place) const {
    if (index_)
      while (place < items_.size() && index_->gone[place]) ++place;
    return place;
  }
  void count(const T& item, int sign) {
    if constexpr (!std::is_same_v<Tally, NoTally>) tally_.count(item, sign);
  }
  void build_index() {
    index_ = std::make_unique<Index>();
    for (std::size_t i = 0; i < items_.size(); ++i) index_->add(items_[i], i);
  }
  void close_holes() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (index_->gone[i]) continue;
      if (kept != i) items_[kept] = std::move(items_[i]);
      index_->turns[kept++] = index_->turns[i];
    }
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(kept), items_.end());
    index_->turns.resize(kept);
    index_->gone.assign(kept, false);
    index_->holes = 0;
    if (kept <= kFew / 2) index_.reset();
  }

  std::vector<T> items_;
  [[no_unique_address]] Tally tally_{};
  std::unique_ptr<Index> index_;
};

}  // namespace custody::model
