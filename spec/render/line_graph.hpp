// SPDX-License-Identifier: BSD-2-Clause
// The picture of one cache line: what memory and the cache hold, and what moves it.
#pragma once

#include <string>

namespace custody::spec::render {

/// Graphviz: the states that CPU, devices that do not snoop, the cache itself and its operations reach, from the
/// automaton's tables. Colours say who would read old data in a state.
[[nodiscard]] std::string render_line_dot();

}  // namespace custody::spec::render
