// SPDX-License-Identifier: GPL-2.0-only
// A client of the dma-buf core on a machine: calls the real functions and records them.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "kernel-ref/client/recorder.hpp"

namespace custody::kernel_ref::client {

/// The release whose sources were built, as its Makefile says, `6.1.192` for example.
[[nodiscard]] std::string kernel_release();

struct ClientOptions {
  std::string driver = "system";  ///< a heap: system, reserved (CMA), one of kernel-ref/drivers; or udmabuf
  std::uint64_t seed = 0;         ///< of who drives the client; goes into the header
  bool exact_accesses = false;    ///< accesses are recorded, and are all that happen
};

/// Every call is one of the kernel's with its entry, what runs inside it, and its return in the trace. Results are 0 or
/// a negative errno. Handles are ids of the trace's directory; using a dead one is a bug of the caller.
class Client {
 public:
  Client(machine::Machine& machine, traces::EventSink& sink, ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();
  void finish() { recorder_.finish(); }

  /// `buffer` gets the handle.
  int export_buffer(std::uint64_t bytes, std::uint32_t& buffer);
  /// Drops the only reference: dma_buf_release runs.
  void release(std::uint32_t buffer);
  int attach(std::uint32_t buffer, std::uint32_t device, std::uint32_t& attachment);
  void detach(std::uint32_t attachment);
  int map(std::uint32_t attachment, model::Direction dir);
  void unmap(std::uint32_t attachment, model::Direction dir);
  int begin_cpu_access(std::uint32_t buffer, model::Direction dir);
  int end_cpu_access(std::uint32_t buffer, model::Direction dir);
  int vmap(std::uint32_t buffer);
  void vunmap(std::uint32_t buffer);
  int mmap(std::uint32_t buffer);
  /// Records that the CPU reads or writes the whole buffer, and touches none of its bytes.
  void tell_cpu_access(std::uint32_t buffer, bool writes);
  /// dma_sync_sgtable_for_cpu (or for_device) by the importer itself.
  void importer_sync(std::uint32_t attachment, model::Direction dir, bool for_cpu);
  /// begin_cpu_access that is interrupted while it waits for a fence, after the exporter's sync.
  int begin_interrupted(std::uint32_t buffer, model::Direction dir);

  /// The next dma_map fails; takes that back.
  void fail_next_map() { machine_.fail_next_map(); }
  void expect_no_failure() { machine_.expect_no_failure(); }
  /// The core keeps the table of an attachment until its detach, and unmaps it there.
  [[nodiscard]] bool detach_unmaps() const { return options_.driver == "udmabuf"; }

  void cpu_write(std::uint32_t buffer, std::size_t offset, const std::uint8_t* from, std::size_t n);
  void cpu_read(std::uint32_t buffer, std::size_t offset, std::uint8_t* to, std::size_t n);
  /// False where the attachment has no live DMA mapping.
  bool device_write(std::uint32_t attachment, std::size_t offset, const std::uint8_t* from, std::size_t n);
  bool device_read(std::uint32_t attachment, std::size_t offset, std::uint8_t* to, std::size_t n);

  /// Physical address of page `index`.
  [[nodiscard]] machine::Phys page(std::uint32_t buffer, std::size_t index) const {
    return buffers_[buffer].pages[index];
  }
  [[nodiscard]] std::uint64_t size(std::uint32_t buffer) const { return buffers_[buffer].size; }
  /// Calls of the kernel so far.
  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  [[nodiscard]] Recorder& recorder() { return recorder_; }

 private:
  struct Buffer {
    void* dmabuf = nullptr;
    std::uint64_t size = 0;
    std::vector<unsigned long long> pages;
  };
  struct Attachment {
    void* attachment = nullptr;
    void* table = nullptr;       ///< sg_table of the latest map
    const void* list = nullptr;  ///< its scatterlist: the machine's name for the mapping
    std::uint32_t buffer = 0, device = 0;
  };
  void touch(std::uint32_t buffer, std::uint32_t attachment, traces::EventKind kind, std::size_t offset, std::size_t n);
  template <class Visit>
  void visit_pages(std::uint32_t buffer, std::size_t offset, std::size_t n, const Visit& visit);

  machine::Machine& machine_;
  Recorder recorder_;
  ClientOptions options_;
  std::vector<Buffer> buffers_;
  std::deque<Attachment> attachments_;  ///< two tasks attach at once: none moves
  std::uint64_t calls_ = 0;
};

}  // namespace custody::kernel_ref::client
