// SPDX-License-Identifier: BSD-2-Clause
// Items in the order in which they came: a plain vector while they are few, looked up by their keys beyond that.
#pragma once

#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

#include "model/key_index.hpp"
#include "model/on_demand.hpp"
#include "model/thin_vector.hpp"

namespace custody::model {

/// What is summed up over all items of a kind that sums up nothing.
struct NoTally {
  template <class T>
  void count(const T& /*item*/, int /*sign*/) {}
};

/// Walks over items in order, past holes.
template <class Items, class T>
class OrderedIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using pointer = const T*;
  using reference = const T&;
  OrderedIterator() = default;
  OrderedIterator(const Items* of, std::size_t place) : of_(of), place_(of->next_from(place)) {}
  reference operator*() const { return (*of_)[place_]; }
  pointer operator->() const { return &(*of_)[place_]; }
  OrderedIterator& operator++() {
    place_ = of_->next_from(place_ + 1);
    return *this;
  }
  OrderedIterator operator++(int) {
    OrderedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const OrderedIterator& other) const { return place_ == other.place_; }

 private:
  const Items* of_ = nullptr;
  std::size_t place_ = 0;
};

/// `T` has `kKeys`, how many keys it has at most, `key(n)`, the nth of them, and a `Tally` with `count(item, sign)`.
/// Items change through `change` alone, so that keys and tally follow. No time grows with the number of
/// items but that of a copy and of an iteration; up to `kFew` items are searched one by one, without any allocation of
/// their own. A place is valid until the next `erase` or `clear`; what is erased of many leaves a hole, which no
/// iteration and no search meets.
template <class T>
class Ordered {
 public:
  static constexpr std::size_t kFew = 16, kNowhere = KeyIndex::kNowhere;
  using Tally = typename T::Tally;
  using Iterator = OrderedIterator<Ordered, T>;

