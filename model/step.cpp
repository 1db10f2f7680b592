// SPDX-License-Identifier: BSD-2-Clause
// The Boost.MSM machines take the transitions; where none fires, the refusal of the cell says where the kernel goes.
#include "model/step.hpp"

#include <algorithm>
#include <array>

#include "model/machines.hpp"

namespace custody::model {

namespace {

constexpr Id kWindowMatches = at(kFields, "window_matches");
constexpr Id kWindowNested = at(kFields, "window_nested");
constexpr Id kToDevice = at(kFields, "to_device"), kFromDevice = at(kFields, "from_device"),
             kKeptMatches = at(kFields, "kept_matches"), kOwnCached = at(kFields, "own_cached");
constexpr std::size_t kCellCount = std::size(kStates) * kEventCount;

/// Refusals of one cell stand anywhere in their table: an index of first and last keeps the search short.
struct CellRange {
  std::uint16_t first = 0xffff, end = 0;
};
std::array<CellRange, kCellCount> index_of(std::span<const Row> table) {
  std::array<CellRange, kCellCount> index{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    CellRange& range = index[table[i].from * kEventCount + table[i].event];
    range.first = std::min(range.first, static_cast<std::uint16_t>(i));
    range.end = static_cast<std::uint16_t>(i + 1);
  }
  return index;
}

const Row* refuse(std::span<const Row> table, const std::array<CellRange, kCellCount>& index, Id& state, Cells& cells,
                  Id event) {
  const CellRange range = index[state * kEventCount + event];
  for (std::size_t i = range.first; i < range.end; ++i) {
    const Row& row = table[i];
    if (!row.answers(state, event, cells)) continue;
    row.run_actions(cells);
    state = row.to;
    return &row;
  }
  return nullptr;
}

const Row* answer_buffer(Id& state, Cells& cells, Id event) {
  static const auto kIndex = index_of(buffer_refusals());
  const std::size_t fired = fire_buffer(state, cells, event);
  return fired != kNoRow ? &buffer_rows()[fired] : refuse(buffer_refusals(), kIndex, state, cells, event);
}

const Row* answer_attachment(Id& state, Cells& cells, Id event) {
  static const auto kIndex = index_of(attachment_refusals());
  const std::size_t fired = fire_attachment(state, cells, event);
  return fired != kNoRow ? &attachment_rows()[fired] : refuse(attachment_refusals(), kIndex, state, cells, event);
}

}  // namespace

Cells cells_of(const World& world, const Attachment& attachment, const Call& call) {
  Cells cells;
  std::copy(world.v.begin(), world.v.end(), cells.v.begin());
  std::copy(attachment.v.begin(), attachment.v.end(), cells.v.begin() + kWorldFields);
  cells.v[kWindowMatches] = call.window_matches ? 1 : 0;
  cells.v[kWindowNested] = call.window_nested ? 1 : 0;
  cells.v[kToDevice] = device_may_read(call.dir) ? 1 : 0;
  cells.v[kFromDevice] = device_may_write(call.dir) ? 1 : 0;
  const std::uint16_t kept = attachment.get(kOwnCached);
  cells.v[kKeptMatches] = kept != 0 && kept == code_of(call.dir) ? 1 : 0;
  return cells;
}

std::size_t interpret(std::span<const Row> table, Id& state, Cells& cells, Id event) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!table[i].answers(state, event, cells)) continue;
    table[i].run_actions(cells);
    state = table[i].to;
    return i;
  }
  return kNoRow;
}

Outcome step(const World& world, const Attachment& attachment, const Call& call) {
  Outcome outcome{world, attachment, nullptr, nullptr};
  if (call.failed && world.state != at(kStates, "Freed")) return outcome;
  Cells cells = cells_of(world, attachment, call);
  const Cells before = cells;
  outcome.buffer_row = answer_buffer(outcome.world.state, cells, call.event);
  std::copy_n(cells.v.begin(), kWorldFields, outcome.world.v.begin());
  if (!names_attachment(call.event)) return outcome;
  cells = before;
  outcome.attachment_row = answer_attachment(outcome.attachment.state, cells, call.event);
  std::copy_n(cells.v.begin() + kWorldFields, kAttachmentFields, outcome.attachment.v.begin());
  return outcome;
}

Attachment step_attachment(const Attachment& attachment, Id event, const Row** row) {
  Attachment next = attachment;
  Cells cells = cells_of(World{}, attachment, Call{event});
  const Row* answer = answer_attachment(next.state, cells, event);
  if (row != nullptr) *row = answer;
  std::copy_n(cells.v.begin() + kWorldFields, kAttachmentFields, next.v.begin());
  return next;
}

}  // namespace custody::model
