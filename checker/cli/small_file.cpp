// SPDX-License-Identifier: BSD-2-Clause
// Files that are read whole: contracts, profiles.
#include "checker/cli/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "spec/exporter_profile.hpp"
#include "traces/input/file_source.hpp"

namespace custody::checker::cli {

std::string read_small_file(const std::string& path, std::size_t most) {
  const auto refuse = [&](const std::string& why) { throw spec::SpecError(path + ": " + why); };
  const traces::input::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) refuse(std::strerror(errno));
  struct stat info {
  }, out{};
  const bool is_file = ::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode);
  if (is_file && ::fstat(1, &out) == 0 && info.st_dev == out.st_dev && info.st_ino == out.st_ino)
    refuse("is where standard output goes, expected another file");
  const std::string expected = " bytes, expected at most " + std::to_string(most);
  if (is_file && static_cast<std::size_t>(info.st_size) > most) refuse(std::to_string(info.st_size) + expected);
  std::string text(most + 1, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got != 0 && size <= most; size += static_cast<std::size_t>(got)) {
    do got = ::read(fd.get(), text.data() + size, text.size() - size);
    while (got < 0 && errno == EINTR);
    if (got < 0) refuse(std::string("cannot be read: ") + std::strerror(errno));
  }
  if (size > most) refuse("more than " + std::to_string(most) + expected);
  text.resize(size);
  return text;
}

}  // namespace custody::checker::cli
