// SPDX-License-Identifier: BSD-2-Clause
// Says that nothing is missing of judged buffers only, and why of the others not.
#include "checker/report/verdict_text.hpp"

#include <fmt/format.h>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

std::uint64_t of_class(const Summary& s, spec::RuleClass c) { return s.by_class[static_cast<std::size_t>(c)]; }

std::string reasons(const Summary& s) {
  std::string all;
  for (unsigned r = 0; r < kJudgedReasons; ++r)
    if (s.coverage.why_not[r] != 0) all.append(all.empty() ? "" : ", ").append(says(static_cast<JudgedReason>(r)));
  return all;
}

/// `1 partly judged, 2 not judged: ...`; empty: all are judged.
std::string rest(const Summary& s) {
  std::string counts;
  for (const Judged j : {Judged::kPartly, Judged::kNot})
    if (s.coverage.of(j) != 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", s.coverage.of(j), name(j));
  return counts.empty() ? counts : counts + ": " + reasons(s);
}

/// What the tracepoints of a trace cannot show, and what is therefore not judged.
std::string source_lines(const Summary& s) {
  std::string out;
  for (unsigned i = 0; i < traces::kRecordSources; ++i) {
    const SourceWords& source = words(static_cast<traces::RecordSource>(i));
    if (const std::uint64_t records = s.coverage.inventory.sources[i]; records != 0)
      out += fmt::format("  {} of the {} tracepoints, which cannot show: {}\n", plural(records, "record"), source.name,
                         source.cannot_show);
  }
  const RuleSet silent = silent_rules(s);
  if (silent.empty()) return out;
  std::string judged, others;
  for (const spec::Rule& r : spec::kRules) {
    if (kDecidedByAddress.has(spec::id_of(r))) judged.append(judged.empty() ? "" : " ").append(r.id);
    if (silent.has(spec::id_of(r))) others.append(others.empty() ? "" : " ").append(r.id);
  }
  return out + fmt::format("  of a buffer that no call of the core names {} are judged; silent: {}\n", judged, others);
}

std::string silence_of(const MissingProbe& probe) {
  return probe.silent.empty() ? std::string() : fmt::format(" silent: {}", probe.silent);
}

}  // namespace

std::string plural(std::uint64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string all_clear(const Summary& s) {
  const bool missing = of_class(s, spec::RuleClass::kMissing) != 0 || of_class(s, spec::RuleClass::kMixed) != 0;
  if (missing || s.coverage.of(Judged::kWhole) == 0) return {};
  const bool wrong = of_class(s, spec::RuleClass::kLostWrite) != 0 || of_class(s, spec::RuleClass::kIllegal) != 0;
  const std::uint64_t all =
      s.coverage.of(Judged::kWhole) + s.coverage.of(Judged::kPartly) + s.coverage.of(Judged::kNot);
  const std::string others = rest(s);
  return fmt::format("{} is missing in {} of {}{}{}", wrong ? "no sync" : "nothing",
                     plural(s.coverage.of(Judged::kWhole), "buffer"), all, others.empty() ? "" : "; ", others);
}

std::string judged_counts(const Summary& s) {
  const std::string others = rest(s);
  return others.empty() ? others
                        : fmt::format("{} judged, {}", plural(s.coverage.of(Judged::kWhole), "buffer"), others);
}

std::string settling_lines(const Summary& s) {
  std::string out;
  for (unsigned r = 0; r < kJudgedReasons; ++r) {
    const auto reason = static_cast<JudgedReason>(r);
    if (s.coverage.why_not[r] == 0) continue;
    out += fmt::format("  {}, {}: {}\n", plural(s.coverage.why_not[r], "buffer"), says(reason), settled_by(reason));
    if (reason != JudgedReason::kAssumption) continue;
    for (const std::string& option : s.coverage.settling) out += fmt::format("    {}, if so\n", escape_text(option));
  }
  return out;
}

std::string known_events_line(const Summary& s) {
  std::string out;
  for (unsigned k = 0; k < traces::kEventKinds; ++k) {
    const auto kind = static_cast<traces::EventKind>(k);
    if (s.coverage.inventory.of(kind) != 0)
      out += fmt::format("{}{} {}", out.empty() ? "known events: " : ", ", s.coverage.inventory.of(kind),
                         traces::name(kind));
  }
  return out.empty() ? out : out + "\n";
}

std::string inventory_lines(const Summary& s) {
  std::string out;
  for (unsigned i = 0; i < kMissingProbeCount; ++i)
    if (((s.coverage.inventory.missing >> i) & 1U) != 0)
      out += fmt::format("  no {} event, though {}: is its probe set?{}\n", kMissingProbes[i].name,
                         kMissingProbes[i].because, silence_of(kMissingProbes[i]));
  return out + source_lines(s);
}

std::string why_not_computed(std::uint8_t bits) {
  std::string all;
  for (unsigned n = 0; n < kNotComputedReasons; ++n)
    if (((bits >> n) & 1U) != 0) all.append(all.empty() ? "" : ", ").append(says(static_cast<NotComputed>(n)));
  return all;
}

}  // namespace custody::checker::report
