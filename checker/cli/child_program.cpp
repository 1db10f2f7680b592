// SPDX-License-Identifier: BSD-2-Clause
// Finds and starts the programs that run drivers.
#include "checker/cli/child_program.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace custody::checker::cli {

std::string find_child(const ChildProgram& program) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* const given = std::getenv(program.variable); given != nullptr && *given != 0) return given;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* const place : {"libexec/custody", "../libexec/custody"})
    if (const fs::path path = here / place / program.name; fs::exists(path, error)) return path.lexically_normal().string();
  return {};
}

std::string how_to_get(const ChildProgram& program) {
  return fmt::format(
      "{} is not there, expected it in libexec/custody beside this program, or where the environment's {} says. It is "
      "built where linux-source-6.1 is installed: apt-get install {}, then `cmake --workflow --preset dev`",
      program.name, program.variable, program.needs);
}

int start_child(const std::string& path, const std::vector<std::string>& words, int input, int output, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  std::vector<std::string> copies = {path};
  copies.insert(copies.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int error = posix_spawn(&child, path.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace custody::checker::cli
