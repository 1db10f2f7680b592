// SPDX-License-Identifier: BSD-2-Clause
#include "checker/follow/tables.hpp"

#include <algorithm>

namespace custody::checker {

using model::at;
using model::kFields;
using model::kWorldFields;
using model::Row;

ContractTables::ContractTables(const spec::Contract& contract)
    : contract_(contract), cells_(std::size(model::kStates) * model::kEventCount) {
  for (const auto* table : {&contract.rows, &contract.refusals})
    for (const Row& row : *table) {
      cells_[row.from * model::kEventCount + row.event].push_back(&row);
      keeps_tables_ = keeps_tables_ || std::any_of(row.actions.begin(), row.actions.end(),
                                                   [](model::Id a) { return model::kActions[a].op == model::Op::dir; });
    }
}

bool ContractTables::skips_implicit_syncs() const { return start().get(at(kFields, "implicit_sync")) == 1; }

const Row* ContractTables::answer(model::Id state, model::Id event, const model::Cells& cells) const {
  for (const Row* row : cells_[state * model::kEventCount + event])
    if (row->guards_hold(cells)) return row;
  return nullptr;
}

model::Outcome ContractTables::step(const model::World& world, const model::Attachment& attachment,
                                    const model::Call& call) const {
  model::Outcome out{world, attachment, nullptr, nullptr};
  model::Cells cells = model::cells_of(world, attachment, call);
  const model::Cells before = cells;
  if (const Row* row = answer(world.state, call.event, cells)) {
    out.buffer_row = row;
    row->run_actions(cells);
    out.world.state = row->to;
    std::copy_n(cells.v.begin(), kWorldFields, out.world.v.begin());
  }
  if (!model::names_attachment(call.event) && call.event != at(model::kEvents, "move_notify")) return out;
  cells = before;
  if (const Row* row = answer(attachment.state, call.event, cells)) {
    out.attachment_row = row;
    row->run_actions(cells);
    out.attachment.state = row->to;
    std::copy_n(cells.v.begin() + kWorldFields, model::kAttachmentFields, out.attachment.v.begin());
  }
  return out;
}

}  // namespace custody::checker
