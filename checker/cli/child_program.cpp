// SPDX-License-Identifier: BSD-2-Clause
// Finds the programs that run drivers.
#include "checker/cli/child_program.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace custody::checker::cli {

std::string find_child(const ChildProgram& program) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* const given = std::getenv(program.variable); given != nullptr && *given != 0) return given;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* const place : {"libexec/custody", "../libexec/custody"})
    if (const fs::path path = here / place / program.name; fs::exists(path, error))
      return path.lexically_normal().string();
  return {};
}

std::string how_to_get(const ChildProgram& program) {
  return fmt::format(
      "{} is not there, expected it in libexec/custody beside this program or beside its folder, or where the "
      "environment's "
      "{} says. It is built from the sources of Custody: apt-get install {}, then `cmake --preset release "
      "-DCUSTODY_DRIVERS=ON`, "
      "`cmake --build --preset release` and `cmake --install build/release --component drivers`",
      program.name, program.variable, program.needs);
}

}  // namespace custody::checker::cli
