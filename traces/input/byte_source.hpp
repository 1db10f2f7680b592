// SPDX-License-Identifier: BSD-2-Clause
// Where bytes come from: a descriptor, a decoder on top of another source, a member of an archive.
#pragma once

#include <cstddef>
#include <stdexcept>

namespace custody::traces::input {

/// The bytes end before their end: they are cut, damaged, or can no longer be read. What was given before stays as it
/// was given; says what and where, without the name of the file.
class Damage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Bytes, once and in order.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;
  /// Puts up to `size` bytes, `size` > 0, to `into` and says how many; waits for the first. 0 is the end, also when
  /// asked again. Throws Damage; asked again it throws again or is at its end.
  [[nodiscard]] virtual std::size_t read(char* into, std::size_t size) = 0;
  /// `read` would have to wait for somebody who writes.
  [[nodiscard]] virtual bool would_wait() const { return false; }
};

}  // namespace custody::traces::input
