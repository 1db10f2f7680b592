// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/correlation.hpp"

#include <algorithm>

namespace custody::traces::formats::ftrace {

namespace {

/// So many entries of a table are traced at most by a dma_map_sg (DMA_TRACE_MAX_ENTRIES); an unmap has all.
constexpr std::size_t kTracedEntries = 128;

std::uint64_t hash_of(const std::vector<std::uint64_t>& table) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (std::size_t i = 0; i < std::min(table.size(), kTracedEntries); ++i) hash = (hash ^ table[i]) * 0x100000001b3U;
  return hash;
}

/// The DMA segments of a record; false where they cannot be: an address space ends at 2^64.
bool segments_of(const Tracepoint& t, std::vector<AddressRange>& out) {
  out.clear();
  for (std::size_t i = 0; i < t.dma_addrs.size() && i < t.sizes.size(); ++i) {
    // Entries behind the last segment of a table that an IOMMU merged are empty.
    if (t.sizes[i] == 0) continue;
    if (t.dma_addrs[i] + (t.sizes[i] - 1) < t.dma_addrs[i]) return false;
    out.push_back({t.dma_addrs[i], t.sizes[i]});
  }
  return !out.empty();
}

std::uint64_t bytes_of(const std::vector<AddressRange>& segments) {
  std::uint64_t bytes = 0;
  for (const AddressRange& s : segments) bytes += s.bytes;
  return bytes;
}

bool is_single(TracepointKind kind) { return kind == TracepointKind::kMap || kind == TracepointKind::kUnmap; }

AddressEvidence evidence_of(const AddressMapping& m, bool sure) {
  if (m.repeated) return AddressEvidence::kNone;
  if (sure) return m.live ? AddressEvidence::kMapped : AddressEvidence::kNotMapped;
  return m.live ? AddressEvidence::kMappedUnlessOlder : AddressEvidence::kNotMappedUnlessOlder;
}

}  // namespace

bool Correlation::is_current(const MemoryOwner& owner) const {
  return owner.buffer < directory_.buffers.size() && directory_.buffers[owner.buffer].generation == owner.generation;
}

MemoryOwner Correlation::owner_named(std::uint32_t buffer) const {
  if (buffer == kNoId) return {};
  return {buffer, directory_.buffers[buffer].generation, false};
}

std::uint32_t Correlation::create(const Event& e, const AddressMapping& m) {
  if (const std::uint32_t joined = inodes_.join(e.task, e.device, m.bytes); joined != kNoId) return joined;
  const std::uint32_t buffer = ids_.add_buffer(false);
  directory_.buffers[buffer].size = m.bytes;
  return buffer;
}

void Correlation::map(Event& e, const Tracepoint& t, bool translated, bool may_create) {
  if (!e.ok() || !t.arrays_known || t.phys_addrs.empty() || !segments_of(t, segments_)) return;
  if (addresses_.is_full()) forget();
  AddressMapping m;
  m.device = e.device;
  m.dir = e.dir;
  m.single = is_single(t.kind);
  m.translated = translated;
  m.memory = t.phys_addrs.front();
  m.table = hash_of(t.phys_addrs);
  if (!t.truncated) m.bytes = bytes_of(segments_);
  m.entries = static_cast<std::uint32_t>(t.truncated ? t.nents.all : t.phys_addrs.size());
  m.owner = owner_named(e.buffer);
  if (e.buffer == kNoId) {
    m.owner = addresses_.owner_of(m.memory);
    if (!is_current(m.owner)) m.owner = {};
    if (m.owner.buffer == kNoId && may_create) {
      m.owner.buffer = create(e, m);
      m.owner.generation = directory_.buffers[m.owner.buffer].generation;
      m.owner.by_address = true;
    }
    e.buffer = m.owner.buffer;
    e.by = e.buffer != kNoId ? AttributedBy::kAddress : e.by;
  }
  m.attachment = e.attachment;
  if (e.dma.mapping == kNoId) e.dma.mapping = ids_.new_mapping();
  m.id = e.dma.mapping;
  e.dma.orig_nents = m.entries;
  addresses_.add(m, segments_);
  take_away();
}

