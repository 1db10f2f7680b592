// SPDX-License-Identifier: BSD-2-Clause
// Differences of contracts: none where there is none, symmetric, and each distinguishing sequence distinguishes.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <sstream>

#include "checker/review/review.hpp"

namespace custody::checker::test {
namespace {

spec::Contract with_policy(const char* name, const char* policy, const char* value) {
  spec::Contract contract = *spec::find_contract(name);
  EXPECT_EQ(model::set_policy(contract.lifetime.policies, policy, value), "");
  return contract;
}

bool same(const explore::Label& a, const explore::Label& b) {
  return a.kind == b.kind && a.device == b.device && a.dir == b.dir;
}

std::string text_of(const review::Comparison& c) { return review::plain_text(review::difference_page(c)); }

/// True where `system` accepts all of `labels`; `syncs` gets the number of syncs in the last one.
bool accepts(const explore::System& system, const std::vector<explore::Label>& labels, std::size_t& syncs) {
  explore::Packed state = explore::System::initial();
  std::vector<explore::Successor> successors;
  for (const explore::Label& label : labels) {
    system.successors(state, successors);
    const auto next = std::find_if(successors.begin(), successors.end(),
                                   [&](const explore::Successor& s) { return same(s.label, label); });
    if (next == successors.end()) return false;
    syncs = system.syncs_of(state, label).size();
    state = next->next;
  }
  return true;
}

/// The i-th of these calls lets devices use the buffer together that no sync can lie between.
bool mixes(const explore::System& system, const std::vector<explore::Label>& labels, std::size_t i) {
  explore::Packed state = explore::System::initial();
  std::vector<explore::Successor> successors;
  for (std::size_t at = 0;; ++at) {
    system.successors(state, successors);
    const auto next = std::find_if(successors.begin(), successors.end(),
                                   [&](const explore::Successor& s) { return same(s.label, labels[at]); });
    if (next == successors.end()) return false;
    if (at == i) return next->is_mixed();
    state = next->next;
  }
}

TEST(Difference, FindsNothingBetweenAContractAndItsOwnExport) {
  for (const std::string_view name : spec::contract_names()) {
    const spec::Contract contract = *spec::find_contract(name);
    const spec::Contract exported = spec::read_contract(spec::write_contract(contract), "export");
    const review::Comparison c = review::compare(contract, exported, {});
    EXPECT_TRUE(c.finds_nothing()) << name << "\n" << text_of(c);
    EXPECT_TRUE(c.calls.complete);
    EXPECT_GT(c.calls.pairs, 50U) << name;
  }
}

TEST(Difference, DistinguishesByWhatReallyHappensAndTheSameBothWays) {
  std::vector<spec::Contract> contracts;
  for (const std::string_view name : spec::contract_names()) contracts.push_back(*spec::find_contract(name));
  contracts.push_back(with_policy("system-heap-6.1", "cpu_unattached", "refuse"));
  contracts.push_back(with_policy("system-heap-6.1", "map_in_window", "refuse"));
  std::size_t by_calls = 0, by_syncs = 0;
  std::vector<std::unique_ptr<explore::System>> systems;
  for (const spec::Contract& c : contracts)
    systems.push_back(std::make_unique<explore::System>(c, explore::Configuration{}));
  for (std::size_t i = 0; i < contracts.size(); ++i)
    for (std::size_t j = 0; j < contracts.size(); ++j) {
      const spec::Contract &a = contracts[i], &b = contracts[j];
      const explore::System &first = *systems[i], &second = *systems[j];
      const review::Difference d = review::compare_calls(first, second);
      const review::Difference back =
          review::compare_calls(second, first);  // NOLINT(readability-suspicious-call-argument)
      std::size_t ours = 0, theirs = 0;
      if (d.only_first) {
        ++by_calls;
        EXPECT_TRUE(accepts(first, d.only_first->labels, ours));
        EXPECT_FALSE(accepts(second, d.only_first->labels, theirs));
        ASSERT_TRUE(back.only_second);
        EXPECT_EQ(back.only_second->labels.size(), d.only_first->labels.size());
      }
      EXPECT_EQ(d.only_second.has_value(), back.only_first.has_value());
      if (d.syncs) {
        ++by_syncs;
        EXPECT_TRUE(accepts(first, d.syncs->labels, ours) && accepts(second, d.syncs->labels, theirs));
        EXPECT_EQ(ours, d.syncs->first_syncs.size());
        EXPECT_EQ(theirs, d.syncs->second_syncs.size());
        EXPECT_NE(d.syncs->first_syncs, d.syncs->second_syncs);
      }
      const auto mirrored = [](review::Relation r) {
        return r == review::Relation::kRefines   ? review::Relation::kExtends
               : r == review::Relation::kExtends ? review::Relation::kRefines
                                                 : r;
      };
      EXPECT_EQ(d.relation, mirrored(back.relation)) << a.name << " " << b.name;
    }
  EXPECT_GT(by_calls, 20U);
  EXPECT_GT(by_syncs, 100U);
}

TEST(Difference, SaysWhichContractAcceptsMore) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1");
  const spec::Contract refusing = with_policy("system-heap-6.1", "cpu_unattached", "refuse");
  const review::Difference d = review::compare_calls(explore::System(heap, {}), explore::System(refusing, {}));
  EXPECT_EQ(d.relation, review::Relation::kExtends);
  ASSERT_TRUE(d.only_first);
  EXPECT_EQ(d.only_first->labels.size(), 2U) << "export, and a begin with no device attached";
  EXPECT_FALSE(d.only_second);
  const std::string text = text_of(review::compare(heap, refusing, {}));
  EXPECT_NE(text.find("  cpu_unattached  allow  refuse\n"), std::string::npos) << text;
}

TEST(Difference, SaysWhatRefusingTheSecondKindOfDeviceMends) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1"), one = *spec::find_contract("one-domain");
  explore::Configuration mixed;
  mixed.coherent = 1;
  const review::Comparison c = review::compare(heap, one, mixed);
  EXPECT_EQ(c.calls.relation, review::Relation::kExtends);
  ASSERT_TRUE(c.calls.only_first);
  EXPECT_EQ(c.calls.only_first->labels.back().kind, explore::Label::Kind::kAttach);
  EXPECT_FALSE(c.calls.syncs);
  EXPECT_EQ(c.regressions(), 0U);
  EXPECT_GT(c.mended(), 0U);
  for (std::size_t i = 0; i < c.first_matrix.size(); ++i) {
    const review::MatrixCell &before = c.first_matrix[i], &after = c.second_matrix[i];
    const bool is_plain_arch = !before.configuration.arch->all_coherent;
    const bool together = before.mix == "mixed, together" && is_plain_arch;
    const auto has = [](const review::MatrixCell& cell) {
      return std::set(cell.violated.begin(), cell.violated.end()).contains("M11");
    };
    EXPECT_EQ(has(before), together || before.mix == "bounced, together") << before.mix;
    EXPECT_EQ(has(after), before.mix == "bounced, together") << before.mix;
    if (!together) {
      EXPECT_EQ(before.violated, after.violated) << before.mix;
    }
  }
}

