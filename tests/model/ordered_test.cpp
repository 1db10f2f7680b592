// SPDX-License-Identifier: BSD-2-Clause
// Few and many items in order: the same answers as a plain vector, and no search that grows with their number.
#include "model/ordered.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace custody::model::test {
namespace {

std::size_t keys_asked = 0;

struct Sum {
  std::size_t values = 0;
  template <class Item>
  void count(const Item& item, int sign) {
    values = sign > 0 ? values + item.value : values - item.value;
  }
};

struct Item {
  using Tally = Sum;
  std::uint32_t owner = 0, value = 0;
  bool operator==(const Item&) const = default;
  static constexpr unsigned kByOwner = 0, kIfOdd = 1, kKeys = 2;
  [[nodiscard]] Key key(unsigned number) const {
    ++keys_asked;
    if (number == kByOwner) return {number, owner};
    return value % 2 != 0 ? Key{number} : Key{};
  }
};

class Both {
 public:
  void push(Item item) {
    ordered.push_back(item);
    plain.push_back(item);
  }
  void erase(std::size_t rank) {
    ordered.erase(place(rank));
    plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(rank));
  }
  void change(std::size_t rank, std::uint32_t value) {
    ordered.change(place(rank), [value](Item& item) { item.value = value; });
    plain[rank].value = value;
  }
  void compare(std::uint32_t owner) const {
    ASSERT_EQ(std::vector<Item>(ordered.begin(), ordered.end()), plain);
    std::size_t sum = 0;
    std::vector<Item> owned, visited;
    for (const Item& item : plain) {
      sum += item.value;
      if (item.owner == owner) owned.push_back(item);
    }
    EXPECT_EQ(ordered.tally().values, sum);
    const Key key = {Item::kByOwner, owner};
    each(ordered, key, Item::kByOwner, [&](std::size_t at) { visited.push_back(ordered[at]); });
    EXPECT_EQ(visited, owned);
    ASSERT_EQ(has(ordered, key, Item::kByOwner), !owned.empty());
    if (owned.empty()) return;
    const std::size_t first = ordered.first(key, Item::kByOwner), latest = last(ordered, key, Item::kByOwner);
    EXPECT_EQ(ordered[first], owned.front());
    EXPECT_EQ(ordered[latest], owned.back());
    EXPECT_EQ(ordered.after(key, Item::kByOwner, first) == Ordered<Item>::kNowhere, owned.size() == 1);
    if (owned.size() == 1) return;
    EXPECT_EQ(ordered[ordered.after(key, Item::kByOwner, first)], owned[1]);
    EXPECT_EQ(ordered[ordered.before(key, Item::kByOwner, latest)], owned[owned.size() - 2]);
  }

  Ordered<Item> ordered;
  std::vector<Item> plain;

 private:
  [[nodiscard]] std::size_t place(std::size_t rank) const {
    auto at = ordered.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(rank));
    return place_of(ordered, &*at);
  }
};

TEST(Ordered, AnswersAsAPlainVectorHoweverManyThereAre) {
  std::mt19937 random(1);
  for (const std::size_t most : {4U, 40U, 200U}) {
    Both both;
    for (int step = 0; step < 2000; ++step) {
      const bool grows = both.plain.empty() || (both.plain.size() < most && (step / 300) % 2 == 0);
      if (grows || random() % 4 == 0)
        both.push({static_cast<std::uint32_t>(random() % 9), static_cast<std::uint32_t>(step)});
      else if (random() % 3 == 0) both.change(random() % both.plain.size(), static_cast<std::uint32_t>(random() % 100));
      else both.erase(random() % both.plain.size());
      ASSERT_NO_FATAL_FAILURE(both.compare(static_cast<std::uint32_t>(random() % 9))) << step;
    }
    const Ordered<Item> copy = both.ordered;
    EXPECT_TRUE(copy == both.ordered);
    both.push({1, 1});
    EXPECT_FALSE(copy == both.ordered) << "a copy goes its own way";
  }
}

TEST(Ordered, ChangesAllWithAKeyOnce) {
  Ordered<Item> items;
  for (std::uint32_t i = 0; i < 100; ++i) items.push_back({i, i});
  std::size_t changed = 0;
  change_each(items, {Item::kIfOdd}, Item::kIfOdd, [&](Item& item) {
    ++item.value;
    ++changed;
  });
  EXPECT_EQ(changed, 50U);
  EXPECT_FALSE(has(items, {Item::kIfOdd}, Item::kIfOdd));
}

/// How many keys are asked for while all of `count` items come, change and go, the oldest, the latest or any first.
std::size_t keys_asked_of(std::uint32_t count, bool oldest_first) {
  keys_asked = 0;
  Ordered<Item> items;
  for (std::uint32_t i = 0; i < count; ++i) {
    items.push_back({i, 0});
    items.change(items.first({Item::kByOwner, i / 2}, Item::kByOwner), [](Item& item) { ++item.value; });
  }
  for (std::uint32_t i = 0; i < count; ++i)
    items.erase(last(items, {Item::kByOwner, oldest_first ? i : count - 1 - i}, Item::kByOwner));
  EXPECT_TRUE(items.empty());
  return keys_asked;
}

TEST(Ordered, AsksForKeysInProportionToWhatHappens) {
  for (const bool oldest_first : {false, true}) {
    const std::size_t few = keys_asked_of(1000, oldest_first), many = keys_asked_of(4000, oldest_first);
    EXPECT_LT(many, few * 5) << "four times as many; a search one by one would ask sixteen times as often";
  }
}

}  // namespace
}  // namespace custody::model::test
