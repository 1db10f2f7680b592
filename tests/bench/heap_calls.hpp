// SPDX-License-Identifier: BSD-2-Clause
// What the kprobes print of the calls on one system-heap buffer: arm64 Linux 6.1, importers that do not snoop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/direction.hpp"

namespace custody::bench {

/// Objects of one kind at kernel addresses. A freed address is the next to be given out, as a slab allocator does.
class Slab {
 public:
  Slab(std::uint64_t base, std::uint64_t stride) : next_(base), stride_(stride) {}
  [[nodiscard]] std::uint64_t take();
  void give_back(std::uint64_t address) { free_.push_back(address); }

 private:
  std::uint64_t next_, stride_;
  std::vector<std::uint64_t> free_;
};

/// The lines of calls that have begun, in the order in which their task prints them. A line is its flags and its
/// text; who prints it when is the scheduler's matter.
class Script {
 public:
  [[nodiscard]] bool done() const { return next_ == text_.size(); }
  /// The next line, without line end. Valid until the next change of the script.
  [[nodiscard]] std::string_view take();
  [[nodiscard]] std::string& text() { return text_; }
  /// An address that is free once every line is printed: until then no other task may be given it.
  void frees(Slab& slab, std::uint64_t address) { freed_.emplace_back(&slab, address); }
  /// Empties a script that is done, for the next calls.
  void finish();

 private:
  std::string text_;
  std::size_t next_ = 0;
  std::vector<std::pair<Slab*, std::uint64_t>> freed_;
};

struct Attachment {
  std::uint64_t address = 0;
  std::uint64_t table = 0;
  std::string_view device;
  model::Direction dir = model::Direction::kNone;  ///< of the live map; kNone: not mapped
};

struct Buffer {
  std::uint64_t address = 0;
  std::uint64_t pages = 0;  ///< physical address of the first segment
  std::uint64_t size = 0;
  std::uint64_t ino = 0;
  std::vector<Attachment> attachments;  ///< oldest first
};

/// The kernel's side: hands out addresses and writes what each call prints, with the DMA calls and the cache
/// operations that the system heap makes inside it. Callers keep the calls legal.
class Heap {
 public:
  void export_buffer(Buffer& b, std::uint64_t size, Script& out);
  void release(Buffer& b, Script& out);
  void attach(Buffer& b, std::string_view device, Script& out);
  void detach(Buffer& b, std::string_view device, Script& out);
  void map(Buffer& b, std::string_view device, model::Direction dir, Script& out);
  void unmap(Buffer& b, std::string_view device, Script& out);
  void begin_cpu_access(const Buffer& b, model::Direction dir, Script& out);
  void end_cpu_access(const Buffer& b, model::Direction dir, Script& out);
  void mmap(const Buffer& b, Script& out);
  void vmap(const Buffer& b, Script& out);
  void vunmap(const Buffer& b, Script& out);

 private:
  void for_device(const Buffer& b, model::Direction dir, Script& out);
  void for_cpu(const Buffer& b, model::Direction dir, Script& out);

  Slab buffers_{0xffffff8001ae6400, 0x200};
  Slab attachments_{0xffffff8104328c00, 0x100};
  Slab tables_{0xffffff8204328d00, 0x800};
  Slab pages_{0x44400000, 0x2000000};
  std::uint64_t last_ino_ = 0;
};

}  // namespace custody::bench
