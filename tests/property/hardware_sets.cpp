// SPDX-License-Identifier: BSD-2-Clause
// What memory, a cache line and slots do, as the few assignments that the hardware makes.
#include "tests/property/hardware_sets.hpp"

#include <algorithm>

namespace custody::property {

namespace {

constexpr unsigned kMemory = 1, kPresent = 2, kDirty = 4, kLine = 8, kFirstSlot = 16;
constexpr unsigned slot_bit(unsigned slot) { return kFirstSlot << (2 * slot); }
constexpr unsigned newest_bit(unsigned slot) { return slot_bit(slot) << 1U; }
constexpr unsigned kAllNewest = kMemory | kLine | newest_bit(0) | newest_bit(1) | newest_bit(2) | newest_bit(3);

/// Bits of a state while it is worked on.
struct Bits {
  unsigned b;
  [[nodiscard]] bool has(unsigned bit) const { return (b & bit) != 0; }
  void set(unsigned bit, bool value = true) { b = value ? b | bit : b & ~bit; }
  void drop_line() { b &= ~(kPresent | kDirty | kLine); }
  void fill() {
    drop_line();
    set(kPresent);
    set(kLine, has(kMemory));
  }
  void write_back() {
    if (!has(kDirty)) return;
    set(kMemory, has(kLine));
    set(kDirty, false);
  }
  /// New data is made, and is nowhere yet.
  void make_new() { b &= ~kAllNewest; }
  void store() {
    make_new();
    set(kPresent | kDirty | kLine);
  }
  [[nodiscard]] bool is_buffer_newest() const { return has(kPresent) ? has(kLine) : has(kMemory); }
};

void store_part(Bits& s) {
  if (!s.has(kPresent)) s.fill();
  const bool newest = s.has(kLine);
  if (newest) s.make_new();
  s.set(kLine, newest);
  s.set(kDirty);
}

void write_slots(Bits& s, unsigned slots) {
  if (slots == 0) return;
  s.make_new();
  for (unsigned i = 0; i < kSlots; ++i)
    if (((slots >> i) & 1U) != 0 && s.has(slot_bit(i))) s.set(newest_bit(i));
}

/// What the slot holds is stored, new or not: a copy makes no data, so whatever is newest elsewhere stays it.
void copy_out(Bits& s, unsigned slot) {
  s.set(kPresent | kDirty);
  s.set(kLine, s.has(newest_bit(slot)));
}

unsigned first_of(unsigned slots) {
  unsigned slot = 0;
  while (slot + 1 < kSlots && ((slots >> slot) & 1U) == 0) ++slot;
  return slot;
}

}  // namespace

HardwareSets::State HardwareSets::own_move(State state) {
  Bits s{state};
  if (!s.has(kPresent)) s.fill();
  else if (s.has(kDirty)) s.write_back();
  else s.drop_line();
  return static_cast<State>(s.b);
}

HardwareSets::State HardwareSets::after(State state, Step step) {
  Bits s{state};
  const unsigned slot = first_of(step.slots);
  switch (step.move) {
    case Move::kCpuStore:
    case Move::kSnoopingPutInCache: s.store(); break;
    case Move::kCpuStorePart: store_part(s); break;
    case Move::kDevicePut:
      s.make_new();
      s.set(kMemory);
      break;
    case Move::kSnoopingPut:
      s.make_new();
      s.set(kMemory);
      s.drop_line();
      break;
    case Move::kSlotPut: write_slots(s, step.slots); break;
    case Move::kClean: s.write_back(); break;
    case Move::kInvalidate: s.drop_line(); break;
    case Move::kCleanInvalidate:
      s.write_back();
      s.drop_line();
      break;
    case Move::kNewSlot:
    case Move::kCopyIn:
      s.set(slot_bit(slot));
      s.set(newest_bit(slot), s.is_buffer_newest());
      break;
    case Move::kCopyOut: copy_out(s, slot); break;
    case Move::kCopyOutMended:
      s.set(newest_bit(slot));
      copy_out(s, slot);
      break;
    case Move::kDropSlot:
      s.set(slot_bit(slot), false);
      s.set(newest_bit(slot), false);
      break;
  }
  return static_cast<State>(s.b);
}

bool HardwareSets::answer(State state, Question question) {
  const Bits s{state};
  switch (question.ask) {
    case Ask::kBufferOld: return !s.is_buffer_newest();
    case Ask::kStaleLine: return !s.is_buffer_newest() && (s.has(kMemory) || (s.b & kAllNewest) == 0);
    case Ask::kMemoryOld: return !s.has(kMemory);
    case Ask::kDirty: return s.has(kDirty);
    case Ask::kSlotOld:
      for (unsigned i = 0; i < kSlots; ++i)
        if (((question.slots >> i) & 1U) != 0 && s.has(slot_bit(i)) && !s.has(newest_bit(i))) return true;
      return false;
    case Ask::kOnlySlot: {
      const unsigned own = newest_bit(first_of(question.slots));
      return s.has(own) && (s.b & kAllNewest) == own;
    }
    case Ask::kLosesDirty: return s.has(kDirty) && s.has(kLine) && !s.has(kMemory);
  }
  return false;
}

SetId HardwareSets::intern(States states) {
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  const auto [it, is_new] = ids_.emplace(states, static_cast<SetId>(sets_.size()));
  if (is_new) sets_.push_back(std::move(states));
  return it->second;
}

SetId HardwareSets::dirty_start() { return closure(intern({kPresent | kDirty | kLine}), {}); }
SetId HardwareSets::clean_start() { return closure(intern({kMemory}), {}); }
SetId HardwareSets::any_start() {
  States all;
  for (unsigned s = 0; s < kFirstSlot; ++s)
    if ((s & kPresent) != 0 || (s & (kDirty | kLine)) == 0) all.push_back(static_cast<State>(s));
  return closure(intern(all), {});
}

SetId HardwareSets::after(SetId set, Step step) {
  const Key key{set, static_cast<std::uint32_t>(step.move) << kSlots | step.slots};
  if (const auto known = after_.find(key); known != after_.end()) return known->second;
  States next;
  for (const State s : sets_[set]) next.push_back(after(s, step));
  return after_[key] = intern(std::move(next));
}

SetId HardwareSets::closure(SetId set, const std::vector<Step>& may) {
  std::uint32_t which = 0;
  for (const Step& step : may)
    which |= 1U << (step.move == Move::kSlotPut ? static_cast<unsigned>(Move::kSlotPut) + step.slots
                                                : static_cast<unsigned>(step.move));
  const Key key{set, which};
  if (const auto known = closures_.find(key); known != closures_.end()) return known->second;
  std::vector<bool> seen(1U << 12U);
  States all = sets_[set];
  for (const State s : all) seen[s] = true;
  const auto add = [&](State s) {
    if (!seen[s]) all.push_back(s);
    seen[s] = true;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    add(own_move(all[i]));
    for (const Step& step : may) add(after(all[i], step));
  }
  return closures_[key] = intern(std::move(all));
}

bool HardwareSets::any(SetId set, Question question) const {
  const States& states = sets_[set];
  return std::any_of(states.begin(), states.end(), [&](State s) { return answer(s, question); });
}

SetId HardwareSets::without(SetId set, Question question) {
  const Key key{set, static_cast<std::uint32_t>(question.ask) << kSlots | question.slots};
  if (const auto known = without_.find(key); known != without_.end()) return known->second;
  States kept;
  for (const State s : sets_[set])
    if (!answer(s, question)) kept.push_back(s);
  if (kept.empty())
    for (State s : sets_[set]) {
      Bits mended{s};
      mended.drop_line();
      mended.set(kMemory);
      for (unsigned i = 0; i < kSlots; ++i) mended.set(newest_bit(i), mended.has(slot_bit(i)));
      kept.push_back(static_cast<State>(mended.b));
    }
  return without_[key] = intern(std::move(kept));
}

}  // namespace custody::property
