// SPDX-License-Identifier: BSD-2-Clause
// The verdict of a search as text, for people.
#include <fmt/format.h>

#include "checker/explore/check_report.hpp"
#include "checker/explore/counterexample.hpp"
#include "checker/explore/properties.hpp"
#include "checker/explore/sequence.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::explore {

namespace {

/// With fewer states the size of the empty table is all there is to see.
constexpr std::uint64_t kTellingStates = 100000;

std::string bound_of(const CheckRun& run) {
  const Configuration& c = run.system.configuration();
  std::string text = fmt::format("bound: {} devices, {} of them coherent", c.devices, c.coherent);
  if (c.bounced != 0) text += fmt::format(", {} bounced", c.bounced);
  if (run.system.has_ranges()) text += fmt::format("; lines of {} and {} bytes", c.cpu_line, c.device_line);
  return text + fmt::format("; {} windows; {}; client {}{}{}\n", c.windows, c.arch->name, name_of(c.client),
                            c.in_turn ? "; mixed devices in turn" : "",
                            run.symmetry ? "; like devices count once" : "");
}

std::string economy_text(const CheckRun& run) {
  if (!run.economy || run.economy->operations == 0) return {};
  const Economy& e = *run.economy;
  std::string text = fmt::format(
      "economy: {} operations in {} states of an exporter's knowledge; {} have no effect whatever came before\n",
      e.operations, e.beliefs, e.without_effect);
  for (const SyncEconomy& s : e.syncs)
    if (s.without_effect != 0)
      text +=
          fmt::format("  {} {} ({}): {} of {}{}\n", report::escape_text(s.clause), s.sync, report::name(s.operation),
                      s.without_effect, s.reached, s.without_effect == s.reached ? ", never any" : "");
  return text;
}

std::string numbers_of(const CheckRun& run) {
  const SearchResult& r = run.result;
  std::string text =
      fmt::format("\n{} {} states, {} transitions, depth {}, {:.2f} s, {:.1f} MB",
                  r.complete        ? "explored completely:"
                  : r.interrupted   ? "interrupted:"
                  : r.out_of_memory ? "stopped as memory ran out:"
                                    : "stopped by --max-states:",
                  r.states, r.totals.transitions, r.depth, run.seconds, static_cast<double>(r.stored_bytes) / 1e6);
  if (r.states >= kTellingStates)
    text += fmt::format(" ({:.1f} bytes a state)", static_cast<double>(r.stored_bytes) / static_cast<double>(r.states));
  text += "\n";
  if (r.totals.handovers != 0)
    text += fmt::format("maintenance: {:.2f} operations a hand-over, at most {}\n",
                        static_cast<double>(r.totals.operations) / static_cast<double>(r.totals.handovers),
                        r.totals.most_operations);
  return text + economy_text(run);
}

}  // namespace

std::string check_text(const CheckRun& run) {
  const SearchResult& r = run.result;
  std::string text = fmt::format("{}: {}\n{}\n", report::escape_text(run.contract.name),
                                 report::escape_text(run.contract.title), bound_of(run));
  for (const PropertyAnswer& p : answers_of(run.system, r))
    text +=
        fmt::format("{:<9} {:<10} {:<15} {}\n",
                    p.answer == Answer::kViolated && p.modality == Modality::kSometimes ? "never" : name_of(p.answer),
                    name_of(p.modality), p.id, p.says);
  for (const Violation& v : r.violations) {
    text += fmt::format("\nviolated {}: {}\n{} transitions break it; the shortest way there:\n\n", id_of(v.property),
                        says(v.property), v.count);
    text += counterexample_litmus(run.system, run.contract, v) + "\n" + draw(sequence_of(run.system, v));
  }
  if (r.stuck != 0)
    text += fmt::format("\nstuck: from {} states the buffer can not be released; in {} of them a window can not end\n",
                        r.stuck, r.stuck_windows);
  text += numbers_of(run);
  return text + (!is_safe(r)                        ? "not safe\n"
                 : r.complete                       ? "safe\n"
                 : r.interrupted || r.out_of_memory ? "nothing found so far\n"
                                                    : "nothing found up to the bound\n");
}

}  // namespace custody::checker::explore
