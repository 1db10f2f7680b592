// SPDX-License-Identifier: BSD-2-Clause
// Every litmus file says what a correct checker answers, and every judged rule has a file that breaks it and one that
// does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

std::vector<std::string> litmus_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("traces/litmus"))
    if (entry.path().extension() == ".litmus") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(LitmusFiles, HoldWhatTheyExpect) {
  std::size_t judged = 0;
  for (const std::string& file : litmus_files()) {
    const Seen seen = replay_file(file);
    EXPECT_EQ(seen.error, "");
    EXPECT_FALSE(seen.expectations.empty()) << file << " expects nothing";
    for (const JudgedExpectation& j : seen.expectations) {
      EXPECT_TRUE(j.held) << file << ":" << j.expectation.line << ": " << j.expectation.text << " (" << j.found << ")";
      ++judged;
    }
  }
  EXPECT_GT(judged, 150U);
}

TEST(LitmusFiles, FailWhereAnExpectationIsWrong) {
  const std::string text = read_file("traces/litmus/T13-the-only-sync-removed.litmus");
  const std::size_t at = text.find("expect M3");
  ASSERT_NE(at, std::string::npos);
  const Seen unexpected = replay_text(text.substr(0, at) + text.substr(text.find('\n', at) + 1));
  EXPECT_TRUE(unexpected.result.expectations_failed);
  const Seen other = replay_text(std::string(text).replace(at, 9, "expect R7"));
  EXPECT_TRUE(other.result.expectations_failed);
}

TEST(LitmusFiles, EachHistoricalCaseHasItsFixedForm) {
  for (const std::string& file : litmus_files()) {
    const std::string name = std::filesystem::path(file).filename().string();
    if (name[0] != 'T' || name.find(".fixed.") != std::string::npos || name.rfind("T46", 0) == 0 ||
        name.rfind("T27-begin", 0) == 0)
      continue;
    const std::string fixed = file.substr(0, file.size() - 7) + ".fixed.litmus";
    EXPECT_TRUE(std::filesystem::exists(fixed)) << fixed;
  }
}

/// The rules that the findings of a file name, first or in `also`.
std::set<std::string> rules_broken_in(const std::string& file) {
  std::set<std::string> broken;
  for (const SeenFinding& f : replay_file(file).findings) {
    broken.insert(f.rule);
    std::istringstream also(f.also);
    for (std::string rule; also >> rule;) broken.insert(rule);
  }
  return broken;
}

TEST(LitmusFiles, BreakEveryRuleThatIsJudgedAndKeepItInTheFixedForm) {
  std::set<std::string> broken, mended;
  for (const std::string& file : litmus_files()) {
    const std::set<std::string> rules = rules_broken_in(file);
    broken.insert(rules.begin(), rules.end());
    const std::string fixed = file.substr(0, file.size() - 7) + ".fixed.litmus";
    if (!std::filesystem::exists(fixed)) continue;
    const std::set<std::string> left = rules_broken_in(fixed);
    for (const std::string& rule : rules)
      if (!left.contains(rule)) mended.insert(rule);
  }
  for (const spec::Rule& rule : spec::kRules) {
    EXPECT_EQ(broken.contains(std::string(rule.id)), rule.judged) << rule.id;
    EXPECT_EQ(mended.contains(std::string(rule.id)), rule.judged) << rule.id;
  }
}

TEST(LitmusFiles, NamedAfterARuleBreakItAndTheirFixedFormDoesNot) {
  std::size_t pairs = 0;
  for (const std::string& file : litmus_files()) {
    const std::string name = std::filesystem::path(file).filename().string();
    if (name.rfind("rule-", 0) != 0 || name.find(".fixed.") != std::string::npos) continue;
    const std::string rule = name.substr(5, name.find('-', 5) - 5);
    const std::string fixed = file.substr(0, file.size() - 7) + ".fixed.litmus";
    EXPECT_TRUE(rules_broken_in(file).contains(rule)) << file;
    ASSERT_TRUE(std::filesystem::exists(fixed)) << fixed;
    EXPECT_FALSE(rules_broken_in(fixed).contains(rule)) << fixed;
    ++pairs;
  }
  EXPECT_GE(pairs, 11U);
}

TEST(LitmusFiles, HaveAtMostFortyOneLines) {
  for (const std::string& file : litmus_files()) {
    const std::string text = read_file(file);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 41) << file;
  }
}

}  // namespace
}  // namespace custody::checker::test
