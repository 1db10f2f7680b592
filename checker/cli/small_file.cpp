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

namespace custody::checker::cli {

namespace {

/// Closes what it opened, and not what it was given.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : is_own_(path != "-"), fd_(is_own_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {}
  ~Descriptor() {
    if (is_own_ && fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool is_own_;
  int fd_;
};

std::string name_of(const std::string& path) { return path == "-" ? "standard input" : path; }

bool is_standard_input(const std::string& path) {
  constexpr const char* kNames[] = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const char* name) { return path == name; });
}

}  // namespace

std::string read_small_file(const std::string& path, std::size_t most) {
  const auto fail = [&](const std::string& why) { throw spec::SpecError(name_of(path) + ": " + why); };
  const auto expected = [most] { return " bytes, expected at most " + std::to_string(most); };
  const Descriptor file(path);
  if (file.fd() < 0) fail(std::strerror(errno));
  // What is too large is said before it is read, where its size is known.
  struct stat status {};
  if (::fstat(file.fd(), &status) == 0 && S_ISREG(status.st_mode) && static_cast<std::size_t>(status.st_size) > most)
    fail(std::to_string(status.st_size) + expected());
  constexpr std::size_t kStep = std::size_t{64} << 10U;
  std::string text;
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had + kStep);
    const ssize_t got = ::read(file.fd(), text.data() + had, kStep);
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
