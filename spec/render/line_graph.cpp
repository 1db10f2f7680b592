// SPDX-License-Identifier: BSD-2-Clause
// Draws the coherence automaton from the tables that verdicts rest on.
#include "spec/render/line_graph.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "model/coherence.hpp"

namespace custody::spec::render {

namespace {

using model::Access;
using model::Belief;
using model::Operation;

struct Move {
  std::string_view says;
  Belief (*from)(Belief);
  bool by_itself = false;  ///< the cache moves whenever it likes
};
constexpr Move kMoves[] = {
    {"CPU writes", [](Belief b) { return model::perform(Access::kCpuWrite, b); }},
    {"device writes", [](Belief b) { return model::perform(Access::kDeviceWrite, b); }},
    {"clean", [](Belief b) { return model::apply(Operation::kClean, b); }},
    {"invalidate", [](Belief b) { return model::apply(Operation::kInvalidate, b); }},
    {"the cache itself",
     [](Belief b) {
       for (unsigned s = 0; s < model::kLineStates; ++s)
         if (b.bits == 1U << s) return model::detail::hardware_image(s);
       return b;
     },
     true},
};

Belief single(unsigned state) { return Belief{static_cast<std::uint16_t>(1U << state)}; }

unsigned index_of(Belief one) {
  unsigned s = 0;
  while (((one.bits >> s) & 1U) == 0) ++s;
  return s;
}

std::vector<unsigned> reached() {
  std::vector<unsigned> states = {index_of(model::start::kDirty)};
  std::uint16_t seen = model::start::kDirty.bits;
  for (std::size_t at = 0; at < states.size(); ++at)
    for (const Move& move : kMoves) {
      const Belief next = move.from(single(states[at]));
      if ((seen & next.bits) != 0) continue;
      seen = static_cast<std::uint16_t>(seen | next.bits);
      states.push_back(index_of(next));
    }
  return states;
}

std::string node_of(unsigned state) {
  constexpr std::string_view kLines[] = {"no line", "clean line, newest data", "clean line, old data",
                                         "dirty line, newest data", "dirty line, old data"};
  const bool stale = single(state).intersects(model::kStaleThroughCache),
             missed = single(state).intersects(model::kMemoryOld);
  const std::string_view colour = stale && missed ? "#f4b6b6" : stale ? "#f9d9a8" : missed ? "#f6efb0" : "#cfe8cf";
  return fmt::format("  s{} [label=\"memory: {} data\\ncache: {}\", fillcolor=\"{}\"];\n", state,
                     model::memory_of(state) == model::Memory::kOld ? "old" : "newest",
                     kLines[static_cast<std::size_t>(model::line_of(state))], colour);
}

}  // namespace

std::string render_line_dot() {
  std::string out =
      "// The line of a cache that a search and a replay follow: made from model/coherence.hpp.\n"
      "digraph line {\n  label=\"green: nobody reads old data; yellow: a device does, until a clean; "
      "orange: the CPU does, until an invalidate; red: both.\\nDashed: what the cache does by itself, at any time.\";\n"
      "  labelloc=b; fontname=\"sans-serif\"; fontsize=11; nodesep=0.5; ranksep=0.7;\n"
      "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=12];\n"
      "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (const unsigned state : reached()) out += node_of(state);
  for (const unsigned state : reached()) {
    std::map<std::pair<unsigned, bool>, std::string> edges;
    for (const Move& move : kMoves) {
      const unsigned to = index_of(move.from(single(state)));
      if (to == state) continue;
      std::string& label = edges[{to, move.by_itself}];
      label.append(label.empty() ? "" : ", ").append(move.by_itself ? "" : move.says);
    }
    for (const auto& [edge, label] : edges)
      out += fmt::format("  s{} -> s{} [{}];\n", state, edge.first,
                         edge.second ? "style=dashed, color=\"#777777\"" : fmt::format("label=\"{}\"", label));
  }
  return out + "}\n";
}

}  // namespace custody::spec::render
