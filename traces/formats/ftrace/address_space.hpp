// SPDX-License-Identifier: BSD-2-Clause
// Which DMA mapping an address means now, for each device, and which memory the mappings are of.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <utility>
#include <vector>
#if __has_include(<memory_resource>)
#include <memory_resource>
#endif

#include "model/direction.hpp"
#include "traces/event.hpp"

namespace custody::traces::formats::ftrace {

/// Whose memory it is: an id of the Directory, and which of the objects of that id.
struct MemoryOwner {
  std::uint32_t buffer = kNoId;
  std::uint32_t generation = 0;
  bool by_address = false;  ///< the buffer exists because of its mappings only
};

/// A mapping whose map is in the trace, from then on until it is forgotten.
struct AddressMapping {
  std::uint32_t id = kNoId;  ///< for `DmaCall::mapping`
  MemoryOwner owner;
  std::uint32_t attachment = kNoId;
  std::uint32_t device = kNoId;
  std::uint32_t entries = 0;  ///< of the table that was mapped; 0: unknown
  model::Direction dir = model::Direction::kNone;
  std::uint64_t bytes = 0;
  std::uint64_t memory = 0;  ///< physical address of its first entry
  std::uint64_t table = 0;   ///< hash of the physical addresses of its entries
  bool single = false;       ///< of one range, and not of a table
  /// An IOMMU gave it its addresses: nothing else can be mapped there meanwhile. Else the same memory may be mapped
  /// twice for the device, under one address.
  bool translated = false;
  bool live = true;
  /// Another mapping of the same memory lived at the same time on this device: an unmap by memory may mean either.
  bool repeated = false;
};

/// Part of what a call names.
struct AddressRange {
  std::uint64_t begin = 0, bytes = 0;
};

/// A multimap whose nodes come from a pool of its own, where the library has pools: Emscripten's has none.
#if __has_include(<memory_resource>)
template <class Key, class Value>
class PooledMultimap : std::pmr::unsynchronized_pool_resource, public std::pmr::multimap<Key, Value> {
 public:
  PooledMultimap() : std::pmr::multimap<Key, Value>(static_cast<std::pmr::memory_resource*>(this)) {}
};
#else
template <class Key, class Value>
using PooledMultimap = std::multimap<Key, Value>;
#endif

/// Memory follows the live mappings, and the last `kTombstones` that ended: of those it is still known that they did.
class AddressSpace {
 public:
  static constexpr std::size_t kTombstones = 4096, kMostLive = std::size_t{1} << 18U;
  /// Names what was found; valid until the next `add`.
  struct Found {
    const AddressMapping* mapping = nullptr;
    std::uint64_t offset = 0;  ///< of the address in the mapping
  };

  /// Adds a live mapping with these DMA segments. What had ended where they are now is forgotten, and so is what an
  /// IOMMU had mapped there. Buffers of which nothing is left are then in `gone`.
  void add(AddressMapping mapping, std::span<const AddressRange> segments);
  /// The mapping of the device that holds the address; of several a live one, first one of `buffer`.
  [[nodiscard]] Found at(std::uint32_t device, std::uint64_t dma_addr, std::uint32_t buffer) const;
  /// The mapping of the device of this table, as an unmap names it; of several a live one, first one of this direction
  /// and of `buffer`, then the oldest.
  [[nodiscard]] Found of_table(const AddressMapping& like) const;
  /// The mapping ends. It stays known as one that did.
  void end(const AddressMapping& mapping);
  /// Whose memory begins at this physical address, by its mappings; kNoId: unknown.
  [[nodiscard]] MemoryOwner owner_of(std::uint64_t memory) const;
  /// A mapping whose buffer was not known is of this one.
  void adopt(std::uint32_t id, const MemoryOwner& owner, std::uint32_t attachment);
  /// Some mapping of the buffer, ended or not, is known.
  [[nodiscard]] bool knows(std::uint32_t buffer) const { return known_.contains(buffer); }
  /// Nothing is known any more: something was not seen.
  void forget();
  /// More than `kMostLive` live mappings: their unmaps are not seen.
  [[nodiscard]] bool is_full() const { return slots_.size() - free_.size() > kMostLive + kTombstones; }
  /// Buffers that existed by their mappings only, and of which none is known any more. The caller takes them away.
  std::vector<std::uint32_t> gone;

 private:
  using Slot = std::uint32_t;
  using Place = std::pair<std::uint32_t, std::uint64_t>;  ///< device, address
  struct Segment {
    Slot slot = 0;
    std::uint64_t bytes = 0, offset = 0;
  };
  struct Owned {
    MemoryOwner owner;
    std::uint32_t live = 0;
  };
  struct Grave {
    Slot slot = 0;
    std::uint32_t id = 0;
  };

  void make_way(std::uint32_t device, AddressRange range);
  void own(const AddressMapping& mapping);
  void drop(Slot slot);

  std::vector<AddressMapping> slots_;
  std::vector<Slot> free_;
  PooledMultimap<Place, Segment> by_dma_;
  PooledMultimap<Place, Slot> by_memory_;
  std::vector<std::vector<AddressRange>> segments_;                ///< by slot
  boost::unordered_flat_map<std::uint64_t, Owned> owners_;         ///< by memory
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> known_;  ///< by buffer: its mappings, ended ones too
  std::deque<Grave> graves_;
  std::vector<Slot> in_the_way_;
};

}  // namespace custody::traces::formats::ftrace
