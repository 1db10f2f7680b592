// SPDX-License-Identifier: BSD-2-Clause
// The bytes of a file, a pipe or a device, read as they come.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "traces/input/byte_source.hpp"

namespace custody::traces::input {

/// Owns an open descriptor; standard input stays open.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class FileSource final : public ByteSource {
 public:
  /// Where `stop` becomes true, also while something is waited for, the bytes are at their end; it must outlive the
  /// object.
  FileSource(Descriptor fd, const std::atomic<bool>* stop) : fd_(std::move(fd)), stop_(stop) {}
  [[nodiscard]] std::size_t read(char* into, std::size_t size) override;
  [[nodiscard]] bool would_wait() const override;

 private:
  /// Until there is something to read, or the end. False where it is stopped before.
  [[nodiscard]] bool wait() const;

  Descriptor fd_;
  const std::atomic<bool>* stop_;
  std::uint64_t given_ = 0;
};

}  // namespace custody::traces::input
