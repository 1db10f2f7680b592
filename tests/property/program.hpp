// SPDX-License-Identifier: BSD-2-Clause
// A program: what clients, importers and a driver do to one buffer, legal or not, line by line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace custody::property {

/// What a line does. From `kDmaMap` on it runs inside the call before it, or by itself.
enum class Verb : std::uint8_t {
  kAttach,
  kDetach,
  kMap,
  kUnmap,
  kBegin,
  kEnd,
  kMmap,
  kVmap,
  kVunmap,
  kRelease,
  kExit,
  kMove,
  kReturn,  ///< of the open call of its task
  kFence,   ///< its way: kTo of a job that reads, kFrom of one that writes
  kSignal,
  kCpuRead,
  kCpuWrite,
  kDeviceRead,
  kDeviceWrite,
  kDmaMap,
  kDmaUnmap,
  kSyncForCpu,
  kSyncForDevice,
};
[[nodiscard]] constexpr bool is_dma(Verb verb) { return verb >= Verb::kDmaMap; }
[[nodiscard]] constexpr bool is_access(Verb verb) { return verb >= Verb::kCpuRead && verb <= Verb::kDeviceWrite; }

enum class Way : std::uint8_t { kBidi, kTo, kFrom };
[[nodiscard]] constexpr bool device_reads(Way way) { return way != Way::kFrom; }
[[nodiscard]] constexpr bool device_writes(Way way) { return way != Way::kTo; }

/// What accesses, windows and syncs of a program with exact accesses are in: blocks of cache lines.
inline constexpr unsigned kLineBytes = 64, kLineBlocks = 4, kExactLines = 2, kExactBlocks = kLineBlocks * kExactLines;
/// From a block to before another one; without any: the whole buffer.
struct Blocks {
  unsigned from = 0, to = 0;
  [[nodiscard]] bool is_whole() const { return from == to; }
};

struct ProgramLine {
  Verb verb = Verb::kRelease;
  unsigned device = 0;
  Way way = Way::kBidi;
  unsigned task = 0;
  bool fails = false;   ///< the call returns an error
  bool skip = false;    ///< DMA_ATTR_SKIP_CPU_SYNC
  bool inside = false;  ///< of its task's last call above
  Blocks blocks{};
  bool braced = false;  ///< a call that is open up to its task's `kReturn`; others overlap with it
};

/// How a device reaches memory.
enum class Kind : std::uint8_t { kPlain, kCoherent, kAllocating, kBounced };
/// Behind `device D` in a litmus file.
inline constexpr const char* kKindWords[] = {"", " coherent", " coherent allocates", " bounced"};

enum class Origin : std::uint8_t { kHeap, kOutliving, kUnknownHistory, kOlder };
/// The last one invalidates a part of a line without writing it back.
enum class Arch : std::uint8_t { kArm64, kArm64Old, kArmv7, kRiscv };

struct Program {
  bool exact = false;  ///< it has all accesses, and a buffer of `kExactLines` lines
  Arch arch = Arch::kArm64;
  Origin origin = Origin::kHeap;
  std::vector<Kind> devices;
  std::vector<ProgramLine> lines;

  /// As a litmus file.
  [[nodiscard]] std::string text() const;
  /// The line of the litmus file on which line `index` stands, from 1, and back; none for a line of the header.
  [[nodiscard]] std::uint64_t file_line(std::size_t index) const;
  [[nodiscard]] std::optional<std::size_t> index_of(std::uint64_t file_line) const;
  /// The call that line `index` is inside or ends, or the line itself.
  [[nodiscard]] std::size_t call_of(std::size_t index) const;
  /// Another task's call is open at some time from the entry of the call that `index` belongs to up to line `until`.
  [[nodiscard]] bool overlaps(std::size_t index, std::size_t until) const;
  /// The last line of the call at `call`.
  [[nodiscard]] std::size_t end_of(std::size_t call) const;
};

/// The same without line `index`, and without what is inside it. A call does not lose its return.
[[nodiscard]] Program without_line(const Program& program, std::size_t index);

/// The shortest program that is left when lines are taken out as long as `fails` holds.
template <class Fails>
[[nodiscard]] Program shrunk(Program program, const Fails& fails) {
  for (std::size_t i = program.lines.size(); i-- > 0;) {
    if (i >= program.lines.size()) continue;
    Program less = without_line(program, i);
    if (!less.lines.empty() && fails(less)) program = std::move(less);
  }
  return program;
}

}  // namespace custody::property
