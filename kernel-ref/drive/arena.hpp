// SPDX-License-Identifier: GPL-2.0-only
// The memory of the drivers: at one place, handed out in the same order after the same calls, comparable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace custody::kernel_ref::drive {

/// Two halves of a hash, so that two states that differ are not taken for one.
struct Digest {
  std::uint64_t first = 0x9e3779b97f4a7c15U, second = 0xc2b2ae3d27d4eb4fU;
  void add(const void* bytes, std::size_t n);
  void add(std::uint64_t value) { add(&value, sizeof value); }
  bool operator==(const Digest&) const = default;
};

/// Blocks lie in the order of their addresses; a request takes the lowest gap that fits. What was freed since the last
/// `settle` is not given out again, so that a use of it is seen.
class Arena {
 public:
  static constexpr std::size_t kBytes = std::size_t{16} << 20U;
  struct Block {
    std::size_t at = 0, size = 0;
    bool freed = false;
  };
  struct Saved {
    std::vector<Block> blocks;
    std::vector<unsigned char> bytes;
  };

  Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  void* allocate(std::size_t n);
  /// Says what is wrong where `p` is no live block.
  [[nodiscard]] std::string free(void* p);
  [[nodiscard]] std::size_t size_of(const void* p) const;
  /// What was freed can be given out again.
  void settle();
  [[nodiscard]] bool has(std::uintptr_t at) const { return at - reinterpret_cast<std::uintptr_t>(bytes_) < kBytes; }
  /// Says what is wrong with an access of `n` bytes; empty where nothing is, or it is not in the arena.
  [[nodiscard]] std::string check(std::uintptr_t at, std::size_t n) const;

  [[nodiscard]] Saved save() const;
  void restore(const Saved& saved);
  void add_to(Digest& digest) const;

 private:
  [[nodiscard]] std::size_t behind(std::size_t at) const;
  unsigned char* bytes_;
  std::vector<Block> blocks_;
};

}  // namespace custody::kernel_ref::drive
