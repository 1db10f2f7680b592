// SPDX-License-Identifier: BSD-2-Clause
#include "spec/contract.hpp"

#include <algorithm>
#include <iterator>

#include "model/step.hpp"

namespace custody::spec {

using model::at;
using model::Cells;
using model::Id;
using model::Row;

Contract compiled_contract() {
  Contract c;
  c.name = "system-heap-6.1";
  c.title = "The system and CMA heap since 5.11";
  c.source = "drivers/dma-buf/heaps/system_heap.c, cma_heap.c";
  for (const auto table : {model::buffer_rows(), model::attachment_rows()})
    c.rows.insert(c.rows.end(), table.begin(), table.end());
  for (const auto table : {model::buffer_refusals(), model::attachment_refusals()})
    c.refusals.insert(c.refusals.end(), table.begin(), table.end());
  return c;
}

namespace {

bool applies(Id state, Id event) {
  if (state < model::kBufferStates) return true;
  return model::names_attachment(event) ||
         (event == at(model::kEvents, "move_notify") && state != model::kFirstAttachmentState);
}

/// The next combination of values of the fields; policies keep theirs unless told. False after the last.
bool next_combination(Cells& cells, std::uint64_t fields, bool policies = false) {
  for (std::size_t f = 0; f < model::kFieldCount; ++f) {
    if (((fields >> f) & 1U) == 0 || (!policies && model::kFields[f].owner == model::Owner::kPolicy)) continue;
    if (cells.v[f] < model::kFields[f].max) return ++cells.v[f], true;
    cells.v[f] = 0;
  }
  return false;
}

/// Under some policies and in some consistent world the guards hold.
bool can_answer(const Row& row) {
  std::uint64_t fields = 0;
  for (const Id g : row.guards) fields |= std::uint64_t{1} << model::kGuards[g].field;
  Cells cells;
  do
    if (model::is_consistent(row.from, cells, fields) && row.guards_hold(cells)) return true;
  while (next_combination(cells, fields, true));
  return false;
}

/// More combinations of the fields that one cell looks at are refused: the proof and the search's tables go through
/// all of them.
constexpr std::size_t kMaxCombinations = std::size_t{1} << 16U;

struct Cell {
  Id state, event;
  std::vector<const Row*> rows;
  std::uint64_t fields = 0;
};

std::size_t combinations_of(std::uint64_t fields) {
  std::size_t count = 1;
  for (std::size_t f = 0; f < model::kFieldCount; ++f)
    if (((fields >> f) & 1U) != 0 && model::kFields[f].owner != model::Owner::kPolicy)
      count = std::min(count * (model::kFields[f].max + 1U), kMaxCombinations + 1);
  return count;
}

std::string name_of(const Cell& cell) {
  return std::string(model::kStates[cell.state].name) + " x " + std::string(model::kEvents[cell.event].name);
}

std::string describe(const Cell& cell, const Cells& cells) {
  std::string text;
  for (std::size_t f = 0; f < model::kFieldCount; ++f)
    if (((cell.fields >> f) & 1U) != 0)
      text.append(text.empty() ? " where " : ", ")
          .append(model::kFields[f].name)
          .append(" = ")
          .append(std::to_string(cells.v[f]));
  return text;
}

std::optional<Flaw> check_cell(const Contract& contract, const Cell& cell) {
  Cells cells;
  std::copy(contract.start.v.begin(), contract.start.v.end(), cells.v.begin());
  do {
    std::uint64_t known = cell.fields;
    for (std::size_t f = 0; f < model::kFieldCount; ++f)
      if (model::kFields[f].owner == model::Owner::kPolicy) known |= std::uint64_t{1} << f;
    if (!model::is_consistent(cell.state, cells, known)) continue;
    const Row* first = nullptr;
    for (const Row* const row : cell.rows) {
      if (!row->guards_hold(cells)) continue;
      if (first != nullptr)
        return Flaw{name_of(cell) + ": " + std::string(first->id) + " and " + std::string(row->id) + " both answer" +
                        describe(cell, cells),
                    {first->id, row->id}};
      first = row;
    }
    if (first == nullptr) return Flaw{name_of(cell) + ": no row and no refusal answers" + describe(cell, cells), {}};
  } while (next_combination(cells, cell.fields));
  return std::nullopt;
}

}  // namespace

std::optional<Flaw> flaw_of(const Contract& contract) {
  std::vector<const Row*> all;
  for (const Row& row : contract.rows) all.push_back(&row);
  for (const Row& row : contract.refusals) all.push_back(&row);
  for (const Row* const row : all)
    if (!can_answer(*row))
      return Flaw{std::string(row->id) + " can never answer: its guards exclude each other", {row->id}};
  for (std::size_t i = 0; i < std::size(model::kStates); ++i)
    for (Id e = 0; e < model::kEventCount; ++e) {
      const auto s = static_cast<Id>(i);
      if (!applies(s, e)) continue;
      Cell cell{s, e, {}, 0};
      for (const Row* const row : all) {
        if (row->from != s || row->event != e) continue;
        cell.rows.push_back(row);
        for (const Id g : row->guards) cell.fields |= std::uint64_t{1} << model::kGuards[g].field;
      }
      if (combinations_of(cell.fields) > kMaxCombinations)
        return Flaw{name_of(cell) + ": its guards look at too many fields, expected at most " +
                        std::to_string(kMaxCombinations) + " combinations of their values",
                    cell.rows.empty() ? std::vector<std::string_view>{} : std::vector{cell.rows.back()->id}};
      if (auto wrong = check_cell(contract, cell)) return wrong;
    }
  return std::nullopt;
}

}  // namespace custody::spec
