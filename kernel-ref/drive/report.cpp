// SPDX-License-Identifier: GPL-2.0-only
// What people read: plain text for a mail.
#include "kernel-ref/drive/report.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/report/wording.hpp"
#include "model/escape.hpp"

namespace custody::kernel_ref::drive {

namespace {

constexpr std::size_t kColumns = 76, kMostDifferences = 24, kMostSchedule = 24, kMostPairsShown = 2,
                      kMostAlikeShown = 2;

/// Words folded at the right margin; each further line begins with `hang` blanks.
std::string folded(const std::string& text, const std::string& first, std::size_t hang) {
  std::string out, line = first;
  bool has_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (has_word && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line.assign(hang, ' ');
      has_word = false;
    }
    line += (has_word ? " " : "") + word;
    has_word = true;
    at = end + 1;
  }
  return out + line + "\n";
}

std::string joined(const std::vector<std::string>& words, const char* between = "; ") {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : between) + w;
  return text;
}

std::string where_text(const std::string& configuration, const std::string& client) {
  std::string text = configuration;
  for (unsigned c = 1; c < kConducts; ++c)
    if (client == name(static_cast<Conduct>(c))) text += ", " + std::string(says(static_cast<Conduct>(c)));
  return text;
}

std::string finding_lines(const Finding& f, std::size_t also_in) {
  const std::string label = f.rule.empty() ? f.kind : f.rule;
  std::string out = folded(f.severity + ": " + f.says + " [" + label + "]", "  ", 4);
  out += folded(joined(f.calls), "    calls: ", 11);
  if (!f.together.empty()) out += folded(joined(f.together, " and "), "    then, side by side: ", 11);
  std::size_t n = 0;
  for (const std::string& line : f.schedule)
    if (n++ < kMostSchedule) out += folded(line, "      ", 8);
  std::string at = where_text(f.configuration, f.client);
  if (also_in != 0) at += ", and " + std::to_string(also_in) + " more";
  return out + folded(at + "; owes: " + f.owes, "    where: ", 11);
}

/// What findings have in common that go wrong in the same way in different calls.
std::string alike(const Finding& f) {
  if (!f.together.empty()) return {};
  const std::optional<Conduct> conduct = conduct_of(f.client);
  if (!f.rule.empty()) return conduct && accesses_without_window(*conduct) ? f.rule + f.client : std::string();
  const std::string way = f.says.substr(0, f.says.find(", in "));
  return f.kind + (f.kind == "leak" ? "" : way.substr(std::min(way.find(": "), way.size())));
}

/// The findings of one kind, each key once; of those that go wrong alike, and of pairs of calls that show the same, the
/// first.
std::string findings_text(const std::vector<Finding>& all, bool redundant) {
  std::map<std::string, std::size_t> places;
  for (const Finding& f : all) ++places[f.key];
  std::set<std::string> done;
  std::map<std::string, std::vector<std::string>> pairs, others;
  std::string out;
  for (const Finding& f : all) {
    if ((!f.rule.empty() && f.rule[0] == 'R') != redundant || !done.insert(f.key).second) continue;
    if (!f.together.empty()) {
      std::vector<std::string>& same = pairs[f.rule.empty() ? f.kind : f.rule];
      same.push_back(f.key.substr(f.key.rfind(" of ") + 4));
      if (same.size() > kMostPairsShown) continue;
    }
    if (const std::string way = alike(f); !way.empty()) {
      std::vector<std::string>& same = others[way];
      same.push_back(f.key);
      if (same.size() > kMostAlikeShown) continue;
    }
    out += finding_lines(f, places[f.key] - 1);
  }
  for (const auto& [way, keys] : others)
    if (keys.size() > kMostAlikeShown)
      out += folded("also: " + joined({keys.begin() + kMostAlikeShown, keys.end()}), "  ", 4);
  for (const auto& [what, names] : pairs)
    if (names.size() > kMostPairsShown)
      out += folded("also [" + what + "]: " + joined({names.begin() + kMostPairsShown, names.end()}), "  ", 4);
  return out;
}

