// SPDX-License-Identifier: BSD-2-Clause
// The statechart for Graphviz.
#include <fmt/format.h>

#include <algorithm>

#include "model/escape.hpp"
#include "spec/document/chart.hpp"
#include "spec/render/words.hpp"

namespace custody::spec::document {

using model::kStates;

namespace {

/// Characters of a line in a state and beside an edge; Graphviz breaks none.
constexpr std::size_t kColumns = 30, kEdgeColumns = 16;
constexpr std::string_view kColours[] = {"#f2f2f2", "#fff6d6", "#dcebff", "#dff3df", "#f2f2f2"};

/// Lines of an HTML-like label, to the left.
std::string lines_of(const std::string& text, std::size_t columns) {
  std::string out;
  for (const std::string& line : render::wrapped(text, columns))
    out += model::escape_xml(line) + "<BR ALIGN=\"LEFT\"/>";
  return out;
}

std::string cell(const std::string& title, const std::string& lines) {
  return fmt::format("<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"><I>{}</I><BR ALIGN=\"LEFT\"/>{}</TD></TR>", title, lines);
}

std::string complete_label(const ChartState& state, std::string_view owner) {
  std::string out = fmt::format("<TR><TD><B>{}</B><BR/>{}</TD></TR>", kStates[state.state].name, owner);
  std::string loops, refusals;
  for (const Move& move : state.loops) loops += lines_of(move.text(), kColumns);
  for (const Refused& refused : state.refusals)
    refusals += lines_of(refused.by + ": " + call_list(refused.calls), kColumns);
  if (!loops.empty()) out += cell("stays with", loops);
  if (!refusals.empty()) out += cell("refused", refusals);
  return out;
}

std::string node(const std::string& name, const std::string& label, std::string_view colour) {
  return fmt::format(
      "    {} [label=<<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"5\" STYLE=\"ROUNDED\" "
      "BGCOLOR=\"{}\">{}</TABLE>>];\n",
      name, colour, label);
}

std::string edge(std::string_view from, std::string_view to, const std::vector<std::string>& lines) {
  std::string label;
  for (const std::string& line : lines) label += lines_of(line, kEdgeColumns);
  return fmt::format(
      "  {} -> {} [label=<<TABLE BORDER=\"0\" CELLPADDING=\"3\"><TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">{}"
      "</TD></TR></TABLE>>];\n",
      from, to, label);
}

std::string clusters(const Chart& chart) {
  std::string out;
  for (std::size_t g = 0; g < owner_groups().size(); ++g) {
    const OwnerGroup& group = owner_groups()[g];
    std::string nodes;
    for (const ChartState& state : chart.states)
      if (((group.states >> state.state) & 1U) != 0)
        nodes += node(std::string(kStates[state.state].name), complete_label(state, group.says), kColours[g]);
    const bool groups = std::count(nodes.begin(), nodes.end(), '\n') > 1;
    if (!groups) out += nodes;
    else
      out += fmt::format("  subgraph cluster_{} {{\n    style=\"rounded,dashed\"; color=\"#777777\";\n{}  }}\n",
                         group.name, nodes);
  }
  return out;
}

std::string complete_graph(const Chart& chart) {
  std::string out = clusters(chart);
  for (const ChartEdge& e : chart.edges) {
    std::vector<std::string> lines;
    for (const Move& move : e.moves) lines.push_back(move.text());
    out += edge(kStates[e.from].name, kStates[e.to].name, lines);
  }
  return out;
}

/// One node for each owner, one edge for the calls that change it.
std::string owners_graph(const Chart& chart) {
  std::string out;
  for (std::size_t g = 0; g < owner_groups().size(); ++g)
    out += node(std::string(owner_groups()[g].name), fmt::format("<TR><TD><B>{}</B></TD></TR>", owner_groups()[g].says),
                kColours[g]);
  for (const OwnerEdge& e : owner_edges(chart))
    out += edge(owner_groups()[e.from].name, owner_groups()[e.to].name, {call_list(e.calls)});
  return out;
}

}  // namespace

std::string render_dot(const Document& document, Figure figure) {
  const Chart chart = chart_of(document);
  std::string out = fmt::format("// {}: {}.\n// custody {}: `{}`\n", model::escape_comment(document.contract.name),
                                model::escape_comment(document.contract.title), document.origin.version,
                                model::escape_comment(document.origin.command));
  out +=
      "digraph custody {\n  graph [fontname=\"sans-serif\", fontsize=13, nodesep=0.15, ranksep=0.35, newrank=true, "
      "pad=0.1];\n";
  out += "  node [shape=none, margin=0, fontname=\"sans-serif\", fontsize=13];\n";
  out += "  edge [fontname=\"sans-serif\", fontsize=13, arrowsize=0.8];\n";
  return out + (figure == Figure::kOwners ? owners_graph(chart) : complete_graph(chart)) + "}\n";
}

}  // namespace custody::spec::document
