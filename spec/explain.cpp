// SPDX-License-Identifier: BSD-2-Clause
#include "spec/explain.hpp"

#include <fmt/format.h>

#include "model/step.hpp"
#include "spec/rules.hpp"
#include "spec/unchecked.hpp"

namespace custody::spec {

namespace {

std::string explain_rule(const Rule& r) {
  std::string text = fmt::format("{}: {}\n\n  class     {}\n  severity  {}\n  owes      {}\n", r.id, r.says,
                                 name(r.cls), name(r.severity), name(r.owes));
  text +=
      fmt::format("  why       {}\n  right     {}\n  source    {}\n  needs     {}\n", r.why, r.fix, r.source, r.input);
  if (!r.judged) text += "\nNo reader delivers what this rule needs yet: it is not judged.\n";
  return text;
}

std::string words_of(const model::Ids& ids, const auto& words) {
  std::string text;
  for (const model::Id id : ids) text += (text.empty() ? "" : "; ") + std::string(words[id].says);
  return text.empty() ? "-" : text;
}

std::string explain_row(const model::Row& row) {
  std::string text = fmt::format("{}: {} in {}\n\n  if        {}\n  to        {}\n  actions   {}\n  syncs     {}\n",
                                 row.id, model::kEvents[row.event].name, model::kStates[row.from].name,
                                 words_of(row.guards, model::kGuards), model::kStates[row.to].name,
                                 words_of(row.actions, model::kActions), words_of(row.syncs, model::kSyncs));
  text += fmt::format("  why       {}\n  source    {}\n", row.why, row.cite);
  if (row.is_refusal())
    text += fmt::format("  refused   by {}; `to` is where the kernel goes all the same\n", row.rule);
  return text;
}

}  // namespace

std::optional<std::string> explain(std::string_view id) {
  if (const Rule* r = find_rule(id)) return explain_rule(*r);
  for (const Unchecked& u : kUnchecked)
    if (u.id == id) return fmt::format("{}: {}\n\n  not decided: {}\n", u.id, u.says, u.reason);
  if (const model::Row* row = model::find_row(id)) return explain_row(*row);
  return std::nullopt;
}

std::string list_rules() {
  std::string text;
  for (const Rule& r : kRules)
    text += fmt::format("{:4} {:10} {:8} {}{}\n", r.id, name(r.cls), name(r.severity), r.says,
                        r.judged ? "" : " (not judged yet: no inputs)");
  return text;
}

std::string list_unchecked() {
  std::string text;
  for (const Unchecked& u : kUnchecked) text += fmt::format("{} {} {}\n", u.id, u.says, u.reason);
  return text;
}

}  // namespace custody::spec