std::string cost_lines(const std::vector<WorkloadCost>& costs) {
  std::string out;
  for (const WorkloadCost& c : costs) {
    std::string line = "  " + c.name + std::string(c.name.size() < 18 ? 18 - c.name.size() : 1, ' ');
    if (!c.failed.empty()) line += c.failed;
    else
      line += std::to_string(c.operations) + " operations, " + checker::report::human_bytes(c.bytes) + ", " +
              std::to_string(c.no_effect) + " without effect; optimum " +
              (c.has_optimum ? std::to_string(c.optimum) : std::string("not computed"));
    out += line + "\n";
  }
  return out;
}

std::string plan_lines(const Outcome& o, const Plan& plan) {
  std::uint64_t calls = 0, interleavings = 0;
  std::string out;
  for (std::size_t i = 0; i < o.graphs.size(); ++i) {
    const Graph& g = o.graphs[i];
    const Configuration& c = plan.configurations[i];
    calls += g.calls;
    interleavings += g.interleavings;
    std::string line = where_text(g.configuration, g.client) + " (" + c.arch +
                       "): " + std::to_string(c.devices.size()) + (c.devices.size() == 1 ? " device" : " devices") +
                       ", depth " + std::to_string(c.depth);
    if (c.failing_depth != 0) line += ", one failure to depth " + std::to_string(c.failing_depth);
    if (c.pair_depth != 0)
      line += ", pairs after up to " + std::to_string(c.pair_depth - 1) + " calls with " +
              std::to_string(c.preemptions) + " preemptions";
    line += ": " + std::to_string(g.leaves.size()) + " states" + (g.complete ? "" : ", not all");
    out += folded(line, "  ", 4);
  }
  out += "  in all " + std::to_string(calls) + " calls and " + std::to_string(interleavings) + " interleavings";
  if (o.random != 0) out += ", " + std::to_string(o.random) + " random calls";
  return out + "\n";
}

