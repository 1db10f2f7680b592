// SPDX-License-Identifier: BSD-2-Clause
// The options that say which findings are shown, and which count.
#include "checker/cli/selection_options.hpp"

#include "checker/cli/small_file.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/report/wording.hpp"
#include "model/suggestion.hpp"
#include "spec/exporter_profile.hpp"

namespace custody::checker::cli {

namespace {

std::string check_rules(const std::vector<std::string>& rules) {
  for (const std::string& rule : rules)
    if (spec::find_rule(rule) == nullptr) return "--rule: " + unknown_rule(rule);
  return {};
}

std::string parse_time(const std::string& option, const std::string& text, std::optional<std::int64_t>& into) {
  if (text.empty()) return {};
  into = select::time_of(text);
  return into ? std::string() : option + " '" + text + "': expected seconds of the trace's clock, as 1.094619";
}

}  // namespace

std::string unknown_rule(const std::string& found) {
  std::vector<std::string_view> ids;
  for (const spec::Rule& r : spec::kRules) ids.push_back(r.id);
  return "unknown rule '" + found + "', expected one of `custody list rules`" + model::did_you_mean(found, ids);
}

void add_selection_options(CLI::App& c, SelectionOptions& o) {
  const std::string group = "Which findings are shown, and which count";
  const auto add = [&](const std::string& name, auto& into, const std::string& what) {
    return c.add_option(name, into, what)->group(group);
  };
  add("--rule", o.rules, "of these rules only")->type_name(kRule)->allow_extra_args(false);
  add("--buffer", o.buffers, "of these buffers only (b1)")->allow_extra_args(false);
  add("--task", o.tasks, "of these tasks only, by name or thread id")->allow_extra_args(false);
  add("--of-device", o.devices, "of these devices only (--device says what one is)")->allow_extra_args(false);
  add("--since", o.since, "from this time on only, in seconds of the trace's clock");
  add("--until", o.until, "up to this time only");
  add("--suppressions", o.suppressions,
      "a file of findings that are accepted, `KEY=VALUE [KEY=VALUE...]: REASON` a line; KEY is rule, exporter, "
      "device,\n"
      "buffer, task, call, direction or fingerprint")
      ->type_name(kFile);
  add("--baseline", o.baseline, "a file of --write-baseline: only what is not in it is shown and counts")
      ->type_name(kFile);
  add("--write-baseline", o.write_baseline, "write what is found to this file; nothing of it counts")->type_name(kFile);
}

std::string parse_selection(const SelectionOptions& o, select::Selection& s) {
  std::string wrong = check_rules(o.rules);
  if (wrong.empty()) wrong = parse_time("--since", o.since, s.filter.since);
  if (wrong.empty()) wrong = parse_time("--until", o.until, s.filter.until);
  if (wrong.empty() && s.filter.since && s.filter.until && *s.filter.since > *s.filter.until)
    wrong = "--since is later than --until";
  if (!wrong.empty()) return wrong;
  s.filter.rules = o.rules;
  s.filter.buffers = o.buffers;
  s.filter.tasks = o.tasks;
  s.filter.devices = o.devices;
  try {
    if (!o.suppressions.empty())
      s.suppressions.read(read_small_file(o.suppressions, select::Suppressions::kMostBytes), o.suppressions);
    if (!o.baseline.empty())
      s.baseline.emplace().read(read_small_file(o.baseline, select::Baseline::kMostBytes), o.baseline);
  } catch (const spec::SpecError& e) {
    return e.what();
  }
  if (!o.write_baseline.empty()) s.written.emplace();
  return {};
}

std::string unused_suppressions(const SelectionOptions& o, const select::Selection& s) {
  std::string out;
  for (const select::Suppression& one : s.suppressions.all())
    if (one.matched == 0)
      out += report::escape_text(o.suppressions + ":" + std::to_string(one.line) + ": warning: matches no finding (" +
                                 one.reason + ")") +
             "\n";
  return out;
}

}  // namespace custody::checker::cli
