// SPDX-License-Identifier: BSD-2-Clause
// The transitions of a system as dense tables of bits to flip, made as the search meets them.
#include "checker/explore/step_tables.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace custody::checker::explore {

namespace {

constexpr Packed low_bits(unsigned n) { return (Packed{1} << n) - 1U; }

}  // namespace

StepTables::StepTables(const System& system, Residues& residues)
    : system_(system), shift_(64U - 8U),
      buffer_mask_(low_bits(system.layout().devices_at)), block_{low_bits(system.layout().block.bits),
                                                                 system.configuration().devices,
                                                                 {}},
      index_(std::size_t{1} << (64U - shift_)),
      columns_(kClasses * (block_.mask + 1U), 0), cells_{Places(system.layout(), residues), {}, {}, {}, 0} {
  for (unsigned d = 0; d < block_.count; ++d) block_.shift[d] = system.layout().of_device(d, 0, 0).shift;
}

void StepTables::insert(std::uint64_t key, std::uint32_t entry) {
  std::size_t at = (key * 0x9e3779b97f4a7c15ULL) >> shift_;
  while (index_[at].key != ~std::uint64_t{0}) at = (at + 1) & (index_.size() - 1);
  index_[at] = {key, entry};
}

std::uint32_t StepTables::add_entry(std::uint64_t key) {
  if (std::size_t{entries_} * 2U >= index_.size()) {
    const std::vector<Slot> before = std::exchange(index_, std::vector<Slot>(index_.size() * 2));
    --shift_;
    for (const Slot& slot : before)
      if (slot.key != ~std::uint64_t{0}) insert(slot.key, slot.entry);
  }
  insert(key, entries_);
  table_.resize(table_.size() + stride_, kUnknown);
  return entries_++;
}

void StepTables::add_column(std::uint16_t& column) {
  column = static_cast<std::uint16_t>(used_columns_++);
  if (used_columns_ <= stride_) return;
  std::vector<std::uint32_t> wider(static_cast<std::size_t>(entries_) * stride_ * 2, kUnknown);
  for (std::uint32_t e = 0; e < entries_; ++e)
    std::copy_n(table_.begin() + static_cast<std::ptrdiff_t>(e) * stride_, stride_,
                wider.begin() + static_cast<std::ptrdiff_t>(e) * stride_ * 2);
  table_ = std::move(wider);
  stride_ *= 2;
}

std::uint32_t StepTables::make_row(Packed state, std::uint32_t device) {
  successors_.clear();
  if (device == kUnknown) system_.shared_successors(state, successors_);
  else system_.device_successors(state, device, successors_);
  Row row{static_cast<std::uint32_t>(steps_.size()), static_cast<std::uint32_t>(successors_.size()), kUnknown};
  row.targets = static_cast<std::uint32_t>(cells_.targets.size());
  for (const Successor& next : successors_) {
    const Packed flips = next.next ^ state;
    Step step;
    step.operations = next.operations;
    step.kind = static_cast<std::uint16_t>(next.label.kind) & ((1U << Step::kKindBits) - 1U);
    step.broken = next.broken & ((1U << (16 - Step::kKindBits)) - 1U);
    step.flips = static_cast<std::uint32_t>(flips & buffer_mask_);
    if (device != kUnknown) step.block_flips = static_cast<std::uint8_t>((flips >> block_.shift[device]) & block_.mask);
    if (row.gives_back == kUnknown && gives_back(next.label.kind) && !next.is_mixed())
      row.gives_back = static_cast<std::uint32_t>(steps_.size());
    steps_.push_back(step);
    row.broken |= next.broken;
    add_target(row.targets, step, next.next);
  }
  row.targets_end = static_cast<std::uint32_t>(cells_.targets.size());
  rows_.push_back(row);
  return static_cast<std::uint32_t>(rows_.size() - 1);
}

void StepTables::add_target(std::size_t first, const Step& step, Packed next) {
  const Place place = cells_.places.of(next);
  const CellMask state = CellMask{1} << place.slot;
  for (std::size_t t = first; t < cells_.targets.size(); ++t)
    if (cells_.targets[t].page == place.cell.page && cells_.targets[t].block_flips == step.block_flips) {
      cells_.targets[t].states |= state;
      return;
    }
  cells_.targets.push_back({state, place.cell.page,
                            static_cast<std::uint32_t>(step.flips & system_.layout().masks.counts), step.block_flips});
}

void StepTables::gather_columns(const Cell& cell) {
  cells_.columns[0].devices = 1;
  cells_.columns[0].reached.clear();
  cells_.used = 1;
  for (unsigned d = 0; d < block_.count; ++d) {
    const std::uint32_t index = column_of(cell.devices, d);
    unsigned c = 1;
    while (c < cells_.used && cells_.columns[c].index != index) ++c;
    Column& column = cells_.columns[c];
    if (c == cells_.used) {
      ++cells_.used;
      column.index = index;
      column.devices = 0;
      column.reached.clear();
    }
    column.device[column.devices] = static_cast<std::uint8_t>(d);
    column.shift[column.devices++] = block_.shift[d];
  }
}

std::vector<std::uint32_t>& StepTables::entries_of(const Cell& cell) {
  const Layout& l = system_.layout();
  return cells_.entries[(cell.devices & l.masks.counts) | (std::uint64_t{l.digest(cell.devices)} << 40U)];
}

std::optional<Packed> StepTables::give_back_whole(Packed state) {
  system_.successors(state, successors_);
  const auto found = std::find_if(successors_.begin(), successors_.end(),
                                  [](const Successor& s) { return gives_back(s.label.kind) && !s.is_mixed(); });
  if (found == successors_.end()) return std::nullopt;
  return found->next;
}

Totals StepTables::totals() const {
  Totals t = whole_;
  for (const Row& row : rows_)
    for (std::uint32_t i = 0; i < row.count; ++i) {
      const Step& step = steps_[row.begin + i];
      t.count(static_cast<Label::Kind>(step.kind), step.broken, step.operations, row.uses);
    }
  return t;
}

void Totals::count(Label::Kind kind, PropertySet breaks, std::uint8_t ran, std::uint64_t times) {
  transitions += times;
  seen[static_cast<std::size_t>(kind)] += times;
  for (unsigned left = breaks; left != 0; left &= left - 1)
    broken[static_cast<unsigned>(std::countr_zero(left))] += times;
  // A detach or a release that gives back a kept table with its sync hands over, too.
  if ((!is_handover(kind) && ran == 0) || times == 0) return;
  handovers += times;
  operations += times * ran;
  most_operations = std::max<std::uint64_t>(most_operations, ran);
}

void Totals::add(const Totals& other) {
  for (std::size_t i = 0; i < seen.size(); ++i) seen[i] += other.seen[i];
  for (std::size_t i = 0; i < broken.size(); ++i) broken[i] += other.broken[i];
  transitions += other.transitions;
  handovers += other.handovers;
  operations += other.operations;
  most_operations = std::max(most_operations, other.most_operations);
}

}  // namespace custody::checker::explore
