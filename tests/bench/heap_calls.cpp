// SPDX-License-Identifier: BSD-2-Clause
// The probes' lines, call by call, as the system heap of 6.1 makes them.
#include "tests/bench/heap_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace custody::bench {

namespace {

using model::Direction;

constexpr std::uint64_t kSegment = 1048576;         ///< the heap's largest page order
constexpr std::uint64_t kSegmentStride = 0x200000;  ///< segments are not neighbours
constexpr std::uint64_t kFirstEntry = 0x80;         ///< of a table's list, behind its head

/// A kprobe runs with interrupts off, a return probe with what its caller had.
constexpr std::string_view kAtEntry = "d....";
constexpr std::string_view kAtReturn = ".....";

template <class... Args>
void line(Script& out, std::string_view flags, fmt::format_string<Args...> format, Args&&... args) {
  out.text().append(flags);
  fmt::format_to(std::back_inserter(out.text()), format, std::forward<Args>(args)...);
  out.text().push_back('\n');
}

std::uint64_t segments(const Buffer& b) { return std::max<std::uint64_t>(1, b.size / kSegment); }
unsigned number(Direction d) { return static_cast<unsigned>(d); }

Attachment& attachment_of(Buffer& b, std::string_view device) {
  return *std::find_if(b.attachments.begin(), b.attachments.end(),
                       [&](const Attachment& a) { return a.device == device; });
}

}  // namespace

std::uint64_t Slab::take() {
  if (free_.empty()) return std::exchange(next_, next_ + stride_);
  const std::uint64_t address = free_.back();
  free_.pop_back();
  return address;
}

std::string_view Script::take() {
  const std::size_t end = text_.find('\n', next_);
  const std::string_view line = std::string_view(text_).substr(next_, end - next_);
  next_ = end + 1;
  return line;
}

void Script::finish() {
  for (const auto& [slab, address] : freed_) slab->give_back(address);
  freed_.clear();
  text_.clear();
  next_ = 0;
}

void Heap::for_device(const Buffer& b, Direction dir, Script& out) {
  for (std::uint64_t i = 0; i < segments(b); ++i)
    line(out, kAtEntry, "arch_clean: (arch_sync_dma_for_device+0x0/0x30) paddr=0x{:x} size={} dir={}",
         b.pages + i * kSegmentStride, std::min(b.size, kSegment), number(dir));
}

void Heap::for_cpu(const Buffer& b, Direction dir, Script& out) {
  for (std::uint64_t i = 0; i < segments(b); ++i)
    line(out, kAtEntry, "arch_inval: (arch_sync_dma_for_cpu+0x0/0x40) paddr=0x{:x} size={} dir={}",
         b.pages + i * kSegmentStride, std::min(b.size, kSegment), number(dir));
}

void Heap::export_buffer(Buffer& b, std::uint64_t size, Script& out) {
  b = Buffer{buffers_.take(), pages_.take(), size, ++last_ino_, {}};
  line(out, kAtReturn,
       "export: (system_heap_allocate+0x2d0/0x370 <- dma_buf_export) dmabuf=0x{:x} size={} exp_name=\"system\" ino={}",
       b.address, b.size, b.ino);
}

void Heap::release(Buffer& b, Script& out) {
  line(out, kAtEntry, "release: (dma_buf_release+0x0/0xa0) dmabuf=0x{:x}", b.address);
  out.frees(buffers_, b.address);
  out.frees(pages_, b.pages);
}

void Heap::attach(Buffer& b, std::string_view device, Script& out) {
  const Attachment a{attachments_.take(), tables_.take(), device, Direction::kNone};
  line(out, kAtReturn,
       "attach: (dma_buf_attach+0x1c/0x24 <- dma_buf_dynamic_attach) attach=0x{:x} dmabuf=0x{:x} dev=\"{}\"", a.address,
       b.address, device);
  b.attachments.push_back(a);
}

void Heap::detach(Buffer& b, std::string_view device, Script& out) {
  const Attachment a = attachment_of(b, device);
  line(out, kAtEntry, "detach: (dma_buf_detach+0x0/0x150) dmabuf=0x{:x} attach=0x{:x}", b.address, a.address);
  out.frees(attachments_, a.address);
  out.frees(tables_, a.table);
  b.attachments.erase(b.attachments.begin() + (&attachment_of(b, device) - b.attachments.data()));
}

