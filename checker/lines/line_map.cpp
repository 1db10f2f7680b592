// SPDX-License-Identifier: BSD-2-Clause
// What the caches may hold of each line of a buffer that is not always handled as a whole.
#include "checker/lines/line_map.hpp"

#include <algorithm>
#include <limits>

namespace custody::checker::lines {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::LineState;
using model::Operation;
using model::PartMask;
using Presence = model::LineState::Presence;

namespace {

constexpr std::uint64_t kMostParts = 64;

/// The parts from `from` to before `to`.
PartMask parts_of(std::uint64_t from, std::uint64_t to) {
  const auto below = [](std::uint64_t n) { return n >= kMostParts ? ~PartMask{0} : (PartMask{1} << n) - 1; };
  return from >= to ? 0 : below(to) & ~below(from);
}

/// The states of model/coherence.hpp in which a part is.
Belief belief_of(const LineState& s, PartMask all) {
  using model::Line;
  constexpr Line kLines[][2] = {
      {Line::kAbsent, Line::kAbsent}, {Line::kCleanCurrent, Line::kCleanOld}, {Line::kDirtyCurrent, Line::kDirtyOld}};
  Belief all_parts;
  for (const model::Memory memory : {model::Memory::kCurrent, model::Memory::kOld})
    for (const bool old : {false, true}) {
      const PartMask in_memory = memory == model::Memory::kOld ? s.memory_old : ~s.memory_old;
      if ((in_memory & (old ? s.line_old : ~s.line_old) & all) != 0)
        all_parts = all_parts | model::only(memory, kLines[static_cast<std::size_t>(s.presence)][old ? 1 : 0]);
    }
  return all_parts;
}

/// A line whose every part is in a state of model/coherence.hpp.
LineState of_whole(unsigned state, PartMask all) {
  const model::Line line = model::line_of(state);
  const bool dirty = line == model::Line::kDirtyCurrent || line == model::Line::kDirtyOld;
  const bool old = line == model::Line::kCleanOld || line == model::Line::kDirtyOld;
  const Presence presence = line == model::Line::kAbsent ? Presence::kAbsent
                            : dirty                      ? Presence::kDirty
                                                         : Presence::kClean;
  return {presence, model::memory_of(state) == model::Memory::kOld ? all : 0, old ? all : 0};
}

/// Keeps a sorted set sorted. True where the state is new.
bool insert(std::vector<LineState>& states, const LineState& s) {
  const auto at = std::lower_bound(states.begin(), states.end(), s);
  if (at != states.end() && *at == s) return false;
  states.insert(at, s);
  return true;
}

/// Whichever of them it is, it leaves the line as a write through the cache does.
bool writes_only(AccessSet accesses) {
  constexpr AccessSet kThroughCache =
      AccessSet().add(Access::kCpuWrite).add(Access::kCoherentWrite).add(Access::kCoherentWriteDirty);
  return (accesses.bits & ~kThroughCache.bits) == 0;
}

}  // namespace

LineMap::LineMap(const CacheLines& cache, std::uint64_t size, Belief start) : cache_(cache) {
  part_bytes_ = std::max<std::uint64_t>(1, cache.bytes / kMostParts);
  all_ = parts_of(0, cache.bytes / part_bytes_);
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / cache.bytes;
  const std::uint64_t lines = size == 0 ? most : size / cache.bytes + (size % cache.bytes != 0 ? 1U : 0U);
  end_ = std::min(lines, most) * cache.bytes;
  size_ = size == 0 ? end_ : size;
  Run run;
  for (unsigned s = 0; s < model::kLineStates; ++s)
    if ((start.bits >> s & 1U) != 0) insert(run.states, of_whole(s, all_));
  runs_.push_back(std::move(run));
}

std::size_t LineMap::run_at(std::uint64_t line) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), line,
                                      [](std::uint64_t at, const Run& run) { return at < run.begin; });
  return static_cast<std::size_t>(after - runs_.begin()) - 1;
}

void LineMap::split_before(std::uint64_t line) {
  if (line >= end_) return;
  const std::size_t at = run_at(line);
  if (runs_[at].begin == line) return;
  Run behind = runs_[at];
  behind.begin = line;
  runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(behind));
}

void LineMap::merge() {
  std::size_t kept = 0;
  for (std::size_t i = 1; i < runs_.size(); ++i) {
    if (runs_[kept].states == runs_[i].states) {
      runs_[kept].closed &= runs_[i].closed;
      continue;
    }
    ++kept;
    if (kept != i) runs_[kept] = std::move(runs_[i]);
  }
  runs_.resize(kept + 1);
  if (runs_.size() > kMostRuns) forget();
}

void LineMap::forget() {
  runs_.assign(1, Run{});
  forgot_ = true;
}

template <class Each>
void LineMap::each(ByteRange range, const Each& visit) {
  const std::uint64_t from = range.offset, line_bytes = cache_.bytes;
  const bool to_end = range.length == 0 || range.length >= size_ - std::min(from, size_);
  const std::uint64_t to = to_end ? end_ : from + range.length;
  if (from >= to) return;
  for (const std::uint64_t edge : {from, to}) {
    const std::uint64_t line = edge / line_bytes * line_bytes;
    split_before(line);
    if (line != edge) split_before(line + line_bytes);
  }
  for (std::size_t i = run_at(from); i < runs_.size() && runs_[i].begin < to; ++i) {
    Run& run = runs_[i];
    const std::uint64_t first = std::max(from, run.begin) - run.begin, last = std::min(to - run.begin, line_bytes);
    visit(run, parts_of((first + part_bytes_ - 1) / part_bytes_, last / part_bytes_));
  }
  merge();
}

