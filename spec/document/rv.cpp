// SPDX-License-Identifier: BSD-2-Clause
// An automaton in the DOT of the kernel's tools/verification: a language of lines, which both of its parsers read.
#include <fmt/format.h>

#include "model/escape.hpp"
#include "spec/document/projection.hpp"
#include "spec/render/words.hpp"

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

/// The calls of one kind that have no edge, by state: `MappedTwice: map, pin`.
std::string without_edge(const Projection& p, int kind) {
  std::vector<std::string> states;
  for (std::size_t s = 0; s < p.states.size(); ++s) {
    std::vector<std::string> events;
    for (std::size_t e = 0; e < p.events.size(); ++e)
      if (p.next[s][e] == kind) events.push_back(p.events[e]);
    if (!events.empty()) states.push_back(fmt::format("{}: {}", p.states[s], fmt::join(events, ", ")));
  }
  return states.empty() ? "none" : fmt::format("{}", fmt::join(states, "; "));
}

std::string commented(const std::string& text) {
  constexpr std::size_t kCommentWidth = 100;
  std::string out;
  for (const std::string& line : render::wrapped(model::escape_comment(text), kCommentWidth - 4))
    out += "\t// " + line + "\n";
  return out;
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
  out += commented(fmt::format("{}, {}: deterministic, and every state answers every event or is named here.", p.name,
                               contract.name));
  out += commented("Bounds: " + p.bounds);
  out += commented("Forbidden: " + without_edge(p, kRefused) + ".");
  out += commented("Legal, and beyond the bounds: " + without_edge(p, kBeyond) + ".");
  out += commented("Does not come about there with what the event stands for, whether or not the call is forbidden: " +
                   without_edge(p, kUnseen) + ".");
  out += fmt::format("\t// custody {}: `{}`\n", origin.version, model::escape_comment(origin.command));
  return out + "}\n";
}

}  // namespace custody::spec::document
