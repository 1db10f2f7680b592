// SPDX-License-Identifier: BSD-2-Clause
// The committed recordings of the drivers are what the drivers do now, and nothing in them is unexplained.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "kernel-ref/cases/cases.hpp"
#include "kernel-ref/record/corpus.hpp"
#include "tests/checker/replay_support.hpp"

namespace custody::kernel_ref::test {
namespace {

TEST(Corpus, IsFresh) {
  const std::vector<record::Recording> corpus = record::make_corpus();
  EXPECT_EQ(corpus.size(), 16U);
  for (const record::Recording& recording : corpus)
    EXPECT_EQ(checker::test::read_file(recording.path), recording.text) << recording.path << ": run ./dev record";
}

TEST(Corpus, HasNoFindingThatIsNotExplained) {
  const std::map<std::string, std::set<std::string>> explained = {{"udmabuf", {"M1", "M2", "M10"}},
                                                                  {"heap_helpers_2019", {"L1"}}};
  for (const record::Recording& recording : record::make_corpus()) {
    if (recording.path.find(".jsonl") == std::string::npos) continue;
    const checker::test::Seen seen = checker::test::replay_file(recording.path);
    EXPECT_EQ(seen.error, "") << recording.path;
    EXPECT_GT(seen.result.summary.events, 40U) << recording.path;
    std::set<std::string> allowed;
    for (const auto& [driver, rules] : explained)
      if (recording.path.find(driver) != std::string::npos) allowed = rules;
    for (const checker::test::SeenFinding& f : seen.findings)
      EXPECT_TRUE(f.rule[0] == 'R' || allowed.contains(f.rule)) << recording.path << ":" << f.line << " " << f.rule;
  }
}

TEST(Corpus, EachCaseMakesBytesGoWrong) {
  for (const cases::Case& c : cases::cases()) {
    bool wrong = false;
    const std::string text = cases::litmus_of(c, wrong);
    EXPECT_TRUE(wrong) << c.id;
    const checker::test::Seen seen = checker::test::replay_text(text);
    EXPECT_FALSE(seen.expectations.empty()) << c.id;
    EXPECT_FALSE(seen.result.expectations_failed) << c.id;
    const std::string findings = checker::test::read_file("kernel-ref/findings.md");
    EXPECT_NE(findings.find("| " + std::string(c.id) + " |"), std::string::npos) << c.id;
  }
}

}  // namespace
}  // namespace custody::kernel_ref::test
