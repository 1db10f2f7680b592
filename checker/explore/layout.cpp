// SPDX-License-Identifier: BSD-2-Clause
// Lays the bits of a state out, as few as the contract and the configuration need.
#include "checker/explore/layout.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace custody::checker::explore {

using model::at;
using model::Direction;
using model::Id;
using model::kFacts;

namespace {

constexpr Id kAttachedFact = at(kFacts, "attached"), kMappedFact = at(kFacts, "mapped"),
             kPlainAttached = at(kFacts, "plain_attached"), kSnoopingAttached = at(kFacts, "snooping_attached"),
             kPlainMapped = at(kFacts, "plain_mapped"), kPlainWriters = at(kFacts, "plain_writers"),
             kSnoopingReaders = at(kFacts, "snooping_readers");

unsigned bits_for(unsigned most) {
  unsigned bits = 0;
  while ((1U << bits) <= most) ++bits;
  return bits;
}

/// The most that a count of devices can be; 0 for other facts.
unsigned most_devices(Id fact, const Configuration& c) {
  const unsigned snooping = c.arch->all_coherent ? c.devices : c.coherent;
  if (fact == kAttachedFact || fact == kMappedFact) return c.devices;
  if (fact == kSnoopingReaders || fact == kSnoopingAttached) return snooping;
  if (fact == kPlainAttached || fact == kPlainMapped || fact == kPlainWriters) return c.devices - snooping;
  return 0;
}

class Builder {
 public:
  Builder(const spec::Contract& contract, const Configuration& configuration)
      : contract_(contract), c_(configuration) {}

  Layout build(unsigned line_states) {
    buffer_part(line_states);
    block_part();
    out_.devices_at = bits_;
    out_.bits = bits_ + c_.devices * out_.block.bits;
    if (out_.devices_at > 32 || out_.bits > 63)
      throw std::invalid_argument("a state of this configuration needs " + std::to_string(out_.bits) + " bits, " +
                                  std::to_string(out_.devices_at) + " of them for the buffer; 63 and 32 are the most");
    masks();
    return out_;
  }

 private:
  static Slot take_from(unsigned& bits, unsigned most) {
    const unsigned width = bits_for(most);
    const Slot slot{static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(most)};
    bits += width;
    return slot;
  }
  Slot take(unsigned most) { return take_from(bits_, most); }
  Slot take_in_block(unsigned most) { return take_from(out_.block.bits, most); }
  void buffer_part(unsigned line_states) {
    const bool ranges = contract_.granularity() != 0;
    const bool kernel = c_.client == Client::kVmap;
    out_.state = take(at(model::kStates, "Freed"));
    out_.line = take(line_states - 1);
    out_.written = take(contract_.has_policy("leaves", "release") ? 1 : 0);
    for (unsigned w = 0; w < c_.windows; ++w) out_.window[w] = take(ranges ? 15 : 3);
    (kernel ? out_.kernel_users : out_.user_mappings) = take(1);
    if (kernel) out_.bracketed = take(1);
    for (Id f = 0; f < model::kFirstPolicy; ++f) {
      const unsigned devices = most_devices(f, c_);
      const bool counted = f == kAttachedFact || f == kMappedFact || (devices != 0 && contract_.looks_at(f));
      const bool noted = model::kFacts[f].source == model::Source::kNote && contract_.uses_note(f);
      if (counted) out_.fact[f] = take(devices);
      else if (noted) out_.fact[f] = take(model::kFacts[f].most);
    }
  }
  void block_part() {
    if (contract_.uses_note(at(kFacts, "kept"))) out_.block.kept = take_in_block(3);
    if (asks_who_is_first(contract_)) out_.block.rank = take_in_block(c_.devices - 1);
    if (syncs_left_tables(contract_, c_)) out_.block.left_table = take_in_block(1);
    if (c_.bounced == 0) return;
    out_.block.slot_old = out_.block.bits++;
    out_.block.slot_newer = out_.block.bits++;
  }
  void masks() {
    DeviceMasks& m = out_.masks;
    for (unsigned d = 0; d < kMaxDevices; ++d) m.one_a_block |= Packed{1} << (d * out_.block.bits);
    for (unsigned d = 0; d < c_.devices; ++d) {
      m.attachments |= Packed{1} << out_.of_device(d, BlockLayout::kAttached, 1).shift;
      const Packed dir = Packed{1} << out_.of_device(d, BlockLayout::kDir, 1).shift;
      m.dirs |= dir;
      m.reach_dirs[static_cast<std::size_t>(c_.reach_of(d, contract_.memory == "cached"))] |= dir;
      if (!c_.snoops(d)) m.plain_dirs |= dir;
      if (out_.block.left_table.width != 0 && c_.is_plain(d))
        m.left_tables |= Packed{1} << out_.of_device(d, out_.block.left_table).shift;
    }
    for (const Packed of_one : m.reach_dirs)
      m.has_mixed_devices = m.has_mixed_devices || (of_one != 0 && of_one != m.dirs);
    for (Id f = 0; f < model::kFirstPolicy; ++f)
      if (most_devices(f, c_) != 0) put(m.counts, out_.fact[f], (1U << out_.fact[f].width) - 1U);
  }

