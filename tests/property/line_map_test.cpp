// SPDX-License-Identifier: BSD-2-Clause
// The line map against cache lines whose every byte has marks of its own.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <vector>

#include "checker/lines/line_map.hpp"

namespace custody::property {
namespace {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;

constexpr unsigned kCells = 4, kLines = 3, kCellBytes = 4, kLineBytes = kCells * kCellBytes;
constexpr unsigned kEvery = (1U << kCells) - 1U;

/// A line of the cache and its memory, cell by cell.
struct Cells {
  enum Presence : unsigned { kAbsent, kClean, kDirty } presence = kAbsent;
  unsigned memory_old = 0, line_old = 0;
  bool operator<(const Cells& o) const {
    return std::tie(presence, memory_old, line_old) < std::tie(o.presence, o.memory_old, o.line_old);
  }
  bool operator==(const Cells&) const = default;
};
using CellSet = std::set<Cells>;

void drop(Cells& c) { c = {Cells::kAbsent, c.memory_old, 0}; }
bool write_back(Cells& c) {
  const bool loses = (c.line_old & ~c.memory_old) != 0;
  c = {Cells::kClean, c.line_old, c.line_old};
  return loses;
}
void fill(Cells& c) {
  if (c.presence == Cells::kAbsent) c = {Cells::kClean, c.memory_old, c.memory_old};
}

/// True: a hazard.
bool touch(Cells& c, Access access, unsigned cells) {
  const unsigned through_cache = c.presence == Cells::kAbsent ? c.memory_old : c.line_old;
  switch (access) {
    case Access::kCpuRead:
    case Access::kCoherentRead: return (through_cache & cells) != 0;
    case Access::kDeviceRead: return (c.memory_old & cells) != 0;
    case Access::kCpuWrite:
      fill(c);
      c = {Cells::kDirty, c.memory_old | cells, c.line_old & ~cells};
      return (through_cache & ~cells & kEvery) != 0;
    case Access::kDeviceWrite: {
      const bool dirty = c.presence == Cells::kDirty;
      c.memory_old &= ~cells;
      if (c.presence != Cells::kAbsent) c.line_old |= cells;
      return dirty;
    }
    default:
      if (c.presence == Cells::kDirty) write_back(c);
      drop(c);
      c.memory_old &= ~cells;
      return false;
  }
}

/// True: it loses data.
bool maintain(Cells& c, Operation op, bool part, bool cleans_edges) {
  const bool dirty = c.presence == Cells::kDirty;
  if (op == Operation::kInvalidate && part && cleans_edges) op = Operation::kCleanInvalidate;
  bool loses = false;
  if (op == Operation::kInvalidate) loses = dirty && (c.memory_old & ~c.line_old) != 0;
  else if (op != Operation::kNone && dirty) loses = write_back(c);
  if (op == Operation::kInvalidate || op == Operation::kCleanInvalidate) drop(c);
  return loses;
}

CellSet moved(CellSet set) {
  for (std::vector<Cells> todo(set.begin(), set.end()); !todo.empty();) {
    Cells c = todo.back();
    todo.pop_back();
    if (c.presence == Cells::kAbsent) fill(c);
    else if (c.presence == Cells::kClean) drop(c);
    else write_back(c);
    if (set.insert(c).second) todo.push_back(c);
  }
  return set;
}

/// A range in cells of the whole buffer.
struct CellRange {
  unsigned from = 0, to = 0;
  [[nodiscard]] unsigned in_line(unsigned line) const {
    unsigned mask = 0;
    for (unsigned c = 0; c < kCells; ++c)
      if (line * kCells + c >= from && line * kCells + c < to) mask |= 1U << c;
    return mask;
  }
  [[nodiscard]] checker::lines::ByteRange bytes() const {
    return {from * kCellBytes, (to - from) * std::uint64_t{kCellBytes}};
  }
};
constexpr CellRange kWhole{0, kLines* kCells};

/// Every line as the set of what it may be.
class Reference {
 public:
  explicit Reference(bool cleans_edges) : cleans_edges_(cleans_edges) {
    lines_.fill(moved({Cells{Cells::kDirty, kEvery, 0}}));
  }
  /// `act` changes cells and says what went wrong. True where it may go wrong.
  template <class Act>
  bool would(CellRange range, const Act& act, bool carry_out) {
    bool wrong = false;
    for (unsigned l = 0; l < kLines; ++l) {
      const unsigned mask = range.in_line(l);
      if (mask == 0) continue;
      CellSet after;
      for (Cells c : lines_[l]) {
        wrong = act(c, mask) || wrong;
        after.insert(c);
      }
      if (carry_out) lines_[l] = moved(after);
    }
    return wrong;
  }
  bool perform(Access a, CellRange range, bool carry_out) {
    return would(
        range, [&](Cells& c, unsigned mask) { return touch(c, a, mask); }, carry_out);
  }
  bool operate(Operation op, CellRange range, bool carry_out) {
    return would(
        range, [&](Cells& c, unsigned mask) { return maintain(c, op, mask != kEvery, cleans_edges_); }, carry_out);
  }
  /// Any number of times.
  void perform_perhaps(Access a, CellRange range) {
    for (Reference before = *this;; before = *this) {
      perform(a, range, true);
      unite(before);
      if (lines_ == before.lines_) return;
    }
  }
  void operate_perhaps(Operation op, CellRange range) {
    const Reference before = *this;
    operate(op, range, true);
    unite(before);
  }
  bool has_no_effect(Operation op, CellRange range) const {
    Reference other = *this;
    other.operate(op, range, true);
    return other.lines_ == lines_;
  }
  [[nodiscard]] Belief joined() const {
    Belief all;
    for (const CellSet& line : lines_)
      for (const Cells& c : line)
        for (unsigned cell = 0; cell < kCells; ++cell) {
          const unsigned memory = c.memory_old >> cell & 1U, old = c.line_old >> cell & 1U;
          const unsigned line_state = c.presence == Cells::kAbsent ? 0 : c.presence * 2U - 1U + old;
          all.bits = static_cast<std::uint16_t>(all.bits | 1U << (line_state * 2U + memory));
        }
    return all;
  }

