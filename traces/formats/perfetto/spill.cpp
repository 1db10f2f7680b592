// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/spill.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace custody::traces::formats::perfetto {

namespace {

[[noreturn]] void no_room(const std::string& what) {
  throw std::runtime_error("a trace of Perfetto with that many known events needs a temporary file, " + what + ": " +
                           std::strerror(errno) + "; set TMPDIR");
}

int open_nameless() {
  const char* directory = std::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr && *directory != '\0' ? directory : "/tmp") + "/custody-XXXXXX";
  const int fd = ::mkstemp(name.data());
  if (fd < 0) no_room("and '" + name + "' cannot be made");
  ::unlink(name.c_str());
  return fd;
}

}  // namespace

Spill::~Spill() {
  if (mapped_ != nullptr) ::munmap(mapped_, all_.size());
  if (fd_ >= 0) ::close(fd_);
}

void Spill::write() {
  if (fd_ < 0) fd_ = open_nameless();
  for (std::string_view left = buffer_; !left.empty();) {
    const ssize_t wrote = ::write(fd_, left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) no_room("which cannot be written");
    left.remove_prefix(static_cast<std::size_t>(wrote));
  }
  written_ += buffer_.size();
  buffer_.clear();
}

void Spill::close() {
  if (fd_ < 0) {
    all_ = buffer_;
    return;
  }
  write();
  void* const mapped = ::mmap(nullptr, written_, PROT_READ, MAP_PRIVATE, fd_, 0);
  if (mapped == MAP_FAILED) no_room("which cannot be mapped");
  mapped_ = mapped;
  all_ = {static_cast<const char*>(mapped), written_};
  buffer_ = {};
}

}  // namespace custody::traces::formats::perfetto
