// SPDX-License-Identifier: BSD-2-Clause
// Groups of atoms that make sense to leave out together.
#include "checker/minimize/chunks.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace custody::checker::minimize {

using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::formats::litmus::Layout;

namespace {

/// What closes what `kind` opens; kLost where nothing does.
EventKind closing(EventKind kind) {
  switch (kind) {
    case EventKind::kAttach: return EventKind::kDetach;
    case EventKind::kMap: return EventKind::kUnmap;
    case EventKind::kBeginCpuAccess: return EventKind::kEndCpuAccess;
    case EventKind::kVmap: return EventKind::kVunmap;
    case EventKind::kMmap: return EventKind::kMunmap;
    case EventKind::kPin: return EventKind::kUnpin;
    case EventKind::kFence: return EventKind::kFenceSignaled;
    default: return EventKind::kLost;
  }
}

/// Two events with equal keys open and close the same thing.
using PairKey = std::tuple<EventKind, std::uint32_t, std::uint32_t, model::Direction>;

PairKey key_of(const Event& e, EventKind closes) {
  const bool window = closes == EventKind::kEndCpuAccess;
  const bool directed = window || closes == EventKind::kUnmap;
  return {closes, e.attachment != kNoId ? e.attachment : e.device, window ? e.task : kNoId,
          directed ? e.dir : model::Direction::kNone};
}

/// Sorts the roots of an excerpt into groups: each gets the index of the first root of its group.
class Grouping {
 public:
  explicit Grouping(const Excerpt& excerpt) : excerpt_(excerpt) {}

  std::size_t pair_of(std::size_t root) {
    const Event& e = excerpt_.events()[root];
    if (const EventKind closes = closing(e.kind); closes != EventKind::kLost) {
      open_[key_of(e, closes)].push_back(root);
      return root;
    }
    const auto opened = open_.find(key_of(e, e.kind));
    if (opened == open_.end() || opened->second.empty()) return root;
    const std::size_t first = opened->second.back();
    opened->second.pop_back();
    return first;
  }

  std::size_t lifetime_of(std::size_t root) {
    const Event& e = excerpt_.events()[root];
    if (e.attachment == kNoId) return pair_of(root);
    return lifetimes_.try_emplace(e.attachment, root).first->second;
  }

 private:
  const Excerpt& excerpt_;
  std::map<PairKey, std::vector<std::size_t>> open_;
  std::map<std::uint32_t, std::size_t> lifetimes_;
};

/// The call of no other call that event `i` is inside, itself included; a return belongs to its entry.
std::size_t root_of(const Layout& layout, std::size_t i) {
  if (layout.entry(i) != Layout::kNone) i = layout.entry(i);
  while (layout.parent(i) != Layout::kNone) i = layout.parent(i);
  return i;
}

/// What a window does for an attachment goes with that attachment.
bool is_for_another(const std::vector<Event>& events, std::size_t root, std::size_t i) {
  return events[i].phase == traces::Phase::kWhole && events[i].attachment != kNoId &&
         events[i].attachment != events[root].attachment;
}

std::vector<Chunk> of_roots(const Excerpt& excerpt, const Kept& kept, Grain grain) {
  Grouping grouping(excerpt);
  std::vector<std::size_t> group(excerpt.events().size(), Layout::kNone);
  std::vector<std::size_t> place(excerpt.events().size(), Layout::kNone);
  std::vector<Chunk> out;
  for (std::size_t i = 0; i < excerpt.events().size(); ++i) {
    if (!kept[i]) continue;
    std::size_t root = root_of(excerpt.layout(), i);
    if (grain == Grain::kLifetimes && excerpt.layout().depth(i) == 1 && is_for_another(excerpt.events(), root, i))
      root = i;
    if (group[root] == Layout::kNone)
      group[root] = grain == Grain::kLifetimes ? grouping.lifetime_of(root)
                    : grain == Grain::kPairs   ? grouping.pair_of(root)
                                               : root;
    std::size_t& at = place[group[root]];
    if (at == Layout::kNone) {
      at = out.size();
      out.emplace_back();
    }
    out[at].push_back(static_cast<Atom>(i));
  }
  return out;
}

std::vector<Chunk> of_parts(const Excerpt& excerpt, const Kept& kept, std::size_t whole) {
  const Layout& layout = excerpt.layout();
  std::vector<std::size_t> place(excerpt.events().size(), Layout::kNone);
  std::vector<Chunk> out;
  for (std::size_t i = 0; i < excerpt.events().size(); ++i) {
    if (!kept[i]) continue;
    const bool returns = layout.entry(i) != Layout::kNone;
    if (!returns && layout.parent(i) != Layout::kNone && layout.parent(i) != whole) {
      place[i] = out.size();
      out.emplace_back();
    }
    for (std::size_t around = returns ? layout.entry(i) : i; around != Layout::kNone; around = layout.parent(around))
      if (place[around] != Layout::kNone) out[place[around]].push_back(static_cast<Atom>(i));
    if (kept[excerpt.maintenance(i)]) out.push_back({excerpt.maintenance(i), excerpt.helper(i)});
    if (kept[excerpt.helper(i)]) out.push_back({excerpt.helper(i)});
  }
  return out;
}

}  // namespace

std::vector<Chunk> chunks(const Excerpt& excerpt, const Kept& kept, Grain grain, std::size_t whole) {
  return grain == Grain::kParts ? of_parts(excerpt, kept, whole) : of_roots(excerpt, kept, grain);
}

}  // namespace custody::checker::minimize
