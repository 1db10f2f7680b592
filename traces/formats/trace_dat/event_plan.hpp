// SPDX-License-Identifier: BSD-2-Clause
// How the records of each event are read: worked out once from the formats that the file carries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/formats/trace_dat/field_plan.hpp"
#include "traces/formats/trace_dat/layout.hpp"
#include "traces/formats/trace_dat/tracepoint_plan.hpp"

namespace custody::traces::formats::trace_dat {

/// Where the fields that all events have lie.
struct CommonFields {
  std::uint16_t type = 0, flags = 2, pid = 4;
  std::uint16_t preempt_count = 0;  ///< 0: there is none
  std::uint16_t size = 8;           ///< bytes that they need
};

struct EventPlan {
  std::string_view group, event;               ///< its name
  const ftrace::ProbeName* probe = nullptr;    ///< null: a tracepoint, or an event that is not known
  std::unique_ptr<TracepointPlan> tracepoint;  ///< null: none of those that are known
  bool is_quiet = false;                       ///< nothing of a buffer, and nobody expects it to be read
  std::vector<std::pair<ftrace::Fields::Name, FieldPlan>> numbers, strings;
  std::uint16_t size = 0;          ///< bytes that a record needs for all of them
  std::uint16_t longest = 0xffff;  ///< bytes that a record has at most: a longer one is of another event
  std::string_view unknown_field;  ///< the first one that the probe does not have; empty: none
  bool is_damaged = false;         ///< the format cannot be read
};

/// All events of a file, by the number that their records carry.
class EventPlans {
 public:
  /// `layout` must outlive the object.
  EventPlans(const Layout& layout, const ftrace::Names& names);
  /// Null: no event of that number is in the file.
  [[nodiscard]] const EventPlan* find(std::uint16_t type) const {
    return by_type_[type] == 0 ? nullptr : &plans_[by_type_[type]];
  }
  [[nodiscard]] const CommonFields& common() const { return common_; }
  /// Of the recorded kernel: the head of a page has a time stamp and such a number.
  [[nodiscard]] unsigned long_size() const { return long_size_; }

 private:
  void find_long_size(const Layout& layout);
  void read_format(const FormatText& format, std::uint16_t type, EventPlan& plan);

  std::vector<EventPlan> plans_;
  std::vector<std::uint16_t> by_type_;  ///< place in plans_; place 0 is none
  CommonFields common_;
  bool has_common_ = false;
  unsigned long_size_ = 8;
  std::vector<std::unique_ptr<std::string>> names_;
};

/// Reads the fields of a record of a probe. False where one of them reaches beyond it,
/// or the record is longer than all of them.
[[nodiscard]] bool read_fields(const EventPlan& plan, const RecordBytes& record, ftrace::Fields& fields);

}  // namespace custody::traces::formats::trace_dat
