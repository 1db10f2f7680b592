// SPDX-License-Identifier: BSD-2-Clause
// The states of a cache line of one block or of two by numbers, for a search.
#include "model/line_model.hpp"

#include <stdexcept>

#include "model/line_state.hpp"

namespace custody::model {

namespace {

using Presence = LineState::Presence;

/// With one block the numbers of model/coherence.hpp, else presence, memory, line as digits.
unsigned number_of(const LineState& s, unsigned blocks) {
  const auto memory = static_cast<unsigned>(s.memory_old), old = static_cast<unsigned>(s.line_old);
  if (blocks == 2) return static_cast<unsigned>(s.presence) * 16U + memory * 4U + old;
  const unsigned line = s.presence == Presence::kAbsent ? 0 : static_cast<unsigned>(s.presence) * 2U - 1U + old;
  return line * 2U + memory;
}
LineState state_of(unsigned number, unsigned blocks) {
  if (blocks == 2)
    return {static_cast<Presence>(number / 16U), static_cast<BlockMask>(number / 4U % 4U),
            static_cast<BlockMask>(number % 4U)};
  const unsigned line = number / 2U;
  return {static_cast<Presence>((line + 1U) / 2U), static_cast<BlockMask>(number % 2U),
          static_cast<BlockMask>(line == 0 ? 0U : (line - 1U) % 2U)};
}

}  // namespace

LineModel::LineModel(const LineShape& shape) : shape_(shape) {
  if (shape.blocks < 1 || shape.blocks > 2) throw std::invalid_argument("a line has one or two blocks");
  const unsigned lines = shape.blocks == 2 && !shape.shared_line ? 2 : 1, blocks = shape.blocks / lines;
  const unsigned numbers = blocks == 2 ? 48 : kLineStates;
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
      s[line] = moved(s[line]);
      if (join(s) != state) moves_[state].push_back(join(s));
    }
  for (unsigned state = 0; state < states_; ++state) {
    std::array<LineState, 2> s = split(state);
    for (unsigned line = 0; line < lines; ++line) rewrite(whole, s[line]);
    rewritten_.push_back(join(s));
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
      return custody::model::operate(operation, s);
    });
  for (unsigned a = 0; a < kAccesses; ++a)
    fill(accesses_[a],
         [&](BlockMask part, LineState& s) { return custody::model::access(static_cast<Access>(a), part, whole, s); });
}

}  // namespace custody::model
