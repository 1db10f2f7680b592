// SPDX-License-Identifier: BSD-2-Clause
// A whole regular file in memory, page by page as it is looked at.
#include "traces/input/mapped_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace custody::traces::input {

namespace {

/// What the handler may look at: nothing but atomics. A slot is free where `begin` is 0.
struct Slot {
  std::atomic<std::uintptr_t> begin{0}, end{0};
  std::atomic<bool> has_hole{false};
};
constexpr std::size_t kSlots = 64;
std::array<Slot, kSlots> slots;
struct sigaction previous {};
std::uintptr_t page_size = 4096;

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// Puts zeros in the place of what is gone; the access is then tried again.
void on_bus_error(int, siginfo_t* info, void*) {
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  for (Slot& slot : slots) {
    const std::uintptr_t begin = slot.begin.load(), end = slot.end.load();
    if (begin == 0 || at < begin || at >= end) continue;
    const std::uintptr_t in_page = at % page_size;
    slot.has_hole.store(true);
    void* const zeros = ::mmap(static_cast<char*>(info->si_addr) - in_page, end - at + in_page, PROT_READ,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (zeros != MAP_FAILED) return;
  }
  ::sigaction(SIGBUS, &previous, nullptr);
}

void take_over_bus_errors() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction ours {};
    ours.sa_sigaction = on_bus_error;
    ours.sa_flags = SA_SIGINFO;
    ::sigaction(SIGBUS, &ours, &previous);
  });
}

/// Its index, or `kSlots` where all are taken.
std::size_t take_slot(const void* memory, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  for (std::size_t i = 0; i < kSlots; ++i) {
    std::uintptr_t free = 0;
    if (!slots[i].begin.compare_exchange_strong(free, begin)) continue;
    slots[i].has_hole.store(false);
    slots[i].end.store(begin + size);
    return i;
  }
  return kSlots;
}

void free_slot(std::size_t i) {
  slots[i].end.store(0);
  slots[i].begin.store(0);
}

std::size_t size_of(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) return 0;
  return static_cast<std::size_t>(info.st_size);
}

}  // namespace

MappedFile::MappedFile(Descriptor fd) : fd_(std::move(fd)), size_(size_of(fd_.get())) {
  if (size_ == 0) return;
  take_over_bus_errors();
  void* const memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd_.get(), 0);
  if (memory != MAP_FAILED) slot_ = take_slot(memory, size_);
  if (memory == MAP_FAILED || slot_ == kSlots) {
    if (memory != MAP_FAILED) ::munmap(memory, size_);
    size_ = 0;
    return;
  }
  memory_ = memory;
  hole_ = &slots[slot_].has_hole;
  ::madvise(memory_, size_, MADV_SEQUENTIAL);
}

MappedFile::~MappedFile() {
  if (memory_ == nullptr) return;
  free_slot(slot_);
  ::munmap(memory_, size_);
}

bool MappedFile::shrank() const { return met_a_hole() || (memory_ != nullptr && size_of(fd_.get()) < size_); }

std::string_view MappedFile::read(std::size_t at, std::size_t size, std::string& room) const {
  room.resize(size);
  const ssize_t got = ::pread(fd_.get(), room.data(), size, static_cast<off_t>(at));
  return std::string_view(room).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
}

void MappedFile::drop(std::size_t from, std::size_t to) const {
  if (memory_ != nullptr && to > from) ::madvise(static_cast<char*>(memory_) + from, to - from, MADV_DONTNEED);
}

}  // namespace custody::traces::input
