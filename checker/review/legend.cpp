// SPDX-License-Identifier: BSD-2-Clause
// The words of the table of cells.
#include "checker/review/legend.hpp"

#include <algorithm>

#include "spec/rules.hpp"

namespace custody::checker::review {

namespace {

void add_new(std::vector<std::string>& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

/// Rules by number, as `custody list rules` has them; what is no rule comes last.
std::string rule_line(const std::string& id) {
  if (const spec::Rule* const rule = spec::find_rule(id)) return id + ": " + std::string(rule->says);
  return id +
         (id == "stuck" ? ": states from which the buffer can not be released any more." : ": see `custody check`.");
}

std::vector<std::string> rules_in(std::span<const MatrixChange> changes) {
  std::vector<std::string> found, ordered;
  for (const MatrixChange& change : changes)
    for (const MatrixCell* const cell : {change.before, change.after})
      for (const std::string& id : cell->violated) add_new(found, id);
  for (const spec::Rule& rule : spec::kRules)
    if (std::find(found.begin(), found.end(), rule.id) != found.end()) ordered.emplace_back(rule.id);
  for (const std::string& id : found) add_new(ordered, id);
  return ordered;
}

std::string remark_line(const std::string& remark) {
  if (remark == "worse") return "worse: unsafe under both, with violations that were not there.";
  if (remark == "better") return "better: unsafe under both, with fewer violations and no others.";
  return remark == "mended" ? "mended: from unsafe to safe."
                            : "REGRESSION: from safe to unsafe; who owes the sync that is missing now.";
}

}  // namespace

std::string remark_on(const MatrixChange& change) {
  if (change.is_regression()) return "REGRESSION: " + change.owes() + " owes";
  if (change.is_mended()) return "mended";
  return change.is_worse() ? "worse" : change.is_better() ? "better" : "";
}

std::vector<std::string> legend_of(std::span<const MatrixChange> changes) {
  std::vector<std::string> clients, mixes, remarks;
  for (const MatrixChange& change : changes) {
    const explore::Client client = change.before->configuration.client;
    add_new(clients, std::string(name_of(client)) + ": " + std::string(says(client)) + ".");
    add_new(mixes, change.before->mix + ": " + std::string(says_of_mix(change.before->mix)) + ".");
    if (const std::string remark = remark_on(change); !remark.empty()) add_new(remarks, remark_line(remark));
  }
  std::vector<std::string> lines = {
      "client: how the buffer is used. devices: which kinds of devices are attached. arch: on which architectures. "
      "first, second: the rules that can be broken under either contract; safe: none."};
  lines.insert(lines.end(), clients.begin(), clients.end());
  lines.insert(lines.end(), mixes.begin(), mixes.end());
  for (const std::string& id : rules_in(changes)) lines.push_back(rule_line(id));
  lines.insert(lines.end(), remarks.begin(), remarks.end());
  return lines;
}

}  // namespace custody::checker::review
