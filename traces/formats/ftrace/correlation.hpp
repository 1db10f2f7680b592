// SPDX-License-Identifier: BSD-2-Clause
// Finds the buffer of what the kernel's DMA tracepoints name by addresses only.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/formats/ftrace/address_space.hpp"
#include "traces/formats/ftrace/identities.hpp"
#include "traces/formats/ftrace/inodes.hpp"
#include "traces/formats/ftrace/tracepoint.hpp"

namespace custody::traces::formats::ftrace {

/// A map says which memory (physical addresses) a device sees where (DMA addresses); a sync has the latter only, an
/// unmap of a table the former. Equal physical addresses on two devices are one buffer. Where a call of the core around
/// it names the buffer already, that holds. Nothing is guessed: what may have been mapped before the trace, or twice,
/// is no evidence, or says so (`AddressEvidence`).
class Correlation {
 public:
  Correlation(Identities& ids, Directory& directory)
      : ids_(ids), directory_(directory), inodes_(ids, directory, addresses_) {}

  /// Each fills in what the record's addresses say: buffer, mapping, range, evidence. `e` has what is known without
  /// them; its buffer stays kNoId where they say nothing. `may_create`: memory that nobody knows becomes a buffer.
  void map(Event& e, const Tracepoint& t, bool translated, bool may_create);
  /// True where these are addresses, and their map is not in the trace.
  bool unmap(Event& e, const Tracepoint& t);
  bool sync(Event& e, const Tracepoint& t);

  /// A mapping made before the attachment to which it belongs.
  void adopt(const Event& map);
  /// Something was not seen: nothing is known any more.
  void forget();
  [[nodiscard]] Inodes& inodes() { return inodes_; }

 private:
  [[nodiscard]] bool is_current(const MemoryOwner& owner) const;
  [[nodiscard]] MemoryOwner owner_named(std::uint32_t buffer) const;
  [[nodiscard]] std::uint32_t create(const Event& e, const AddressMapping& m);
  /// The call concerns this mapping. `sure`: the addresses can be of no other.
  void concern(Event& e, const AddressMapping& m, bool sure) const;
  void take_away();

  Identities& ids_;
  Directory& directory_;
  AddressSpace addresses_;
  Inodes inodes_;
  std::vector<AddressRange> segments_;
};

}  // namespace custody::traces::formats::ftrace
