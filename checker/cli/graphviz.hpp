// SPDX-License-Identifier: BSD-2-Clause
// Graphviz's program dot, which draws what `custody doc` renders.
#pragma once

#include <string>

namespace custody::checker::cli {

struct Drawing {
  std::string svg;
  std::string complaint;  ///< why there is no drawing; empty where there is one
};
/// Draws a graph in Graphviz's language. dot is looked for where the shell looks for programs; where it is not, or
/// fails, the complaint says so.
[[nodiscard]] Drawing draw_svg(const std::string& graph);

}  // namespace custody::checker::cli
