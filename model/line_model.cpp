// SPDX-License-Identifier: BSD-2-Clause
#include "model/line_model.hpp"

#include <stdexcept>

namespace custody::model {

namespace {

enum class Presence : std::uint8_t { kAbsent, kClean, kDirty };

/// One line of at most two blocks. `memory_old` and `line_old` have a bit a block; an absent line has none.
struct LineState {
  Presence presence = Presence::kAbsent;
  BlockMask memory_old = 0, line_old = 0;
};

/// With one block the numbers of model/coherence.hpp, else presence, memory, line as digits.
unsigned number_of(const LineState& s, unsigned blocks) {
  if (blocks == 2) return static_cast<unsigned>(s.presence) * 16U + s.memory_old * 4U + s.line_old;
  const unsigned line = s.presence == Presence::kAbsent ? 0 : static_cast<unsigned>(s.presence) * 2U - 1U + s.line_old;
  return line * 2U + s.memory_old;
}
LineState state_of(unsigned number, unsigned blocks) {
  if (blocks == 2)
    return {static_cast<Presence>(number / 16U), static_cast<BlockMask>(number / 4U % 4U),
            static_cast<BlockMask>(number % 4U)};
  const unsigned line = number / 2U;
  return {static_cast<Presence>((line + 1U) / 2U), static_cast<BlockMask>(number % 2U),
          static_cast<BlockMask>(line == 0 ? 0U : (line - 1U) % 2U)};
}

/// Writes a dirty line back; true where that overwrites newer memory.
bool write_back(LineState& s) {
  const bool loses = (s.line_old & ~s.memory_old) != 0;
  s.memory_old = s.line_old;
  s.presence = Presence::kClean;
  return loses;
}

void drop(LineState& s) {
  s.presence = Presence::kAbsent;
  s.line_old = 0;
}

/// The hardware's one move from `s`.
LineState move(LineState s) {
  switch (s.presence) {
    case Presence::kAbsent:
      s.presence = Presence::kClean;
      s.line_old = s.memory_old;
      break;
    case Presence::kClean: drop(s); break;
    case Presence::kDirty: write_back(s); break;
  }
  return s;
}

bool maintain(Operation op, LineState& s) {
  bool loses = false;
  const bool dirty = s.presence == Presence::kDirty;
  if ((op == Operation::kClean || op == Operation::kCleanInvalidate) && dirty) loses = write_back(s);
  if (op == Operation::kInvalidate) loses = dirty && (s.memory_old & ~s.line_old) != 0;
  if (op == Operation::kInvalidate || op == Operation::kCleanInvalidate) drop(s);
  return loses;
}

/// What a write through the cache leaves: the written blocks are the newest, in the line only.
void write_through_cache(LineState& s, BlockMask written) {
  if (s.presence == Presence::kAbsent) s.line_old = s.memory_old;
  s.presence = Presence::kDirty;
  s.line_old = static_cast<BlockMask>(s.line_old & ~written);
  s.memory_old = static_cast<BlockMask>(s.memory_old | written);
}

bool stale_through_cache(const LineState& s, BlockMask read) {
  return ((s.presence == Presence::kAbsent ? s.memory_old : s.line_old) & read) != 0;
}

/// `beside`: the blocks of the line that are not touched.
bool touch(Access access, BlockMask touched, BlockMask beside, LineState& s) {
  switch (access) {
    case Access::kCpuRead:
    case Access::kCoherentRead: return stale_through_cache(s, touched);
    case Access::kDeviceRead: return (s.memory_old & touched) != 0;
    case Access::kCpuWrite: {
      const bool hides = stale_through_cache(s, beside);
      write_through_cache(s, touched);
      return hides;
    }
    case Access::kCoherentWriteDirty: write_through_cache(s, touched); return false;
    case Access::kCpuWritePart: {
      // Of each block only a part: what else the block holds stays as old as it was.
      const bool stale = stale_through_cache(s, touched);
      if (!stale) write_through_cache(s, touched);
      else if (s.presence == Presence::kAbsent) s.line_old = s.memory_old;
      s.presence = Presence::kDirty;
      return stale;
    }
    case Access::kDeviceWrite: {
      const bool hazard = s.presence == Presence::kDirty;
      s.memory_old = static_cast<BlockMask>(s.memory_old & ~touched);
      if (s.presence != Presence::kAbsent) s.line_old = static_cast<BlockMask>(s.line_old | touched);
      return hazard;
    }
    case Access::kCoherentWrite: {
      // The snoop takes the line; what of it was not overwritten goes to memory.
      if (s.presence == Presence::kDirty) write_back(s);
      drop(s);
      s.memory_old = static_cast<BlockMask>(s.memory_old & ~touched);
      return false;
    }
  }
  return false;
}

}  // namespace

LineModel::LineModel(const LineShape& shape) : shape_(shape) {
  if (shape.blocks < 1 || shape.blocks > 2) throw std::invalid_argument("a line has one or two blocks");
  const unsigned lines = shape.blocks == 2 && !shape.shared_line ? 2 : 1, blocks = shape.blocks / lines;
  const unsigned numbers = blocks == 2 ? kTwoBlockStates : kLineStates;
  states_ = lines == 2 ? numbers * numbers : numbers;
  const auto join = [&](const std::array<LineState, 2>& s) {
    const unsigned low = number_of(s[0], blocks);
    return static_cast<std::uint8_t>(lines == 2 ? number_of(s[1], blocks) * numbers + low : low);
  };
  const auto split = [&](unsigned state) {
    return std::array<LineState, 2>{state_of(state % numbers, blocks), state_of(state / numbers, blocks)};
  };
  /// The part of a mask that is in a line, from its first block on.
  const auto in_line = [&](BlockMask mask, unsigned line) {
    return static_cast<BlockMask>(lines == 2 ? (mask >> line) & 1U : mask);
  };
  const auto whole = static_cast<BlockMask>((1U << blocks) - 1U);
  const LineState written{Presence::kDirty, whole, 0};
  clean_ = join({});
  dirty_ = join({written, written});
  moves_.resize(states_);
  for (unsigned state = 0; state < states_; ++state)
    for (unsigned line = 0; line < lines; ++line) {
      std::array<LineState, 2> s = split(state);
      s[line] = move(s[line]);
      if (join(s) != state) moves_[state].push_back(join(s));
    }
  const auto fill = [&](Table& table, const auto& change) {
    for (unsigned mask = 0; mask < table.size(); ++mask) {
      table[mask].resize(states_);
      for (unsigned state = 0; state < states_; ++state) {
        std::array<LineState, 2> s = split(state);
        Outcome& out = table[mask][state];
        for (unsigned line = 0; line < lines; ++line)
          if (const BlockMask part = in_line(static_cast<BlockMask>(mask), line); part != 0)
            out.wrong = change(part, s[line]) || out.wrong;
        out.next = join(s);
      }
    }
  };
  for (unsigned op = 0; op < kOperations; ++op)
    fill(operations_[op], [&](BlockMask part, LineState& s) {
      auto operation = static_cast<Operation>(op);
      if (operation == Operation::kInvalidate && part != whole && shape.cleans_edges)
        operation = Operation::kCleanInvalidate;
      return maintain(operation, s);
    });
  for (unsigned a = 0; a < kAccesses; ++a)
    fill(accesses_[a], [&](BlockMask part, LineState& s) {
      return touch(static_cast<Access>(a), part, static_cast<BlockMask>(whole & ~part), s);
    });
}

std::uint8_t LineModel::of_blocks(unsigned first, unsigned second) {
  const LineState a = state_of(first, 1), b = state_of(second, 1);
  return static_cast<std::uint8_t>(number_of({a.presence, static_cast<BlockMask>(a.memory_old | b.memory_old * 2U),
                                              static_cast<BlockMask>(a.line_old | b.line_old * 2U)},
                                             2));
}

unsigned LineModel::block_of(unsigned state, unsigned block) {
  const LineState s = state_of(state, 2);
  return number_of({s.presence, static_cast<BlockMask>(s.memory_old >> block & 1U),
                    static_cast<BlockMask>(s.line_old >> block & 1U)},
                   1);
}

}  // namespace custody::model