  const spec::Contract& contract_;
  const Configuration& c_;
  Layout out_;
  unsigned bits_ = 0;
};

/// Of a handful of values.
void sort_range(std::array<Packed, kMaxDevices>& values, unsigned from, unsigned end) {
  for (unsigned i = from + 1; i < end; ++i)
    for (unsigned j = i; j > from && values[j - 1] > values[j]; --j) std::swap(values[j - 1], values[j]);
}

template <typename Is>
bool any_sync(const spec::Contract& contract, const Is& is) {
  return std::any_of(contract.clauses.begin(), contract.clauses.end(), [&](const spec::Clause& clause) {
    return std::any_of(clause.syncs.begin(), clause.syncs.end(), is);
  });
}

}  // namespace

bool asks_who_is_first(const spec::Contract& contract) {
  return any_sync(contract, [](const model::Sync& sync) { return sync.targets == model::Targets::kFirst; });
}

bool syncs_left_tables(const spec::Contract& contract, const Configuration& c) {
  bool is_any_plain = false;
  for (unsigned d = 0; d < c.devices; ++d) is_any_plain = is_any_plain || c.is_plain(d);
  if (!is_any_plain || contract.memory != "cached") return false;
  return any_sync(contract, [&](const model::Sync& sync) {
    if (sync.targets != model::Targets::kAttached) return false;
    const auto operates = [&](Direction call) {
      const Direction dir = model::direction_of(sync, call, Direction::kNone, call);
      return model::operation_of(sync, dir, *c.arch, contract.skips_implicit()) != model::Operation::kNone;
    };
    return operates(Direction::kToDevice) || operates(Direction::kFromDevice) || operates(Direction::kBidirectional);
  });
}

Layout layout_of(const spec::Contract& contract, const Configuration& configuration, unsigned line_states) {
  return Builder(contract, configuration).build(line_states);
}

void recount(Packed& s, Packed before, unsigned device, const Layout& layout, const Configuration& configuration) {
  const bool snoops = configuration.snoops(device);
  const auto move = [&](Id fact, bool was, bool is) {
    const Slot slot = layout.fact[fact];
    if (slot.width != 0 && was != is) put(s, slot, is ? get(s, slot) + 1 : get(s, slot) - 1);
  };
  const bool was_attached = layout.is_attached(before, device), is_attached = layout.is_attached(s, device);
  const Direction was = layout.dir(before, device), is = layout.dir(s, device);
  const bool was_mapped = was != Direction::kNone, is_mapped = is != Direction::kNone;
  move(kAttachedFact, was_attached, is_attached);
  move(kMappedFact, was_mapped, is_mapped);
  move(snoops ? kSnoopingAttached : kPlainAttached, was_attached, is_attached);
  if (snoops) return move(kSnoopingReaders, model::device_may_read(was), model::device_may_read(is));
  move(kPlainMapped, was_mapped, is_mapped);
  move(kPlainWriters, model::device_may_write(was), model::device_may_write(is));
}

void count_devices(Packed& s, const Layout& layout, const Configuration& configuration) {
  for (unsigned d = 0; d < configuration.devices; ++d) recount(s, 0, d, layout, configuration);
}

Packed canonical_form(Packed state, const Layout& layout, const Configuration& configuration) {
  const unsigned coherent = configuration.devices - configuration.coherent, bounced = coherent - configuration.bounced;
  std::array<Packed, kMaxDevices> blocks{};
  const Packed mask = (Packed{1} << layout.block.bits) - 1U;
  for (unsigned d = 0; d < configuration.devices; ++d)
    blocks[d] = (state >> (layout.devices_at + d * layout.block.bits)) & mask;
  sort_range(blocks, 0, bounced);
  sort_range(blocks, bounced, coherent);
  sort_range(blocks, coherent, configuration.devices);
  for (unsigned d = 0; d < configuration.devices; ++d)
    put(state, layout.of_device(d, 0, layout.block.bits), static_cast<unsigned>(blocks[d]));
  return state;
}

}  // namespace custody::checker::explore
