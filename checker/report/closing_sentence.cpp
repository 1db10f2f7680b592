// SPDX-License-Identifier: BSD-2-Clause
// The one sentence at the end of a summary, which people quote: it says no more than is known.
#include <fmt/format.h>

#include <algorithm>

#include "checker/report/summary_text.hpp"
#include "checker/report/verdict_text.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

using spec::RuleClass;

std::size_t index_of(RuleClass c) { return static_cast<std::size_t>(c); }

/// What could have been left out. Without the least subset only operations without effect can be left out together.
/// `wrong`: there are hazards already, and a hazard more is what is asked.
std::string needless(const MaintenanceTotals& m, bool wrong) {
  if (m.operations == 0) return "no cache operation ran";
  const bool counted = m.no_subset == 0;
  const std::uint64_t n = counted ? m.operations - std::min(m.operations, m.subset_operations) : m.no_effect.operations;
  if (n == 0 && m.operations == 1) return "the one cache operation was not found needless";
  if (n == 0) return fmt::format("none of {} cache operations was found needless", m.operations);
  // The optimum has the bytes of the subset where both are as small.
  const bool same = m.no_optimum == 0 && m.optimum.operations == m.subset_operations && m.bytes >= m.optimum.bytes;
  const std::uint64_t bytes = !counted ? m.no_effect.bytes : same ? m.bytes - m.optimum.bytes : 0;
  const std::string of = fmt::format("{} of {}{}", n, plural(m.operations, "cache operation"),
                                     bytes != 0 ? fmt::format(" ({})", human_bytes(bytes)) : "");
  if (!counted) return of + " had no effect";
  return of + (wrong ? " could go without a further hazard" : n == 1 ? " was not needed" : " were not needed");
}

/// There are hazards, or calls against the rules, whether they are shown or not.
bool is_wrong(const Summary& s) {
  for (const RuleClass c : {RuleClass::kMissing, RuleClass::kMixed, RuleClass::kLostWrite, RuleClass::kIllegal})
    if (s.by_class[index_of(c)] != 0) return true;
  return false;
}

/// What is wrong, and what may be, as far as findings say it.
std::string wrongs(const FoundCounts& found) {
  struct Words {
    RuleClass cls;
    std::string_view certain, doubtful, one, many;
  };
  constexpr Words kWords[] = {
      {RuleClass::kMissing, "a needed sync is missing", "a needed sync may be missing", "place", "places"},
      {RuleClass::kMixed, "no sync can serve", "maybe no sync can serve", "pair of devices", "pairs of devices"},
      {RuleClass::kLostWrite, "data is destroyed", "data may be destroyed", "operation", "operations"},
      {RuleClass::kIllegal, "the rules are broken", "the rules may be broken", "call or access", "calls or accesses"}};
  std::string out;
  for (const Words& w : kWords) {
    for (const auto& [n, says] : {std::pair{found.certain[index_of(w.cls)], w.certain},
                                  std::pair{found.doubtful[index_of(w.cls)], w.doubtful}}) {
      if (n == 0) continue;
      const std::string_view in = w.cls == RuleClass::kMixed ? "" : w.cls == RuleClass::kMissing ? "in " : "by ";
      out += fmt::format("; {} {}{} {}", says, in, n, n == 1 ? w.one : w.many);
    }
  }
  return out;
}

}  // namespace

void FoundCounts::note(const Finding& f) {
  auto& of = f.assumes == 0 && f.place.concurrent_task == traces::kNoId ? certain : doubtful;
  for (std::size_t c = 0; c < spec::kRuleClasses; ++c) of[c] += f.matches(static_cast<RuleClass>(c)) ? 1U : 0U;
}

void FoundCounts::add(const FoundCounts& other) {
  for (std::size_t c = 0; c < spec::kRuleClasses; ++c) {
    certain[c] += other.certain[c];
    doubtful[c] += other.doubtful[c];
  }
}

std::string closing_sentence(const Summary& s, const FoundCounts& found, bool complete, std::uint64_t withheld) {
  const std::string wrong = wrongs(found);
  std::string out = needless(s.maintenance, is_wrong(s)) + wrong;
  if (withheld != 0) out += fmt::format("; {} not shown", plural(withheld, "finding"));
  if (!complete) return out + "; the input could not be read to its end, so that nothing is clear.";
  const std::string clear = all_clear(s), judged = judged_counts(s);
  if (!clear.empty()) out += "; " + clear;
  else if (!judged.empty()) out += "; " + judged;
  else if (s.buffers == 0) out += "; the trace has no buffer";
  const std::uint64_t advice = s.by_class[index_of(RuleClass::kAdvice)];
  if (advice != 0) out += "; " + plural(advice, "piece") + " of advice";
  return out + ".";
}

}  // namespace custody::checker::report
