// SPDX-License-Identifier: BSD-2-Clause
// Reads small files, whatever they are.
#include "checker/cli/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "spec/exporter_profile.hpp"
#include "traces/input/file_source.hpp"

namespace custody::checker::cli {

namespace {

std::string name_of(const std::string& path) { return path == "-" ? "standard input" : path; }

bool is_standard_input(const std::string& path) {
  constexpr const char* kNames[] = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const char* name) { return path == name; });
}

}  // namespace

std::string read_small_file(const std::string& path, std::size_t most) {
  const auto fail = [&](const std::string& why) { throw spec::SpecError(name_of(path) + ": " + why); };
  const auto expected = [most] { return " bytes, expected at most " + std::to_string(most); };
  const traces::input::Descriptor file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(std::strerror(errno));
  struct stat in {
  }, out{};
  const bool is_file = ::fstat(file.get(), &in) == 0 && S_ISREG(in.st_mode);
  if (is_file && ::fstat(STDOUT_FILENO, &out) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
    fail("is where standard output goes, expected another file");
  // What is too large is said before it is read, where its size is known.
  if (is_file && static_cast<std::size_t>(in.st_size) > most) fail(std::to_string(in.st_size) + expected());
  constexpr std::size_t kStep = std::size_t{64} << 10U;
  std::string text;
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had + kStep);
    const ssize_t got = ::read(file.get(), text.data() + had, kStep);
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) fail(std::strerror(errno));
    if (text.size() > most) fail("more than " + std::to_string(most) + expected());
    if (got == 0) return text;
  }
}

std::string standard_input_twice(const std::vector<std::string>& paths) {
  return std::count_if(paths.begin(), paths.end(), is_standard_input) > 1
             ? "standard input is named twice, expected once: it can be read once"
             : std::string();
}

}  // namespace custody::checker::cli
