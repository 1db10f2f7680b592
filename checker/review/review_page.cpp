// SPDX-License-Identifier: BSD-2-Clause
// The words of a review.
#include <fmt/format.h>

#include <algorithm>

#include "checker/explore/sequence.hpp"
#include "checker/report/wording.hpp"
#include "checker/review/legend.hpp"
#include "checker/review/review.hpp"

namespace custody::checker::review {

namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

std::string sequence_of(const Distinction& d) {
  std::vector<std::string> words;
  for (const explore::Label& label : d.labels) words.push_back(explore::words_of(label));
  return joined(words, "; ");
}

std::string verdict_of(const MatrixCell& cell) { return cell.is_safe() ? "safe" : joined(cell.violated, " "); }

std::string line_of(const ClauseDifference& clause) {
  constexpr std::string_view kWhat[] = {"removed", "added", "changed"};
  std::string text = fmt::format("{} (on {}) {}", clause.name, clause.on, kWhat[static_cast<std::size_t>(clause.kind)]);
  std::string_view before = ": ";
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("none") : value; };
  for (const ColumnDifference& d : clause.columns) {
    if (clause.kind == ClauseDifference::Kind::kChanged)
      text.append(before).append(fmt::format("{}: {} -> {}", d.column, shown(d.first), shown(d.second)));
    else if (d.column != "on") text.append(before).append(fmt::format("{}: {}", d.column, d.first + d.second));
    else continue;
    before = "; ";
  }
  return clause.because.empty() ? text + "." : text + ". " + clause.because;
}

void add_contents(Page& page, const Comparison& c) {
  page.heading("What changes");
  if (c.policies.empty()) {
    page.paragraph("Policies: the same.");
  } else {
    std::vector<std::vector<std::string>> rows;
    for (const PolicyDifference& p : c.policies) rows.push_back({p.name, p.first, p.second});
    page.table({"policy", "first", "second"}, std::move(rows));
  }
  if (c.clauses.empty()) return page.paragraph("Clauses: the same.");
  page.paragraph(fmt::format("Clauses: {} differ.", c.clauses.size()));
  std::vector<std::string> items;
  for (const ClauseDifference& clause : c.clauses) items.push_back(line_of(clause));
  page.items(std::move(items));
}

void add_calls(Page& page, const Comparison& c) {
  const Difference& d = c.calls;
  page.heading("Calls and syncs");
  constexpr std::string_view kSays[] = {"both accept the same sequences.", "the first accepts fewer sequences.",
                                        "the first accepts more sequences.", "each accepts what the other refuses."};
  page.paragraph(fmt::format("Calls: {}: {}", name_of(d.relation), kSays[static_cast<std::size_t>(d.relation)]));
  std::vector<std::string> items;
  if (d.only_first) items.push_back("accepted by the first only: " + sequence_of(*d.only_first));
  if (d.only_second) items.push_back("accepted by the second only: " + sequence_of(*d.only_second));
  if (!items.empty()) page.items(std::move(items));
  if (!d.syncs) {
    page.paragraph("Syncs: the same wherever both accept the calls.");
  } else {
    const auto list = [](const std::vector<std::string>& syncs) {
      return syncs.empty() ? "none" : joined(syncs, ", ");
    };
    page.paragraph("Syncs: they differ first in the last call of: " + sequence_of(*d.syncs));
    page.items({"first: " + list(d.syncs->first_syncs), "second: " + list(d.syncs->second_syncs)});
  }
  if (!d.complete) page.paragraph(fmt::format("(stopped after {} pairs of states)", d.pairs));
}

void add_cells(Page& page, const std::vector<MatrixChange>& changes) {
  std::vector<std::vector<std::string>> rows;
  std::vector<Tone> tones;
  for (const MatrixChange& change : changes) {
    rows.push_back({std::string(explore::name_of(change.before->configuration.client)), change.before->mix,
                    joined(change.archs, " "), verdict_of(*change.before), verdict_of(*change.after),
                    remark_on(change)});
    tones.push_back(change.is_regression()                     ? Tone::kBad
                    : change.is_worse()                        ? Tone::kDoubtful
                    : change.is_mended() || change.is_better() ? Tone::kGood
                                                               : Tone::kPlain);
  }
  page.table({"client", "devices", "arch", "first", "second", ""}, std::move(rows), std::move(tones));
}

void add_safety(Page& page, const Comparison& c) {
  page.heading("Safety");
  const std::vector<MatrixChange> changes = changes_of(c.first_matrix, c.second_matrix);
  std::size_t changed = 0;
  for (const MatrixChange& change : changes) changed += change.archs.size();
  if (changes.empty())
    return page.paragraph(fmt::format("Safety: the same in all {} cells of client, architecture and mix of devices.",
                                      c.first_matrix.size()));
  page.paragraph(fmt::format(
      "Safety: {} of {} cells of client, architecture and mix of devices change, {} from safe to unsafe, {} "
      "from unsafe to safe.",
      changed, c.first_matrix.size(), c.regressions(), c.mended()));
  std::vector<MatrixChange> legal, others;
  for (const MatrixChange& change : changes)
    (change.before->configuration.client == explore::Client::kLegal ? legal : others).push_back(change);
  if (legal.empty()) page.paragraph("Nothing changes for the legal client.");
  else add_cells(page, legal);
  if (!others.empty()) {
    page.fold(fmt::format("{} rows of clients that leave the rules aside", others.size()));
    add_cells(page, others);
    page.end_fold();
  }
  page.fold("What the words mean");
  page.items(legend_of(changes));
  page.end_fold();
}

