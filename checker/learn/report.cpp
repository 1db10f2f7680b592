// SPDX-License-Identifier: BSD-2-Clause
// The report of a study as text.
#include "checker/learn/report.hpp"

#include <fmt/format.h>

#include "checker/review/difference.hpp"
#include "model/escape.hpp"
#include "model/guards.hpp"

namespace custody::checker::learn {

namespace {

constexpr std::size_t kMostShown = 12;

template <class Items, class Name>
std::string names_of(const Items& items, const Name& name) {
  std::string out;
  for (const auto& item : items) out.append(out.empty() ? "" : ", ").append(name(item));
  return out;
}

std::string clause_text(const spec::Clause& clause, const ClauseEvidence& evidence) {
  std::string on;
  for (model::Id event = 0; event < model::kEventCount; ++event)
    if (clause.concerns(event)) on.append(on.empty() ? "" : ", ").append(model::kEvents[event].brief);
  std::string out = fmt::format("  {}: on {}", clause.name, on);
  if (!clause.guards.empty())
    out += " if " + names_of(clause.guards, [](model::Id g) { return std::string(model::kGuards[g].name); });
  if (!clause.syncs.empty()) out += " do " + names_of(clause.syncs, [](const auto& s) { return model::name_of(s); });
  if (!clause.notes.empty())
    out += " then " + names_of(clause.notes, [](model::Id n) { return std::string(model::kNoteActions[n].name); });
  if (!clause.refuse.empty()) out += " refuse " + clause.refuse;
  out += "\n";
  if (!evidence.functions.empty())
    out += "    made by " + names_of(evidence.functions, [](const std::string& f) { return f + "()"; }) + "\n";
  if (evidence.calls == 0) return out + "    seen only in what later calls do\n";
  return out + fmt::format("    {} explored calls; the first: {}\n", evidence.calls, text_of(evidence.first));
}

std::string policies_text(const model::Policies& policies) {
  std::string out;
  for (std::size_t p = 0; p < model::kPolicyCount; ++p)
    if (policies.v[p] != 0)
      out += fmt::format("  {} = {}\n", model::kPolicies[p].name, model::kPolicies[p].values[policies.v[p]].name);
  return out;
}

std::string difference_text(const Program& program, const std::string& predicted, const std::string& found) {
  return fmt::format("  {}\n    the contract: {}\n    the driver:   {}\n", text_of(program), predicted, found);
}

std::string unsaid_text(const Learned& learned) {
  if (learned.unsaid.empty()) return {};
  std::string out = fmt::format("\nWhat no clause says, {}, each with its shortest sequence:\n", learned.unsaid.size());
  std::size_t shown = 0;
  for (const Unsaid& u : learned.unsaid) {
    if (shown++ == kMostShown) {
      out += fmt::format("  and {} more (--format json has all)\n", learned.unsaid.size() - kMostShown);
      break;
    }
    out += difference_text(u.program, u.predicted, u.found);
    out += u.unstable ? "    the driver answered the same program in both ways\n"
                      : fmt::format("    {} explored calls\n", u.calls);
  }
  return out;
}

std::string stops_text(const Study& s) {
  if (s.stops.empty()) return {};
  std::string out =
      "\nWhere the driver stops, each with its shortest sequence; nothing is known of what would come next:\n";
  for (const Stopped& stopped : s.stops)
    out += fmt::format("  {}{}\n    {}\n", stopped.program.empty() ? "export" : text_of(stopped.program),
                       stopped.undoing ? "; undo everything and release" : "", stopped.what);
  return out;
}

std::string outside_text(const Study& s) {
  if (s.outside.empty()) return {};
  std::string out =
      "\nOutside what the client does, so that nothing was learned from it (an attachment mapped twice, an\n"
      "interrupted begin):\n";
  for (const Unsaid& d : s.outside) out += difference_text(d.program, d.predicted, d.found);
  return out;
}

std::string random_text(const Study& s) {
  std::string out =
      fmt::format("\nRandom programs beyond the depth: {} programs, {} of {} calls as the contract says\n",
                  s.random.programs, s.random.agreed, s.random.calls);
  for (const Disagreement& d : s.random.disagreements)
    out += "The first that is not, minimised:\n" + difference_text(d.program, d.predicted, d.found);
  return out;
}

}  // namespace

std::vector<std::string> equal_contracts(const spec::Contract& learned) {
  explore::Configuration mixed;
  mixed.coherent = 1;
  std::vector<std::string> out;
  for (const std::string_view name : spec::contract_names()) {
    const spec::Contract contract = *spec::find_contract(name);
    const auto same = [&](const explore::Configuration& configuration) {
      const review::Difference d =
          review::compare_calls(explore::System(contract, configuration), explore::System(learned, configuration));
      return d.relation == review::Relation::kEqual && !d.syncs && d.complete;
    };
    if (same({}) && same(mixed)) out.emplace_back(name);
  }
  return out;
}

std::string study_text(const Study& s, const std::vector<std::string>& equal) {
  const spec::Contract& contract = s.learned.contract;
  std::string out =
      fmt::format("{}: {} clauses, which predict {} of {} explored calls ({} up to the depth, {} beyond it)\n",
                  model::escape_text(contract.name), contract.clauses.size(), s.learned.agreed, s.learned.calls,
                  s.explored, s.deeper);
  if (!s.complete) out += "The exploration did not come to its end.\n";
  out += equal.empty() ? "No shipped contract does the same.\n"
                       : fmt::format("By calls and syncs the same as: {}.\n",
                                     names_of(equal, [](const std::string& name) { return name; }));
  if (const std::string policies = policies_text(contract.lifetime.policies); !policies.empty())
    out += "\nPolicies:\n" + policies;
  out += "\nClauses:\n";
  for (std::size_t i = 0; i < contract.clauses.size(); ++i)
    out += clause_text(contract.clauses[i], s.learned.evidence[i]);
  if (s.folded_passes)
    out += fmt::format(
        "\n`buffer` is one pass through a mapping of the exporter's own, made and dropped without sync{}.\n",
        s.mapping_functions.empty() ? "" : " by " + names_of(s.mapping_functions, [](const std::string& f) {
                                             return f + "()";
                                           }));
  return out + stops_text(s) + unsaid_text(s.learned) + outside_text(s) + random_text(s);
}

bool is_learned(const Study& s) {
  return s.stops.empty() && s.learned.unsaid.empty() && s.random.disagreements.empty() && s.complete &&
         s.random.complete;
}

}  // namespace custody::checker::learn
