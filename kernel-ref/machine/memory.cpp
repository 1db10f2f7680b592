// SPDX-License-Identifier: GPL-2.0-only
// Memory and one CPU cache in front of it, with real bytes: a load returns what a CPU would see.
#include "kernel-ref/machine/memory.hpp"

#include <algorithm>

namespace custody::kernel_ref::machine {

namespace {

/// Calls `visit(line, at, n)` for the part of each line in the range.
template <class Visit>
void for_each_line(Phys at, std::size_t n, std::uint32_t line_bytes, const Visit& visit) {
  for (const Phys end = at + n; at < end;) {
    const std::size_t line = at / line_bytes;
    const Phys next = std::min<Phys>(end, (line + 1) * line_bytes);
    visit(line, at, static_cast<std::size_t>(next - at));
    at = next;
  }
}

}  // namespace

Memory::Memory(std::size_t pages, std::uint32_t line_bytes)
    : line_bytes_(line_bytes), memory_(pages * kPageBytes), cached_(pages * kPageBytes),
      lines_(pages * kPageBytes / line_bytes, LineState::kAbsent) {}

void Memory::fetch(std::size_t line) {
  if (lines_[line] != LineState::kAbsent) return;
  std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(line * line_bytes_), line_bytes_,
              cached_.begin() + static_cast<std::ptrdiff_t>(line * line_bytes_));
  lines_[line] = LineState::kClean;
}

void Memory::flush_line(std::size_t line) {
  if (lines_[line] != LineState::kDirty) return;
  std::copy_n(cached_.begin() + static_cast<std::ptrdiff_t>(line * line_bytes_), line_bytes_,
              memory_.begin() + static_cast<std::ptrdiff_t>(line * line_bytes_));
  lines_[line] = LineState::kClean;
}

void Memory::load(Phys at, std::uint8_t* to, std::size_t n) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys from, std::size_t part) {
    fetch(line);
    to = std::copy_n(cached_.data() + from, part, to);
  });
}

void Memory::store(Phys at, const std::uint8_t* from, std::size_t n) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys to, std::size_t part) {
    if (part < line_bytes_) fetch(line);
    std::copy_n(from, part, cached_.data() + to);
    from += part;
    lines_[line] = LineState::kDirty;
  });
}

void Memory::fill(Phys at, std::uint8_t byte, std::size_t n) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys to, std::size_t part) {
    if (part < line_bytes_) fetch(line);
    std::fill_n(cached_.data() + to, part, byte);
    lines_[line] = LineState::kDirty;
  });
}

void Memory::device_load(Phys at, std::uint8_t* to, std::size_t n, bool snoops) const {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys from, std::size_t part) {
    const bool hit = snoops && lines_[line] != LineState::kAbsent;
    to = std::copy_n((hit ? cached_ : memory_).data() + from, part, to);
  });
}

void Memory::device_store(Phys at, const std::uint8_t* from, std::size_t n, bool snoops) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys to, std::size_t part) {
    if (snoops) {
      if (part < line_bytes_) flush_line(line);
      lines_[line] = LineState::kAbsent;
    }
    std::copy_n(from, part, memory_.data() + to);
    from += part;
  });
}

void Memory::clean(Phys at, std::size_t n) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys, std::size_t) { flush_line(line); });
}

void Memory::invalidate(Phys at, std::size_t n) {
  for_each_line(at, n, line_bytes_, [&](std::size_t line, Phys, std::size_t part) {
    // As arm64 does it: a line of which only a part is meant is written back first.
    if (part < line_bytes_) flush_line(line);
    lines_[line] = LineState::kAbsent;
  });
}

void Memory::speculate(Phys at) { fetch(line_of(at)); }

void Memory::drop(Phys at) {
  if (state(at) == LineState::kClean) lines_[line_of(at)] = LineState::kAbsent;
}

void Memory::write_back(Phys at) { flush_line(line_of(at)); }

}  // namespace custody::kernel_ref::machine
