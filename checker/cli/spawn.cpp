// SPDX-License-Identifier: BSD-2-Clause
#include "checker/cli/spawn.hpp"

#include <spawn.h>
#include <unistd.h>

#include <csignal>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace custody::checker::cli {

int spawn(std::vector<std::string> words, const Spawn& how, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  if (how.input >= 0) posix_spawn_file_actions_adddup2(&actions, how.input, 0);
  if (how.output >= 0) posix_spawn_file_actions_adddup2(&actions, how.output, 1);
  // A broken pipe and a limit of files end other programs as ever.
  sigset_t by_default;
  ::sigemptyset(&by_default);
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaddset(&by_default, signal);
  posix_spawnattr_setsigdefault(&attributes, &by_default);
  posix_spawnattr_setflags(&attributes, static_cast<short>((how.as_shell ? POSIX_SPAWN_SETSIGDEF : 0) |
                                                           (how.apart ? POSIX_SPAWN_SETPGROUP : 0)));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto start = how.as_shell ? &::posix_spawnp : &::posix_spawn;
  const int error = start(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace custody::checker::cli
