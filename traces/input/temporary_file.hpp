// SPDX-License-Identifier: BSD-2-Clause
// Bytes that are too many for memory: written first, then read.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "traces/input/file_source.hpp"

namespace custody::traces::input {

/// A file without a name, in the directory that TMPDIR names, else /tmp; it is made with the first byte.
class TemporaryFile {
 public:
  /// There is no room for it: `what` says why, behind "a temporary file, ".
  struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  /// Throws Error.
  void write(std::string_view bytes);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// All that was written, as long as the object; nothing is written any more. Throws Error.
  [[nodiscard]] std::string_view map();

 private:
  Descriptor fd_{-1};
  void* mapped_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace custody::traces::input
