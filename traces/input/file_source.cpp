// SPDX-License-Identifier: BSD-2-Clause
// The bytes of a file, a pipe or a device, read as they come.
#include "traces/input/file_source.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace custody::traces::input {

Descriptor::~Descriptor() {
  if (fd_ > 0) ::close(fd_);
}

bool FileSource::wait() const {
  // Whoever stops it may have done so before poll began to wait.
  constexpr int kLookAgainMs = 100;
  struct pollfd p {
    fd_.get(), POLLIN, 0
  };
  while (stop_ == nullptr || !stop_->load(std::memory_order_relaxed))
    if (stop_ == nullptr || ::poll(&p, 1, kLookAgainMs) > 0) return true;
  return false;
}

std::size_t FileSource::read(char* into, std::size_t size) {
  if (!wait()) return 0;
  ssize_t got = 0;
  do got = ::read(fd_.get(), into, size);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    throw Damage("cannot be read behind byte " + std::to_string(given_) + ": " + std::string(std::strerror(errno)));
  given_ += static_cast<std::size_t>(got);
  return static_cast<std::size_t>(got);
}

bool FileSource::would_wait() const {
  struct pollfd p {
    fd_.get(), POLLIN, 0
  };
  return ::poll(&p, 1, 0) == 0;
}

}  // namespace custody::traces::input
