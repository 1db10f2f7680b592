// SPDX-License-Identifier: BSD-2-Clause
// What the machines' rows and the contract's clauses say of a call, in an exported model.
#include "checker/explore/translate/exporter.hpp"
#include "model/lifetime.hpp"

namespace custody::checker::explore::translate {

using model::at;
using model::code_of;
using model::Id;
using model::Row;

namespace {

constexpr Id kAttached = at(model::kStates, "Attached"), kDetached = at(model::kStates, "Detached"),
             kOpen = at(model::kStates, "Open"), kClosed = at(model::kStates, "Closed"),
             kMappedForCpu = at(model::kStates, "MappedForCpu"), kUnmapped = at(model::kStates, "Unmapped");

bool is_window_event(Id event) {
  return event == at(model::kEvents, "begin_cpu_access") || event == at(model::kEvents, "end_cpu_access");
}
bool is_kernel_event(Id event) { return event == at(model::kEvents, "vmap") || event == at(model::kEvents, "vunmap"); }
bool is_user_event(Id event) { return event == at(model::kEvents, "mmap") || event == at(model::kEvents, "munmap"); }

bool has_action(const Row& row, std::string_view name) {
  for (const Id action : row.actions)
    if (model::kActions[action].name == name) return true;
  return false;
}

}  // namespace

void Exporter::add(const ExportedCall& call) {
  if (call.event != at(model::kEvents, "end_cpu_access")) return add_rows(call);
  for (const bool closes : {true, false}) {
    ExportedCall end = call;
    end.closes_window = closes;
    end.condition = f_.d.both(call.condition, closes ? "(" + call.is_open + ")" : f_.d.no(call.is_open));
    add_rows(end);
  }
}

void Exporter::add_rows(const ExportedCall& call) {
  const model::Machine& owner = model::machine(model::owner_machine(f_.contract.lifetime.policies));
  for (const Row& row : owner.rows)
    for (Id was = 0; was < model::kOwnerStates; ++was)
      if (row.concerns(was, call.event) && (!row.is_refusal() || call.refused_too)) add(call, row, was);
}

void Exporter::add(const ExportedCall& call, const Row& owner, Id was) {
  const Id is = owner.target(was);
  const auto guards = guards_.all(owner.guards, call, was, is);
  if (!guards) return;
  const std::string guard = f_.d.both(f_.d.both(f_.d.equal("state", number(was)), call.condition), *guards);
  const auto states = model::part_of(call.event);
  if (!states) return add(call, owner, was, guard, nullptr);
  for (const Row& part : model::machine(states->machine).rows) {
    if (part.is_refusal() && !call.refused_too) continue;
    for (Id from = 0; from < model::kStateCount; ++from) {
      if (!part.concerns(from, call.event)) continue;
      ExportedCall with = call;
      with.part_from = from;
      std::string state;
      if (model::names_attachment(call.event))
        state = f_.d.equal(of("att", call.device), from == kAttached ? "1" : "0");
      else if (is_window_event(call.event) && from != (call.closes_window ? kOpen : kClosed)) continue;
      else if (!is_window_event(call.event)) state = f_.d.equal(f_.client_mapping(), from == kMappedForCpu ? "1" : "0");
      const auto part_guards = guards_.all(part.guards, with, was, is);
      if (!part_guards) continue;
      with.name += " " + std::string(part.id);
      add(with, owner, was, f_.d.both(f_.d.both(guard, state), *part_guards), &part);
    }
  }
}

void Exporter::note(const model::NoteAction& action, const ExportedCall& call, const std::string& when,
                    Effects& effects) const {
  const bool own = model::is_own_note(action.fact);
  if (own ? !f_.keeps_tables() : !f_.is_noted(action.fact)) return;
  const std::string name = own ? of("kept", call.device) : std::string(model::kFacts[action.fact].name);
  const std::string most = number(model::kFacts[action.fact].most);
  switch (action.op) {
    case model::NoteOp::kSet: return f_.set_when(when, name, number(action.value), effects);
    case model::NoteOp::kKeep: return f_.set_when(when, name, number(code_of(call.dir)), effects);
    case model::NoteOp::kUp: return f_.set_when(f_.d.both(when, name + " < " + most), name, name + " + 1", effects);
    case model::NoteOp::kDown: return f_.set_when(f_.d.both(when, name + " > 0"), name, name + " - 1", effects);
  }
}

/// Guards see what was before the call: each clause's is kept in a variable before the first takes effect.
std::size_t Exporter::run_clauses(const ExportedCall& call, Id was, Id is, Effects& syncs, Effects& notes) {
  Effects conditions, strays, runs;
  std::size_t n = 0;
  std::string refused;
  std::vector<std::pair<const spec::Clause*, std::string>> running;
  for (const spec::Clause& clause : f_.contract.clauses) {
    if (!clause.concerns(call.event)) continue;
    const auto guards = guards_.all(clause.guards, call, was, is);
    if (!guards || (!clause.refuse.empty())) continue;
    std::string when;
    if (!guards->empty()) {
      const std::string variable = of("clause", static_cast<unsigned>(n++));
      conditions.push_back(f_.d.set(variable, f_.d.choose(*guards, "1", "0")));
      when = f_.d.equal(variable, "1");
    }
    running.emplace_back(&clause, when);
  }
  const bool looked_at = call.event != at(model::kEvents, "release");  // afterwards nobody can look at the buffer
  for (const auto& [clause, when] : running)
    for (const model::Sync& sync : clause->syncs)
      if (looked_at) syncs_.forbid_strays(sync, when, strays);
  for (const auto& [clause, when] : running) {
    for (const model::Sync& sync : clause->syncs)
      if (looked_at) syncs_.run(sync, call, when, runs);
    for (const Id id : clause->notes)
      if (!call.only_syncs || model::outlives_interruption(model::kNoteActions[id]))
        note(model::kNoteActions[id], call, when, notes);
  }
  for (const Effects* const part : {&conditions, &strays, &runs}) syncs.insert(syncs.end(), part->begin(), part->end());
  return n;
}

void Exporter::move_part(const ExportedCall& call, const Row& part, Id from, Effects& effects) const {
  const Id to = part.target(from);
  const std::string dir = of("dir", call.device), att = of("att", call.device);
  if (has_action(part, "add_map")) effects.push_back(f_.d.set(dir, number(code_of(call.dir))));
  if (has_action(part, "drop_map")) effects.push_back(f_.d.set(dir, "0"));
  if (model::names_attachment(call.event) && to != from) {
    if (asks_who_is_first(f_.contract)) {
      const std::string rank = of("rank", call.device);
      for (unsigned e = 0; e < f_.c.devices && to == kDetached; ++e)
        if (e != call.device)
          f_.set_when(f_.d.both(of("att", e) + " > 0", of("rank", e) + " > " + rank), of("rank", e),
                      of("rank", e) + " - 1", effects);
      std::string attached = "0";
      for (unsigned e = 0; e < f_.c.devices; ++e) attached += " + " + of("att", e);
      effects.push_back(f_.d.set(rank, to == kDetached ? "0" : attached));
    }
    effects.push_back(f_.d.set(att, to == kAttached ? "1" : "0"));
    if (to == kDetached) effects.push_back(f_.d.set(dir, "0"));
  }
  const bool kernel = f_.c.client == Client::kVmap;
  if (is_kernel_event(call.event) || is_user_event(call.event)) {
    effects.push_back(f_.d.set(f_.client_mapping(), to == kUnmapped ? "0" : "1"));
    if (kernel && to == kUnmapped) effects.push_back(f_.d.set("bracketed", "0"));
    else if (kernel && has_action(part, "mark_bracketed")) effects.push_back(f_.d.set("bracketed", "1"));
  }
  if (kernel && call.event == at(model::kEvents, "begin_cpu_access"))
    f_.set_when(f_.d.equal("kernel", "1"), "bracketed", "1", effects);
  // Windows: what opens or closes one is the call's own.
  const bool moves_window = !is_window_event(call.event) || to != from;
  if (moves_window) effects.insert(effects.end(), call.after.begin(), call.after.end());
}

void Exporter::note_table(const ExportedCall& call, bool moved, Effects& effects) const {
  const unsigned d = call.device;
  if (!model::names_attachment(call.event) || !f_.tells_left_table(d)) return;
  const std::string gone = f_.d.both(of("att", d) + " > 0", f_.d.no(f_.has_table(d)));
  if (moved) f_.set_when(f_.d.no("(" + gone + ")"), of("left", d), "0", effects);
  else f_.set_when(f_.has_table(d), of("left", d), "1", effects);
}

void Exporter::drop_backing(Id was, Id is, Effects& effects) const {
  const bool owned = was == at(model::kStates, "CpuOwned") || was == at(model::kStates, "DeviceOwned");
  if (!f_.drops_backing() || !owned || is != at(model::kStates, "NonOwnedNonBacked")) return;
  f_.forbid("", f_.d.equal("written", "1"), "backing", effects);
  effects.push_back(f_.d.set("written", "0"));
  effects.push_back(f_.d.set("line", line_.clean()));
}

bool Exporter::refuse_mixed(const ExportedCall& call, Effects& effects) const {
  // Others map nothing, and let nobody in who was not.
  constexpr model::EventSet kLetIn = model::events(at(model::kEvents, "map"), at(model::kEvents, "end_cpu_access"),
                                                   at(model::kEvents, "vunmap"), at(model::kEvents, "munmap"));
  const std::string mixed = f_.mixed();
  if (mixed.empty() || (kLetIn & model::events(call.event)) == 0) return false;
  const std::string wrong = f_.d.both("(" + mixed + ")", f_.devices_are_active());
  const Effects saved = text_.saved(), undone = text_.undone(wrong);
  effects.insert(effects.begin(), saved.begin(), saved.end());
  f_.forbid("", wrong, "M11", effects);
  effects.insert(effects.end(), undone.begin(), undone.end());
  return true;
}

void Exporter::add(const ExportedCall& call, const Row& owner, Id was, const std::string& guard, const Row* part) {
  const Id is = owner.target(was);
  const bool runs = !owner.is_refusal() && !owner.without_effect && (part == nullptr || !part->is_refusal());
  std::string allowed = guard;
  for (const spec::Clause& clause : f_.contract.clauses) {
    if (!runs || clause.refuse.empty() || !clause.concerns(call.event)) continue;
    const auto guards = guards_.all(clause.guards, call, was, is);
    if (guards && guards->empty()) return;
    if (guards) allowed = f_.d.both(allowed, f_.d.no(*guards));
  }
  Effects effects = call.before, notes;
  const std::size_t clauses = runs ? run_clauses(call, was, is, effects, notes) : 0;
  bool undoes = false;
  // Notes first: what is kept is kept in the direction of the call, whatever moves.
  if (call.only_syncs) {
    effects.insert(effects.end(), notes.begin(), notes.end());
  } else {
    note_table(call, false, effects);
    effects.insert(effects.end(), notes.begin(), notes.end());
    if (part != nullptr) move_part(call, *part, call.part_from, effects);
    else effects.insert(effects.end(), call.after.begin(), call.after.end());
    note_table(call, true, effects);
    effects.push_back(f_.d.set("state", number(is)));
    drop_backing(was, is, effects);
    undoes = refuse_mixed(call, effects);
  }
  text_.rule(call.name + " " + std::string(owner.id), allowed, effects, clauses, undoes);
}

}  // namespace custody::checker::explore::translate
