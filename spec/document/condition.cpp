// SPDX-License-Identifier: BSD-2-Clause
// Guards in words, folded.
#include "spec/document/condition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace custody::spec::document {

using model::Guard;
using model::Id;
using model::Policies;
using model::Test;

namespace {

bool is_same(const Test& a, const Test& b) { return a.fact == b.fact && a.rel == b.rel && a.value == b.value; }

/// What the guard says that makes this test and no other; empty where none does.
std::string_view says_alone(const Test& test) {
  for (const Guard& guard : model::kGuards)
    if (guard.any.size() == 1 && guard.any.begin()->size() == 1 && is_same(*guard.any.begin()->begin(), test))
      return guard.says;
  return {};
}

std::string says(const Test& test) {
  if (!model::is_policy(test.fact)) {
    if (const std::string_view alone = says_alone(test); !alone.empty() || test.rel != model::Rel::lt)
      return std::string(alone);
    std::vector<std::string_view> values;  // what is less than a value is one of those before it
    for (std::uint8_t v = 0; v < test.value; ++v) values.push_back(says_alone({test.fact, model::Rel::eq, v}));
    return fmt::format("{}", fmt::join(values, " or "));
  }
  const model::Policy& policy = model::kPolicies[test.fact - model::kFirstPolicy];
  return fmt::format("{} is {}", policy.name, policy.values[test.value].name);
}

/// The alternatives that the policies leave, without the tests that they decide; an empty one holds always.
std::vector<std::vector<Test>> folded(const Guard& guard, const Policies& policies) {
  std::vector<std::vector<Test>> left;
  model::Facts facts;
  facts.set(policies);
  for (const model::All& all : guard.any) {
    std::vector<Test> tests;
    bool excluded = false;
    for (const Test& test : all)
      if (!model::is_policy(test.fact)) tests.push_back(test);
      else excluded = excluded || !test.holds(facts);
    if (!excluded) left.push_back(std::move(tests));
  }
  return left;
}

bool reads_policy(const Guard& guard) {
  for (const model::All& all : guard.any)
    for (const Test& test : all)
      if (model::is_policy(test.fact)) return true;
  return false;
}

/// Every test of `shorter` is one of `longer`: then `longer` says nothing more as an alternative to it.
bool is_implied(const std::vector<Test>& longer, const std::vector<Test>& shorter) {
  return std::all_of(shorter.begin(), shorter.end(), [&](const Test& t) {
    return std::any_of(longer.begin(), longer.end(), [&](const Test& u) { return is_same(t, u); });
  });
}

void drop_implied(std::vector<std::vector<Test>>& any) {
  for (std::size_t i = 0; i < any.size();) {
    bool implied = false;
    for (std::size_t k = 0; k < any.size() && !implied; ++k)
      implied = k != i && is_implied(any[i], any[k]) && (any[i].size() > any[k].size() || k < i);
    if (implied) any.erase(any.begin() + static_cast<std::ptrdiff_t>(i));
    else ++i;
  }
}

/// `it stays mapped; or this is its last map and another device is mapped`; empty where a test has no words of its own.
std::string in_words(const std::vector<std::vector<Test>>& any) {
  std::vector<std::string> alternatives;
  for (const std::vector<Test>& all : any) {
    std::vector<std::string> parts;
    for (const Test& test : all) parts.push_back(says(test));
    if (std::count(parts.begin(), parts.end(), "") != 0) return {};
    alternatives.push_back(fmt::format("{}", fmt::join(parts, " and ")));
  }
  return fmt::format("{}", fmt::join(alternatives, "; or "));
}

}  // namespace

std::optional<std::vector<std::string>> conditions(const Id* begin, const Id* end, const Policies* policies) {
  std::vector<std::string> words;
  for (const Id* id = begin; id != end; ++id) {
    const Guard& guard = model::kGuards[*id];
    if (policies == nullptr || !reads_policy(guard)) {
      const bool is_value = guard.any.size() == 1 && guard.any.begin()->size() == 1 && reads_policy(guard);
      words.push_back(is_value ? says(*guard.any.begin()->begin()) : std::string(guard.says));
      continue;
    }
    std::vector<std::vector<Test>> left = folded(guard, *policies);
    if (left.empty()) return std::nullopt;
    drop_implied(left);
    if (left.size() == 1 && left.front().empty()) continue;
    const std::string text = in_words(left);
    words.push_back(text.empty() ? std::string(guard.says) : text);
  }
  return words;
}

}  // namespace custody::spec::document
