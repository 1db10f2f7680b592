// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/mutants/lives.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/checker/mutants/life.hpp"

namespace custody::checker::test {
namespace {

using model::at;
using model::Id;
using model::Row;

/// How far a walk goes: the directions of the calls, of which bit 0 is to the device and bit 1 from it; and the
/// counters.
struct Bound {
  unsigned first = 1, last = 1;
  bool few = false;
  bool maps_only = false;  ///< of the first attachment's maps; other calls have the last direction
  [[nodiscard]] bool has(Id event, std::size_t device, unsigned given) const {
    const bool maps = event == at(model::kEvents, "map") || event == at(model::kEvents, "unmap");
    return !maps_only || (maps && device == 0) || given == last;
  }
};

/// Small, and enough for first, more and last.
unsigned bound_of(std::size_t field, bool few) {
  const std::string_view name = model::kFields[field].name;
  if (few && name == "pinned") return 0;
  if (name == "user_mappings" || name == "pinned" || (few && name == "kernel_mappings")) return 1;
  return std::min<unsigned>(model::kFields[field].max, name == "cpu_mappings" ? 3 : 2);
}

/// A move tells every attachment.
void notify(const Cells& c, Life& life, Id event, const model::Cells& before) {
  for (model::Attachment& attachment : life.attachments) {
    if (attachment.state == model::kFirstAttachmentState) continue;
    model::Cells cells = before;
    std::copy(attachment.v.begin(), attachment.v.end(), cells.v.begin() + model::kWorldFields);
    const Row* const row = c.answer(attachment.state, event, cells);
    if (row == nullptr) continue;
    row->run_actions(cells);
    attachment.state = row->to;
    std::copy_n(cells.v.begin() + model::kWorldFields, model::kAttachmentFields, attachment.v.begin());
  }
}

struct Call {
  Id event;
  std::size_t device;
  unsigned given;
};

/// False where no row answers, or the call is refused, or a counter would leave its bound: the walk does not go there.
bool step(const Cells& c, const Bound& bound, Life& life, const Call& call, std::vector<Id>& ran) {
  const auto [event, device, given] = call;
  if (bound.few && event == at(model::kEvents, "move_notify")) return false;
  // An unmap is called with the direction of a map, an end with that of a window.
  const Ghost& g = life.ghost;
  if (model::kEvents[event].name == "unmap" && g.maps[device] > 0 && g.by_direction[device][given] == 0) return false;
  if (model::kEvents[event].name == "end_cpu_access" && g.windows > 0 && g.by_window[given] == 0) return false;
  model::Cells cells = life.cells;
  auto& attachment = life.attachments[device];
  std::copy(attachment.v.begin(), attachment.v.end(), cells.v.begin() + model::kWorldFields);
  cells.v[at(model::kFields, "own_snoops")] = device == 1;
  cells.v[at(model::kFields, "window_matches")] = cells.v[at(model::kFields, "windows")] > 0;
  cells.v[at(model::kFields, "window_nested")] = 0;
  cells.v[at(model::kFields, "to_device")] = static_cast<std::uint16_t>(given & 1U);
  cells.v[at(model::kFields, "from_device")] = static_cast<std::uint16_t>(given >> 1U);
  const unsigned kept = cells.v[at(model::kFields, "own_cached")];
  cells.v[at(model::kFields, "kept_matches")] = kept != 0 && kept == given ? 1 : 0;
  const Row* const buffer = c.answer(life.state, event, cells);
  if (buffer == nullptr || buffer->is_refusal()) return false;
  const Row* own = nullptr;
  if (model::names_attachment(event)) {
    own = c.answer(attachment.state, event, cells);
    if (own == nullptr || own->is_refusal()) return false;
  }
  model::Cells next = cells, next_own = cells;
  buffer->run_actions(next);
  if (own != nullptr) own->run_actions(next_own);
  for (std::size_t f = 0; f < model::kWorldFields; ++f)
    if (model::kFields[f].owner == model::Owner::kBuffer && next.v[f] > bound_of(f, bound.few)) return false;
  std::copy_n(next_own.v.begin() + model::kWorldFields, model::kAttachmentFields, attachment.v.begin());
  if (own != nullptr) attachment.state = own->to;
  if (model::kEvents[event].name == "move_notify") notify(c, life, event, cells);
  const Id maps = at(model::kFields, "own_maps"), pins = at(model::kFields, "own_pins");
  if (attachment.get(maps) > (device == 0 ? 2 : 1) || attachment.get(pins) > 1) return false;
  std::copy_n(next.v.begin(), model::kWorldFields, life.cells.v.begin());
  life.state = buffer->to;
  life.ghost.take(event, device, given);
  if (c.changes("own_cached")) life.ghost.keep(event, device, given);
  for (const Row* const row : {buffer, own})
    if (row != nullptr) ran.insert(ran.end(), row->syncs.begin(), row->syncs.end());
  if (c.changes("cpu_stale")) {
    for (const Id sync : ran) life.ghost.operate(model::kSyncs[sync].name);
    life.ghost.touch(life.state == at(model::kStates, "DeviceOwned"));
  }
  return true;
}

constexpr std::size_t kMostLives = 200000;

/// Both contracts along the same calls.
std::optional<Comparison> compare(const Cells& original, const Cells& mutant, const Bound& bound) {
  Life first;
  first.state = original.start().state;
  std::copy(original.start().v.begin(), original.start().v.end(), first.cells.v.begin());
  Walk<Life> walk(first, first);
  std::vector<Id> ran_a, ran_b;
  Comparison out;
  bool differs = false;
  while (!walk.is_done() && walk.size() < kMostLives) {
    const auto [at_original, at_mutant] = walk.next();
    for (Id e = 0; e < model::kEventCount; ++e)
      for (std::size_t d = 0; d < (model::names_attachment(e) ? 2U : 1U); ++d)
        for (unsigned given = bound.first; given <= bound.last; ++given) {
          if (!bound.has(e, d, given)) continue;
          Life a = at_original, b = at_mutant;
          ran_a.clear();
          ran_b.clear();
          const bool goes = step(original, bound, a, {e, d, given}, ran_a);
          if (goes != step(mutant, bound, b, {e, d, given}, ran_b)) {
            differs = true;
            continue;
          }
          if (!goes) continue;
          if (!is_right(original, b) || !owner_stays(at_mutant, e, b)) return std::nullopt;
          out.maintenance = out.maintenance || ran_a != ran_b;
          if (a.state != b.state) differs = true;
          else walk.meet(a, b);
        }
  }
  EXPECT_LT(walk.size(), kMostLives) << "the walk was not complete";
  out.likeness = differs ? Likeness::kDifferent : walk.likeness();
  return out;
}

}  // namespace

std::optional<Comparison> compare_lives(const spec::Contract& original, const spec::Contract& mutant) {
  const Cells a(original), b(mutant);
  if (!a.looks_at_directions() && !a.compares_directions()) return compare(a, b, {});
  // All directions with few mappings, then all mappings with one direction.
  const auto few = compare(a, b, {1, 3, true, !a.looks_at_directions()});
  if (!few) return few;
  const auto many = compare(a, b, {3, 3, false});
  if (!many) return many;
  return Comparison{std::max(few->likeness, many->likeness), few->maintenance || many->maintenance};
}

}  // namespace custody::checker::test
