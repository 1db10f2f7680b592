// SPDX-License-Identifier: BSD-2-Clause
// An automaton in the DOT of the kernel's tools/verification: a language of lines, which both of its parsers read.
#include <fmt/format.h>

#include "model/escape.hpp"
#include "spec/document/projection.hpp"

namespace custody::spec::document {

namespace {

/// All calls from one state to another stand on one edge: the newer parser keeps one for each pair.
std::string edge_of(const Projection& p, std::size_t from, std::size_t to) {
  std::vector<std::string> events;
  for (std::size_t e = 0; e < p.events.size(); ++e)
    if (p.next[from][e] == static_cast<int>(to)) events.push_back(p.events[e]);
  if (events.empty()) return {};
  return fmt::format("\t\"{}\" -> \"{}\" [ label = \"{}\" ];\n", p.states[from], p.states[to],
                     fmt::join(events, "\\n"));
}

}  // namespace

std::string render_rv(const Projection& p, const Contract& contract, const Origin& origin) {
  std::string nodes, labels;
  for (std::size_t s = 0; s < p.states.size(); ++s) {
    nodes += fmt::format("\t{{node [shape = {}] \"{}\"}};\n", p.states[s] == p.final_state ? "doublecircle" : "circle",
                         p.states[s]);
    labels += fmt::format("\t\"{0}\" [label = \"{0}\"];\n", p.states[s]);
    for (std::size_t to = 0; to < p.states.size(); ++to) labels += edge_of(p, s, to);
  }
  const std::string& initial = p.states.front();
  std::string out = "digraph state_automaton {\n";
  out += fmt::format("\t{{node [shape = plaintext, style=invis, label=\"\"] \"__init_{}\"}};\n", initial) + nodes;
  out += fmt::format("\t\"__init_{0}\" -> \"{0}\";\n", initial) + labels;
  out += fmt::format("\t{{ rank = min ;\n\t\t\"__init_{0}\";\n\t\t\"{0}\";\n\t}}\n", initial);
  // Comments before the edges would end them.
  out += fmt::format("\t// {}, {}: deterministic; what has no edge is forbidden or cannot come about.\n", p.name,
                     model::escape_comment(contract.name));
  out += fmt::format("\t// custody {}: `{}`\n", origin.version, model::escape_comment(origin.command));
  return out + "}\n";
}

}  // namespace custody::spec::document
