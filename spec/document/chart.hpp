// SPDX-License-Identifier: BSD-2-Clause
// The statechart of a document: what figures draw.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/document/document.hpp"

namespace custody::spec::document {

/// A call, and the syncs that are due in it.
struct Move {
  model::EventSet calls = 0;  ///< several where they are answered alike
  std::string syncs;          ///< as a contract writes them, those that only some situations need in brackets; or empty
  /// `map, unmap`, or `all but export`.
  [[nodiscard]] std::string text() const;
};

/// Calls that are refused by one rule, or by an error that a clause returns.
struct Refused {
  std::string by;
  model::EventSet calls = 0;
};

struct ChartState {
  model::Id state = 0;
  std::vector<Move> loops;        ///< what keeps the state
  std::vector<Refused> refusals;  ///< some of these calls are legal in other situations of the state
};

struct ChartEdge {
  model::Id from = 0, to = 0;
  std::vector<Move> moves;
};

struct Chart {
  std::vector<ChartState> states;
  std::vector<ChartEdge> edges;
};

[[nodiscard]] Chart chart_of(const Document& document);

/// Who owns the buffer in a state, as groups of a figure; a name without blanks, and words.
struct OwnerGroup {
  std::string_view name, says;
  model::StateSet states;
};
[[nodiscard]] const std::vector<OwnerGroup>& owner_groups();

/// Calls that hand the buffer from one owner to another; indices of owner_groups.
struct OwnerEdge {
  std::size_t from = 0, to = 0;
  model::EventSet calls = 0;
};
[[nodiscard]] std::vector<OwnerEdge> owner_edges(const Chart& chart);

/// `attach, detach`, or `all but export` where that is shorter.
[[nodiscard]] std::string call_list(model::EventSet calls);

/// How much a figure shows: who owns, or everything.
enum class Figure : std::uint8_t { kOwners, kComplete };

/// Graphviz. Of a folded document no text is below 9 points where the figure is 800 pixels wide.
[[nodiscard]] std::string render_dot(const Document& document, Figure figure);
/// A state diagram of Mermaid, version 2 of the language.
[[nodiscard]] std::string render_mermaid(const Document& document, Figure figure);

}  // namespace custody::spec::document
