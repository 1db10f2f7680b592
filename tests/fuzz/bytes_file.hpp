// SPDX-License-Identifier: BSD-2-Clause
// Bytes in memory that have a path, for what opens files.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "tests/fuzz/properties.hpp"

namespace custody::fuzz {

/// A file in memory that holds what `hold` was given last.
class BytesFile {
 public:
  BytesFile() : fd_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {
    require(fd_ >= 0, "there is a file in memory");
  }
  BytesFile(const BytesFile&) = delete;
  BytesFile& operator=(const BytesFile&) = delete;
  ~BytesFile() { ::close(fd_); }
  void hold(std::string_view bytes) {
    const bool held = ::ftruncate(fd_, 0) == 0 &&
                      ::pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()) &&
                      ::lseek(fd_, 0, SEEK_SET) == 0;
    require(held, "the file in memory holds its bytes");
  }
  [[nodiscard]] std::string contents() const {
    std::string text(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    require(::pread(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()), "a file can be read");
    return text;
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Makes it the file `fd` too, from its beginning.
  void become(int fd) const { require(::lseek(fd_, 0, SEEK_SET) == 0 && ::dup2(fd_, fd) == fd, "a file is a file"); }

 private:
  int fd_;
  std::string path_;
};

}  // namespace custody::fuzz