  [[nodiscard]] std::size_t size() const {
    return items_.size() - (are_many() ? items_.beside()->get()->index.holes() : 0);
  }
  [[nodiscard]] bool empty() const { return items_.empty(); }  // what is empty has no holes
  /// They are looked up by their keys.
  [[nodiscard]] bool are_many() const { return items_.beside() != nullptr && items_.beside()->exists(); }
  /// Places and holes: no place is as large.
  [[nodiscard]] std::size_t places() const { return items_.size(); }
  /// The item at a place; of a hole, what was there.
  [[nodiscard]] const T& operator[](std::size_t place) const { return items_[place]; }
  /// The latest: the last place is never a hole.
  [[nodiscard]] const T& back() const { return items_.back(); }
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, items_.size()}; }
  /// The first place from this one on that is no hole.
  [[nodiscard]] std::size_t next_from(std::size_t place) const {
    if (are_many())
      while (place < items_.size() && items_.beside()->get()->index.is_hole(place)) ++place;
    return place;
  }
  /// Sums over all items.
  [[nodiscard]] Tally tally() const {
    if (are_many()) return items_.beside()->get()->tally;
    Tally sums;
    for (const T& item : items_) sums.count(item, 1);
    return sums;
  }
  /// All items, which are few.
  [[nodiscard]] std::span<T> few() { return {items_.begin(), items_.size()}; }
  [[nodiscard]] std::span<const T> few() const { return {items_.begin(), items_.size()}; }
  /// The item, to change what no key and no sum depends on.
  [[nodiscard]] T& unkeyed(std::size_t place) { return items_[place]; }

  void push_back(T item) {
    items_.push_back(std::move(item));
    if (are_many() || items_.size() > kFew) note_many();
  }
  void erase(std::size_t place) {
    if (are_many()) return erase_of_many(place);
    items_.erase(place);
  }
  void clear() {
    items_.clear();
    if (items_.beside() != nullptr) items_.beside()->reset();
  }
  /// Gives the memory back, where there are no items.
  void free_if_empty() { items_.free_if_empty(); }
  /// Calls `change` with the item, which may be any other afterwards.
  template <class Change>
  void change(std::size_t place, const Change& change) {
    T& item = items_[place];
    if (!are_many()) return void(change(item));
    const T before = item;
    change(item);
    note_change(before, place);
  }

  /// The place of the first item with the key; `kNowhere`: there is none.
  [[nodiscard, gnu::always_inline]] std::size_t first(const Key& key, unsigned number) const {
    if (are_many()) return items_.beside()->get()->index.first(key);
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].key(number) == key) return i;
    return kNowhere;
  }
  /// The next item with the key behind this one, which has it or had it; the one before it.
  [[nodiscard]] std::size_t after(const Key& key, unsigned number, std::size_t place) const {
    if (are_many()) return items_.beside()->get()->index.after(key, place);
    while (++place < items_.size())
      if (items_[place].key(number) == key) return place;
    return kNowhere;
  }
  [[nodiscard, gnu::always_inline]] std::size_t before(const Key& key, unsigned number, std::size_t place) const {
    if (are_many()) return items_.beside()->get()->index.before(key, place);
    while (place-- > 0)
      if (items_[place].key(number) == key) return place;
    return kNowhere;
  }
  /// The first key of this number that is larger, and of which there are items; `which` is kNone where there is none.
  /// Of many items only.
  [[nodiscard]] Key next_key(const Key& key) const { return items_.beside()->get()->index.next_key(key); }

 private:
  struct Many {
    KeyIndex index;
    [[no_unique_address]] Tally tally{};
  };

  /// The latest item is one of many: its keys are noted, or those of all.
  [[gnu::noinline]] void note_many() {
    Many& many = items_.beside()->made();
    for (std::size_t place = many.index.places(); place < items_.size(); ++place) {
      many.tally.count(items_[place], 1);
      many.index.add_place();
      for (unsigned n = 0; n < T::kKeys; ++n) many.index.add(items_[place].key(n), place);
    }
  }
  [[gnu::noinline]] void note_change(const T& before, std::size_t place) {
    items_.beside()->get()->tally.count(before, -1);
    items_.beside()->get()->tally.count(items_[place], 1);
    for (unsigned n = 0; n < T::kKeys; ++n) {
      const Key from = before.key(n), to = items_[place].key(n);
      if (from == to) continue;
      items_.beside()->get()->index.remove(from, place);
      items_.beside()->get()->index.add(to, place);
    }
  }
  [[gnu::noinline]] void erase_of_many(std::size_t place) {
    items_.beside()->get()->tally.count(items_[place], -1);
    KeyIndex& index = items_.beside()->get()->index;
    for (unsigned n = 0; n < T::kKeys; ++n) index.remove(items_[place].key(n), place);
    index.make_hole(place);
    while (index.drop_last_hole()) items_.pop_back();
    if (index.holes() * 2 <= items_.size() && size() > kFew / 2) return;
    index.close_holes([this](std::size_t from, std::size_t to) { items_[to] = std::move(items_[from]); });
    items_.truncate(index.places());
    if (items_.size() <= kFew / 2) items_.beside()->reset();
  }

  ThinVector<T, OnDemand<Many>, kFew> items_;
};

template <class T>
[[nodiscard]] bool operator==(const Ordered<T>& a, const Ordered<T>& b) {
  if (a.size() != b.size()) return false;
  for (auto i = a.begin(), j = b.begin(); !(i == a.end()); ++i, ++j)
    if (!(*i == *j)) return false;
  return true;
}

/// The place of an item that is here.
template <class T>
[[nodiscard]] std::size_t place_of(const Ordered<T>& items, const T* item) {
  return static_cast<std::size_t>(item - items.few().data());
}

/// The place of the last item with the key; `kNowhere`: there is none.
template <class T>
[[nodiscard, gnu::always_inline]] inline std::size_t last(const Ordered<T>& items, const Key& key, unsigned number) {
  return items.before(key, number, items.places());
}

template <class T>
[[nodiscard, gnu::always_inline]] inline bool has(const Ordered<T>& items, const Key& key, unsigned number) {
  return !items.empty() && items.first(key, number) != Ordered<T>::kNowhere;
}

/// Visits the places of all items with the key, in order; `visit` may change the item, but moves none and takes or
/// gives this key of no other.
template <class T, class Visit>
void each(const Ordered<T>& items, const Key& key, unsigned number, const Visit& visit) {
  if (items.empty()) return;
  for (std::size_t place = items.first(key, number); place != Ordered<T>::kNowhere;
       place = items.after(key, number, place))
    visit(place);
}

/// Changes all items with the key, in order.
template <class T, class Change>
void change_each(Ordered<T>& items, const Key& key, unsigned number, const Change& change) {
  each(items, key, number, [&](std::size_t place) { items.change(place, change); });
}

}  // namespace custody::model
