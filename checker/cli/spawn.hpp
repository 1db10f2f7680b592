// SPDX-License-Identifier: BSD-2-Clause
// Starts other programs.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace custody::checker::cli {

struct Spawn {
  int input = -1, output = -1;  ///< its standard streams; -1: this process's own
  bool as_shell = false;  ///< found by PATH, and with the signals that this process ignores as they are by default
  bool apart = false;     ///< signals of the terminal are not for it
};

/// Starts the program `words[0]`. Other descriptors are to be closed by exec. The error, or 0 and `child`.
[[nodiscard]] int spawn(std::vector<std::string> words, const Spawn& how, pid_t& child);

}  // namespace custody::checker::cli
