// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/life.hpp"

namespace custody::checker::test {
namespace {

using model::at;
using model::Id;

/// Who owns the buffer after these calls, as the meaning of the states has it.
bool owner_is_right(const Life& life) {
  const Ghost& g = life.ghost;
  const auto in = [&](std::string_view name) { return model::kStates[life.state].name == name; };
  if (g.released || in("Freed")) return g.released && in("Freed");
  const bool releases = life.cells.v[at(model::kFields, "leaves")] == 1;
  const bool unowned = in("NonOwnedNonBacked") || (in("NonOwnedBacked") && !releases), cpu = g.kernel + g.user > 0;
  if (life.cells.v[at(model::kFields, "cpu_owns")] == 1) {
    if (cpu && g.mapped() > 0) return in("CpuOwned") || in("DeviceOwned");
    return cpu ? in("CpuOwned") : g.mapped() > 0 ? in("DeviceOwned") : unowned;
  }
  return g.windows > 0 ? in("CpuOwned") : g.mapped() > 0 ? in("DeviceOwned") : unowned;
}

/// The notes of an exporter say what their names say. A clean forgotten costs data; an invalidate that was not noted
/// costs another one, and is wrong where the contract tells writers apart.
bool notes_are_right(const Cells& c, const Life& life) {
  const Ghost& g = life.ghost;
  const bool dirty = life.cells.v[at(model::kFields, "cpu_dirty")] == 1;
  const bool stale = life.cells.v[at(model::kFields, "cpu_stale")] == 1;
  if (c.changes("cpu_dirty") && dirty != g.dirty) return false;
  if (!c.changes("cpu_stale")) return true;
  return c.changes("plain_writers") ? stale == g.stale : (stale || !g.stale) && (g.lent || !stale);
}

/// A table is kept from the first map until the detach, in the direction of the last map or for both.
bool kept_is_right(unsigned kept, unsigned last) { return (kept == 0) == (last == 0) && (kept == last || kept == 3); }

/// The fields say what happened.
bool books_are_right(const Cells& c, const Life& life) {
  const Ghost& g = life.ghost;
  const auto field = [&](std::string_view name) {
    for (std::size_t f = 0; f < model::kWorldFields; ++f)
      if (model::kFields[f].name == name) return unsigned{life.cells.v[f]};
    return ~0U;
  };
  const auto state = [&](std::size_t d) { return model::kStates[life.attachments[d].state].name; };
  const auto own = [&](std::size_t d, std::string_view name) {
    for (std::size_t f = model::kWorldFields; f < model::kFieldCount; ++f)
      if (model::kFields[f].name == name) return unsigned{life.attachments[d].get(static_cast<Id>(f))};
    return ~0U;
  };
  for (const std::size_t d : {0U, 1U}) {
    if (state(d) != (g.attached[d] == 0 ? "Detached" : g.maps[d] == 0 ? "Attached" : "Mapped")) return false;
    if (own(d, "own_maps") != g.maps[d] || own(d, "own_pins") != g.pins[d]) return false;
    if (c.changes("own_cached") && !kept_is_right(own(d, "own_cached"), g.mapped_last[d])) return false;
    if (g.attached[d] != 0 && own(d, "own_invalidated") != (g.invalidated[d] ? 1U : 0U)) return false;
  }
  const bool in_windows = life.cells.v[at(model::kFields, "cpu_owns")] == 0;
  if (in_windows && g.kernel > 0 && field("bracketed") != (g.bracketed ? 1U : 0U)) return false;
  if (c.changes("begin_mappings") && field("begin_mappings") != g.windows) return false;
  // Device 1 snoops. Of a direction, bit 0 is to the device, bit 1 from it.
  const auto &plain = g.by_direction[0], &snooping = g.by_direction[1];
  if (c.changes("plain_mapped") && field("plain_mapped") != g.maps[0]) return false;
  if (c.changes("plain_writers") && field("plain_writers") != plain[2] + 0U + plain[3]) return false;
  if (c.changes("snooping_readers") && field("snooping_readers") != snooping[1] + 0U + snooping[3]) return false;
  return field("exported") == (g.exported ? 1U : 0U) && field("attached") == g.attached[0] + 0U + g.attached[1] &&
         field("mapped") == g.mapped() && field("windows") == g.windows && field("kernel_mappings") == g.kernel &&
         field("user_mappings") == g.user && field("cpu_mappings") == g.kernel + 0U + g.user &&
         field("pinned") == g.pins[0] + 0U + g.pins[1];
}

}  // namespace

bool is_right(const Cells& contract, const Life& life) {
  model::Cells seen = life.cells;
  seen.v[at(model::kFields, "to_device")] = 1;
  return model::is_consistent(life.state, seen) && owner_is_right(life) && books_are_right(contract, life) &&
         notes_are_right(contract, life);
}

bool owner_stays(const Life& before, Id event, const Life& after) {
  constexpr Id kCpu = at(model::kStates, "CpuOwned"), kDevice = at(model::kStates, "DeviceOwned");
  if (after.cells.v[at(model::kFields, "cpu_owns")] == 0) return true;
  const bool still = before.state == kCpu      ? after.ghost.kernel + after.ghost.user > 0
                     : before.state == kDevice ? after.ghost.mapped() > 0
                                               : false;
  const bool hands_over =
      event == at(model::kEvents, "begin_cpu_access") || event == at(model::kEvents, "end_cpu_access");
  return !still || hands_over || after.state == before.state;
}

}  // namespace custody::checker::test
