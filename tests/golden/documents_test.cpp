// SPDX-License-Identifier: BSD-2-Clause
// The committed documents are what the tables render to; `./dev doc` renders them again.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "model/step.hpp"
#include "spec/explain.hpp"
#include "spec/render/lifetime.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::spec {
namespace {

TEST(Documents, LifetimeIsFresh) {
  std::ifstream in("spec/LIFETIME.md");
  std::ostringstream committed;
  committed << in.rdbuf();
  EXPECT_EQ(committed.str(), render_lifetime_markdown()) << "run ./dev doc";
}

TEST(Documents, NameEveryRowInEveryFormat) {
  const std::string markdown = render_lifetime_markdown();
  const std::string json = render_lifetime_json();
  const std::string dot = render_lifetime_dot();
  for (const auto table :
       {model::buffer_rows(), model::buffer_refusals(), model::attachment_rows(), model::attachment_refusals()})
    for (const model::Row& row : table) {
      const std::string id(row.id);
      EXPECT_NE(markdown.find("| " + id + " |"), std::string::npos) << id;
      EXPECT_NE(json.find("\"" + id + "\""), std::string::npos) << id;
      EXPECT_EQ(dot.find(id) != std::string::npos, !row.is_refusal()) << id;
    }
}

TEST(Documents, ExplainEveryId) {
  for (const Rule& rule : kRules) EXPECT_NE(explain(rule.id).value_or("").find(rule.fix), std::string::npos) << rule.id;
  for (const Unchecked& clause : kUnchecked) EXPECT_TRUE(explain(clause.id)) << clause.id;
  for (const auto table :
       {model::buffer_rows(), model::buffer_refusals(), model::attachment_rows(), model::attachment_refusals()})
    for (const model::Row& row : table)
      EXPECT_NE(explain(row.id).value_or("").find(row.why), std::string::npos) << row.id;
  EXPECT_FALSE(explain("M99"));
}

TEST(Documents, EveryRefusalNamesARuleOfTheCatalogue) {
  for (const auto table : {model::buffer_refusals(), model::attachment_refusals()})
    for (const model::Row& row : table) EXPECT_NE(find_rule(row.rule), nullptr) << row.id;
}

}  // namespace
}  // namespace custody::spec
