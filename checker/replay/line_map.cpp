// SPDX-License-Identifier: BSD-2-Clause
#include "checker/replay/line_map.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace custody::checker {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::BlockMask;
using model::LineModel;
using model::LineSet;
using model::Operation;

namespace {

constexpr std::size_t kMostRemembered = std::size_t{1} << 16U;
constexpr BlockMask kBoth = 3;

template <class Each>
void each_state(const LineSet& set, const Each& visit) {
  for (unsigned s = 0; s < LineModel::kTwoBlockStates; ++s)
    if (set[s]) visit(s);
}

}  // namespace

LineSet LineSets::of_whole(Belief whole) {
  LineSet set;
  for (unsigned s = 0; s < model::kLineStates; ++s)
    if ((whole.bits >> s & 1U) != 0) set.set(LineModel::of_whole(s));
  return set;
}

Belief LineSets::joined(const LineSet& set) {
  Belief all;
  each_state(set, [&](unsigned s) {
    for (unsigned block = 0; block < 2; ++block)
      all.bits = static_cast<std::uint16_t>(all.bits | 1U << LineModel::block_of(s, block));
  });
  return all;
}

bool LineSets::is_uniform(const LineSet& set) {
  bool uniform = true;
  each_state(set, [&](unsigned s) { uniform = uniform && LineModel::block_of(s, 0) == LineModel::block_of(s, 1); });
  return uniform;
}

bool LineSets::tells_one(const LineSet& set) {
  constexpr unsigned kPresences = 3;
  std::array<unsigned, kPresences> states{};
  each_state(set, [&](unsigned s) {
    const model::Line line = model::line_of(LineModel::block_of(s, 0));
    const bool absent = line == model::Line::kAbsent;
    ++states[absent ? 0 : line == model::Line::kCleanCurrent || line == model::Line::kCleanOld ? 1 : 2];
  });
  return std::all_of(states.begin(), states.end(), [](unsigned n) { return n <= 1; });
}

LineSet LineSets::advanced(const LineSet& set, AccessSet may, BlockMask blocks) {
  const unsigned writes = unsigned{model::detail::kWriteIndex[may.bits]};
  const Step step{set, static_cast<std::uint16_t>(writes << 2U | blocks)};
  if (const auto known = advanced_.find(step); known != advanced_.end()) return known->second;
  LineSet seen = set;
  for (LineSet before; before != seen;) {
    before = seen;
    each_state(before, [&](unsigned s) {
      for (const std::uint8_t next : model_.moves(s)) seen.set(next);
      for (const Access a : model::detail::kWrites)
        if (may.has(a)) seen.set(model_.access(a, blocks, s).next);
    });
  }
  if (advanced_.size() >= kMostRemembered) advanced_.clear();
  return advanced_[step] = seen;
}

LineSet LineSets::operated(const LineSet& set, Operation op, BlockMask blocks) {
  LineSet after;
  each_state(set, [&](unsigned s) { after.set(model_.operate(op, blocks, s).next); });
  return advanced(after, {}, kBoth);
}

LineSet LineSets::performed(const LineSet& set, Access access, BlockMask blocks) {
  LineSet after;
  each_state(set, [&](unsigned s) { after.set(model_.access(access, blocks, s).next); });
  return advanced(after, {}, kBoth);
}

bool LineSets::can_lose(const LineSet& set, Operation op, BlockMask blocks) const {
  bool loses = false;
  each_state(set, [&](unsigned s) { loses = loses || model_.operate(op, blocks, s).wrong; });
  return loses;
}

bool LineSets::is_hazard(const LineSet& set, Access access, BlockMask blocks) const {
  bool wrong = false;
  each_state(set, [&](unsigned s) { wrong = wrong || model_.access(access, blocks, s).wrong; });
  return wrong;
}

LineSet LineSets::settled(const LineSet& set, Settlement by) {
  LineSet after;
  each_state(set, [&](unsigned s) {
    unsigned first = LineModel::block_of(s, 0), second = LineModel::block_of(s, 1);
    if (by.cleaned) {
      first = as_if_cleaned(first);
      second = as_if_cleaned(second);
    }
    const Belief either{static_cast<std::uint16_t>(1U << first | 1U << second)};
    const bool stale = by.invalidated && either.intersects(model::kStaleThroughCache);
    after.set(stale ? model_.clean() : LineModel::of_blocks(first, second));
  });
  return advanced(after, {}, kBoth);
}

LineMap::LineMap(LineSets& sets, std::uint32_t line_bytes, std::uint64_t size, Belief start)
    : sets_(&sets), line_bytes_(line_bytes) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / line_bytes_;
  const std::uint64_t lines = size == 0 ? most : size / line_bytes_ + (size % line_bytes_ != 0 ? 1U : 0U);
  end_ = std::min(lines, most) * line_bytes_;
  size_ = size == 0 ? end_ : size;
  runs_.push_back({0, LineSets::of_whole(start), {}, Known::kLines});
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
  runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(at) + 1, behind);
}

