// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/event_plan.hpp"

#include <event-parse.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

#include "traces/formats/trace_dat/bytes.hpp"
#include "traces/formats/trace_dat/format_text.hpp"

namespace custody::traces::formats::trace_dat {

namespace {

using ftrace::Fields;

struct FreeTep {
  void operator()(tep_handle* tep) const { tep_free(tep); }
};
using Tep = std::unique_ptr<tep_handle, FreeTep>;

/// libtraceevent says on standard error what it cannot read, unless it is told not to.
Tep new_tep() {
  tep_set_loglevel(TEP_LOG_NONE);
  return Tep(tep_alloc());
}

/// What follows `key` on its line.
std::string_view value_of(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find('\n'));
}

std::optional<std::uint16_t> number_in(std::string_view text) {
  std::uint16_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return std::nullopt;
  return number;
}

bool takes_string(Fields::Name name) { return name == Fields::kDev || name == Fields::kExpName; }

/// What the kernel itself puts into each record of a probe.
bool is_of_probe_itself(std::string_view name) { return name.substr(0, 8) == "__probe_"; }

/// Of the records of an event all of whose fields have one size. The kernel rounds up to eight bytes at most.
std::uint16_t longest(const tep_event& event) {
  constexpr int kRounded = 7, kNoLimit = 0xffff;
  int end = 0;
  for (const tep_format_field* f = event.format.fields; f != nullptr; f = f->next) {
    if ((f->flags & TEP_FIELD_IS_DYNAMIC) != 0 || !plan_field(*f)) return kNoLimit;
    end = std::max(end, f->offset + f->size);
  }
  return static_cast<std::uint16_t>(std::min(end + kRounded, kNoLimit));
}

void plan_fields(const tep_event& event, EventPlan& plan, std::string* unknown) {
  plan.longest = longest(event);
  for (const tep_format_field* f = event.format.fields; f != nullptr; f = f->next) {
    const std::string_view key = f->name != nullptr ? f->name : "";
    if (is_of_probe_itself(key)) continue;
    const Fields::Name name = ftrace::field_of(key);
    if (name == Fields::kCount) {
      if (plan.unknown_field.empty()) plan.unknown_field = unknown->assign(key);
      continue;
    }
    const std::optional<FieldPlan> field = plan_field(*f);
    const FieldPlan::Kind kind = takes_string(name) ? FieldPlan::Kind::kString : FieldPlan::Kind::kNumber;
    // A field that is missing is told of with each record.
    if (!field || field->kind != kind) continue;
    plan.size = std::max(plan.size, field->end());
    (takes_string(name) ? plan.strings : plan.numbers).emplace_back(name, *field);
  }
}

bool is_probe(std::string_view format) { return format.find("__probe_") != std::string_view::npos; }

/// As a record of text would name it: its fields are looked at later.
ftrace::Head head_of(const FormatText& format, const EventPlan& plan) {
  ftrace::Head head;
  head.group = plan.group;
  head.event = plan.event;
  head.rest = is_probe(format.text) ? "__probe_" : "dmabuf=";
  return head;
}

bool has_required(const EventPlan& plan) {
  std::uint32_t present = 0;
  for (const auto& fields : {plan.numbers, plan.strings})
    for (const auto& [name, field] : fields) present |= 1U << name;
  const auto names = ftrace::required(plan.probe->probe);
  return std::all_of(names.begin(), names.end(), [&](Fields::Name n) { return (present >> n & 1U) != 0; });
}

/// False where a format lacks one of them.
bool find_common(const tep_event& event, CommonFields& common) {
  unsigned found = 0;
  for (const tep_format_field* f = event.format.common_fields; f != nullptr; f = f->next) {
    const std::string_view name = f->name != nullptr ? f->name : "";
    const std::optional<FieldPlan> field = plan_field(*f);
    if (!field) return false;
    common.size = std::max(common.size, field->end());
    if (name == "common_type" && field->size == 2) common.type = field->offset, ++found;
    if (name == "common_flags" && field->size == 1) common.flags = field->offset, ++found;
    if (name == "common_preempt_count" && field->size == 1) common.preempt_count = field->offset;
    if (name == "common_pid" && field->size == 4) common.pid = field->offset, ++found;
  }
  return found == 3;
}

}  // namespace

void EventPlans::find_long_size(const Layout& layout) {
  const Tep tep = new_tep();
  if (!tep) return;
  std::string text = field_lines(layout.header_page);
  if (tep_parse_header_page(tep.get(), text.data(), text.size(), static_cast<int>(layout.long_size)) == 0)
    long_size_ = tep_get_header_page_size(tep.get()) == 4 ? 4 : 8;
}

void EventPlans::read_format(const FormatText& format, std::uint16_t type, EventPlan& plan) {
  const Tep tep = new_tep();
  const std::string text =
      "name: event\nID: " + std::to_string(type) + "\nformat:\n" + field_lines(format.text) + "\nprint fmt: \"\"\n";
  const bool parsed = tep && tep_parse_event(tep.get(), text.c_str(), text.size(), "group") == TEP_ERRNO__SUCCESS;
  const tep_event* event = parsed ? tep_find_event(tep.get(), type) : nullptr;
  plan.is_damaged = event == nullptr;
  if (event == nullptr) return;
  if (!has_common_) has_common_ = find_common(*event, common_);
  if (plan.tracepoint) *plan.tracepoint = plan_tracepoint(plan.tracepoint->kind, *event);
  if (plan.probe == nullptr) return;
  plan_fields(*event, plan, names_.emplace_back(std::make_unique<std::string>()).get());
  // A tracepoint that has the name of a probe and other fields, as iommu:map has.
  if (!is_probe(format.text) && !has_required(plan)) plan.probe = nullptr;
}

EventPlans::EventPlans(const Layout& layout, const ftrace::Names& names) : plans_(1), by_type_(std::size_t{1} << 16U) {
  find_long_size(layout);
  constexpr std::size_t kMostPlans = 0xffff;
  for (const FormatText& format : layout.formats) {
    const std::optional<std::uint16_t> type = number_in(value_of(format.text, "\nID: "));
    if (!type || by_type_[*type] != 0 || plans_.size() > kMostPlans) continue;
    EventPlan plan;
    plan.group = format.system;
    plan.event = value_of(format.text, "name: ");
    plan.is_quiet = format.system == "ftrace";
    const ftrace::TracepointName tracepoint = ftrace::find_tracepoint(format.system, plan.event);
    if (tracepoint.found && !format.system.empty())
      plan.tracepoint = std::make_unique<TracepointPlan>(TracepointPlan{tracepoint.kind, {}, 0, 0});
    else if (!plan.is_quiet) plan.probe = names.find(head_of(format, plan));
    if (plan.probe != nullptr || plan.tracepoint || !has_common_) read_format(format, *type, plan);
    by_type_[*type] = static_cast<std::uint16_t>(plans_.size());
    plans_.push_back(std::move(plan));
  }
}

bool read_fields(const EventPlan& plan, const RecordBytes& record, Fields& fields) {
  if (record.bytes.size() < plan.size || record.bytes.size() > plan.longest) return false;
  for (const auto& [name, field] : plan.numbers) {
    fields.present |= 1U << name;
    fields.value[name] = number_of(record, field);
  }
  for (const auto& [name, field] : plan.strings) {
    fields.present |= 1U << name;
    if (!string_of(record, field, name == Fields::kDev ? fields.dev : fields.exp_name)) return false;
  }
  fields.unknown = plan.unknown_field;
  return true;
}

}  // namespace custody::traces::formats::trace_dat
