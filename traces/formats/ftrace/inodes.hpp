// SPDX-License-Identifier: BSD-2-Clause
// The dma-bufs that the tracepoints of group dma_buf name by their inodes, and their attachments.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <utility>

#include "traces/formats/ftrace/address_space.hpp"
#include "traces/formats/ftrace/identities.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// No record says that a dma-buf is gone: a put gives one reference back, not the last. What has no attachment that is
/// known goes when `kMost` others came after it.
class Inodes {
 public:
  static constexpr std::size_t kMost = 4096;
  Inodes(Identities& ids, Directory& directory, const AddressSpace& addresses)
      : ids_(ids), directory_(directory), addresses_(addresses) {}

  /// Fills in what a record of the group says; `e` has its time and task. False: it is no event of a buffer.
  [[nodiscard]] bool tell(Event& e, const Tracepoint& t);
  /// The buffer that a mapping of so many bytes, by this task for this device, is of: kNoId unless exactly one
  /// attachment of that device was made by that task, not detached, for a buffer of that size, and not mapped since.
  [[nodiscard]] std::uint32_t join(std::uint32_t task, std::uint32_t device, std::uint64_t bytes);
  [[nodiscard]] bool is_of_inode(std::uint32_t buffer) const { return attachments_of_.contains(buffer); }
  void forget();

 private:
  struct Attached {
    std::uint32_t id = kNoId, buffer = kNoId, device = kNoId, task = kNoId;
    bool joined = false;
  };
  [[nodiscard]] std::uint32_t buffer_of(const Tracepoint& t);
  void attach(Event& e, const Tracepoint& t);
  void detach(Event& e, const Tracepoint& t);
  void shrink();
  /// The inode names it no more; its mappings may.
  void leave(std::uint32_t buffer);
  void count_down(std::uint32_t buffer);

  Identities& ids_;
  Directory& directory_;
  const AddressSpace& addresses_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_inode_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> attachments_of_;  ///< by buffer: how many live
  boost::unordered_flat_map<std::uint64_t, Attached> attached_;             ///< by what stands for the pointer
  std::deque<std::pair<std::uint64_t, std::uint32_t>> order_;               ///< inode, buffer
};

}  // namespace custody::traces::formats::ftrace
