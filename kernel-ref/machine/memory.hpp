// SPDX-License-Identifier: GPL-2.0-only
// Memory and one CPU cache in front of it, with real bytes: a load returns what a CPU would see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace custody::kernel_ref::machine {

using Phys = std::uint64_t;
inline constexpr std::size_t kPageBytes = 4096;

enum class LineState : std::uint8_t { kAbsent, kClean, kDirty };

/// The CPU's accesses go through the cache; those of devices do not, unless they snoop. Nothing happens to a line by
/// itself: `speculate`, `drop` and `write_back` are the hardware's own moves, made by whoever plays the hardware.
/// Addresses are physical, below `size()`; ranges may begin and end inside lines.
class Memory {
 public:
  /// `line_bytes` is a power of two of at least 16 that divides a page.
  Memory(std::size_t pages, std::uint32_t line_bytes);

  [[nodiscard]] std::uint8_t* ram() { return memory_.data(); }
  [[nodiscard]] std::size_t size() const { return memory_.size(); }
  [[nodiscard]] std::uint32_t line_bytes() const { return line_bytes_; }

  void load(Phys at, std::uint8_t* to, std::size_t n);
  void store(Phys at, const std::uint8_t* from, std::size_t n);
  void fill(Phys at, std::uint8_t byte, std::size_t n);

  void device_load(Phys at, std::uint8_t* to, std::size_t n, bool snoops) const;
  /// A snooping store leaves its lines absent.
  void device_store(Phys at, const std::uint8_t* from, std::size_t n, bool snoops);

  void clean(Phys at, std::size_t n);
  void invalidate(Phys at, std::size_t n);

  /// An absent line is filled from memory.
  void speculate(Phys at);
  /// A clean line goes away.
  void drop(Phys at);
  /// A dirty line is written to memory and stays, clean.
  void write_back(Phys at);
  [[nodiscard]] LineState state(Phys at) const { return lines_[at / line_bytes_]; }
  /// What memory holds at `at`, and what the line would if it is not absent; nothing moves.
  [[nodiscard]] std::uint8_t in_memory(Phys at) const { return memory_[at]; }
  [[nodiscard]] std::uint8_t in_cache(Phys at) const { return cached_[at]; }

 private:
  [[nodiscard]] std::size_t line_of(Phys at) const { return at / line_bytes_; }
  void fetch(std::size_t line);
  void flush_line(std::size_t line);

  std::uint32_t line_bytes_;
  std::vector<std::uint8_t> memory_, cached_;
  std::vector<LineState> lines_;
};

}  // namespace custody::kernel_ref::machine
