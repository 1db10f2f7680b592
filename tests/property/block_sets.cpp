// SPDX-License-Identifier: BSD-2-Clause
// What memory and a cache line of several blocks do, as the few assignments that the hardware makes.
#include "tests/property/block_sets.hpp"

#include <algorithm>

namespace custody::property {

namespace {

constexpr unsigned kEvery = (1U << kLineBlocks) - 1U;

}  // namespace

void BlockSets::fill(State& s) {
  if (s.present) return;
  s.present = true;
  s.line = s.memory;
}

void BlockSets::write_back(State& s) {
  if (!s.dirty) return;
  s.memory = s.line;
  s.dirty = false;
}

BlockSets::State BlockSets::after(State s, BlockMove move, unsigned blocks) {
  switch (move) {
    case BlockMove::kStore:
      fill(s);
      s.dirty = true;
      s.line |= blocks;
      s.memory &= ~blocks;
      return s;
    case BlockMove::kDevicePut:
      s.memory |= blocks;
      s.line &= ~blocks;
      return s;
    case BlockMove::kSnoopingPut: write_back(s); return {false, false, s.memory | blocks, 0};
    case BlockMove::kClean: write_back(s); return s;
    case BlockMove::kCleanInvalidate: write_back(s); break;
    case BlockMove::kInvalidate: break;
  }
  return {false, false, s.memory, 0};
}

bool BlockSets::answer(const State& s, BlockAsk ask, unsigned blocks) {
  const unsigned through_cache = s.present ? s.line : s.memory;
  switch (ask) {
    case BlockAsk::kBufferOld: return (blocks & ~through_cache) != 0;
    case BlockAsk::kMemoryOld: return (blocks & ~s.memory) != 0;
    case BlockAsk::kDirty: return s.dirty;
    case BlockAsk::kBesideOld: return (kEvery & ~blocks & ~through_cache) != 0;
    case BlockAsk::kLosesDirty: return s.dirty && (s.line & ~s.memory) != 0;
    case BlockAsk::kLosesNewer: return s.dirty && (s.memory & ~s.line) != 0;
  }
  return false;
}

BlockSetId BlockSets::intern(States states) {
  for (std::size_t i = 0; i < states.size(); ++i) {
    State s = states[i];
    if (!s.present) fill(s);
    else if (s.dirty) write_back(s);
    else s = {false, false, s.memory, 0};
    if (std::find(states.begin(), states.end(), s) == states.end()) states.push_back(s);
  }
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  const auto [it, is_new] = ids_.emplace(states, static_cast<BlockSetId>(sets_.size()));
  if (is_new) sets_.push_back(std::move(states));
  return it->second;
}

BlockSetId BlockSets::dirty_start() { return intern({{true, true, 0, kEvery}}); }
BlockSetId BlockSets::clean_start() { return intern({{false, false, kEvery, 0}}); }
BlockSetId BlockSets::any_start() {
  States all;
  for (unsigned memory = 0; memory <= kEvery; ++memory) {
    all.push_back({false, false, memory, 0});
    for (unsigned line = 0; line <= kEvery; ++line)
      for (const bool dirty : {false, true}) all.push_back({true, dirty, memory, line});
  }
  return intern(std::move(all));
}

BlockSetId BlockSets::after(BlockSetId set, BlockMove move, unsigned blocks) {
  const std::tuple key{set, move, blocks};
  if (const auto known = after_.find(key); known != after_.end()) return known->second;
  States next;
  for (const State& s : sets_[set]) next.push_back(after(s, move, blocks));
  return after_[key] = intern(std::move(next));
}

BlockSetId BlockSets::both(BlockSetId one, BlockSetId other) {
  States all = sets_[one];
  all.insert(all.end(), sets_[other].begin(), sets_[other].end());
  return intern(std::move(all));
}

BlockSetId BlockSets::as_if_cleaned(BlockSetId set) {
  States next = sets_[set];
  for (State& s : next) s = {s.present, false, kEvery, s.line};
  return intern(std::move(next));
}

bool BlockSets::any(BlockSetId set, BlockAsk ask, unsigned blocks) const {
  const States& states = sets_[set];
  return std::any_of(states.begin(), states.end(), [&](const State& s) { return answer(s, ask, blocks); });
}

BlockSetId BlockSets::without(BlockSetId set, BlockAsk ask, unsigned blocks) {
  States kept;
  for (const State& s : sets_[set])
    if (!answer(s, ask, blocks)) kept.push_back(s);
  if (kept.empty()) return clean_start();
  return intern(std::move(kept));
}

}  // namespace custody::property