 private:
  void unite(const Reference& other) {
    for (unsigned l = 0; l < kLines; ++l) lines_[l].insert(other.lines_[l].begin(), other.lines_[l].end());
  }

  bool cleans_edges_;
  std::array<CellSet, kLines> lines_;
};

constexpr std::array<Access, 6> kAll = {Access::kCpuRead,     Access::kCpuWrite,     Access::kDeviceRead,
                                        Access::kDeviceWrite, Access::kCoherentRead, Access::kCoherentWrite};

void compare(checker::lines::LineMap& map, Reference& real, CellRange range) {
  for (const Access a : kAll) RC_ASSERT(map.is_hazard(a, range.bytes()) == real.perform(a, range, false));
  for (unsigned o = 1; o < model::kOperations; ++o) {
    const auto op = static_cast<Operation>(o);
    RC_ASSERT(map.can_lose(op, range.bytes()) == real.operate(op, range, false));
    RC_ASSERT(map.has_no_effect(op, range.bytes()) == real.has_no_effect(op, range));
  }
  RC_ASSERT(map.joined() == real.joined());
}

CellRange any_range() {
  const unsigned a = *rc::gen::inRange(0U, kLines * kCells + 1U), b = *rc::gen::inRange(0U, kLines * kCells + 1U);
  return a == b ? kWhole : CellRange{std::min(a, b), std::max(a, b)};
}

RC_GTEST_PROP(LineMap, IsAsExactAsTheBytesThemselves, ()) {
  const bool cleans_edges = *rc::gen::arbitrary<bool>();
  checker::lines::LineMap map({kLineBytes, cleans_edges}, std::uint64_t{kLines} * kLineBytes,
                              model::hardware_closure(model::start::kDirty));
  Reference real(cleans_edges);
  const unsigned steps = *rc::gen::inRange(1U, 16U);
  for (unsigned i = 0; i < steps; ++i) {
    const CellRange range = any_range();
    const Access access = *rc::gen::elementOf(kAll);
    const auto op = static_cast<Operation>(*rc::gen::inRange(1U, model::kOperations));
    switch (*rc::gen::inRange(0, 5)) {
      case 0:
      case 1:
        map.perform(model::AccessSet().add(access), range.bytes());
        real.perform(access, range, true);
        break;
      case 2:
        map.advance(AccessSet().add(access), range.bytes());
        real.perform_perhaps(access, range);
        break;
      case 3:
        map.operate_somewhere(op, range.bytes());
        real.operate_perhaps(op, range);
        break;
      default:
        map.operate(op, range.bytes());
        real.operate(op, range, true);
        break;
    }
    compare(map, real, kWhole);
    compare(map, real, any_range());
  }
}

TEST(LineMap, ForgetsWhatItCannotKeep) {
  checker::lines::LineMap map({64, true}, std::uint64_t{1} << 40U, model::hardware_closure(model::start::kDirty));
  for (std::uint64_t i = 0; i < checker::lines::LineMap::kMostRuns; ++i) {
    map.operate(Operation::kCleanInvalidate, {i * 4096, 64});
    EXPECT_LE(map.runs(), checker::lines::LineMap::kMostRuns + 1);
  }
  EXPECT_FALSE(map.is_hazard(Access::kDeviceRead, {})) << "nobody is accused";
  EXPECT_FALSE(map.has_no_effect(Operation::kClean, {})) << "nothing is claimed";
  map.perform(model::AccessSet().add(Access::kCpuWrite), {0, 64});
  EXPECT_TRUE(map.is_hazard(Access::kDeviceRead, {0, 64})) << "what is written whole is known again";
}

TEST(LineMap, CutsRangesToTheBuffer) {
  checker::lines::LineMap map({64, true}, 100, model::hardware_closure(model::start::kDirty));
  map.operate(Operation::kClean, {0, 100});
  EXPECT_FALSE(map.is_hazard(Access::kDeviceRead, {})) << "the last line ends with the buffer";
  map.perform(model::AccessSet().add(Access::kCpuWrite), {200, 10});
  map.perform(model::AccessSet().add(Access::kCpuWrite), {~std::uint64_t{0}, ~std::uint64_t{0}});
  EXPECT_FALSE(map.is_hazard(Access::kDeviceRead, {}));
  EXPECT_FALSE(map.has_no_effect(Operation::kClean, {200, 10}));
}

}  // namespace
}  // namespace custody::property
