// SPDX-License-Identifier: BSD-2-Clause
// The variables of an exported model, and what the contract's rows do to them.
#include <fmt/format.h>

#include <algorithm>

#include "checker/explore/export/exporter.hpp"
#include "model/step.hpp"
#include "model/sync.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::Direction;
using model::Id;
using model::Operation;
using model::Row;

namespace {

constexpr Id kKernelMappings = at(model::kFields, "kernel_mappings"), kOwnCached = at(model::kFields, "own_cached"),
             kKeptMatches = at(model::kFields, "kept_matches");

bool is_policy(Id field) { return model::kFields[field].owner == model::Owner::kPolicy; }

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

void Exporter::declare() {
  variable("state", at(model::kStates, "Freed"));
  variable("line", lines_.states() - 1);
  if (drops_backing()) variable("written", 1);
  for (unsigned w = 0; w < c_.windows; ++w) variable(of("w", w), granularity_ != 0 ? 15 : 3);
  for (Id f = 0; f < model::kWorldFields; ++f)
    if (is_kept(f)) variable(std::string(model::kFields[f].name), most_of(f));
  for (unsigned d = 0; d < c_.devices; ++d) {
    variable(of("att", d), 2);
    variable(of("own_maps", d), 1);
    variable(of("own_cached", d), model::kFields[kOwnCached].max);
    variable(of("dir", d), 3);
    if (!c_.bounces(d)) continue;
    variable(of("copy_old", d), 1);
    variable(of("copy_newer", d), 1);
  }
}

bool Exporter::is_kept(Id f) const {
  const auto changes = [f](const Row& row) {
    return std::any_of(row.actions.begin(), row.actions.end(), [f](Id a) { return model::kActions[a].field == f; });
  };
  if (is_policy(f) || f == at(model::kFields, "pinned")) return false;
  if (f == kKernelMappings && c_.client != Client::kVmap) return false;
  return std::any_of(contract_.rows.begin(), contract_.rows.end(), changes) ||
         std::any_of(contract_.refusals.begin(), contract_.refusals.end(), changes);
}

std::size_t Exporter::most_of(Id f) const {
  const std::string_view name = model::kFields[f].name;
  if (name == "attached" || name == "mapped" || name == "plain_mapped" || name == "plain_writers" ||
      name == "snooping_readers")
    return c_.devices;
  if (name == "windows") return c_.windows;
  if (name == "user_mappings" || name == "cpu_mappings" || f == kKernelMappings) return 1;
  return model::kFields[f].max;
}

std::string Exporter::value_of(Id f, unsigned device, Direction dir) const {
  const std::string name(model::kFields[f].name);
  if (f >= model::kWorldFields) {
    if (name == "own_maps" || name == "own_cached") return of(name, device);
    const bool holds = name == "window_matches" || (name == "own_snoops" && c_.snoops(device)) ||
                       (name == "to_device" && model::device_may_read(dir)) ||
                       (name == "from_device" && model::device_may_write(dir));
    return holds ? "1" : "0";
  }
  return is_kept(f) ? name : "0";
}

bool Exporter::holds_by_policy(const Row& row) const {
  return std::all_of(row.guards.begin(), row.guards.end(), [&](Id g) {
    return !is_policy(model::kGuards[g].field) || model::holds(model::kGuards[g], policies_);
  });
}

std::optional<std::string> Exporter::guards_of(const Row& row, unsigned device, Direction dir) const {
  std::string text;
  for (const Id g : row.guards) {
    const model::Guard& guard = model::kGuards[g];
    if (is_policy(guard.field)) continue;
    if (guard.field == kKeptMatches) {
      const std::string same = d_.equal(of("own_cached", device), number(model::code_of(dir)));
      text = d_.both(text, guard.value == 1 ? same : d_.no(same));
      continue;
    }
    const std::string value = value_of(guard.field, device, dir), bound = number(guard.value);
    if (is_number(value)) {
      model::Cells cells;
      cells.v[guard.field] = static_cast<std::uint16_t>(std::stoul(value));
      if (!model::holds(guard, cells)) return std::nullopt;
      continue;
    }
    const char relation = guard.rel == model::Rel::gt ? '>' : '<';
    text = d_.both(
        text, guard.rel == model::Rel::eq ? d_.equal(value, bound) : fmt::format("{} {} {}", value, relation, bound));
  }
  return text;
}

void Exporter::run_actions(const Row& row, const Call& call, Effects& effects) const {
  for (const Id a : row.actions) {
    const model::Action& action = model::kActions[a];
    const std::string name = value_of(action.field, call.device);
    if (is_number(name)) continue;
    const std::string most = number(action.field < model::kWorldFields ? most_of(action.field) : 1);
    switch (action.op) {
      case model::Op::set: effects.push_back(d_.set(name, number(action.value))); break;
      case model::Op::add:
        effects.push_back(d_.set(name, d_.choose(fmt::format("{} < {}", name, most), name + " + 1", most)));
        break;
      case model::Op::sub: effects.push_back(d_.set(name, d_.choose(name + " > 0", name + " - 1", "0"))); break;
      case model::Op::dir: effects.push_back(d_.set(name, number(model::code_of(call.dir)))); break;
    }
  }
}

void Exporter::set_when(const std::string& when, const std::string& variable, const std::string& value,
                        Effects& effects) const {
  effects.push_back(d_.set(variable, when.empty() ? value : d_.choose(when, value, variable)));
}

void Exporter::forbid(const std::string& when, const std::string& wrong, std::string_view name,
                      Effects& effects) const {
  if (asserts_ && !wrong.empty())
    effects.push_back(d_.demand(d_.no(when.empty() ? wrong : d_.both("(" + when + ")", "(" + wrong + ")")), name));
}

void Exporter::operate(Operation op, BlockMask blocks, const std::string& when, Effects& effects) {
  if (op == Operation::kNone) return;
  forbid(when, line_.is_wrong(op, blocks), "M10", effects);
  set_when(when, "line", line_.operated(op, blocks), effects);
}

std::string Exporter::has_table(unsigned device) const {
  return "(" + d_.either(of("dir", device) + " > 0", of("own_cached", device) + " > 0") + ")";
}

void Exporter::outdate_copies(unsigned writer, const std::string& when, Effects& effects) const {
  for (unsigned e = 0; e < c_.devices; ++e)
    if (c_.bounces(e) && e != writer) set_when(d_.both(when, has_table(e)), of("copy_old", e), "1", effects);
}

void Exporter::copy(const model::Sync& sync, Direction dir, unsigned device, const std::string& when,
                    Effects& effects) {
  const std::string old = of("copy_old", device), newer = of("copy_newer", device);
  if (model::copies_in(sync, dir)) {
    const std::string stale = cached_ ? line_.is_wrong(Access::kCpuRead, all()) : "";
    forbid(when, stale, "M3", effects);
    if (!stale.empty()) set_when(d_.both(when, stale), "line", line_.clean(), effects);
    set_when(when, old, "0", effects);
  }
  if (model::copies_out(sync, dir, skips_implicit())) {
    forbid(when, d_.equal(old, "1"), "M6", effects);
    set_when(when, newer, "0", effects);
    set_when(when, old, "0", effects);
    if (cached_) set_when(when, "line", line_.accessed(Access::kCpuWrite, all()), effects);
    outdate_copies(device, when, effects);
  }
  if (sync.call != model::SyncCall::kUnmap) return;
  forbid(when, d_.equal(newer, "1"), "M6", effects);
  set_when(when, newer, "0", effects);
  set_when(when, old, "0", effects);
}

void Exporter::run_sync(const model::Sync& sync, Direction dir, const Call& call, const std::string& when,
                        Effects& effects) {
  const Operation op = cached_ ? model::operation_of(sync, dir, *c_.arch, skips_implicit()) : Operation::kNone;
  const BlockMask blocks = model::maps(sync.call) ? all() : call.blocks;
  const auto sync_device = [&](unsigned device, const std::string& where) {
    if (c_.bounces(device)) copy(sync, dir, device, where, effects);
    else if (!c_.snoops(device)) operate(op, blocks, where, effects);
  };
  switch (sync.targets) {
    case model::Targets::kExporter:
    case model::Targets::kBuffer: return operate(op, blocks, when, effects);
    case model::Targets::kOwn: return sync_device(call.device, when);
    case model::Targets::kMapped:
    case model::Targets::kAttached:
      for (unsigned e = 0; e < c_.devices; ++e) sync_device(e, d_.both(when, of("dir", e) + " > 0"));
      return;
    case model::Targets::kNone: return;
  }
}

void Exporter::run_syncs(const Row& row, const Call& call, Effects& effects) {
  if (call.event == at(model::kEvents, "release")) return;  // nobody can look at the buffer any more
  for (const Id id : row.syncs) {
    const model::Sync& sync = model::kSyncs[id];
    if (sync.targets != model::Targets::kAttached) continue;
    for (unsigned e = 0; e < c_.devices; ++e)
      forbid("", d_.both(of("att", e) + " > 0", d_.equal(of("dir", e), "0")), "L1", effects);
  }
  for (const Id id : row.syncs) {
    const model::Sync& sync = model::kSyncs[id];
    if (sync.dir != model::SyncDirection::kKept) {
      run_sync(sync, model::direction_of(sync, call.dir, Direction::kNone), call, "", effects);
      continue;
    }
    for (const Direction kept : kExportedDirections)
      run_sync(sync, kept, call, d_.equal(of("own_cached", call.device), number(model::code_of(kept))), effects);
  }
}

}  // namespace custody::checker
