// SPDX-License-Identifier: BSD-2-Clause
// dot as a child process: the graph in a file without a name, the drawing through a pipe.
#include "checker/cli/graphviz.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "checker/cli/standard_streams.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace custody::checker::cli {

namespace {

struct Close {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, Close>;

/// Everything that comes from the descriptor until its end.
std::string read_all(int fd) {
  std::string out;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(fd, part.data(), part.size())) > 0 || (n < 0 && errno == EINTR);)
    if (n > 0) out.append(part.data(), static_cast<std::size_t>(n));
  return out;
}

/// The error of starting it, or 0; `child` and the end of the pipe that it writes to.
int start(int input, const std::array<int, 2>& pipe, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
  posix_spawn_file_actions_addclose(&actions, pipe[0]);
  posix_spawn_file_actions_addclose(&actions, pipe[1]);
  std::string program = "dot", option = "-Tsvg";
  const std::array<char*, 3> arguments = {program.data(), option.data(), nullptr};
  const int error = posix_spawnp(&child, "dot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

std::string with_reason(const char* what, int error) { return std::string(what) + ": " + std::strerror(error); }

}  // namespace

Drawing draw_svg(const std::string& graph) {
  const File input(std::tmpfile());
  if (input == nullptr || !write_all(fileno(input.get()), graph) || lseek(fileno(input.get()), 0, SEEK_SET) != 0)
    return {{}, with_reason("no temporary file for Graphviz", errno)};
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return {{}, with_reason("no pipe to Graphviz", errno)};
  pid_t child = 0;
  const int error = start(fileno(input.get()), pipe, child);
  ::close(pipe[1]);
  std::string svg = error == 0 ? read_all(pipe[0]) : std::string();
  ::close(pipe[0]);
  if (error == ENOENT)
    return {{}, "svg is drawn by Graphviz's program dot, which is not there; `--format dot` needs none"};
  if (error != 0) return {{}, with_reason("Graphviz's program dot", error)};
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) return {{}, "Graphviz's program dot could not run"};
  if (WEXITSTATUS(status) != 0)
    return {{}, "Graphviz's program dot failed with status " + std::to_string(WEXITSTATUS(status))};
  return {std::move(svg), {}};
}

}  // namespace custody::checker::cli
