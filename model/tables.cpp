// SPDX-License-Identifier: BSD-2-Clause
// The lifetime tables as data, and the proof that they are complete.
#include <iterator>

#include "model/attachment_table.hpp"
#include "model/buffer_table.hpp"
#include "model/completeness.hpp"
#include "model/step.hpp"

namespace custody::model {

namespace {

/// Only an attachment that exists is told that the storage moves.
constexpr bool concerns_attachment(Id state, Id event) {
  return names_attachment(event) || (event == at(kEvents, "move_notify") && state != kFirstAttachmentState);
}

static_assert(first_incomplete_cell(kBufferRows, kBufferRefusals, 0, kBufferStates, [](Id, Id) { return true; }) == -1,
              "a cell of the buffer's table (state * events + event) has no answer, or more than one");
static_assert(first_incomplete_cell(kAttachmentRows, kAttachmentRefusals, kFirstAttachmentState, std::size(kStates),
                                    concerns_attachment) == -1,
              "a cell of the attachment's table (state * events + event) has no answer, or more than one");
static_assert(ids_ascend(kBufferRows) && ids_ascend(kBufferRefusals));
static_assert(ids_ascend(kAttachmentRows) && ids_ascend(kAttachmentRefusals));

const Row* find_in(std::span<const Row> table, std::string_view id) {
  for (const Row& row : table)
    if (row.id == id) return &row;
  return nullptr;
}

}  // namespace

std::span<const Row> buffer_rows() { return kBufferRows; }
std::span<const Row> buffer_refusals() { return kBufferRefusals; }
std::span<const Row> attachment_rows() { return kAttachmentRows; }
std::span<const Row> attachment_refusals() { return kAttachmentRefusals; }

const Row* find_row(std::string_view id) {
  for (const auto table : {buffer_rows(), buffer_refusals(), attachment_rows(), attachment_refusals()})
    if (const Row* row = find_in(table, id)) return row;
  return nullptr;
}

std::string_view policy_value(Id field, std::uint16_t value) {
  struct Value {
    Id field;
    std::uint16_t value;
    std::string_view name;
  };
  static constexpr Value kValues[] = {
      {at(kFields, "backing"), 0, "at_allocation"},
      {at(kFields, "backing"), 1, "at_first_use"},
      {at(kFields, "leaves"), 0, "keep"},
      {at(kFields, "leaves"), 1, "release"},
      {at(kFields, "device_ends"), 0, "last_unmap"},
      {at(kFields, "device_ends"), 1, "last_detach"},
      {at(kFields, "end_sync"), 0, "none"},
      {at(kFields, "end_sync"), 1, "sync"},
      {at(kFields, "cpu_unattached"), 0, "allow"},
      {at(kFields, "cpu_unattached"), 1, "refuse"},
      {at(kFields, "cpu_unattached"), 2, "no_effect"},
      {at(kFields, "cpu_unmapped"), 0, "allow"},
      {at(kFields, "cpu_unmapped"), 1, "fail"},
      {at(kFields, "cpu_unmapped"), 2, "no_effect"},
      {at(kFields, "map_in_window"), 0, "allow"},
      {at(kFields, "map_in_window"), 1, "refuse"},
      {at(kFields, "implicit_sync"), 0, "sync"},
      {at(kFields, "implicit_sync"), 1, "skip"},
      {at(kFields, "granularity"), 0, "buffer"},
      {at(kFields, "granularity"), 1, "ranges"},
      {at(kFields, "granularity"), 2, "rounded_ranges"},
      {at(kFields, "cpu_owns"), 0, "window"},
      {at(kFields, "cpu_owns"), 1, "mapping"},
  };
  for (const Value& v : kValues)
    if (v.field == field && v.value == value) return v.name;
  return {};
}

}  // namespace custody::model