BlockMask LineMap::blocks_of(Run& run, Part part) const {
  constexpr BlockMask kFirst = 1, kSecond = 2;
  if (part == Part{0, line_bytes_}) return kBoth;
  if (run.known == Known::kLines && run.first.empty()) run.first = part;
  if (run.known == Known::kLines && run.first == part) return kFirst;
  const Part rest = run.first.from == 0 ? Part{run.first.to, line_bytes_} : Part{0, run.first.from};
  const bool is_rest = run.first.from == 0 || run.first.to == line_bytes_;
  if (run.known == Known::kLines && is_rest && part == rest) return kSecond;
  if (run.known == Known::kLines) {
    run.known = Known::kBytes;
    run.states = LineSets::of_whole(LineSets::joined(run.states));
    run.first = {};
  }
  return kFirst;
}

void LineMap::merge() {
  for (Run& run : runs_) {
    if (run.known == Known::kLines && LineSets::is_uniform(run.states)) run.first = {};
    if (run.known == Known::kBytes && LineSets::tells_one(run.states)) run.known = Known::kLines;
  }
  std::size_t kept = 0;
  for (std::size_t i = 1; i < runs_.size(); ++i) {
    const Run &last = runs_[kept], &run = runs_[i];
    if (last.first.empty() && run.first.empty() && last.known == run.known && last.states == run.states) continue;
    runs_[++kept] = run;
  }
  runs_.resize(kept + 1);
  if (runs_.size() > kMostRuns) forget();
}

void LineMap::forget() { runs_.assign(1, {0, LineSets::of_whole(model::start::kAnything), {}, Known::kNothing}); }

template <class Each>
void LineMap::each(ByteRange range, const Each& visit) {
  const std::uint64_t from = range.offset;
  const bool to_end = range.length == 0 || range.length >= size_ - std::min(from, size_);
  const std::uint64_t to = to_end ? end_ : from + range.length;
  if (from >= to) return;
  for (const std::uint64_t edge : {from, to}) {
    const std::uint64_t line = edge / line_bytes_ * line_bytes_;
    split_before(line);
    if (line != edge) split_before(line + line_bytes_);
  }
  for (std::size_t i = run_at(from); i < runs_.size() && runs_[i].begin < to; ++i) {
    Run& run = runs_[i];
    const Part part{std::max(from, run.begin) - run.begin, std::min(to - run.begin, line_bytes_)};
    visit(run, blocks_of(run, part));
    if (run.known != Known::kLines) run.states = LineSets::of_whole(LineSets::joined(run.states));
  }
  merge();
}

bool LineMap::advance(AccessSet may, ByteRange range) {
  bool changed = false;
  each(range, [&](Run& run, BlockMask blocks) {
    const LineSet after = sets_->advanced(run.states, may, blocks);
    changed = changed || after != run.states;
    run.states = after;
  });
  return changed;
}

void LineMap::operate(Operation op, ByteRange range) {
  each(range, [&](Run& run, BlockMask blocks) {
    if (run.known != Known::kNothing) run.states = sets_->operated(run.states, op, blocks);
  });
}

void LineMap::operate_somewhere(Operation op, ByteRange range) {
  each(range, [&](Run& run, BlockMask blocks) {
    if (run.known != Known::kNothing) run.states |= sets_->operated(run.states, op, blocks);
  });
}

void LineMap::perform(Access access, ByteRange range) {
  each(range, [&](Run& run, BlockMask blocks) {
    const bool tells = blocks == kBoth && (access == Access::kCpuWrite || access == Access::kCoherentWrite);
    if (run.known == Known::kNothing && !tells) return;
    run.states = sets_->performed(run.states, access, blocks);
    if (run.known == Known::kNothing) run.known = Known::kBytes;
  });
}

void LineMap::settle(Settlement by, ByteRange range) {
  each(range, [&](Run& run, BlockMask) {
    if (run.known != Known::kNothing) run.states = sets_->settled(run.states, by);
  });
}

bool LineMap::is_hazard(Access access, ByteRange range) {
  bool wrong = false;
  each(range, [&](const Run& run, BlockMask blocks) {
    // Of a byte whose line is known byte by byte only the line's dirty mark is certain.
    const bool judged = run.known == Known::kLines || blocks == kBoth || access == Access::kDeviceWrite;
    wrong = wrong || (run.known != Known::kNothing && judged && sets_->is_hazard(run.states, access, blocks));
  });
  return wrong;
}

bool LineMap::can_lose(Operation op, ByteRange range) {
  bool loses = false;
  each(range, [&](const Run& run, BlockMask blocks) {
    loses = loses || (run.known != Known::kNothing && sets_->can_lose(run.states, op, blocks));
  });
  return loses;
}

bool LineMap::has_no_effect(Operation op, ByteRange range) {
  bool none = true, met = false;
  each(range, [&](const Run& run, BlockMask blocks) {
    met = true;
    none = none && run.known != Known::kNothing && sets_->operated(run.states, op, blocks) == run.states;
  });
  return none && met;
}

Belief LineMap::joined() const {
  Belief all;
  for (const Run& run : runs_) all = all | LineSets::joined(run.states);
  return all;
}

}  // namespace custody::checker
