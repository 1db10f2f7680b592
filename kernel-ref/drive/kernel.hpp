// SPDX-License-Identifier: GPL-2.0-only
// The kernel's side as a loaded object: its functions, its static memory, what can be saved of it and put back.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel-ref/drive/arena.hpp"

namespace custody::kernel_ref::drive {

/// A function of the object, for people.
struct Symbol {
  std::uintptr_t at = 0;
  std::size_t size = 0;
  std::string name, file;  ///< `file`: the last part of its source's name; empty of what other files can see
};

/// One at a time in a process: the machine's functions serve that one.
class Kernel {
 public:
  struct Saved {
    std::vector<std::vector<unsigned char>> statics;
    Arena::Saved arena;
  };

  /// Throws std::runtime_error where it cannot be loaded.
  explicit Kernel(const std::string& path);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel();

  [[nodiscard]] Saved save() const;
  void restore(const Saved& saved);
  /// Static memory and arena.
  void add_to(Digest& digest) const;
  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] bool has_code(std::uintptr_t pc) const { return pc >= code_begin_ && pc < code_end_; }
  /// Null where nothing of it is there.
  [[nodiscard]] const Symbol* symbol(std::uintptr_t pc) const;
  /// `system_heap_unmap_dma_buf() (system_heap.c:152)`.
  [[nodiscard]] std::string place(std::uintptr_t pc) const;
  /// The object that others can see by this name; null: there is none.
  [[nodiscard]] void* find(const char* name) const;
  /// The name of the heap that registered first, or `udmabuf` of a driver that is used as it; empty: neither is there.
  [[nodiscard]] std::string first_exporter() const;
  /// Static objects of the drivers that are in this range are theirs.
  [[nodiscard]] bool is_static(std::uintptr_t at) const;

 private:
  struct Range {
    unsigned char* at;
    std::size_t size;
  };
  void find_ranges();
  std::string path_;
  void* handle_;
  Arena arena_;
  std::vector<Range> statics_;
  std::uintptr_t base_ = 0, code_begin_ = 0, code_end_ = 0;
  std::vector<Symbol> symbols_;                           ///< by address
  mutable std::map<std::uintptr_t, std::string> places_;  ///< those that were asked for
};

/// The one that is loaded; null: none.
[[nodiscard]] Kernel* the_kernel();

/// The functions of the ELF file at `path`, by address, from 0.
[[nodiscard]] std::vector<Symbol> functions_of(const std::string& path);

}  // namespace custody::kernel_ref::drive