void add_examples(Page& page, const Review& r) {
  if (r.examples.empty()) return;
  page.heading("Shortest ways to a violation");
  for (const Example& e : r.examples) {
    page.paragraph(
        fmt::format("Safe under the {}, {} under the {}: client {}; devices {}; {}. custody replay judges "
                    "this file.",
                    e.of_second ? "first" : "second", e.property, e.of_second ? "second" : "first",
                    explore::name_of(e.configuration.client), e.mix, e.configuration.arch->name));
    page.listing(e.litmus);
  }
}

void add_driven(Page& page, const Driven& d) {
  page.heading("What the exploration of " + d.driver + " found");
  if (d.findings.empty())
    return page.paragraph("No leak, no crash, no deadlock, no race and no illegal call. Syncs are in what is above.");
  std::vector<std::string> items;
  for (const DrivenFinding& f : d.findings) {
    std::string item = fmt::format("{}: {} [{}]. Calls: {}", f.severity, f.says, f.rule.empty() ? f.kind : f.rule,
                                   joined(f.calls, "; "));
    if (!f.together.empty()) item += "; then, side by side: " + joined(f.together, " and ");
    items.push_back(fmt::format("{}. Client: {}; devices: {}; owes: {}.", item, f.client, f.configuration, f.owes));
  }
  page.items(std::move(items));
}

std::string from_to(std::uint64_t first, std::uint64_t second) {
  return first == second ? std::to_string(first) : fmt::format("{} -> {}", first, second);
}

/// A unit that both share, or that only one needs, is said once.
std::string from_to_bytes(std::uint64_t first, std::uint64_t second) {
  std::string a = report::human_bytes(first);
  const std::string b = report::human_bytes(second);
  const auto unit = [](const std::string& s) { return s.substr(s.find(' ')); };
  if (first == second) return a;
  if (second == 0) return a.substr(0, a.find(' ')) + " -> 0" + unit(a);
  if (first == 0) return "0 -> " + b;
  return (unit(a) == unit(b) ? a.substr(0, a.find(' ')) : a) + " -> " + b;
}

void add_costs(Page& page, const Review& r) {
  const bool refuses = std::any_of(r.costs.begin(), r.costs.end(),
                                   [](const CostLine& line) { return line.first.refused + line.second.refused != 0; });
  page.heading("Cost");
  page.paragraph(std::string("Cache operations in the same calls, under the first contract and the second; how many "
                             "are without effect; syncs that are missing; ") +
                 (refuses ? "calls that are refused; " : "") + "and the least that any exporter could do.");
  std::vector<std::string> head = {"workload", "operations", "bytes", "no effect", "missing", "optimum"};
  if (refuses) head.insert(head.end() - 1, "refused");
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> titles;
  for (const CostLine& line : r.costs) {
    const MaintenanceTotals &a = line.first.maintenance, &b = line.second.maintenance;
    std::vector<std::string>& row = rows.emplace_back();
    row = {line.name, from_to(a.operations, b.operations), from_to_bytes(a.bytes, b.bytes),
           from_to(a.no_effect.operations, b.no_effect.operations), from_to(line.first.missing, line.second.missing)};
    if (refuses) row.push_back(from_to(line.first.refused, line.second.refused));
    row.push_back(from_to(a.optimum.operations, b.optimum.operations));
    if (line.title != line.name) titles.push_back(line.name + ": " + line.title);
  }
  page.table(std::move(head), std::move(rows));
  page.items(std::move(titles));
}

std::string summary_of(const Review& r) {
  const Comparison& c = r.comparison;
  std::uint64_t first = 0, second = 0, first_missing = 0, second_missing = 0;
  for (const CostLine& line : r.costs) {
    first += line.first.maintenance.operations;
    second += line.second.maintenance.operations;
    first_missing += line.first.missing;
    second_missing += line.second.missing;
  }
  std::string text = fmt::format("{} of {} cells go from safe to unsafe, {} from unsafe to safe; ", c.regressions(),
                                 c.first_matrix.size(), c.mended());
  text += first == second ? fmt::format("{} cache operations in the workloads, unchanged", second)
                          : fmt::format("{} cache operations instead of {} in the workloads", second, first);
  if (first_missing != second_missing)
    text += fmt::format(", with {} missing syncs instead of {}", second_missing, first_missing);
  else if (second_missing != 0) text += fmt::format("; {} missing syncs, unchanged", second_missing);
  if (const std::size_t faults = r.driven_faults(); faults != 0)
    text += fmt::format("; {} faults of the second that no contract has", faults);
  return text + ".";
}

void add_names(Page& page, const Comparison& c) {
  page.items({"first: " + c.first.name + ": " + c.first.title + ". Source: " + c.first.source,
              "second: " + c.second.name + ": " + c.second.title + ". Source: " + c.second.source});
}

}  // namespace

Page difference_page(const Comparison& c) {
  Page page;
  page.heading(c.first.name + " and " + c.second.name);
  add_names(page, c);
  add_contents(page, c);
  add_calls(page, c);
  add_safety(page, c);
  return page;
}

std::size_t Review::driven_faults() const {
  std::size_t n = 0;
  for (const Driven& d : driven)
    if (d.is_second)
      n += static_cast<std::size_t>(
          std::count_if(d.findings.begin(), d.findings.end(), [](const DrivenFinding& f) { return f.is_fault(); }));
  return n;
}

Page review_page(const Review& r) {
  Page page;
  page.heading(r.comparison.second.name + ", proposed in place of " + r.comparison.first.name);
  page.paragraph(summary_of(r));
  add_names(page, r.comparison);
  add_safety(page, r.comparison);
  for (const Driven& d : r.driven) add_driven(page, d);
  add_costs(page, r);
  add_calls(page, r.comparison);
  add_contents(page, r.comparison);
  add_examples(page, r);
  return page;
}

}  // namespace custody::checker::review
