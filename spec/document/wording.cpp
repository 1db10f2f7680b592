// SPDX-License-Identifier: BSD-2-Clause
// Calls, syncs, answers and sources in words.
#include "spec/document/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/citations.hpp"
#include "spec/document/condition.hpp"
#include "spec/render/words.hpp"

namespace custody::spec::document {

using model::at;
using model::Id;
using model::kEvents;
using model::kGuards;
using model::kStates;
using render::joined;

namespace {

/// The state of a small machine, as a guard says it.
struct PartState {
  model::MachineId machine;
  Id state, guard;
};
constexpr PartState kPartStates[] = {
    {model::MachineId::kAttachment, at(kStates, "Detached"), at(kGuards, "own_attached=no")},
    {model::MachineId::kAttachment, at(kStates, "Attached"), at(kGuards, "own_attached=yes")},
    {model::MachineId::kKernelMapping, at(kStates, "Unmapped"), at(kGuards, "kernel_mappings=none")},
    {model::MachineId::kKernelMapping, at(kStates, "MappedForCpu"), at(kGuards, "kernel_mappings=some")},
    {model::MachineId::kUserMapping, at(kStates, "Unmapped"), at(kGuards, "user_mappings=none")},
    {model::MachineId::kUserMapping, at(kStates, "MappedForCpu"), at(kGuards, "user_mappings=some")},
};

/// What must hold for the row: the state of its small machine, and its guards. An attach makes an attachment.
std::vector<std::string> words_of(const Document& document, const model::Row& row) {
  std::vector<std::string> words;
  const bool attaches = row.on == model::events(at(kEvents, "attach")) && !row.is_refusal();
  for (const PartState& part : kPartStates)
    if (!attaches && render::machine_of(row)->id == part.machine && row.from == model::states(part.state))
      words.emplace_back(kGuards[part.guard].says);
  const auto guards = conditions(std::vector<Id>(row.guards.begin(), row.guards.end()), document.policies());
  if (!guards) return {"never"};
  words.insert(words.end(), guards->begin(), guards->end());
  return words;
}

}  // namespace

std::string_view function_of(Id event) {
  const std::string_view says = kEvents[event].says;
  const std::size_t end = says.find("()");
  return end == std::string_view::npos ? std::string_view() : says.substr(0, end);
}

std::string clause_id(const Contract& contract, std::size_t clause) {
  return contract.name + "/" + contract.clauses[clause].name;
}

std::string condition_of(const Document& document, const model::Row& row) {
  return joined(words_of(document, row), ", and ");
}

std::string condition_of(const Document& document, const Answer& answer) {
  if (answer.refusing) return condition_of(document, document.contract.clauses[*answer.refusing]);
  const std::vector<std::string> own = words_of(document, *answer.row);
  std::vector<std::string> alternatives;
  for (const model::Row* const part : answer.parts) {
    std::vector<std::string> words = own;
    for (const std::string& word : words_of(document, *part))
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    alternatives.push_back(joined(words, ", and "));
    if (words.empty()) return {};
  }
  return alternatives.empty() ? joined(own, ", and ") : joined(alternatives, "; or ");
}

std::string condition_of(const Document& document, const Clause& clause) {
  const auto words = conditions(clause.guards, document.policies());
  return words ? joined(*words, ", and ") : std::string("never");
}

Inline syncs_of(const Document& document, const std::vector<ClauseUse>& clauses) {
  Inline out;
  for (const ClauseUse& use : clauses) {
    const Clause& clause = document.contract.clauses[use.clause];
    if (clause.syncs.empty()) continue;
    if (!out.empty()) out.say("; ");
    for (std::size_t i = 0; i < clause.syncs.size(); ++i) {
      if (i != 0) out.say(", ");
      out.code(model::name_of(clause.syncs[i]));
    }
    const std::string when = condition_of(document, clause);
    if (!use.always && !when.empty()) out.say(" where " + when);
  }
  return out.empty() ? Inline("none") : out;
}

Inline citation(std::string_view cite) {
  Inline out;
  if (const Citation* const found = find_citation(cite)) {
    out.function(found->function).say(" of ").code(found->file).say(" " + found->shows);
    return out;
  }
  if (cite == "seed") out.say("the review of the heap helpers, March and July 2019");
  else if (!cite.empty()) out.say(cite);
  return out;
}

Inline reason_of(const model::Row& row) {
  Inline out(row.why);
  return out.rests_on({std::string(row.id)});
}

std::string made_by(const Origin& origin, std::string_view from) {
  return fmt::format("custody {} from {}: {}", origin.version, from, origin.command);
}

std::string made_by(const Document& document) {
  return made_by(document.origin, "the contract " + document.contract.name);
}

std::string agents_in_words(const model::Agents& agents) {
  std::vector<std::string> who;
  if (agents.devices) who.emplace_back("the mapped devices");
  if (agents.cpu_reads && agents.cpu_writes) who.emplace_back("the CPU");
  else if (agents.cpu_reads) who.emplace_back("the CPU, to read");
  else if (agents.cpu_writes) who.emplace_back("the CPU, to write");
  return who.empty() ? std::string("nobody") : joined(who, " and ");
}

std::string constant_of(model::Direction dir) { return fmt::format("DMA_{}", name(dir)); }

std::string call_in_c(const model::Call& call) {
  const std::string_view function = function_of(call.event);
  std::vector<std::string> arguments;
  if (model::names_attachment(call.event))
    arguments.emplace_back(call.device == 0 ? "A" : call.device == 1 ? "B" : "C");
  if (model::has_direction(call.event)) arguments.push_back(constant_of(call.dir));
  return fmt::format("{}({})", function.empty() ? kEvents[call.event].name : function, joined(arguments, ", "));
}

Inline& Inline::add(Run::Kind kind, std::string_view text) {
  if (text.empty()) return *this;
  if (!runs_.empty() && kind == Run::Kind::kText && runs_.back().kind == kind) runs_.back().text += text;
  else runs_.push_back({kind, std::string(text)});
  return *this;
}

Inline& Inline::append(const Inline& other) {
  for (const Run& run : other.runs_) add(run.kind, run.text);
  return *this;
}

Inline& Inline::rests_on(const std::vector<std::string>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) say(i == 0 ? " [" : ", ").say(ids[i]);
  return ids.empty() ? *this : say("]");
}

}  // namespace custody::spec::document
