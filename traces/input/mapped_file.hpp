// SPDX-License-Identifier: BSD-2-Clause
// A whole regular file in memory, page by page as it is looked at.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "traces/input/file_source.hpp"

namespace custody::traces::input {

/// A file that another program cuts while it is read gives zeros from there on, and says so: a process that touches
/// such a page would else end by SIGBUS. For that the first object of the process takes over SIGBUS; a fault that is
/// none of its business goes to the handler that was there.
class MappedFile {
 public:
  /// `text` is empty where the file cannot be mapped. Does not keep `fd` from being read.
  explicit MappedFile(Descriptor fd);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] bool is_mapped() const { return memory_ != nullptr; }
  [[nodiscard]] std::string_view text() const { return {static_cast<const char*>(memory_), size_}; }
  /// A page that is gone was touched. Cheap enough to be asked for each line.
  [[nodiscard]] bool met_a_hole() const { return hole_ != nullptr && hole_->load(std::memory_order_relaxed); }
  /// The file is shorter than it was, whether or not that was noticed.
  [[nodiscard]] bool shrank() const;
  /// Of bytes of `text` that were copied: they were all there. What is cut off is zeros to the end of its page, which
  /// no fault tells of, and no page any more behind that.
  [[nodiscard]] bool was_there(std::string_view copy) const {
    return copy.empty() || copy.back() == '\0' ? !shrank() : !met_a_hole();
  }
  /// Up to `size` bytes from byte `at`, read into `room`.
  [[nodiscard]] std::string_view read(std::size_t at, std::size_t size, std::string& room) const;
  /// What lies from byte `from` to `to` needs no memory for now.
  void drop(std::size_t from, std::size_t to) const;
  [[nodiscard]] Descriptor take_descriptor() { return std::move(fd_); }

 private:
  Descriptor fd_;
  void* memory_ = nullptr;
  std::size_t size_ = 0;
  std::size_t slot_ = 0;                     ///< in the table of the handler
  const std::atomic<bool>* hole_ = nullptr;  ///< what that slot says; null: not mapped
};

}  // namespace custody::traces::input