TEST(Difference, GoesNotBeyondDevicesThatCannotShare) {
  explore::Configuration mixed;
  mixed.coherent = 1;
  std::vector<spec::Contract> contracts;
  for (const std::string_view name : spec::contract_names()) contracts.push_back(*spec::find_contract(name));
  std::vector<std::unique_ptr<explore::System>> systems;
  for (const spec::Contract& contract : contracts)
    systems.push_back(std::make_unique<explore::System>(contract, mixed));
  for (std::size_t i = 0; i < contracts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const explore::System &one = *systems[i], &other = *systems[j];
      const std::string names = contracts[i].name + " " + contracts[j].name;
      const review::Difference d = review::compare_calls(one, other);
      std::size_t ours = 0, theirs = 0;
      if (d.only_first) {
        EXPECT_FALSE(accepts(other, d.only_first->labels, theirs)) << names;
      }
      if (d.only_second) {
        EXPECT_FALSE(accepts(one, d.only_second->labels, ours)) << names;
      }
      for (const auto& found : {d.only_first, d.only_second, d.syncs})
        for (std::size_t n = 0; found && n + 1 < found->labels.size(); ++n)
          EXPECT_FALSE(mixes(one, found->labels, n) || mixes(other, found->labels, n)) << names;
    }
}

TEST(Difference, NamesTheRegressionsAndKeepsToItsColumns) {
  const spec::Contract heap = *spec::find_contract("system-heap-6.1"), vision = *spec::find_contract("vision-keep");
  const review::Comparison c = review::compare(heap, vision, {});
  EXPECT_GT(c.regressions(), 0U);
  const std::string text = text_of(c);
  EXPECT_NE(text.find("  legal   non-coherent  arm64-6.1    safe        M3         REGRESSION:\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("- map (on map) changed: do:"), std::string::npos) << text;
  const review::Comparison mended = review::compare(vision, *spec::find_contract("vision-keep-end-sync"), {});
  for (const review::MatrixChange& change : review::changes_of(mended.first_matrix, mended.second_matrix))
    EXPECT_FALSE(change.is_regression() && change.before->configuration.client == explore::Client::kLegal);
  for (const char* const other : {"lazy", "state-graph-2019", "udmabuf-after"}) {
    std::istringstream lines(text_of(review::compare(heap, *spec::find_contract(other), {})));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 72U) << line;
  }
}

}  // namespace
}  // namespace custody::checker::test
