// SPDX-License-Identifier: BSD-2-Clause
// The structure that documents are rendered from.
#include "spec/document/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "spec/citations.hpp"
#include "spec/document/condition.hpp"
#include "spec/document/wording.hpp"

namespace custody::spec::test {
namespace {

using document::Document;
using model::at;
using model::Id;
using model::kEvents;
using model::kGuards;
using model::kStates;

Contract contract(std::string_view name) { return find_contract(name).value(); }
Document described(std::string_view name, bool all = false) {
  return document::describe(contract(name), {"1", "x"}, all);
}

TEST(Document, HasAnAnswerToEveryCallInEveryState) {
  for (const std::string_view name : contract_names()) {
    const Document d = document::describe_matrix(contract(name), {"1", "x"}, false);
    ASSERT_EQ(d.matrix.size(), d.states.size() * model::kEventCount);
    for (const document::Cell& cell : d.matrix) {
      EXPECT_FALSE(cell.answers.empty()) << name << ": " << kEvents[cell.event].name << " in "
                                         << kStates[cell.state].name;
      for (const document::Answer& a : cell.answers) EXPECT_FALSE(document::citation(a.row->cite).empty()) << a.row->id;
    }
  }
}

/// What the small search finds is all there is: no row of the tables is missing from the page of all policies.
TEST(Document, OfAllPoliciesHasEveryRow) {
  const Document d = document::describe_matrix(contract("system-heap-6.1"), {"1", "x"}, true);
  std::set<std::string_view> shown, all;
  for (const document::RowEntry& entry : d.rows) shown.insert(entry.row->id);
  for (const model::Machine& machine : model::machines())
    if (machine.id != model::MachineId::kMappingOwner)
      for (const model::Row& row : machine.rows) all.insert(row.id);
  std::vector<std::string_view> missing;
  std::set_difference(all.begin(), all.end(), shown.begin(), shown.end(), std::back_inserter(missing));
  // The owner refuses these calls first.
  const std::vector<std::string_view> shadowed = {"attachment-map-x1", "attachment-unmap-x1", "attachment-unmap-x2",
                                                  "window-end-2"};
  EXPECT_EQ(missing, shadowed);
}

TEST(Document, FindsTheShortestWays) {
  const auto steps = [](const Document& d, std::string_view task) {
    std::string out;
    for (const document::Procedure& p : d.procedures)
      if (p.task == task)
        for (const document::Step& s : p.steps)
          out += std::string(out.empty() ? "" : " ") + std::string(kEvents[s.call.event].brief);
    return out;
  };
  const Document d = described("system-heap-6.1");
  EXPECT_EQ(steps(d, "Import a buffer"), "export attach map unmap detach release");
  EXPECT_EQ(steps(d, "Let the CPU read a frame"), "export attach map begin end unmap detach release");
  EXPECT_EQ(steps(described("state-graph-2019"), "Write through a kernel mapping"), "export vmap vunmap release");
  Contract refuses = contract("system-heap-6.1");
  ASSERT_EQ(model::set_policy(refuses.lifetime.policies, "cpu_unattached", "refuse"), "");
  const Document r = document::describe(refuses, {"1", "x"}, false);
  EXPECT_EQ(steps(r, "Write through a kernel mapping").rfind("export attach", 0), 0U) << "a device first";
}

/// The frame is handed on before the other device gets it.
TEST(Document, HandsAFrameOnInTurn) {
  for (const document::Procedure& p : document::procedures(contract("vision-release"))) {
    if (p.task != "Hand a frame on") continue;
    model::Custody custody;
    for (const document::Step& s : p.steps) {
      model::step(custody, contract("vision-release").lifetime, s.call);
      const auto users = std::count_if(custody.attachments.begin(), custody.attachments.end(),
                                       [](const model::Attachment& a) { return a.is_mapped(); });
      EXPECT_FALSE(users == 2 && model::who_may_access(custody).devices);
    }
  }
}

/// Each step of a way is one that the machines take, and leads to where the next one begins.
TEST(Document, WaysAreLegal) {
  for (const std::string_view name : contract_names())
    for (const document::Procedure& p : document::procedures(contract(name))) {
      const Contract c = contract(name);
      model::Custody custody;
      EXPECT_FALSE(p.steps.empty()) << name << ": " << p.task;
      for (const document::Step& s : p.steps) {
        EXPECT_EQ(custody.state, s.was);
        const model::Attachment* const a = custody.find_attachment(s.call.attachment);
        if (s.call.event == at(kEvents, "unmap")) {
          ASSERT_NE(a, nullptr);
          EXPECT_NE(a->maps.at(static_cast<std::size_t>(s.call.dir)), 0) << "as it was mapped (L2): " << p.task;
        }
        EXPECT_EQ(model::step(custody, c.lifetime, s.call).refusal(), nullptr) << name << ": " << p.task;
        EXPECT_EQ(custody.state, s.is);
      }
    }
}

TEST(Document, FoldsConditionsToThePolicies) {
  const auto words = [](const char* guard, const model::Policies* policies) {
    return document::conditions(std::vector<Id>{*model::find_word(kGuards, guard)}, policies);
  };
  model::Policies keep, detach, refuse;
  ASSERT_EQ(model::set_policy(detach, "device_ends", "last_detach"), "");
  ASSERT_EQ(model::set_policy(refuse, "cpu_unattached", "refuse"), "");
  using Words = std::vector<std::string>;
  EXPECT_EQ(words("owned_after_unmap", &keep),
            Words{"it stays mapped; or this is its last map and another device is mapped"});
  EXPECT_EQ(words("owned_after_unmap", &detach).value().front().find("another device"), std::string::npos);
  EXPECT_EQ(words("cpu_admitted", &keep), Words{});
  EXPECT_EQ(words("cpu_admitted", &refuse), Words{"a device is attached"});
  EXPECT_EQ(words("cpu_refused", &keep), std::nullopt);
  EXPECT_EQ(words("leaves=release", &keep), std::nullopt);
  EXPECT_EQ(words("leaves=release", nullptr), Words{"leaves is release"});
  EXPECT_EQ(words("window_misfits", &keep), Words{"it closes no window or it closes a window of another direction"});
}

TEST(Citations, NameTheirFunctions) {
  ASSERT_NE(find_citation("K-08"), nullptr);
  EXPECT_EQ(find_citation("K-08")->function, "dma_buf_begin_cpu_access");
  EXPECT_EQ(find_citation("K-99"), nullptr);
  EXPECT_EQ(kernel_release().substr(0, 4), "6.1.");
}

}  // namespace
}  // namespace custody::spec::test
