// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/difference_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/explore/sequence.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker {

namespace {

constexpr std::size_t kColumns = 72;

/// Words of `text` in lines of at most kColumns, all but the first indented; the first keeps its own indent.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t at = text.find_first_not_of(' ');
  if (at == std::string::npos) return "\n";
  std::string line(at, ' ');
  bool starts = true;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    if (!starts && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (starts ? "" : " ") + word;
    }
    starts = false;
    at = end + 1;
  }
  return out + line + "\n";
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

std::string policies_text(const Comparison& c) {
  std::string text;
  const auto note = [&text](std::string_view name, std::string_view a, std::string_view b) {
    if (a != b) text += fmt::format("  {}: {} -> {}\n", name, a, b);
  };
  note("memory", c.first.memory, c.second.memory);
  for (model::Id f = 0; f < model::kWorldFields; ++f)
    if (model::kFields[f].owner == model::Owner::kPolicy)
      note(model::kFields[f].name, model::policy_value(f, c.first.start.get(f)),
           model::policy_value(f, c.second.start.get(f)));
  return text.empty() ? "Policies: the same.\n" : "Policies:\n" + text;
}

std::string rows_text(const Comparison& c) {
  if (c.rows.empty()) return "Rows: the same.\n";
  std::string text = fmt::format("Rows: {} differ.\n", c.rows.size());
  constexpr std::string_view kWhat[] = {"removed", "added", "changed"};
  for (const RowDifference& row : c.rows) {
    std::string line = fmt::format("  {} {}", escape_text(row.id), kWhat[static_cast<std::size_t>(row.kind)]);
    if (!row.columns.empty()) line += ": " + joined(row.columns, ", ");
    text += wrapped(line + ". " + escape_text(row.why), 6);
  }
  return text;
}

std::string deeds_text(const Distinction& d) {
  std::vector<std::string> words;
  for (const Deed& deed : d.deeds) words.push_back(words_of(deed));
  return wrapped("    " + joined(words, "; "), 4);
}

std::string calls_text(const Comparison& c) {
  const Difference& d = c.calls;
  constexpr std::string_view kSays[] = {"both accept the same sequences.", "the first accepts fewer sequences.",
                                        "the first accepts more sequences.", "each accepts what the other refuses."};
  std::string text = fmt::format("Calls: {}: {}\n", name_of(d.relation), kSays[static_cast<std::size_t>(d.relation)]);
  if (d.only_first) text += "  Accepted by the first only:\n" + deeds_text(*d.only_first);
  if (d.only_second) text += "  Accepted by the second only:\n" + deeds_text(*d.only_second);
  if (!d.syncs) return text + "Syncs: the same wherever both accept the calls.\n";
  const auto list = [](const std::vector<std::string>& syncs) { return syncs.empty() ? "none" : joined(syncs, ", "); };
  text += "Syncs: they differ first in the last call of\n" + deeds_text(*d.syncs);
  return text + wrapped("  first:  " + list(d.syncs->first_syncs), 10) +
         wrapped("  second: " + list(d.syncs->second_syncs), 10);
}

std::string matrix_text(const Comparison& c) {
  std::string text;
  for (std::size_t i = 0; i < c.first_matrix.size(); ++i) {
    const MatrixCell &a = c.first_matrix[i], &b = c.second_matrix[i];
    if (a.violated == b.violated) continue;
    const auto verdict = [](const MatrixCell& cell) { return cell.is_safe() ? "safe" : joined(cell.violated, " "); };
    text += fmt::format("  {:<6} {:<10} {:<12} {} -> {}{}\n", a.configuration.keeps_rules ? "legal" : "any",
                        a.configuration.arch->name, a.mix, verdict(a), verdict(b),
                        a.is_safe() && !b.is_safe() ? "  REGRESSION" : "");
  }
  if (text.empty()) return fmt::format("Safety: the same in all {} cells.\n", c.first_matrix.size());
  const auto changed = std::count(text.begin(), text.end(), '\n');
  return fmt::format("Safety: {} of {} cells change, {} from safe to unsafe\n(client, architecture, devices):\n",
                     changed, c.first_matrix.size(), c.regressions()) +
         text;
}

}  // namespace

bool Comparison::finds_nothing() const {
  for (std::size_t i = 0; i < first_matrix.size(); ++i)
    if (first_matrix[i].violated != second_matrix[i].violated) return false;
  const bool same_policies = first.start == second.start && first.memory == second.memory;
  return same_policies && rows.empty() && calls.relation == Relation::kEqual && !calls.syncs;
}

std::size_t Comparison::regressions() const {
  std::size_t n = 0;
  for (std::size_t i = 0; i < first_matrix.size(); ++i)
    n += first_matrix[i].is_safe() && !second_matrix[i].is_safe() ? 1U : 0U;
  return n;
}

Comparison compare(const spec::Contract& first, const spec::Contract& second, const Configuration& configuration) {
  return {first,
          second,
          compare_rows(first, second),
          compare_calls(System(first, configuration), System(second, configuration)),
          verdict_matrix(first),
          verdict_matrix(second)};
}

std::string difference_text(const Comparison& c) {
  std::string text = wrapped("first:  " + c.first.name + ": " + escape_text(c.first.title), 8) +
                     wrapped("second: " + c.second.name + ": " + escape_text(c.second.title), 8) + "\n";
  text += policies_text(c) + rows_text(c) + "\n" + calls_text(c);
  if (!c.calls.complete) text += fmt::format("  (stopped after {} pairs of states)\n", c.calls.pairs);
  return text + "\n" + matrix_text(c);
}

}  // namespace custody::checker
