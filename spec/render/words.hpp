// SPDX-License-Identifier: BSD-2-Clause
// Rows, guards and clauses in words: what the pages, `explain` and the lists share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/lifetime.hpp"
#include "spec/clause.hpp"

namespace custody::spec::render {

/// The word in backquotes.
[[nodiscard]] std::string code(std::string_view word);
/// The parts with `between` between them; `if_empty` where there are none.
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view between,
                                 std::string_view if_empty = {});
/// The text in lines of at most so many characters, but for a word that is longer; at least one line.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns);
/// Backquoted names, with commas; a dash where there are none.
[[nodiscard]] std::string codes(const std::vector<std::string_view>& names);

/// The states by name, those of a group by the group's.
[[nodiscard]] std::vector<std::string_view> names_of(model::StateSet states);
/// The states one by one.
[[nodiscard]] std::vector<std::string_view> single_names_of(model::StateSet states);
/// `any`, `any but export`, or the brief words of the calls.
[[nodiscard]] std::string calls(model::EventSet events);
/// Where the row leads, `stays` where it keeps the state.
[[nodiscard]] std::string_view target(const model::Row& row);
/// The names of guards, actions or notes.
template <class Ids, class Words>
[[nodiscard]] std::vector<std::string_view> names_in(const Ids& ids, const Words& words) {
  std::vector<std::string_view> names;
  names.reserve(std::size(ids));
  for (const model::Id id : ids) names.push_back(words[id].name);
  return names;
}

/// It is more than one comparison of one fact.
[[nodiscard]] bool is_derived(const model::Guard& guard);
/// A row of some machine has it; `guard` is an index of kGuards.
[[nodiscard]] bool is_of_the_lifetime(model::Id guard);
/// `attached = 0 and cpu_unattached = allow, or windows > 1`.
[[nodiscard]] std::string definition(const model::Guard& guard);

/// `map-2` or `map-x1` in any machine: the machine; null where there is none.
[[nodiscard]] const model::Machine* machine_of(const model::Row& row);

/// What the clause says after `then`: its notes, or which error it returns.
[[nodiscard]] std::string consequence(const Clause& clause);
/// The syncs as a contract writes them.
[[nodiscard]] std::string syncs(const Clause& clause);

/// A row of a Markdown table.
[[nodiscard]] std::string line(const std::vector<std::string>& cells);
/// The head of a Markdown table.
[[nodiscard]] std::string head(const std::vector<std::string>& titles);

}  // namespace custody::spec::render