LineMap::States LineMap::closure(States states, AccessSet may, PartMask parts) const {
  for (States todo = states; !todo.empty() && states.size() <= kMostStates;) {
    const LineState from = todo.back();
    todo.pop_back();
    const auto meet = [&](const LineState& s) {
      if (insert(states, s)) todo.push_back(s);
    };
    meet(model::moved(from));
    for (const Access a : model::detail::kWrites) {
      if (!may.has(a) || parts == 0) continue;
      LineState s = from;
      static_cast<void>(model::access(a, parts, all_, s));
      meet(s);
    }
  }
  return states;
}

template <class Change>
LineMap::States LineMap::after(const States& states, const Change& change) const {
  States next;
  for (LineState s : states) {
    change(s);
    insert(next, s);
  }
  return closure(std::move(next), {}, all_);
}

LineMap::States LineMap::operated(const States& states, Operation op, PartMask parts, bool saves) const {
  if (op == Operation::kInvalidate && parts != all_ && cache_.cleans_edges) op = Operation::kCleanInvalidate;
  return after(states, [&](LineState& s) {
    if (model::operate(op, s) && saves) s = {};
  });
}

void LineMap::replace(Run& run, States states) {
  if (states == run.states) return;
  run.closed = 0;
  if (states.size() > kMostStates) {
    states.clear();
    forgot_ = true;
  }
  run.states = std::move(states);
}

bool LineMap::advance(AccessSet may, ByteRange range) {
  bool changed = false;
  const std::uint32_t writes = std::uint32_t{1} << model::detail::kWriteIndex[may.bits];
  each(range, [&](Run& run, PartMask parts) {
    const bool whole = parts == all_;
    if (!run.known() || (whole && (run.closed & writes) != 0)) return;
    States next = closure(run.states, may, parts);
    changed = changed || next != run.states;
    replace(run, std::move(next));
    if (whole) run.closed |= writes;
  });
  return changed;
}

void LineMap::operate(Operation op, ByteRange range, bool saves) {
  each(range, [&](Run& run, PartMask parts) { replace(run, operated(run.states, op, parts, saves)); });
}

void LineMap::operate_somewhere(Operation op, ByteRange range, bool saves) {
  each(range, [&](Run& run, PartMask parts) {
    States both = operated(run.states, op, parts, saves);
    for (const LineState& s : run.states) insert(both, s);
    replace(run, std::move(both));
  });
}

void LineMap::perform(AccessSet either, ByteRange range) {
  each(range, [&](Run& run, PartMask parts) {
    if (parts == 0) return;
    // A line that is written whole is known whatever it was.
    if (!run.known() && parts == all_ && writes_only(either)) run.states.push_back({});
    States next;
    for (unsigned a = 0; a < model::kAccesses; ++a) {
      if (!either.has(static_cast<Access>(a))) continue;
      for (LineState s : run.states) {
        static_cast<void>(model::access(static_cast<Access>(a), parts, all_, s));
        insert(next, s);
      }
    }
    replace(run, closure(std::move(next), {}, all_));
  });
}

void LineMap::rewrite() {
  each({}, [&](Run& run, PartMask parts) {
    replace(run, after(run.states, [&](LineState& s) { model::rewrite(parts, s); }));
  });
}

void LineMap::settle(hindsight::Settlement by, ByteRange range) {
  each(range, [&](Run& run, PartMask) {
    replace(run, after(run.states, [&](LineState& s) {
              if (by.cleaned && s.presence == Presence::kDirty) s.presence = Presence::kClean;
              if (by.cleaned) s.memory_old = 0;
              if (by.invalidated && s.stale() != 0) s = {};
            }));
  });
}

bool LineMap::is_hazard(Access access, ByteRange range) {
  bool wrong = false;
  each(range, [&](const Run& run, PartMask parts) {
    for (LineState s : run.states) wrong = (parts != 0 && model::access(access, parts, all_, s)) || wrong;
  });
  return wrong;
}

bool LineMap::can_lose(Operation op, ByteRange range) {
  bool loses = false;
  each(range, [&](const Run& run, PartMask parts) {
    const bool cleans = op == Operation::kInvalidate && parts != all_ && cache_.cleans_edges;
    for (LineState s : run.states) loses = model::operate(cleans ? Operation::kCleanInvalidate : op, s) || loses;
  });
  return loses;
}

bool LineMap::has_no_effect(Operation op, ByteRange range) {
  bool none = true, met = false;
  each(range, [&](const Run& run, PartMask parts) {
    met = true;
    none = none && run.known() && operated(run.states, op, parts) == run.states;
  });
  return none && met;
}

Belief LineMap::joined() const {
  Belief all;
  for (const Run& run : runs_) {
    if (!run.known()) return model::start::kAnything;
    for (const LineState& s : run.states) all = all | belief_of(s, all_);
  }
  return all;
}

}  // namespace custody::checker::lines
