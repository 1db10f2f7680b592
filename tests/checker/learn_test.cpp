// SPDX-License-Identifier: BSD-2-Clause
// A contract taken as a driver: learned back from what it does it is the same contract, and a lie is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "checker/learn/study.hpp"
#include "checker/review/difference.hpp"

namespace custody::checker::test {
namespace {

learn::StudyOptions options_of(std::string_view name) {
  learn::StudyOptions options;
  options.name = name;
  options.source = "a test";
  options.random.programs = 300;
  return options;
}

void expect_same_calls(const spec::Contract& shipped, const spec::Contract& learned) {
  explore::Configuration mixed;
  mixed.coherent = 1;
  for (const explore::Configuration& configuration : {explore::Configuration{}, mixed}) {
    const review::Difference d =
        review::compare_calls(explore::System(shipped, configuration), explore::System(learned, configuration));
    EXPECT_EQ(d.relation, review::Relation::kEqual);
    EXPECT_FALSE(d.syncs);
    EXPECT_TRUE(d.complete);
  }
}

class Shipped : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Shipped, IsLearnedBack) {
  const spec::Contract contract = *spec::find_contract(GetParam());
  const learn::StudyOptions options = options_of(contract.name);
  const learn::Study s = learn::study(learn::subject_of(contract), options);
  EXPECT_TRUE(s.complete);
  EXPECT_TRUE(s.learned.unsaid.empty());
  EXPECT_TRUE(s.outside.empty());
  EXPECT_GT(s.random.calls, 3000U);
  EXPECT_EQ(s.random.agreed, s.random.calls);
  EXPECT_LE(s.learned.contract.clauses.size(), contract.clauses.size()) << spec::write_contract(s.learned.contract);
  expect_same_calls(contract, s.learned.contract);
  const spec::Contract read = spec::read_contract(spec::write_contract(s.learned.contract), "learned");
  EXPECT_EQ(spec::write_contract(read), spec::write_contract(s.learned.contract));
}

/// All but the state graph, in which a CPU mapping owns the buffer: below.
std::vector<std::string_view> names() {
  std::vector<std::string_view> out = spec::contract_names();
  std::erase(out, "state-graph-2019");
  return out;
}

INSTANTIATE_TEST_SUITE_P(Contracts, Shipped, ::testing::ValuesIn(names()), [](const auto& param) {
  std::string name(param.param);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

TEST(Learn, SeesThatACpuMappingOwnsTheBuffer) {
  const spec::Contract contract = *spec::find_contract("state-graph-2019");
  learn::StudyOptions options = options_of(contract.name);
  options.usage.cpu_mappings = true;
  options.usage.windows = 1;
  options.worlds = {{false, false}};
  const learn::Study s = learn::study(learn::subject_of(contract), options);
  EXPECT_TRUE(s.learned.contract.has_policy("cpu_owns", "mapping"));
  EXPECT_TRUE(s.learned.unsaid.empty());
  EXPECT_EQ(s.random.agreed, s.random.calls);
}

/// The driver makes a sync more in every nth call.
learn::Subject lying(const spec::Contract& contract, std::uint64_t every) {
  const auto calls = std::make_shared<std::uint64_t>(0);
  return [honest = learn::subject_of(contract), calls, every](const learn::World& world,
                                                              std::span<const learn::Step> program) {
    std::vector<learn::Answer> answers = honest(world, program);
    for (learn::Answer& answer : answers)
      if (++*calls % every == 0 && answer.ret == 0) answer.made.push_back({0, model::SyncCall::kForCpu, {}, false, {}});
    return answers;
  };
}

TEST(Learn, TellsALieInAThousandCallsAndLearnsWhatTheDriverDoesElse) {
  const spec::Contract contract = *spec::find_contract("system-heap-6.1");
  const learn::Study s = learn::study(lying(contract, 1000), options_of("liar"));
  ASSERT_FALSE(s.learned.unsaid.empty());
  EXPECT_LT(s.learned.agreed, s.learned.calls);
  expect_same_calls(contract, s.learned.contract);
  EXPECT_LT(s.random.agreed, s.random.calls);
  EXPECT_FALSE(s.random.disagreements.empty());
}

TEST(Learn, SaysTheSameTwice) {
  const spec::Contract contract = *spec::find_contract("udmabuf-before");
  const learn::Study first = learn::study(lying(contract, 777), options_of("twice")),
                     second = learn::study(lying(contract, 777), options_of("twice"));
  EXPECT_EQ(spec::write_contract(first.learned.contract), spec::write_contract(second.learned.contract));
  EXPECT_EQ(first.learned.unsaid.size(), second.learned.unsaid.size());
  EXPECT_EQ(first.random.agreed, second.random.agreed);
}

}  // namespace
}  // namespace custody::checker::test
