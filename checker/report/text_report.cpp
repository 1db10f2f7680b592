// SPDX-License-Identifier: BSD-2-Clause
// The report for people.
#include "checker/report/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

constexpr std::uint64_t kMostErrors = 100;
constexpr std::size_t kMostKinds = 10000;
constexpr std::size_t kMostWarnings = 10;
constexpr std::string_view kBold = "1", kRed = "1;31", kYellow = "1;35", kCyan = "1;36", kGreen = "1;32";

std::string_view colour_of(spec::Severity s) {
  return s == spec::Severity::kError ? kRed : s == spec::Severity::kWarning ? kYellow : kCyan;
}

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

std::string event_line(const ReportedEvent& e, const traces::Directory& d, std::string_view mark) {
  const std::string task = e.task < d.tasks.size() ? d.tasks[e.task].name : std::string();
  std::string time = e.at.ts >= 0 ? fmt::format("{:.6f}", static_cast<double>(e.at.ts) / 1e9) : std::string();
  return fmt::format("  {:>2} line {:<6} {:>12}  {:<16} {}\n", mark, e.at.line, time, escape_text(task),
                     escape_text(event_text(e, d)));
}

}  // namespace

std::string TextReport::paint(std::string_view text, std::string_view colour) const {
  return options_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : std::string(text);
}

void TextReport::begin_trace(const std::string& path) {
  path_ = escape_text(path == "-" ? "<standard input>" : path);
  more_.clear();
  errors_printed_ = errors_kept_back_ = departures_printed_ = 0;
  ++traces_;
}

void TextReport::finding(const Finding& f, const traces::Directory& d) {
  if (f.severity == spec::Severity::kError) {
    if (!options_.all && ++errors_printed_ > kMostErrors) {
      ++errors_kept_back_;
      return;
    }
    return print(f, d);
  }
  if (!options_.all && more_.size() < kMostKinds) {
    const std::string exporter = f.buffer < d.buffers.size() ? d.buffers[f.buffer].exporter : std::string();
    const auto [it, first] =
        more_.try_emplace(Kind{static_cast<int>(f.rule), exporter, f.device, static_cast<int>(f.place.call), f.effect});
    More& more = it->second;
    if (!first) {
      ++more.count;
      more.bytes += f.bytes;
      more.last_line = f.line;
      return;
    }
    more.sample = message(f, d);
  }
  print(f, d);
}

void TextReport::print(const Finding& f, const traces::Directory& d) {
  const spec::Rule& rule = spec::rule(f.rule);
  std::string out = paint(fmt::format("{}:{}: ", path_, f.line), kBold) +
                    paint(fmt::format("{}: ", spec::name(f.severity)), colour_of(f.severity)) +
                    paint(escape_text(message(f, d)), kBold) + fmt::format(" [{}]\n", rule.id);
  if (f.buffer < d.buffers.size()) {
    const traces::BufferInfo& b = d.buffers[f.buffer];
    out += fmt::format(
        "     buffer {}{}, exporter {}, {}\n", escape_text(b.name), b.ino != 0 ? fmt::format(" (ino {})", b.ino) : "",
        b.exporter.empty() ? "unknown" : escape_text(b.exporter), b.size != 0 ? human_bytes(b.size) : "size unknown");
  }
  for (const ReportedEvent& e : f.place.history) out += event_line(e, d, "");
  out += event_line(f.place.trigger, d, ">>");
  out += fmt::format("     right would have been: {}\n     owed by the {}", remedy(f), spec::name(f.owes));
  if (f.place.concurrent_task < d.tasks.size())
    out += fmt::format("; a call of task {} overlaps", escape_text(d.tasks[f.place.concurrent_task].name));
  for (unsigned a = 0; a < kAssumptions; ++a)
    if (((f.assumes >> a) & 1U) != 0) out += fmt::format("; assumes {}", name(static_cast<Assumption>(a)));
  if (f.effect == Effect::kNone && f.operation != model::Operation::kNone)
    out += f.proved ? "; without effect even in the worst case" : "; without effect if the rules are kept";
  if (f.effect == Effect::kUnobserved) out += "; nobody looked before it no longer mattered";
  out += fmt::format("\n     rule {}: {}\n", rule.id, rule.says);
  std::string also;
  for (const spec::Rule& r : spec::kRules)
    if (f.also.has(spec::id_of(r))) also += (also.empty() ? "" : ", ") + std::string(r.id);
  if (!also.empty()) out += fmt::format("     also {}\n", also);
  if (f.refusal.row != nullptr) out += fmt::format("     refused by {}\n", f.refusal.row->id);
  out += fmt::format("     custody explain {} says more\n\n", rule.id);
  write_(out);
}

void TextReport::departure(const follow::Departure& departure, const traces::Directory& d) {
  if (!options_.all && ++departures_printed_ > kMostErrors) return;
  const std::uint32_t buffer = departure.call.buffer;
  std::string kind(follow::name(departure.kind));
  std::replace(kind.begin(), kind.end(), '_', ' ');
  const std::string said_by = escape_text(said_by_text(departure));
  write_(paint(fmt::format("{}:{}: ", path_, departure.line), kBold) + paint("departs: ", kRed) +
         paint(fmt::format("{} in {} of line {}", kind, escape_text(event_text(ReportedEvent(departure.call), d)),
                           departure.call.at.line),
               kBold) +
         fmt::format(" [{}]\n     buffer {}\n     expected: {}\n     found:    {}\n     {}: {}\n\n", said_by,
                     buffer < d.buffers.size() ? escape_text(d.buffers[buffer].name) : "unknown",
                     escape_text(expected_text(departure, d)), escape_text(found_text(departure, d)), said_by,
                     escape_text(because_text(departure))));
}

