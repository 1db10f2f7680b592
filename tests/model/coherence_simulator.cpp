// SPDX-License-Identifier: BSD-2-Clause
// What a cache and the agents do, each as the few assignments that the hardware makes.
#include "tests/model/coherence_simulator.hpp"

#include <iterator>

namespace custody::model::test {

namespace {

/// Equal order, smallest numbers: a run of any length stays within a few states.
Hardware renumbered(Hardware h) {
  std::set<int> versions = {h.newest, h.memory};
  if (h.present) versions.insert(h.cached);
  const auto rank = [&](int version) {
    return static_cast<int>(std::distance(versions.begin(), versions.find(version)));
  };
  h.newest = rank(h.newest);
  h.memory = rank(h.memory);
  h.cached = h.present ? rank(h.cached) : 0;
  h.dirty = h.present && h.dirty;
  return h;
}

void fill(Hardware& h) {
  h.present = true;
  h.dirty = false;
  h.cached = h.memory;
}

void drop(Hardware& h) {
  h.present = false;
  h.dirty = false;
}

void write_back(Hardware& h) {
  if (!h.present || !h.dirty) return;
  h.memory = h.cached;
  h.dirty = false;
}

void store_line(Hardware& h) {
  h.present = true;
  h.dirty = true;
  h.cached = ++h.newest;
}

/// A store into newest data makes the line newer. Into old data it makes no newer line: the rest is as old as it
/// was, and is dirty now. That is a convention of one mark a line, the automaton's own; `Halves` does without it.
void store_part(Hardware& h) {
  if (!h.present) fill(h);
  if (h.cached == h.newest) h.cached = ++h.newest;
  h.dirty = true;
}

void put(Hardware& h) { h.memory = ++h.newest; }

Halves own_move(const Halves& h) { return {own_move(h.left), own_move(h.right)}; }

/// The half beside one that is stored to: the line is there and dirty, its data is what it was.
Hardware dirtied(Hardware h) {
  if (!h.present) fill(h);
  h.dirty = true;
  return renumbered(h);
}

std::vector<Hardware> outcomes(Action action, const Hardware& h) { return {after(action, h)}; }
std::vector<Halves> outcomes(Action action, const Halves& h) {
  if (action != Action::kStorePart) return {{after(action, h.left), after(action, h.right)}};
  return {{after(Action::kStoreLine, h.left), dirtied(h.right)}, {dirtied(h.left), after(Action::kStoreLine, h.right)}};
}

template <class State>
std::set<State> image(Action action, const std::set<State>& states) {
  std::set<State> result;
  for (const State& h : states)
    for (const State& next : outcomes(action, h)) result.insert(next);
  return result;
}

template <class State>
std::set<State> reachable(const std::set<State>& states, const std::vector<Action>& may) {
  std::set<State> seen = states;
  std::vector<State> todo(states.begin(), states.end());
  while (!todo.empty()) {
    const State h = todo.back();
    todo.pop_back();
    std::vector<State> next = {own_move(h)};
    for (const Action action : may)
      for (const State& n : outcomes(action, h)) next.push_back(n);
    for (const State& n : next)
      if (seen.insert(n).second) todo.push_back(n);
  }
  return seen;
}

}  // namespace

Hardware own_move(Hardware h) {
  if (!h.present) fill(h);
  else if (h.dirty) write_back(h);
  else drop(h);
  return renumbered(h);
}

Hardware after(Action action, Hardware h) {
  switch (action) {
    case Action::kLoad:
      if (!h.present) fill(h);
      break;
    case Action::kStoreLine: store_line(h); break;
    case Action::kStorePart: store_part(h); break;
    case Action::kPut: put(h); break;
    case Action::kSnoopingPut:
      put(h);
      drop(h);
      break;
    case Action::kSnoopingPutInCache: store_line(h); break;
    case Action::kCleanLine: write_back(h); break;
    case Action::kInvalidateLine: drop(h); break;
    case Action::kCleanInvalidateLine:
      write_back(h);
      drop(h);
      break;
    case Action::kFetch:
    case Action::kSnoopingFetch: break;
  }
  return renumbered(h);
}

States after(Action action, const States& states) { return image(action, states); }
HalvesStates after(Action action, const HalvesStates& states) { return image(action, states); }

States closure(const States& states, const std::vector<Action>& may) { return reachable(states, may); }
HalvesStates closure(const HalvesStates& states, const std::vector<Action>& may) { return reachable(states, may); }

States every_state() {
  States all;
  constexpr int kVersions = 3;  // newest, memory's and the line's can all differ
  for (int newest = 0; newest < kVersions; ++newest)
    for (int memory = 0; memory <= newest; ++memory) {
      all.insert(renumbered({newest, memory, false, false, 0}));
      for (int cached = 0; cached <= newest; ++cached)
        for (const bool dirty : {false, true}) all.insert(renumbered({newest, memory, true, dirty, cached}));
    }
  return all;
}

HalvesStates every_state_of_halves() {
  HalvesStates all;
  for (const Hardware& left : every_state())
    for (const Hardware& right : every_state())
      if (left.present == right.present && left.dirty == right.dirty) all.insert({left, right});
  return all;
}

bool goes_wrong(Action access, const Hardware& h) {
  const bool seen_by_cpu_is_newest = h.present ? h.cached == h.newest : h.memory == h.newest;
  switch (access) {
    case Action::kLoad:
    case Action::kStorePart:
    case Action::kSnoopingFetch: return !seen_by_cpu_is_newest;
    case Action::kFetch: return h.memory != h.newest;
    case Action::kPut: return h.present && h.dirty;
    case Action::kStoreLine:
    case Action::kSnoopingPut:
    case Action::kSnoopingPutInCache:
    case Action::kCleanLine:
    case Action::kInvalidateLine:
    case Action::kCleanInvalidateLine: break;
  }
  return false;
}

bool goes_wrong(Action access, const Halves& h) { return goes_wrong(access, h.left) || goes_wrong(access, h.right); }

bool loses_a_write(Action maintenance, const Hardware& h) {
  const auto somebody_has_newest = [](const Hardware& x) { return memory_is_newest(x) || line_is_newest(x); };
  return h.present && h.dirty && somebody_has_newest(h) && !somebody_has_newest(after(maintenance, h));
}

}  // namespace custody::model::test
