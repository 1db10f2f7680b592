// SPDX-License-Identifier: BSD-2-Clause
// Lays a finding out for people.
#include "checker/report/finding_text.hpp"

#include <fmt/format.h>

#include "checker/report/story.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

std::string event_line(const ReportedEvent& e, const traces::Directory& d, std::string_view mark) {
  const std::string task = e.task < d.tasks.size() ? d.tasks[e.task].name : std::string();
  std::string time = e.at.ts >= 0 ? fmt::format("{:.6f}", static_cast<double>(e.at.ts) / 1e9) : std::string();
  return fmt::format("  {:>2} line {:<6} {:>12}  {:<16} {}\n", mark, e.at.line, time, escape_text(task),
                     escape_text(event_text(e, d)));
}

/// The call, not its return: that it succeeded is what makes it matter.
std::string step_line(Step step, const traces::Directory& d) {
  if (step.event.phase == traces::Phase::kReturn && step.event.ret >= 0) step.event.phase = traces::Phase::kWhole;
  std::string text = event_text(step.event, d);
  if (!step.why.empty()) text += ": " + step.why;
  return fmt::format("    line {}: {}\n", step.event.at.line, escape_text(text));
}

std::string if_assumed(const Finding& f) {
  const std::string text = assumed(f);
  return text.empty() ? text : ", if " + text;
}

std::string overlap(const Finding& f, const traces::Directory& d) {
  if (f.place.concurrent_task >= d.tasks.size()) return {};
  return fmt::format("; a call of task {} overlaps", d.tasks[f.place.concurrent_task].name);
}

std::string short_lines(const Finding& f, const traces::Directory& d) {
  std::string out;
  for (const Step& step : story_of(f, d)) out += step_line(step, d);
  return out + fmt::format("    fix: {}\n    responsible: {}\n", remedy(f),
                           escape_text(responsible(f, d) + if_assumed(f) + overlap(f, d)));
}

std::string also_line(const Finding& f) {
  std::string also;
  for (const spec::Rule& r : spec::kRules)
    if (f.also.has(spec::id_of(r))) also += (also.empty() ? "" : ", ") + std::string(r.id);
  return also.empty() ? also : fmt::format("     also {}\n", also);
}

std::string effect_words(const Finding& f) {
  if (f.effect == Effect::kNone && f.operation != model::Operation::kNone)
    return f.proved ? "; without effect even in the worst case" : "; without effect if the rules are kept";
  return f.effect == Effect::kUnobserved ? "; nobody looked before it no longer mattered" : "";
}

std::string long_lines(const Finding& f, const traces::Directory& d) {
  const spec::Rule& rule = spec::rule(f.rule);
  std::string out;
  if (f.buffer < d.buffers.size()) {
    const traces::BufferInfo& b = d.buffers[f.buffer];
    out += fmt::format(
        "     buffer {}{}, exporter {}, {}\n", escape_text(b.name), b.ino != 0 ? fmt::format(" (ino {})", b.ino) : "",
        b.exporter.empty() ? "unknown" : escape_text(b.exporter), b.size != 0 ? human_bytes(b.size) : "size unknown");
  }
  for (const ReportedEvent e : f.place.history) out += event_line(e, d, "");
  out += event_line(f.place.trigger, d, ">>");
  out += fmt::format("     fix: {}\n     responsible: {}{}\n", remedy(f),
                     escape_text(responsible(f, d) + if_assumed(f) + overlap(f, d)), effect_words(f));
  out += fmt::format("     rule {}: {}\n", rule.id, rule.says) + also_line(f);
  if (f.refusal.row != nullptr)
    out +=
        fmt::format("     refused by {}, in the state {}\n", f.refusal.row->id, model::kStates[f.refusal.owner].name);
  return out + fmt::format("     custody explain {} says more\n\n", rule.id);
}

}  // namespace

std::string Paint::in(std::string_view code, std::string_view text) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string Paint::severe(spec::Severity severity, std::string_view text) const {
  return in(severity == spec::Severity::kError ? "1;31" : severity == spec::Severity::kWarning ? "1;35" : "1;36", text);
}

FindingText finding_text(const std::string& path, const Finding& f, const traces::Directory& d, Form form,
                         const Paint& paint) {
  FindingText text;
  text.before = paint.bold(fmt::format("{}:{}: ", path, f.line)) +
                paint.severe(f.severity, fmt::format("{}: ", spec::name(f.severity))) +
                paint.bold(escape_text(message(f, d)));
  text.after = fmt::format(" [{}]\n", spec::rule(f.rule).id);
  if (form == Form::kShort) text.after += short_lines(f, d);
  if (form == Form::kLong) text.after += long_lines(f, d);
  return text;
}

}  // namespace custody::checker::report