void Heap::map(Buffer& b, std::string_view device, Direction dir, Script& out) {
  Attachment& a = attachment_of(b, device);
  a.dir = dir;
  line(out, kAtEntry, "map: (dma_buf_map_attachment+0x0/0x120) attach=0x{:x} dmabuf=0x{:x} dir={}", a.address,
       b.address, number(dir));
  line(out, kAtEntry, "dma_map: (dma_map_sgtable+0x0/0x4c) dev=\"{}\" sgt=0x{:x} sgl=0x{:x} dir={} attrs=0x0", device,
       a.table, a.table + kFirstEntry, number(dir));
  for_device(b, dir, out);
  line(out, kAtReturn, "map_ret: (imp_ioctl+0x19c/0x2d0 <- dma_buf_map_attachment) sgt=0x{:x}", a.table);
}

void Heap::unmap(Buffer& b, std::string_view device, Script& out) {
  Attachment& a = attachment_of(b, device);
  const Direction dir = std::exchange(a.dir, Direction::kNone);
  line(out, kAtEntry, "unmap: (dma_buf_unmap_attachment+0x0/0xe0) attach=0x{:x} dmabuf=0x{:x} sgt=0x{:x} dir={}",
       a.address, b.address, a.table, number(dir));
  line(out, kAtEntry, "dma_unmap: (dma_unmap_sg_attrs+0x0/0x6c) dev=\"{}\" sgl=0x{:x} nents={} dir={} attrs=0x0",
       device, a.table + kFirstEntry, segments(b), number(dir));
  for_cpu(b, dir, out);
  line(out, kAtReturn, "unmap_ret: (imp_ioctl+0x250/0x2d0 <- dma_buf_unmap_attachment)");
}

void Heap::begin_cpu_access(const Buffer& b, Direction dir, Script& out) {
  line(out, kAtEntry, "begin_cpu_access: (dma_buf_begin_cpu_access+0x0/0x70) dmabuf=0x{:x} dir={}", b.address,
       number(dir));
  for (auto a = b.attachments.rbegin(); a != b.attachments.rend(); ++a) {
    if (a->dir == Direction::kNone) continue;
    line(out, kAtEntry, "sync_for_cpu: (dma_sync_sg_for_cpu+0x0/0x60) dev=\"{}\" sgl=0x{:x} nents={} dir={}", a->device,
         a->table + kFirstEntry, segments(b), number(dir));
    for_cpu(b, dir, out);
  }
  line(out, kAtReturn, "begin_cpu_access_ret: (dma_buf_ioctl+0x36c/0x454 <- dma_buf_begin_cpu_access) ret=0");
}

void Heap::end_cpu_access(const Buffer& b, Direction dir, Script& out) {
  line(out, kAtEntry, "end_cpu_access: (dma_buf_end_cpu_access+0x0/0x44) dmabuf=0x{:x} dir={}", b.address, number(dir));
  for (auto a = b.attachments.rbegin(); a != b.attachments.rend(); ++a) {
    if (a->dir == Direction::kNone) continue;
    line(out, kAtEntry, "sync_for_device: (dma_sync_sg_for_device+0x0/0x60) dev=\"{}\" sgl=0x{:x} nents={} dir={}",
         a->device, a->table + kFirstEntry, segments(b), number(dir));
    for_device(b, dir, out);
  }
  line(out, kAtReturn, "end_cpu_access_ret: (dma_buf_ioctl+0x258/0x454 <- dma_buf_end_cpu_access) ret=0");
}

void Heap::mmap(const Buffer& b, Script& out) {
  line(out, kAtEntry, "mmap: (dma_buf_mmap_internal+0x0/0x64) dmabuf=0x{:x}", b.address);
}

void Heap::vmap(const Buffer& b, Script& out) {
  line(out, kAtEntry, "vmap: (dma_buf_vmap+0x0/0x12c) dmabuf=0x{:x}", b.address);
  line(out, kAtReturn, "vmap_ret: (imp_ioctl+0x1f4/0x2d0 <- dma_buf_vmap) ret=0");
}

void Heap::vunmap(const Buffer& b, Script& out) {
  line(out, kAtEntry, "vunmap: (dma_buf_vunmap+0x0/0xa0) dmabuf=0x{:x}", b.address);
}

}  // namespace custody::bench