void TextReport::print_contract(const follow::ContractTotals& c) {
  if (c.contract.empty()) return;
  std::string out = fmt::format("contract {}: ", escape_text(c.contract));
  if (c.departed != 0) out += paint("departs", kRed);
  else if (c.unseen_syncs) out += "cannot be judged: the trace carries no DMA API calls, or tracepoints of them only";
  else if (c.followed == 0 || c.unjudged_buffers != 0) out += "cannot be judged as a whole";
  else out += paint("followed", kGreen);
  out +=
      fmt::format("\n  {} followed, {} departed, {} not judged\n", plural(c.followed, "call"), c.departed, c.unjudged);
  if (c.departed_buffers != 0)
    out += fmt::format("  {} of {} departed\n", c.departed_buffers, plural(c.buffers, "buffer"));
  if (c.unjudged_buffers != 0)
    out += fmt::format("  {} not judged to the end: older than the trace, or events were lost\n",
                       plural(c.unjudged_buffers, "buffer"));
  write_(out);
}

void TextReport::print_summary(const Summary& s, bool complete) {
  const MaintenanceTotals& m = s.maintenance;
  std::string out = fmt::format("{} in {}", plural(s.events, "event"), plural(s.buffers, "buffer"));
  if (s.live_buffers != 0) out += fmt::format(", {} still live at the end", s.live_buffers);
  out += '\n';
  for (const spec::Rule& r : spec::kRules) {
    const std::uint64_t n = s.by_rule[static_cast<std::size_t>(spec::id_of(r))];
    if (n != 0) out += fmt::format("  {:>7} x {:<4} {:<10} {}\n", n, r.id, spec::name(r.cls), r.says);
  }
  const std::string clear = complete ? all_clear(s) : std::string();
  if (!clear.empty()) out += paint(clear, kGreen) + "\n";
  out += verdict_lines(s) + inventory_lines(s);
  out += fmt::format("cache maintenance: {}, {}\n", plural(m.operations, "operation"), human_bytes(m.bytes));
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
  if (s.silent_buffers != 0)
    out += fmt::format("{}: the trace could not have shown the exporter's syncs, missing syncs are not judged\n",
                       plural(s.silent_buffers, "buffer"));
  if (s.unjudged != 0)
    out +=
        fmt::format("{} not judged: the trace does not show the whole history\n", plural(s.unjudged, "refused event"));
  write_(out);
  print_contract(s.contract);
}

void TextReport::print_costs(const Summary& s) {
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
  write_(out);
}

void TextReport::end_trace(const traces::Header& header, const traces::ReadStatistics& st, const Summary& s,
                           std::span<const JudgedExpectation> expectations, const std::string& error) {
  std::string out;
  for (const auto& [kind, more] : more_)
    if (more.count != 0)
      out += fmt::format("{}: {} more like it [{}], {}, the last at line {}: {}\n", path_, more.count,
                         spec::kRules[std::get<0>(kind)].id, human_bytes(more.bytes), more.last_line,
                         escape_text(more.sample));
  if (errors_kept_back_ != 0) out += fmt::format("{}: {} more errors; --all prints them\n", path_, errors_kept_back_);
  std::size_t shown = 0;
  for (const traces::Warning& w : st.kept_warnings)
    if (shown++ < kMostWarnings && !options_.quiet)
      out += fmt::format("{}:{}: reading: {}\n", path_, w.line, escape_text(w.message));
  if (st.warnings > kMostWarnings && !options_.quiet)
    out += fmt::format("{}: {} more warnings of the reader\n", path_, st.warnings - kMostWarnings);
  for (const JudgedExpectation& j : expectations) {
    if (options_.quiet && j.held) continue;
    out += fmt::format("{}:{}: {}: {}{}\n", path_, j.expectation.line,
                       j.held ? paint("holds", kGreen) : paint("FAILS", kRed), escape_text(j.expectation.text),
                       j.held ? "" : " (" + escape_text(j.found) + ")");
  }
  if (!error.empty()) out += paint("error: ", kRed) + escape_text(error) + "\n";
  if (!options_.quiet) {
    out += fmt::format("{}: ", path_);
    for (const auto& [count, what] :
         {std::pair{st.unknown_events, "unknown"}, std::pair{st.unattributed, "of no known buffer"},
          std::pair{st.lost, "lost"}, std::pair{st.malformed, "unreadable"},
          std::pair{st.passed_over.fields, "fields without a readable value"},
          std::pair{st.out_of_order, "out of order"}})
      if (count != 0) out += fmt::format("{} {}, ", count, what);
    if (st.truncated) out += "the last line is cut off, ";
  }
  write_(out);
  if (!options_.quiet) print_summary(s, error.empty());
  if (options_.explain_cost) print_costs(s);
  static_cast<void>(header);
}

void TextReport::skip_trace(const std::string& /*path*/, const std::string& why) {
  write_(paint("skipped: ", kYellow) + escape_text(why) + "\n");
}

void TextReport::end(const Summary& total) {
  if (traces_ < 2 || options_.quiet) return;
  write_(fmt::format("total of {} traces: ", traces_));
  print_summary(total, false);
  if (options_.explain_cost) print_costs(total);
}

}  // namespace custody::checker::report
