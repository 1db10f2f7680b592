// SPDX-License-Identifier: BSD-2-Clause
// The committed documents are what the tables render to; `./dev doc` renders them again.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "model/lifetime.hpp"
#include "model/notes.hpp"
#include "model/sync.hpp"
#include "spec/contract.hpp"
#include "spec/explain.hpp"
#include "spec/render/lifetime.hpp"
#include "spec/render/unsayable.hpp"
#include "spec/render/vocabulary.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::golden {
namespace {

std::string committed(const char* path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
bool names(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The clauses of a built-in contract.
std::vector<spec::Clause> clauses_in(std::string_view name) { return spec::find_contract(name).value().clauses; }

/// Calls `visit` for every row of every machine.
void for_each_row(auto visit) {
  for (const model::Machine& machine : model::machines())
    for (const model::Row& row : machine.rows) visit(row);
}

TEST(Documents, LifetimeIsFresh) {
  EXPECT_EQ(committed("spec/LIFETIME.md"), spec::render::render_lifetime_markdown()) << "run ./dev doc";
}

TEST(Documents, VocabularyIsFresh) {
  EXPECT_EQ(committed("spec/VOCABULARY.md"), spec::render::render_vocabulary_markdown()) << "run ./dev doc";
}

TEST(Documents, NameEveryRowInEveryFormat) {
  const std::string markdown = spec::render::render_lifetime_markdown(), json = spec::render::render_lifetime_json();
  for_each_row([&](const model::Row& row) {
    const std::string id(row.id);
    EXPECT_TRUE(names(markdown, "| " + id + " |")) << id;
    EXPECT_TRUE(names(json, "\"" + id + "\"")) << id;
  });
}

TEST(Documents, NameEveryPolicyContractAndItsOwnClauses) {
  const std::string markdown = spec::render::render_lifetime_markdown();
  for (const model::Policy& policy : model::kPolicies)
    for (std::size_t v = 0; v < policy.count(); ++v) EXPECT_TRUE(names(markdown, policy.values[v].says)) << policy.name;
  for (const std::string_view name : spec::contract_names()) {
    EXPECT_TRUE(names(markdown, "### " + std::string(name) + "\n")) << name;
    for (const spec::Clause& clause : clauses_in(name)) EXPECT_TRUE(names(markdown, clause.because)) << clause.name;
  }
}

/// Renderers put these texts into cells of tables and strings of JSON as they are.
TEST(Documents, NoTextOfTheTablesNeedsEscapes) {
  constexpr std::string_view kSpecial = "|\"\\\n";
  for_each_row([&](const model::Row& row) {
    EXPECT_EQ(row.why.find_first_of(kSpecial), std::string_view::npos) << row.id;
    EXPECT_EQ(row.id.find_first_of(kSpecial), std::string_view::npos) << row.id;
  });
  for (const model::Guard& guard : model::kGuards)
    EXPECT_EQ(guard.says.find_first_of(kSpecial), std::string_view::npos) << guard.name;
  for (const std::string_view name : spec::contract_names())
    for (const spec::Clause& clause : clauses_in(name))
      EXPECT_EQ(clause.because.find_first_of("|\n"), std::string::npos) << name << '/' << clause.name;
}

/// The words of a clause, as kind and word.
std::set<std::pair<std::string, std::string>> listed() {
  std::set<std::pair<std::string, std::string>> words;
  std::istringstream in(spec::render::list_vocabulary());
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    EXPECT_NE(second, std::string::npos) << line;
    EXPECT_TRUE(words.emplace(line.substr(0, first), line.substr(first + 1, second - first - 1)).second) << line;
    EXPECT_GT(line.size(), second + 5) << "no meaning: " << line;
  }
  return words;
}

template <class Words>
void expect_listed(const char* kind, const Words& vocabulary) {
  const auto words = listed();
  const std::string pages = spec::render::render_vocabulary_markdown() + spec::render::render_lifetime_markdown();
  for (const auto& word : vocabulary) {
    EXPECT_EQ(words.count({kind, std::string(word.name)}), 1U) << word.name;
    EXPECT_TRUE(names(pages, word.says)) << word.name;
  }
}

TEST(Vocabulary, HasEveryWordOfAContract) {
  expect_listed("guard", model::kGuards);
  expect_listed("targets", model::kTargets);
  expect_listed("sync", model::kSyncCalls);
  expect_listed("pass", model::kPasses);
  expect_listed("direction", model::kSyncDirections);
  expect_listed("note", model::kNoteActions);
  for (const model::EventWord& event : model::kEvents)
    EXPECT_EQ(listed().count({"call", std::string(event.brief)}), 1U) << event.name;
}

TEST(Vocabulary, SaysOfWhatIsMissingWhy) {
  const std::string markdown = spec::render::render_vocabulary_markdown();
  for (const spec::render::Unsayable& unsayable : spec::render::kUnsayable) {
    EXPECT_GT(unsayable.reason.size(), 30U) << unsayable.what;
    EXPECT_TRUE(names(markdown, unsayable.reason)) << unsayable.what;
  }
}

TEST(Explain, KnowsEveryId) {
  for (const spec::Rule& rule : spec::kRules)
    EXPECT_TRUE(names(spec::explain(rule.id).value_or(""), rule.fix)) << rule.id;
  for (const spec::Unchecked& clause : spec::kUnchecked) EXPECT_TRUE(spec::explain(clause.id)) << clause.id;
  for_each_row([](const model::Row& row) {
    const std::string text = spec::explain(row.id).value_or("");
    EXPECT_TRUE(names(text, row.why)) << row.id;
    EXPECT_EQ(names(text, "refused   by"), row.is_refusal()) << row.id;
  });
}

TEST(Explain, KnowsEveryWordAndClauseOfAContract) {
  for (const model::Policy& policy : model::kPolicies)
    for (std::size_t v = 0; v < policy.count(); ++v)
      EXPECT_TRUE(names(spec::explain(policy.name).value_or(""), policy.values[v].says)) << policy.name;
  for (const model::Guard& guard : model::kGuards)
    EXPECT_TRUE(names(spec::explain(guard.name).value_or(""), guard.says)) << guard.name;
  for (const model::NoteAction& note : model::kNoteActions)
    EXPECT_TRUE(names(spec::explain(note.name).value_or(""), note.says)) << note.name;
  for (const std::string_view name : spec::contract_names())
    for (const spec::Clause& clause : clauses_in(name)) {
      const std::string id = std::string(name) + "/" + clause.name;
      EXPECT_TRUE(names(spec::explain(id).value_or(""), clause.because)) << id;
    }
  EXPECT_TRUE(spec::explain("own:map:skip"));
}

/// Each line of the list: kind, word, meaning.
TEST(Explain, KnowsEveryWordOfTheList) {
  std::istringstream list(spec::render::list_vocabulary());
  std::size_t words = 0;
  for (std::string kind, word, says;
       std::getline(list, kind, '\t') && std::getline(list, word, '\t') && std::getline(list, says);) {
    if (kind == "cannot") continue;
    EXPECT_TRUE(names(spec::explain(word).value_or(""), kind == "policy" ? "policy" : says)) << word;
    ++words;
  }
  EXPECT_GT(words, 200U);
}

TEST(Explain, SaysWhichRowsAnswerACall) {
  const std::string text = spec::explain("begin").value_or("");
  for_each_row([&](const model::Row& row) {
    const bool answers = ((row.on >> model::at(model::kEvents, "begin_cpu_access")) & 1U) != 0;
    const std::string id = " " + std::string(row.id);
    EXPECT_EQ(names(text, id + ",") || names(text, id + "\n"), answers) << row.id;
  });
  for (const model::Word& state : model::kStates)
    EXPECT_TRUE(names(spec::explain(state.name).value_or(""), state.says));
}

TEST(Explain, KnowsNothingElse) {
  for (const char* id : {"", "M99", "map-99", "/", "udmabuf-after/", "udmabuf-after/nothing", "nobody/map", "own:map:"})
    EXPECT_FALSE(spec::explain(id)) << id;
}

TEST(Documents, EveryRefusalNamesARuleOfTheCatalogue) {
  for_each_row(
      [](const model::Row& row) { EXPECT_EQ(spec::find_rule(row.rule) != nullptr, row.is_refusal()) << row.id; });
}

}  // namespace
}  // namespace custody::golden
