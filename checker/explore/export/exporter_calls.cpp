// SPDX-License-Identifier: BSD-2-Clause
// The client's calls in an exported model.
#include "checker/explore/export/exporter.hpp"
#include "model/step.hpp"

namespace custody::checker {

using model::at;
using model::code_of;
using model::Direction;
using model::Id;
using model::Row;

namespace {

constexpr Id kDetached = at(model::kStates, "Detached"), kCpuOwned = at(model::kStates, "CpuOwned"),
             kDeviceOwned = at(model::kStates, "DeviceOwned"), kNonBacked = at(model::kStates, "NonOwnedNonBacked");

}  // namespace

std::vector<BlockMask> Exporter::ranges() const {
  if (granularity_ == 0) return {0};
  std::vector<BlockMask> out;
  for (BlockMask range = 1; range <= all(); ++range) out.push_back(range);
  return out;
}

BlockMask Exporter::covered(BlockMask range) const {
  if (range == 0) return all();
  const bool wide = c_.cpu_line == 128 || c_.device_line == 128;
  return granularity_ == 2 && wide ? all() : range;
}

std::string Exporter::any_window(const Codes& which) const {
  std::string text;
  for (unsigned w = 0; w < c_.windows; ++w)
    for (const BlockMask range : ranges())
      for (const Direction dir : kExportedDirections)
        if (which(dir, range)) text = d_.either(text, d_.equal(of("w", w), number(code_of(dir) + range * 4U)));
  return text;
}

std::string Exporter::no_window() const {
  std::string text;
  for (unsigned w = 0; w < c_.windows; ++w) text = d_.both(text, d_.equal(of("w", w), "0"));
  return text;
}

std::string Exporter::no_write_window() const {
  return d_.no(any_window([](Direction dir, BlockMask) { return dir != Direction::kFromDevice; }));
}

std::string Exporter::owned_by_mapping() const {
  if (policies_.v[at(model::kFields, "cpu_owns")] != 1) return "";
  return "(" + d_.both(d_.equal("state", number(kCpuOwned)), no_window()) + ")";
}

std::string Exporter::client_mapping() const {
  constexpr Id kKernel = at(model::kFields, "kernel_mappings"), kUser = at(model::kFields, "user_mappings");
  return value_of(c_.client == Client::kVmap ? kKernel : kUser, 0);
}

void Exporter::add(const Call& call) {
  for (const Row& row : contract_.rows) add(call, row);
  if (!call.refused_too) return;
  for (const Row& row : contract_.refusals) add(call, row);
}

void Exporter::add(const Call& call, const Row& row) {
  if (row.from >= model::kBufferStates || row.event != call.event || !holds_by_policy(row)) return;
  const auto guards = guards_of(row, call.device, call.dir);
  if (!guards) return;
  Effects effects = call.before;
  run_syncs(row, call, effects);
  const std::string guard = d_.both(d_.both(d_.equal("state", number(row.from)), call.condition), *guards);
  if (!model::names_attachment(call.event)) return finish(call, row, guard, effects);
  for (const Row& own : contract_.rows) {
    if (own.from < model::kBufferStates || own.event != call.event || !holds_by_policy(own)) continue;
    if (model::exclude_each_other(row, own)) continue;
    const auto own_guards = guards_of(own, call.device, call.dir);
    if (!own_guards) continue;
    const std::string att = of("att", call.device);
    const std::string state = d_.equal(att, number(static_cast<std::size_t>(own.from - kDetached)));
    const std::string both = d_.both(d_.both(guard, state), *own_guards);
    Call with = call;
    with.name += " " + std::string(own.id);
    Effects attachment;
    run_actions(own, call, attachment);
    attachment.push_back(d_.set(att, number(static_cast<std::size_t>(own.to - kDetached))));
    with.after.insert(with.after.begin(), attachment.begin(), attachment.end());
    finish(with, row, both, effects);
  }
}

void Exporter::finish(const Call& call, const Row& row, const std::string& guard, Effects effects) {
  if (!call.only_syncs) {
    run_actions(row, call, effects);
    effects.push_back(d_.set("state", number(row.to)));
    effects.insert(effects.end(), call.after.begin(), call.after.end());
    const bool owned = row.from == kCpuOwned || row.from == kDeviceOwned;
    if (drops_backing() && owned && row.to == kNonBacked) {
      forbid("", d_.equal("written", "1"), "backing", effects);
      effects.push_back(d_.set("written", "0"));
      effects.push_back(d_.set("line", line_.clean()));
    }
  }
  rule(call.name + " " + std::string(row.id), guard, effects);
}

void Exporter::rule(const std::string& name, const std::string& guard, const Effects& effects) {
  std::string body;
  for (const std::string& effect : effects) body += " " + effect;
  if (d_.promela)
    rules_ += " :: d_step { " + guard + " ->" + (body.empty() ? " skip" : body) + " } /* " + name + " */\n";
  else rules_ += "rule \"" + name + "\" " + guard + " ==> begin" + body + " end;\n";
}

void Exporter::calls() {
  const Effects filled = {d_.set("line", cached_ ? number(lines_.dirty()) : line_.clean())};
  add({"export", d_.equal("exported", "0"), at(model::kEvents, "export"), 0, Direction::kNone, all(), {}, filled});
  for (unsigned d = 0; d < c_.devices; ++d) device_calls(d);
  if (c_.client != Client::kNeverBrackets && c_.client != Client::kVmap)
    for (const Direction way : kExportedDirections)
      for (const BlockMask range : ranges()) window_calls(way, range);
  mapping_calls();
}

void Exporter::device_calls(unsigned d) {
  const std::string free_to_map = c_.client == Client::kLegal ? d_.both(alive(), no_write_window()) : alive();
  const std::string n = number(d), att = of("att", d), dir = of("dir", d);
  const std::string attached = d_.both(att + " > 0", d_.equal(dir, "0"));
  Effects unmapped = {d_.set(dir, "0")};
  // The copy of a table that is kept lives on.
  for (const char* const mark : {"copy_old", "copy_newer"})
    if (c_.bounces(d))
      unmapped.push_back(d_.set(of(mark, d), d_.choose(of("own_cached", d) + " > 0", of(mark, d), "0")));
  const auto add_call = [&](Id event, const std::string& condition, Direction way, const Effects& after) {
    const std::string which = way == Direction::kNone ? n : std::string(n).append("/").append(number(code_of(way)));
    add({std::string(model::kEvents[event].name) + which, condition, event, d, way, all(), after});
  };
  add_call(at(model::kEvents, "attach"), d_.both(alive(), d_.equal(att, "0")), Direction::kNone, {});
  const std::string keeps_none = d_.equal(of("own_cached", d), "0");
  const std::string free_to_detach = c_.client == Client::kLegal ? d_.either(no_write_window(), keeps_none) : alive();
  add_call(at(model::kEvents, "detach"), d_.both(alive(), d_.both(attached, "(" + free_to_detach + ")")),
           Direction::kNone, unmapped);
  for (const Direction way : kExportedDirections) {
    const std::string code = number(code_of(way));
    add_call(at(model::kEvents, "map"), d_.both(free_to_map, attached), way, {d_.set(dir, code)});
    add_call(at(model::kEvents, "unmap"), d_.both(free_to_map, d_.equal(dir, code)), way, unmapped);
  }
}

void Exporter::window_calls(Direction way, BlockMask range) {
  const std::string code = number(code_of(way) + range * 4U);
  std::string can = d_.both(alive(), d_.equal(of("w", c_.windows - 1), "0"));
  if (c_.client != Client::kOverlapping)
    can = d_.both(can, way == Direction::kFromDevice ? no_write_window() : no_window());
  Effects open{d_.set("w0", code)}, close{d_.set("w0", "0")};
  if (c_.windows == 2) {
    // The larger code first: the order in which two windows were opened does not matter.
    const std::string smaller = "w0 < " + code;
    open = {d_.set("w1", d_.choose(d_.equal("w0", "0"), "0", d_.choose(smaller, "w0", code))),
            d_.set("w0", d_.choose(smaller, code, "w0"))};
    close = {d_.set("w0", d_.choose(d_.equal("w0", code), "w1", "w0")), d_.set("w1", "0")};
  }
  Call call{"begin/" + code, can, at(model::kEvents, "begin_cpu_access"), 0, way, covered(range), open};
  add(call);
  call.name = "begin_fails/" + code;
  call.only_syncs = true;
  if (c_.failing_begins) add(call);
  std::string is_open = any_window([&](Direction dir, BlockMask r) { return dir == way && r == range; });
  if (way == Direction::kBidirectional && (range == 0 || range == all()))
    is_open = d_.either(is_open, owned_by_mapping());
  add({"end/" + code, d_.both(alive(), is_open), at(model::kEvents, "end_cpu_access"), 0, way, covered(range), close});
}

void Exporter::mapping_calls() {
  const bool kernel = c_.client == Client::kVmap;
  const std::string mapped = d_.equal(client_mapping(), "1"), not_mapped = d_.equal(client_mapping(), "0");
  const auto add_call = [&](Id event, const std::string& condition, bool refused_too) {
    Call call{
        std::string(model::kEvents[event].name), d_.both(alive(), condition), event, 0, Direction::kNone, all(), {}};
    call.refused_too = refused_too;
    add(call);
  };
  add_call(kernel ? at(model::kEvents, "vmap") : at(model::kEvents, "mmap"), not_mapped, false);
  add_call(kernel ? at(model::kEvents, "vunmap") : at(model::kEvents, "munmap"), mapped, kernel);
  const std::string nobody = d_.both(no_window(), d_.equal(value_of(at(model::kFields, "attached"), 0), "0"));
  add_call(at(model::kEvents, "release"), d_.both(not_mapped, nobody), false);
}

}  // namespace custody::checker
