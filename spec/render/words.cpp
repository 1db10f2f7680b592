// SPDX-License-Identifier: BSD-2-Clause
// Rows, guards and clauses in words: what the pages, `explain` and the lists share.
#include "spec/render/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>

namespace custody::spec::render {

using model::Id;

std::string code(std::string_view word) { return fmt::format("`{}`", word); }

std::string joined(const std::vector<std::string>& parts, std::string_view between, std::string_view if_empty) {
  if (parts.empty()) return std::string(if_empty);
  return fmt::format("{}", fmt::join(parts, between));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    const std::string_view word = text.substr(i, end - i);
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > columns) lines.emplace_back();
    lines.back().append(lines.back().empty() ? "" : " ").append(word);
    i = end + 1;
  }
  return lines;
}

std::string codes(const std::vector<std::string_view>& names) {
  std::vector<std::string> parts;
  parts.reserve(names.size());
  for (const std::string_view name : names) parts.push_back(code(name));
  return joined(parts, ", ", "-");
}

std::vector<std::string_view> names_of(model::StateSet states) {
  std::vector<std::string_view> names;
  std::size_t largest = model::kStateCount;
  // Of two groups that both are among the states, the larger one.
  while (largest != 0) {
    for (const model::StateGroup& group : model::kStateGroups) {
      if (std::bitset<16>(group.states).count() != largest || (states & group.states) != group.states) continue;
      names.push_back(group.name);
      states = static_cast<model::StateSet>(states & ~group.states);
    }
    --largest;
  }
  for (const std::string_view name : single_names_of(states)) names.push_back(name);
  return names;
}

std::vector<std::string_view> single_names_of(model::StateSet states) {
  std::vector<std::string_view> names;
  for (Id s = 0; s < model::kStateCount; ++s)
    if (((states >> s) & 1U) != 0) names.push_back(model::kStates[s].name);
  return names;
}

std::string calls(model::EventSet events) {
  std::vector<std::string_view> in, out;
  for (Id e = 0; e < model::kEventCount; ++e) (((events >> e) & 1U) != 0 ? in : out).push_back(model::kEvents[e].brief);
  if (out.empty()) return "any";
  return out.size() <= 2 ? "any but " + codes(out) : codes(in);
}

std::string_view target(const model::Row& row) {
  return row.to == model::kStay ? std::string_view("stays") : model::kStates[row.to].name;
}

bool is_derived(const model::Guard& guard) { return guard.any.size() > 1 || guard.any.begin()->size() > 1; }

bool is_of_the_lifetime(Id guard) {
  for (const model::Machine& machine : model::machines())
    for (const model::Row& row : machine.rows)
      if (std::find(row.guards.begin(), row.guards.end(), guard) != row.guards.end()) return true;
  return false;
}

namespace {

std::string says(const model::Test& test) {
  const bool of_policy = model::is_policy(test.fact);
  const std::string value = of_policy
                                ? std::string(model::kPolicies[test.fact - model::kFirstPolicy].values[test.value].name)
                                : std::to_string(test.value);
  const std::string_view relation = test.rel == model::Rel::eq ? "=" : test.rel == model::Rel::gt ? ">" : "<";
  return fmt::format("{} {} {}", model::fact_name(test.fact), relation, value);
}

}  // namespace

std::string definition(const model::Guard& guard) {
  std::vector<std::string> alternatives;
  for (const model::All& all : guard.any) {
    std::vector<std::string> tests;
    for (const model::Test& test : all) tests.push_back(says(test));
    alternatives.push_back(joined(tests, " and ", ""));
  }
  return joined(alternatives, ", or ", "");
}

const model::Machine* machine_of(const model::Row& row) {
  for (const model::Machine& machine : model::machines())
    if (&row >= machine.rows.data() && &row < machine.rows.data() + machine.rows.size()) return &machine;
  return nullptr;
}

std::string consequence(const Clause& clause) {
  if (!clause.refuse.empty()) return fmt::format("refuse {}", code(clause.refuse));
  return codes(names_in(clause.notes, model::kNoteActions));
}

std::string syncs(const Clause& clause) {
  std::vector<std::string> parts;
  for (const model::Sync& sync : clause.syncs) parts.push_back(code(model::name_of(sync)));
  return joined(parts, ", ", "-");
}

std::string line(const std::vector<std::string>& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

std::string head(const std::vector<std::string>& titles) {
  return line(titles) + line(std::vector<std::string>(titles.size(), "---"));
}

}  // namespace custody::spec::render
