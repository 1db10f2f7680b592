// SPDX-License-Identifier: BSD-2-Clause
// Lays out what a trace came to.
#include "checker/report/summary_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

std::string optimum_text(const PassSums& optimum, std::uint64_t operations, std::uint64_t bytes) {
  return fmt::format("{}, {}; {} and {} more were done\n", plural(optimum.operations, "operation"),
                     human_bytes(optimum.bytes),
                     plural(operations - std::min(operations, optimum.operations), "operation"),
                     human_bytes(bytes - std::min(bytes, optimum.bytes)));
}

/// The figures that say what would have been enough, or why they are none.
std::string least_lines(const MaintenanceTotals& m) {
  std::string out = "  least subset:    ";
  if (m.no_subset != 0) out += fmt::format("not computed: {}\n", why_not_computed(m.no_subset));
  else
    out += fmt::format("{} of those that were done would have been enough\n", plural(m.subset_operations, "operation"));
  out += "  optimum:         ";
  if (m.no_optimum == 0) return out + optimum_text(m.optimum, m.operations, m.bytes);
  out += fmt::format("not computed: {}\n", why_not_computed(m.no_optimum));
  if (m.computed.buffers == 0) return out;
  return out + fmt::format("    of {}:  {}", plural(m.computed.buffers, "other buffer"),
                           optimum_text(m.computed.optimum, m.computed.done.operations, m.computed.done.bytes));
}

std::string maintenance_lines(const MaintenanceTotals& m) {
  std::string out = fmt::format("cache maintenance: {}, {}\n", plural(m.operations, "operation"), human_bytes(m.bytes));
  out +=
      fmt::format("  without effect:  {}, {}; in the worst case too: {}\n", plural(m.no_effect.operations, "operation"),
                  human_bytes(m.no_effect.bytes), human_bytes(m.proved_no_effect.bytes));
  out += fmt::format("  unobserved:      {}, {}\n", plural(m.unobserved.operations, "operation"),
                     human_bytes(m.unobserved.bytes));
  if (m.undetermined.operations != 0)
    out += fmt::format("  undetermined:    {}, {}\n", plural(m.undetermined.operations, "operation"),
                       human_bytes(m.undetermined.bytes));
  out += least_lines(m);
  out += fmt::format("  free syncs:      {} (coherent, skipped, or no operation for their direction)\n", m.free_syncs);
  if (m.copy_bytes != 0) out += fmt::format("  bounce copies:   {}\n", human_bytes(m.copy_bytes));
  if (m.unschedulable_buffers != 0)
    out += fmt::format("  {} without schedule\n", plural(m.unschedulable_buffers, "buffer"));
  return out;
}

std::string rule_lines(const Summary& s) {
  std::string out;
  for (const spec::Rule& r : spec::kRules) {
    const std::uint64_t n = s.by_rule[static_cast<std::size_t>(spec::id_of(r))];
    if (n != 0) out += fmt::format("  {:>7} x {:<4} {:<10} {}\n", n, r.id, spec::name(r.cls), r.says);
  }
  return out;
}

std::string contract_lines(const follow::ContractTotals& c, const Paint& paint) {
  if (c.contract.empty()) return {};
  std::string out = fmt::format("contract {}: ", escape_text(c.contract));
  if (c.departed != 0) out += paint.bad("departs");
  else if (c.unseen_syncs) out += "cannot be judged: the trace carries no DMA API calls, or tracepoints of them only";
  else if (c.followed == 0 || c.unjudged_buffers != 0) out += "cannot be judged as a whole";
  else out += paint.good("followed");
  out +=
      fmt::format("\n  {} followed, {} departed, {} not judged\n", plural(c.followed, "call"), c.departed, c.unjudged);
  if (c.departed_buffers != 0)
    out += fmt::format("  {} of {} departed\n", c.departed_buffers, plural(c.buffers, "buffer"));
  if (c.unjudged_buffers != 0)
    out += fmt::format("  {} not judged to the end: older than the trace, or events were lost\n",
                       plural(c.unjudged_buffers, "buffer"));
  return out;
}

}  // namespace

std::string withheld_text(const Withheld& w) {
  std::string why;
  for (const auto& [n, what] : {std::pair{w.not_asked_for, "not asked for"}, std::pair{w.suppressed, "suppressed"},
                                std::pair{w.in_baseline, "in the baseline"}})
    if (n != 0) why += fmt::format("{}{} {}", why.empty() ? "" : ", ", n, what);
  return why.empty() ? why : fmt::format("{} not shown: {}", plural(w.all(), "finding"), why);
}

std::string summary_text(const Summary& s, const FoundCounts& found, const SummaryForm& form) {
  std::string out = fmt::format("{} in {}", plural(s.events, "event"), plural(s.buffers, "buffer"));
  if (s.live_buffers != 0) out += fmt::format(", {} still live at the end", s.live_buffers);
  out += '\n';
  if (form.all_counts) out += rule_lines(s) + known_events_line(s);
  out += settling_lines(s) + inventory_lines(s) + maintenance_lines(s.maintenance);
  if (s.silent_buffers != 0)
    out += fmt::format("{}: the trace could not have shown the exporter's syncs, missing syncs are not judged\n",
                       plural(s.silent_buffers, "buffer"));
  if (s.unjudged != 0)
    out +=
        fmt::format("{} not judged: the trace does not show the whole history\n", plural(s.unjudged, "refused event"));
  if (form.withheld.all() != 0) out += withheld_text(form.withheld) + "\n";
  out += contract_lines(s.contract, form.paint);
  const std::string sentence = closing_sentence(s, found, form.complete, form.withheld.all());
  const bool clear = form.complete && !all_clear(s).empty();
  return out + (clear ? form.paint.good(sentence) : form.paint.bold(sentence)) + "\n";
}

std::string cost_table(const Summary& s) {
  std::string out;
  for (std::size_t i = 0; i < s.costs.size(); ++i) {
    const hindsight::CostEntry& c = s.costs[i];
    if (i == 0 || c.payer != s.costs[i - 1].payer)
      out += fmt::format("{:<10} {:>10} {:>10} {:>10} {:>10} {:>12}  {}\n", "could save", "operations", "no effect",
                         "unobserved", "needed", "undetermined", hindsight::name(c.payer));
    const auto of = [&c](hindsight::Fate f) { return c.sums.operations[static_cast<std::size_t>(f)]; };
    out += fmt::format("{:>10} {:>10} {:>10} {:>10} {:>10} {:>12}  {}\n", human_bytes(c.sums.bytes_to_save()),
                       c.sums.total_operations(), of(hindsight::Fate::kNoEffect), of(hindsight::Fate::kUnobserved),
                       of(hindsight::Fate::kNeeded), of(hindsight::Fate::kUndetermined), escape_text(c.name));
  }
  return out;
}

}  // namespace custody::checker::report