void Correlation::concern(Event& e, const AddressMapping& m, bool sure) const {
  const bool named = e.buffer != kNoId;
  // Where calls name the buffer, they say more than memory of which nobody knows whose it was before.
  const bool known = is_current(m.owner) && (m.owner.by_address ? !named : m.live);
  if (named && (!known || m.owner.buffer == e.buffer)) {
    if (m.live && known && e.dma.mapping == kNoId) e.dma.mapping = m.id;
    return;
  }
  if (!known) return;
  e.buffer = m.owner.buffer;
  e.by = AttributedBy::kAddress;
  e.attachment = m.attachment;
  if (m.live && e.dma.mapping == kNoId) e.dma.mapping = m.id;
  // Of a buffer that calls name, they and its whole history tell more.
  e.dma.addresses = directory_.buffers[e.buffer].by_address ? evidence_of(m, sure) : AddressEvidence::kNone;
}

bool Correlation::unmap(Event& e, const Tracepoint& t) {
  if (!t.arrays_known) return false;
  AddressSpace::Found found;
  if (t.kind == TracepointKind::kUnmap) {
    if (!segments_of(t, segments_)) return false;
    found = addresses_.at(e.device, segments_.front().begin, e.buffer);
    if (found.mapping != nullptr && (found.offset != 0 || !found.mapping->single)) return false;
  } else if (!t.phys_addrs.empty()) {
    AddressMapping like;
    like.owner.buffer = e.buffer;
    like.device = e.device;
    like.dir = e.dir;
    like.memory = t.phys_addrs.front();
    like.table = hash_of(t.phys_addrs);
    found = addresses_.of_table(like);
  }
  if (found.mapping == nullptr) return true;
  concern(e, *found.mapping, t.kind == TracepointKind::kUnmap && found.mapping->translated);
  addresses_.end(*found.mapping);
  take_away();
  return false;
}

bool Correlation::sync(Event& e, const Tracepoint& t) {
  if (!t.arrays_known || !segments_of(t, segments_)) return false;
  const AddressSpace::Found first = addresses_.at(e.device, segments_.front().begin, e.buffer);
  // A table that was never mapped has no addresses.
  if (first.mapping == nullptr) return segments_.front().begin != 0;
  bool in_a_row = true;
  std::uint64_t next = first.offset;
  // Of a table that was not traced whole, the rest is somewhere.
  const std::size_t known = first.mapping->bytes != 0 ? segments_.size() : std::min(segments_.size(), kTracedEntries);
  for (const AddressRange& s : std::span(segments_).first(known)) {
    const AddressSpace::Found found = addresses_.at(e.device, s.begin, e.buffer);
    if (found.mapping != first.mapping) return false;
    in_a_row = in_a_row && found.offset == next;
    next = found.offset + s.bytes;
  }
  const AddressMapping& m = *first.mapping;
  // Whether a table was unmapped, and not another mapping of its memory, its addresses do not tell.
  concern(e, m, m.translated && (m.live || m.single));
  const std::uint64_t bytes = bytes_of(segments_);
  if (m.bytes == 0 || bytes >= m.bytes) return false;
  e.range = {in_a_row ? first.offset : 0, bytes};
  if (!in_a_row) e.dma.nents = static_cast<std::uint32_t>(segments_.size());
  return false;
}

void Correlation::adopt(const Event& map) {
  addresses_.adopt(map.dma.mapping, owner_named(map.buffer), map.attachment);
}

void Correlation::forget() {
  addresses_.forget();
  take_away();
  inodes_.forget();
}

void Correlation::take_away() {
  for (const std::uint32_t buffer : addresses_.gone)
    if (!inodes_.is_of_inode(buffer)) ids_.drop_buffer(buffer);
  addresses_.gone.clear();
}

}  // namespace custody::traces::formats::ftrace