std::string remark_lines(const std::vector<std::string>& remarks) {
  std::string out;
  for (const std::string& r : remarks) out += folded(r, "note: ", 6);
  return out;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += model::escape_text(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

std::string difference_lines(const Difference& d) {
  std::string calls = joined(d.calls);
  if (d.call.rfind("failing ", 0) == 0) calls += ", where a request fails";
  if (d.call.rfind("release ", 0) == 0) calls += "; undo everything and release";
  std::string out = folded(calls, "  ", 4);
  std::vector<std::string> gone, added;
  for (const std::string& p : d.gone) out += folded(p, "    - ", 6);
  for (const std::string& p : d.added) out += folded(p[0] == '!' ? p.substr(1) + " (a fault)" : p, "    + ", 6);
  if (d.count > 1) out += "    the same after " + std::to_string(d.count - 1) + " other sequences\n";
  if (d.configuration != "plain" || d.client != "legal")
    out += folded(where_text(d.configuration, d.client), "    where: ", 11);
  return out;
}

std::string saving_lines(const Comparison& c) {
  std::string out;
  for (std::size_t i = 0; i < c.before.size() && i < c.after.size(); ++i) {
    const WorkloadCost &b = c.before[i], &a = c.after[i];
    if (b.operations == a.operations && b.bytes == a.bytes && b.failed == a.failed) continue;
    std::string line = "  " + b.name + std::string(b.name.size() < 18 ? 18 - b.name.size() : 1, ' ');
    const auto cost = [](const WorkloadCost& w) {
      return w.failed.empty() ? std::to_string(w.operations) + " (" + checker::report::human_bytes(w.bytes) + ")"
                              : w.failed;
    };
    out += line + cost(b) + " -> " + cost(a) + (a.failed.empty() ? " operations" : "") +
           (a.has_optimum ? ", optimum " + std::to_string(a.optimum) : std::string()) + "\n";
  }
  return out;
}

std::string schedule_lines(const Outcome& o, const Script& script) {
  const bool same =
      std::any_of(o.findings.begin(), o.findings.end(), [&](const Finding& f) { return f.key == script.key; });
  std::string out = folded((same ? "The schedule shows it: " : "The schedule does not show it: ") + script.key, "", 2);
  if (!o.cannot.empty())
    out += folded("The client cannot make this call, as one before it came out otherwise: " + o.cannot, "", 2);
  const std::string faults = findings_text(o.findings, false), redundant = findings_text(o.findings, true);
  if (!faults.empty()) out += "\nWhat goes wrong:\n" + faults;
  return redundant.empty() ? out : out + "\nOperations without effect:\n" + redundant;
}

std::string faults_text(const std::vector<Finding>& findings) {
  const std::string faults = findings_text(findings, false), redundant = findings_text(findings, true);
  std::string out = faults.empty() ? "Nothing is wrong within these bounds.\n" : "What goes wrong:\n" + faults;
  if (!redundant.empty()) out += "\nOperations without effect:\n" + redundant;
  return out;
}

/// The same for each client by itself, in the order in which they were driven.
std::string faults_by_client(const Outcome& o, const Plan& plan) {
  std::string out;
  std::set<Conduct> done;
  for (const Configuration& c : plan.configurations) {
    if (!done.insert(c.limits.conduct).second) continue;
    std::vector<Finding> own;
    for (const Finding& f : o.findings)
      if (f.client == drive::name(c.limits.conduct) || f.client.empty()) own.push_back(f);
    out += (out.empty() ? "" : "\n") +
           folded("Client " + std::string(drive::name(c.limits.conduct)) + ", " + std::string(says(c.limits.conduct)) +
                      ".",
                  "", 2) +
           faults_text(own);
  }
  return out;
}

}  // namespace

std::string drive_text(const std::string& name, const Outcome& o, const Plan& plan,
                       const std::vector<std::string>& remarks) {
  std::string out = folded(name + ", driven in user space", "", 2) + remark_lines(remarks) + "\n";
  if (plan.script) return escaped(out + schedule_lines(o, *plan.script));
  out += plan.by_client ? faults_by_client(o, plan) : faults_text(o.findings);
  if (!o.costs.empty()) out += "\nWhat its syncs cost on the standard workloads:\n" + cost_lines(o.costs);
  return escaped(out + "\nExplored:\n" + plan_lines(o, plan));
}

std::string review_text(const std::string& name, const std::string& second, const Comparison& c, const Outcome& after,
                        const Plan& plan, const std::vector<std::string>& remarks) {
  std::string out = folded("Review of " + second + " on " + name, "", 2) + remark_lines(remarks) + "\n";
  if (c.is_equal()) out += "equal: nothing that matters changes.\n";
  else if (c.is_regression()) out += "Something that was safe is not any more.\n";
  else out += "Nothing that was safe breaks.\n";
  if (!c.fresh.empty()) {
    const bool breaks = std::any_of(c.fresh.begin(), c.fresh.end(), [](const Finding& f) { return f.is_fault(); });
    out += (breaks ? "\nWhat it breaks:\n" : "\nWhat is said of it that was not before:\n") +
           findings_text(c.fresh, false);
  }
  if (!c.mended.empty()) out += "\nWhat it mends:\n" + findings_text(c.mended, false);
  if (!c.differences.empty()) {
    out += "\nBehaviours removed (-) and added (+), by the shortest sequence of calls:\n";
    std::size_t n = 0;
    for (const Difference& d : c.differences)
      if (n++ < kMostDifferences) out += difference_lines(d);
    if (n > kMostDifferences) out += "  and " + std::to_string(n - kMostDifferences) + " more kinds of them\n";
  }
  if (const std::string saved = saving_lines(c); !saved.empty())
    out += "\nWhat its syncs cost on the standard workloads, before and after:\n" + saved;
  return escaped(out + "\nExplored of both:\n" + plan_lines(after, plan));
}

}  // namespace custody::kernel_ref::drive
