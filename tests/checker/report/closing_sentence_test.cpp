// SPDX-License-Identifier: BSD-2-Clause
// The sentence that is quoted claims what is known, and no more.
#include <gtest/gtest.h>

#include "checker/report/summary_text.hpp"

namespace custody::checker::test {
namespace {

using report::closing_sentence;
using spec::RuleClass;

/// 29 operations in one buffer that is judged, 5 of which were enough.
Summary judged() {
  Summary s;
  s.buffers = 1;
  s.coverage.by_verdict[static_cast<std::size_t>(Judged::kWhole)] = 1;
  s.maintenance.operations = 29;
  s.maintenance.bytes = 29U << 20U;
  s.maintenance.subset_operations = 5;
  s.maintenance.optimum = {5, 5U << 20U};
  s.maintenance.no_effect = {22, 22U << 20U};
  return s;
}

report::FoundCounts found(RuleClass cls, std::uint64_t certain, std::uint64_t doubtful) {
  report::FoundCounts counts;
  counts.certain[static_cast<std::size_t>(cls)] = certain;
  counts.doubtful[static_cast<std::size_t>(cls)] = doubtful;
  return counts;
}

TEST(ClosingSentence, SaysWhatCouldGoAndThatNothingIsMissing) {
  EXPECT_EQ(closing_sentence(judged(), {}, true),
            "24 of 29 cache operations (24 MiB) were not needed; nothing is missing in 1 buffer of 1.");
}

TEST(ClosingSentence, SaysNoBytesWhereTheyAreNotThoseOfTheSubset) {
  Summary s = judged();
  s.maintenance.optimum = {3, 3U << 20U};
  EXPECT_EQ(closing_sentence(s, {}, true),
            "24 of 29 cache operations were not needed; nothing is missing in 1 buffer of 1.");
}

TEST(ClosingSentence, ClaimsOnlyOperationsWithoutEffectWhereTheSubsetIsNoNumber) {
  Summary s = judged();
  s.maintenance.no_subset = bit_of(NotComputed::kClientBrokeRules);
  EXPECT_EQ(closing_sentence(s, {}, true),
            "22 of 29 cache operations (22 MiB) had no effect; nothing is missing in 1 buffer of 1.");
}

TEST(ClosingSentence, CountsTheBuffersThatAreNotJudgedAndSaysWhy) {
  Summary s = judged();
  s.buffers = 3;
  s.coverage.by_verdict[static_cast<std::size_t>(Judged::kNot)] = 2;
  s.coverage.why_not[static_cast<std::size_t>(JudgedReason::kLostEvents)] = 2;
  const std::string sentence = closing_sentence(s, {}, true);
  EXPECT_NE(sentence.find("nothing is missing in 1 buffer of 3; 2 not judged: "), std::string::npos) << sentence;
}

TEST(ClosingSentence, ClearsNothingWhereNoBufferIsJudged) {
  Summary s = judged();
  s.coverage.by_verdict = {0, 0, 1};
  s.coverage.why_not[static_cast<std::size_t>(JudgedReason::kMappedBeforeTrace)] = 1;
  const std::string sentence = closing_sentence(s, {}, true);
  EXPECT_EQ(sentence.find("missing"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("0 buffers judged, 1 not judged: mapped before the trace began"), std::string::npos)
      << sentence;
}

TEST(ClosingSentence, ClearsNothingOfInputThatCouldNotBeReadToItsEnd) {
  const std::string sentence = closing_sentence(judged(), {}, false);
  EXPECT_EQ(sentence.find("missing"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("could not be read to its end"), std::string::npos) << sentence;
}

TEST(ClosingSentence, ClearsNothingWhereASyncIsMissingThoughItIsNotShown) {
  Summary s = judged();
  s.by_class[static_cast<std::size_t>(RuleClass::kMissing)] = 1;
  EXPECT_EQ(closing_sentence(s, {}, true).find("nothing is missing"), std::string::npos);
}

TEST(ClosingSentence, SaysHowManyFindingsAreNotShownAndForgetsNoneOfThem) {
  Summary s = judged();
  s.by_class[static_cast<std::size_t>(RuleClass::kMissing)] = 2;
  EXPECT_EQ(closing_sentence(s, {}, true, 2),
            "24 of 29 cache operations (24 MiB) could go without a further hazard; 2 findings not shown.");
}

TEST(ClosingSentence, TellsWhatIsCertainFromWhatIsAssumed) {
  Summary s = judged();
  s.by_class[static_cast<std::size_t>(RuleClass::kMissing)] = 3;
  EXPECT_EQ(closing_sentence(s, found(RuleClass::kMissing, 2, 1), true),
            "24 of 29 cache operations (24 MiB) could go without a further hazard; a needed sync is missing in 2 "
            "places; a needed sync may be missing in 1 place.");
}

TEST(ClosingSentence, DoesNotSayThatNothingIsMissingWhereDataIsDestroyed) {
  Summary s = judged();
  s.by_class[static_cast<std::size_t>(RuleClass::kLostWrite)] = 1;
  const std::string sentence = closing_sentence(s, found(RuleClass::kLostWrite, 1, 0), true);
  EXPECT_NE(sentence.find("data is destroyed by 1 operation; no sync is missing in 1 buffer of 1."), std::string::npos)
      << sentence;
}

}  // namespace
}  // namespace custody::checker::test
