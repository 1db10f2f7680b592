// SPDX-License-Identifier: BSD-2-Clause
// Words each cause once, when it is found first.
#include "checker/report/page_findings.hpp"

#include <algorithm>

#include "checker/report/json_text.hpp"
#include "checker/report/story.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

void append_story(std::string& out, const Finding& f, const traces::Directory& d) {
  out += ",\"story\":[";
  Comma comma;
  for (const Step& step : story_of(f, d)) {
    std::string text = event_text(step.event, d);
    if (!step.why.empty()) text += ": " + step.why;
    out += comma();
    append_member(out, "{\"line\":", step.event.at.line);
    append_shown(out, ",\"text\":", text);
    out += '}';
  }
  out += ']';
}

std::string_view effect_of(const Finding& f) {
  if (f.effect == Effect::kUnobserved) return "unobserved";
  if (f.effect != Effect::kNone) return {};
  return f.proved ? "none, in the worst case too" : "none, if the rules are kept";
}

/// What the page says of a cause, but for the number of its instances.
std::string cause_record(const Finding& f, const traces::Directory& d) {
  const spec::Rule& rule = spec::rule(f.rule);
  std::string out, also;
  append_member(out, "{\"rule\":", rule.id);
  append_member(out, ",\"severity\":", spec::name(f.severity));
  append_shown(out, ",\"message\":", message(f, d));
  append_story(out, f, d);
  append_member(out, ",\"fix\":", remedy(f));
  append_shown(out, ",\"responsible\":", responsible(f, d));
  if (const std::string text = assumed(f); !text.empty()) append_member(out, ",\"assumes\":", std::string_view(text));
  if (f.place.concurrent_task < d.tasks.size())
    append_shown(out, ",\"overlaps\":", d.tasks[f.place.concurrent_task].name);
  if (!effect_of(f).empty()) append_member(out, ",\"effect\":", effect_of(f));
  for (const spec::Rule& r : spec::kRules)
    if (f.also.has(spec::id_of(r))) also.append(also.empty() ? "" : ", ").append(r.id);
  if (!also.empty()) append_member(out, ",\"also\":", std::string_view(also));
  if (f.refusal.row != nullptr) {
    append_member(out, ",\"refused_by\":", f.refusal.row->id);
    append_member(out, ",\"state\":", model::kStates[f.refusal.owner].name);
  }
  return out;
}

}  // namespace

void PageFindings::note(const Finding& f, Timeline& timeline, const traces::Directory& d) {
  Instances* cause = causes_.note(f, d);
  if (cause == nullptr) return;
  if (cause->count == 1) cause->before = cause_record(f, d);
  if (instances_.size() == kMostInstances) {
    ++left_out_;
    return;
  }
  timeline.know(f.device, f.place.trigger.task, d);
  instances_.push_back({static_cast<std::uint32_t>(cause->number), timeline.row_of(f, d), timeline.place_of(f),
                        f.device, f.place.trigger.task, f.line});
}

std::string PageFindings::causes() const {
  std::vector<const Instances*> all = causes_.by_line();
  std::sort(all.begin(), all.end(), [](const Instances* a, const Instances* b) { return a->number < b->number; });
  std::string out = "[";
  Comma comma;
  for (const Instances* cause : all) {
    (out += comma()) += cause->before;
    append_member(out, ",\"count\":", cause->count);
    const std::string counted = count_text(*cause);
    append_shown(out, ",\"counted\":", counted);
    out += '}';
  }
  return out + "]";
}

}  // namespace custody::checker::report
