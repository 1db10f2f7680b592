// SPDX-License-Identifier: GPL-2.0-only
// The memory of the drivers: at one place, handed out in the same order after the same calls, comparable.
#include "kernel-ref/drive/arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace custody::kernel_ref::drive {

namespace {
constexpr std::uintptr_t kPlace = 0x4d0000000000U;
constexpr std::size_t kRedZone = 32;
constexpr int kFresh = 0x5a, kDead = 0x6b;

std::size_t room_for(std::size_t n) { return (n + kRedZone + 15) & ~std::size_t{15}; }

std::uint64_t mixed(std::uint64_t h, std::uint64_t v, std::uint64_t by) {
  h = (h ^ v) * by;
  return h ^ (h >> 29U);
}
}  // namespace

void Digest::add(const void* bytes, std::size_t n) {
  const auto* p = static_cast<const unsigned char*>(bytes);
  for (; n >= 8; p += 8, n -= 8) {
    std::uint64_t v = 0;
    std::memcpy(&v, p, 8);
    first = mixed(first, v, 0xff51afd7ed558ccdU);
    second = mixed(second, v, 0xc4ceb9fe1a85ec53U);
  }
  std::uint64_t rest = n;
  std::memcpy(reinterpret_cast<unsigned char*>(&rest) + 1, p, std::min<std::size_t>(n, 7));
  first = mixed(first, rest, 0xff51afd7ed558ccdU);
  second = mixed(second, rest, 0xc4ceb9fe1a85ec53U);
}

Arena::Arena() {
  void* at = mmap(reinterpret_cast<void*>(kPlace), kBytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  bytes_ = static_cast<unsigned char*>(at);
}

Arena::~Arena() { munmap(bytes_, kBytes); }

/// The first block that begins at `at` or behind it.
std::size_t Arena::behind(std::size_t at) const {
  const auto it = std::lower_bound(blocks_.begin(), blocks_.end(), at,
                                   [](const Block& b, std::size_t place) { return b.at < place; });
  return static_cast<std::size_t>(it - blocks_.begin());
}

void* Arena::allocate(std::size_t n) {
  std::size_t at = kRedZone, i = 0;
  for (; i < blocks_.size() && blocks_[i].at < at + room_for(n); ++i) at = blocks_[i].at + room_for(blocks_[i].size);
  if (n > kBytes || at + room_for(n) > kBytes) return nullptr;
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(i), {at, n, false});
  std::memset(bytes_ + at, kFresh, n);
  return bytes_ + at;
}

std::string Arena::free(void* p) {
  const auto at = static_cast<std::size_t>(static_cast<unsigned char*>(p) - bytes_);
  const std::size_t i = behind(at);
  if (i == blocks_.size() || blocks_[i].at != at) return "frees what was never allocated";
  if (blocks_[i].freed) return "frees twice";
  blocks_[i].freed = true;
  std::memset(bytes_ + at, kDead, blocks_[i].size);
  return {};
}

std::size_t Arena::size_of(const void* p) const {
  const std::size_t i = behind(static_cast<std::size_t>(static_cast<const unsigned char*>(p) - bytes_));
  return i < blocks_.size() ? blocks_[i].size : 0;
}

void Arena::settle() {
  std::erase_if(blocks_, [](const Block& b) { return b.freed; });
}

std::string Arena::check(std::uintptr_t at, std::size_t n) const {
  const std::uintptr_t place = at - reinterpret_cast<std::uintptr_t>(bytes_);
  if (place >= kBytes) return {};
  const std::size_t i = behind(place + 1);
  if (i == 0) return "out of bounds";
  const Block& b = blocks_[i - 1];
  if (place + n > b.at + b.size) return place >= b.at + room_for(b.size) ? "use after free" : "out of bounds";
  return b.freed ? "use after free" : std::string();
}

Arena::Saved Arena::save() const {
  const std::size_t used = blocks_.empty() ? 0 : blocks_.back().at + room_for(blocks_.back().size);
  return {blocks_, {bytes_, bytes_ + used}};
}

void Arena::restore(const Saved& saved) {
  blocks_ = saved.blocks;
  if (!saved.bytes.empty()) std::memcpy(bytes_, saved.bytes.data(), saved.bytes.size());
}

void Arena::add_to(Digest& digest) const {
  for (const Block& b : blocks_) {
    if (b.freed) continue;
    digest.add(b.at);
    digest.add(bytes_ + b.at, b.size);
  }
}

}  // namespace custody::kernel_ref::drive
