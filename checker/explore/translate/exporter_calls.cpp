// SPDX-License-Identifier: BSD-2-Clause
// The client's calls in an exported model.
#include "checker/explore/translate/exporter.hpp"

namespace custody::checker::explore::translate {

using model::at;
using model::code_of;
using model::Direction;
using model::Id;

void Exporter::calls() {
  ExportedCall made{"export", f_.d.equal("state", "0"), at(model::kEvents, "export")};
  made.blocks = f_.all();
  made.before = {f_.d.set("line", f_.cached ? number(f_.lines.dirty()) : line_.clean())};
  add(made);
  for (unsigned d = 0; d < f_.c.devices; ++d) device_calls(d);
  if (f_.c.client != Client::kNeverBrackets && f_.c.client != Client::kVmap)
    for (const Direction way : kExportedDirections)
      for (const BlockMask range : f_.ranges()) window_calls(way, range);
  mapping_calls();
}

void Exporter::device_calls(unsigned d) {
  const std::string free_to_map =
      f_.c.client == Client::kLegal ? f_.d.both(f_.alive(), f_.no_write_window()) : f_.alive();
  const std::string n = number(d), att = of("att", d), dir = of("dir", d);
  const std::string attached = f_.d.both(att + " > 0", f_.d.equal(dir, "0"));
  // The copy of a table that is kept lives on.
  Effects gone;
  for (const char* const mark : {"copy_old", "copy_newer"})
    if (f_.c.bounces(d))
      gone.push_back(
          f_.d.set(of(mark, d), f_.keeps_tables() ? f_.d.choose(of("kept", d) + " > 0", of(mark, d), "0") : "0"));
  const auto add_call = [&](Id event, const std::string& condition, Direction way, const Effects& after) {
    const std::string which = way == Direction::kNone ? n : std::string(n).append("/").append(number(code_of(way)));
    ExportedCall call{std::string(model::kEvents[event].name) + which, condition, event, d, way, f_.all()};
    call.after = after;
    add(call);
  };
  add_call(at(model::kEvents, "attach"), f_.d.both(f_.alive(), f_.d.equal(att, "0")), Direction::kNone, {});
  const std::string keeps_none = f_.keeps_tables() ? f_.d.equal(of("kept", d), "0") : f_.d.truth();
  const std::string free_to_detach =
      f_.c.client == Client::kLegal ? f_.d.either(f_.no_write_window(), keeps_none) : f_.alive();
  add_call(at(model::kEvents, "detach"), f_.d.both(f_.alive(), f_.d.both(attached, "(" + free_to_detach + ")")),
           Direction::kNone, gone);
  std::string in_turn;
  for (unsigned e = 0; e < f_.c.devices && f_.c.in_turn; ++e)
    if (f_.c.reach_of(e) != f_.c.reach_of(d)) in_turn = f_.d.both(in_turn, f_.d.equal(of("dir", e), "0"));
  for (const Direction way : kExportedDirections) {
    add_call(at(model::kEvents, "map"), f_.d.both(f_.d.both(free_to_map, attached), in_turn), way, {});
    add_call(at(model::kEvents, "unmap"), f_.d.both(free_to_map, f_.d.equal(dir, number(code_of(way)))), way, gone);
  }
}

void Exporter::window_calls(Direction way, BlockMask range) {
  const std::string code = number(code_of(way) + range * 4U);
  std::string can = f_.d.both(f_.alive(), f_.d.equal(of("w", f_.c.windows - 1), "0"));
  if (f_.c.client != Client::kOverlapping)
    can = f_.d.both(can, way == Direction::kFromDevice ? f_.no_write_window() : f_.no_window());
  Effects open{f_.d.set("w0", code)}, close{f_.d.set("w0", "0")};
  if (f_.c.windows == 2) {
    // The larger code first: the order in which two windows were opened does not matter.
    const std::string smaller = "w0 < " + code;
    open = {f_.d.set("w1", f_.d.choose(f_.d.equal("w0", "0"), "0", f_.d.choose(smaller, "w0", code))),
            f_.d.set("w0", f_.d.choose(smaller, code, "w0"))};
    close = {f_.d.set("w0", f_.d.choose(f_.d.equal("w0", code), "w1", "w0")), f_.d.set("w1", "0")};
  }
  ExportedCall call{"begin/" + code, can, at(model::kEvents, "begin_cpu_access"), 0, way, f_.covered(range)};
  call.after = open;
  add(call);
  call.name = "begin_fails/" + code;
  call.only_syncs = true;
  if (f_.c.failing_begins) add(call);
  ExportedCall end{"end/" + code, "", at(model::kEvents, "end_cpu_access"), 0, way, f_.covered(range)};
  end.is_open = f_.any_window([&](Direction dir, BlockMask r) { return dir == way && r == range; });
  std::string may_end = end.is_open;
  if (way == Direction::kBidirectional && (range == 0 || range == f_.all()))
    may_end = f_.d.either(may_end, f_.owned_by_mapping());
  end.condition = f_.d.both(f_.alive(), may_end);
  end.after = close;
  add(end);
}

void Exporter::mapping_calls() {
  const bool kernel = f_.c.client == Client::kVmap;
  const std::string mapped = f_.d.equal(f_.client_mapping(), "1"), not_mapped = f_.d.equal(f_.client_mapping(), "0");
  const auto add_call = [&](Id event, const std::string& condition, bool refused_too) {
    ExportedCall call{std::string(model::kEvents[event].name), f_.d.both(f_.alive(), condition), event};
    call.blocks = f_.all();
    call.refused_too = refused_too;
    add(call);
  };
  add_call(kernel ? at(model::kEvents, "vmap") : at(model::kEvents, "mmap"), not_mapped, false);
  add_call(kernel ? at(model::kEvents, "vunmap") : at(model::kEvents, "munmap"), mapped, kernel);
  std::string nobody = f_.d.both(f_.no_window(), not_mapped);
  for (unsigned d = 0; d < f_.c.devices; ++d) nobody = f_.d.both(nobody, f_.d.equal(of("att", d), "0"));
  add_call(at(model::kEvents, "release"), nobody, false);
}

}  // namespace custody::checker::explore::translate
