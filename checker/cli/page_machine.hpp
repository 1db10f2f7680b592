// SPDX-License-Identifier: BSD-2-Clause
// The WebAssembly that a contract's page runs: a file that is built apart, as not every machine has the compiler.
#pragma once

#include <string>

namespace custody::checker::cli {

struct PageMachine {
  std::string script;
  std::string complaint;  ///< where it is not there: what was looked for, and what makes it
};

/// `path`: empty: custody_page.js beside the program, or in the folder `page` beside the program's.
[[nodiscard]] PageMachine page_machine(const std::string& path);

}  // namespace custody::checker::cli
