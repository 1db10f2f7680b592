// SPDX-License-Identifier: BSD-2-Clause
#include "traces/input/temporary_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace custody::traces::input {

namespace {

[[noreturn]] void no_room(const std::string& what) { throw TemporaryFile::Error(what + ": " + std::strerror(errno)); }

Descriptor open_nameless() {
  const char* directory = std::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr && *directory != '\0' ? directory : "/tmp") + "/custody-XXXXXX";
  const int fd = ::mkstemp(name.data());
  if (fd < 0) no_room("and '" + name + "' cannot be made");
  ::unlink(name.c_str());
  return Descriptor(fd);
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
}

void TemporaryFile::write(std::string_view bytes) {
  if (fd_.get() < 0) fd_ = open_nameless();
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) no_room("which cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
}

std::string_view TemporaryFile::map() {
  void* const mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd_.get(), 0);
  if (mapped == MAP_FAILED) no_room("which cannot be mapped");
  mapped_ = mapped;
  return {static_cast<const char*>(mapped_), size_};
}

}  // namespace custody::traces::input
