// SPDX-License-Identifier: BSD-2-Clause
// What was meant is what is nearest, and nothing where nothing is near.
#include "model/suggestion.hpp"

#include <gtest/gtest.h>

#include <array>

namespace custody::model::test {
namespace {

constexpr std::array<std::string_view, 6> kWords = {"text",          "json", "junit", "sarif", "begin_cpu_access",
                                                    "end_cpu_access"};

TEST(Suggestion, IsTheWordInAnotherCase) {
  EXPECT_EQ(nearest("JSON", kWords), "json");
  EXPECT_EQ(nearest("json", kWords), "json");
}

TEST(Suggestion, IsTheWordWithALetterMoreLessOrChanged) {
  for (const std::string_view near : {"jsn", "jsson", "jzon", "jsno"}) EXPECT_EQ(nearest(near, kWords), "json") << near;
  EXPECT_EQ(nearest("begincpuaccess", kWords), "begin_cpu_access");
}

TEST(Suggestion, IsNothingWhereNothingIsNear) {
  for (const std::string_view far : {"", "x", "yaml", "html", "frobnicate"}) EXPECT_EQ(nearest(far, kWords), "") << far;
  EXPECT_EQ(nearest(std::string(100, 'x'), kWords), "");
  const std::array<std::string_view, 2> ids = {"M3", "R3"};
  EXPECT_EQ(nearest("m3", ids), "M3");
  EXPECT_EQ(nearest("M", ids), "");
}

TEST(Suggestion, IsSaidAsAQuestion) {
  EXPECT_EQ(did_you_mean("jason", kWords), "; did you mean 'json'?");
  EXPECT_EQ(did_you_mean("yaml", kWords), "");
}

TEST(Suggestion, IsBesideAllAlternatives) {
  EXPECT_EQ(alternatives(kWords), "text, json, junit, sarif, begin_cpu_access or end_cpu_access");
  EXPECT_EQ(alternatives({}), "");
}

}  // namespace
}  // namespace custody::model::test
