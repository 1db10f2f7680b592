// SPDX-License-Identifier: BSD-2-Clause
// The statechart for Mermaid.
#include <fmt/format.h>

#include "model/escape.hpp"
#include "spec/document/chart.hpp"

namespace custody::spec::document {

using model::kStates;

namespace {

std::string note_of(const ChartState& state) {
  if (state.refusals.empty()) return {};
  std::string out = fmt::format("    note right of {}\n", kStates[state.state].name);
  for (const Refused& refused : state.refusals)
    out += fmt::format("      refused, {}: {}\n", model::escape_mermaid(refused.by),
                       model::escape_mermaid(call_list(refused.calls)));
  return out + "    end note\n";
}

/// A description of a state adds a line to it.
std::string loops_of(const ChartState& state) {
  std::string out = fmt::format("    {0} : {0}\n", kStates[state.state].name);
  for (const Move& move : state.loops)
    out += fmt::format("    {} : {}\n", kStates[state.state].name, model::escape_mermaid(move.text()));
  return out;
}

std::string complete_diagram(const Chart& chart) {
  std::string out;
  for (const OwnerGroup& group : owner_groups()) {
    std::string inside;
    for (const ChartState& state : chart.states)
      if (((group.states >> state.state) & 1U) != 0) inside += loops_of(state) + note_of(state);
    if (!inside.empty()) out += fmt::format("  state \"{}\" as {} {{\n{}  }}\n", group.says, group.name, inside);
  }
  for (const ChartEdge& e : chart.edges)
    for (const Move& move : e.moves)
      out += fmt::format("  {} --> {} : {}\n", kStates[e.from].name, kStates[e.to].name,
                         model::escape_mermaid(move.text()));
  return out;
}

std::string owners_diagram(const Chart& chart) {
  std::string out;
  for (const OwnerGroup& group : owner_groups()) out += fmt::format("  state \"{}\" as {}\n", group.says, group.name);
  for (const OwnerEdge& e : owner_edges(chart))
    out += fmt::format("  {} --> {} : {}\n", owner_groups()[e.from].name, owner_groups()[e.to].name,
                       model::escape_mermaid(call_list(e.calls)));
  return out;
}

}  // namespace

std::string render_mermaid(const Document& document, Figure figure) {
  const Chart chart = chart_of(document);
  std::string out =
      fmt::format("%% {}: {}.\n%% custody {}: {}\nstateDiagram-v2\n", model::escape_mermaid(document.contract.name),
                  model::escape_mermaid(document.contract.title), document.origin.version,
                  model::escape_mermaid(document.origin.command));
  return out + (figure == Figure::kOwners ? owners_diagram(chart) : complete_diagram(chart));
}

}  // namespace custody::spec::document
