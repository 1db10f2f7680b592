// SPDX-License-Identifier: BSD-2-Clause
// Chooses the events that a finding is told by, from its own data and not by their nearness.
#include "checker/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

using spec::RuleId;
using traces::EventKind;
using traces::kNoId;

namespace {

bool has(const Finding& f, RuleId rule) { return f.rule == rule || f.also.has(rule); }

bool is_sync(const ReportedEvent& e) {
  return e.kind == EventKind::kDmaMap || e.kind == EventKind::kDmaUnmap || e.kind == EventKind::kSyncForCpu ||
         e.kind == EventKind::kSyncForDevice || e.kind == EventKind::kCacheOperation;
}

Step cpu_writer(const Finding& f) {
  const ReportedEvent& e = f.place.landmarks.cpu_writer;
  switch (e.kind) {
    case EventKind::kExport: return {e, "fresh memory, zeroed through the CPU cache"};
    case EventKind::kCpuWrite: return {e, "the CPU writes"};
    case EventKind::kBounceOut: return {e, "the CPU copies out of the bounce buffer"};
    default: return {e, "from here the CPU may write"};
  }
}

Step device_writer(const Finding& f, const traces::Directory& d) {
  const Landmarks& marks = f.place.landmarks;
  const std::string who = device_name(marks.writer, d);
  if (marks.device_writer.kind == EventKind::kDeviceWrite) return {marks.device_writer, who + " writes"};
  return {marks.device_writer, "from here " + who + " may write"};
}

/// In time; the lines of a trace of several processors need not be in its order.
bool is_later(const ReportedEvent& a, const ReportedEvent& b) {
  return a.at.ts >= 0 && b.at.ts >= 0 && a.at.ts != b.at.ts ? a.at.ts > b.at.ts : a.at.line > b.at.line;
}

/// The later one of those that are there.
void add_later(std::vector<Step>& steps, Step one, Step other) {
  if (!is_there(one.event) || (is_there(other.event) && is_later(other.event, one.event))) std::swap(one, other);
  if (is_there(one.event)) steps.push_back(std::move(one));
}

/// The sync inside the call that is judged: it is there, and it was not enough.
std::optional<ReportedEvent> sync_inside(const Finding& f) {
  std::optional<ReportedEvent> found;
  bool inside = false;
  for (const ReportedEvent e : f.place.history) {
    const bool enters = e.kind == f.place.call && e.at.line == f.place.call_line && e.phase != traces::Phase::kReturn;
    inside = inside || enters;
    if (!inside || !is_sync(e)) continue;
    if (!found || found->device != f.device || e.device == f.device) found = e;
  }
  return found;
}

std::string what_it_lacks(const Finding& f, const ReportedEvent& sync, const traces::Directory& d) {
  if (sync.skips_sync) return "DMA_ATTR_SKIP_CPU_SYNC: no cache operation";
  if (has(f, RuleId::kM5)) return "it leaves out a part of the buffer";
  if (has(f, RuleId::kM4)) return "before the device's last write was complete";
  if (has(f, RuleId::kM8)) return "its direction does not lead to the operation that is needed";
  const Landmarks& marks = f.place.landmarks;
  const bool ran = sync.operation != model::Operation::kNone || sync.at.line == marks.cleaned.at.line ||
                   sync.at.line == marks.invalidated.at.line;
  if (ran) return "not enough";
  return has(f, RuleId::kM2)   ? "it neither cleans nor invalidates"
         : has(f, RuleId::kM1) ? "it does not clean"
         : has(f, RuleId::kM6) ? "it copies nothing for " + device_name(f.device, d)
                               : "it does not invalidate";
}

bool begins_something(const ReportedEvent& e) {
  return e.kind == EventKind::kTaskExit ||
         (e.phase != traces::Phase::kEnter && (e.kind == EventKind::kMap || e.kind == EventKind::kBeginCpuAccess ||
                                               e.kind == EventKind::kEndCpuAccess || e.kind == EventKind::kMmap));
}

/// Empty where the access began earlier, and the event is only where it is judged.
std::string what_begins(const Finding& f, const traces::Directory& d) {
  const ReportedEvent& e = f.place.trigger;
  if (e.kind == EventKind::kFence) return "here its job begins, and the CPU has the buffer";
  const std::string who = f.device != kNoId ? device_name(f.device, d) : std::string("the CPU");
  if (e.kind == EventKind::kCpuRead || e.kind == EventKind::kDeviceRead) return who + " reads";
  if (e.kind == EventKind::kCpuWrite || e.kind == EventKind::kDeviceWrite) return who + " writes";
  if (!begins_something(e)) return {};
  if (has(f, RuleId::kM2) || has(f, RuleId::kM9)) return "from here " + who + " may write";
  const bool mapped = f.device == kNoId && e.kind != EventKind::kBeginCpuAccess;
  return "from here " + who + " may read" + (mapped ? " through its mapping" : "");
}

/// What was done about it, else where the access begins.
void add_answer(std::vector<Step>& steps, const Finding& f, const traces::Directory& d) {
  const std::optional<ReportedEvent> sync = sync_inside(f);
  if (sync) steps.push_back({*sync, what_it_lacks(f, *sync, d)});
  else if (std::string begins = what_begins(f, d); !begins.empty())
    steps.push_back({f.place.trigger, std::move(begins)});
}

/// What the CPU wrote was cleaned, and a device could write since: one that leaves its data in the cache.
bool is_dirty_by_device(const Landmarks& marks) {
  return is_there(marks.cleaned) && is_later(marks.cleaned, marks.cpu_writer) && is_there(marks.device_writer) &&
         is_later(marks.device_writer, marks.cpu_writer);
}

std::vector<Step> missing(const Finding& f, const traces::Directory& d) {
  std::vector<Step> steps;
  const Landmarks& marks = f.place.landmarks;
  const bool dirty = has(f, RuleId::kM1) || has(f, RuleId::kM2);
  if (dirty && is_there(marks.cpu_writer) && !is_dirty_by_device(marks)) steps.push_back(cpu_writer(f));
  else add_later(steps, device_writer(f, d), {});
  add_answer(steps, f, d);
  return steps;
}

/// The same operation before it, of which this one is a repetition.
std::vector<Step> without_effect(const Finding& f) {
  const Landmarks& marks = f.place.landmarks;
  const bool cleans = f.operation == model::Operation::kClean;
  const ReportedEvent& before = cleans ? marks.cleaned : marks.invalidated;
  if (!is_there(before) || has(f, RuleId::kR7)) return {};
  const ReportedEvent& writer = cleans ? marks.cpu_writer : marks.device_writer;
  const std::string last = "the last " + std::string(name(before.operation));
  const bool untouched = !is_there(writer) || is_later(before, writer);
  return {{before, untouched ? last + ", and nothing made it necessary again" : last}};
}

std::vector<Step> unobserved(const Finding& f, const traces::Directory& d) {
  std::vector<Step> steps;
  const bool cleans = f.operation == model::Operation::kClean;
  add_later(steps, cleans ? cpu_writer(f) : device_writer(f, d),
            f.operation == model::Operation::kCleanInvalidate ? cpu_writer(f) : Step{});
  return steps;
}

using Kinds = std::initializer_list<EventKind>;

Kinds contradicted_by(RuleId rule) {
  static constexpr auto kMappings = {EventKind::kDmaMap, EventKind::kDmaUnmap};
  static constexpr auto kCalls = {EventKind::kAttach, EventKind::kMap,    EventKind::kUnmap, EventKind::kDetach,
                                  EventKind::kVmap,   EventKind::kVunmap, EventKind::kPin,   EventKind::kUnpin};
  static constexpr auto kWindows = {EventKind::kBeginCpuAccess, EventKind::kEndCpuAccess};
  static constexpr auto kRelease = {EventKind::kRelease};
  static constexpr auto kMoves = {EventKind::kMoveNotify, EventKind::kPin};
  static constexpr auto kKernel = {EventKind::kVmap, EventKind::kVunmap};
  static constexpr auto kUser = {EventKind::kMmap, EventKind::kMunmap};
  switch (rule) {
    case RuleId::kL6: return kCalls;
    case RuleId::kL7:
    case RuleId::kL8: return kWindows;
    case RuleId::kL10: return kRelease;
    case RuleId::kL11:
    case RuleId::kL13: return kMoves;
    case RuleId::kA1:
    case RuleId::kM7: return kKernel;
    case RuleId::kA2: return kUser;
    default: return kMappings;
  }
}

/// The latest event of these kinds, of the same device where the finding has one and there is one.
std::optional<ReportedEvent> latest(const Finding& f, Kinds kinds) {
  std::optional<ReportedEvent> found;
  const auto is_meant = [&](const ReportedEvent& e) {
    const bool itself = e.at.line == f.place.call_line && e.kind == f.place.call;
    return !itself && e.phase != traces::Phase::kReturn && std::find(kinds.begin(), kinds.end(), e.kind) != kinds.end();
  };
  for (const ReportedEvent e : f.place.history)
    if (is_meant(e) && (f.device == kNoId || e.device == kNoId || e.device == f.device)) found = e;
  return found;
}

std::vector<Step> contradicted(const Finding& f) {
  std::vector<Step> steps;
  const bool leaks = f.place.trigger.kind == EventKind::kRelease && f.rule == RuleId::kL5;
  if (const auto e = latest(f, leaks ? Kinds{EventKind::kDmaMap} : contradicted_by(f.rule))) steps.push_back({*e, ""});
  return steps;
}

std::vector<Step> together(const Finding& f, const traces::Directory& d) {
  std::vector<Step> steps;
  for (const ReportedEvent e : f.place.history)
    if (e.kind == EventKind::kMap && e.device == f.beside && f.beside != kNoId) steps = {{e, ""}};
  steps.push_back({f.place.trigger, "from here both " + device_name(f.beside, d) + " and " + device_name(f.device, d) +
                                        " have the buffer"});
  return steps;
}

std::vector<Step> lost(const Finding& f, const traces::Directory& d) {
  std::vector<Step> steps;
  if (f.operation == model::Operation::kInvalidate) add_later(steps, cpu_writer(f), {});
  else add_later(steps, device_writer(f, d), {});
  return steps;
}

}  // namespace

std::vector<Step> story_of(const Finding& f, const traces::Directory& d) {
  if (f.rule == RuleId::kM6) {
    std::vector<Step> steps = contradicted(f);
    add_answer(steps, f, d);
    return steps;
  }
  if (f.rule == RuleId::kM7) return contradicted(f);
  switch (spec::rule(f.rule).cls) {
    case spec::RuleClass::kMissing: return missing(f, d);
    case spec::RuleClass::kLostWrite: return lost(f, d);
    case spec::RuleClass::kMixed: return together(f, d);
    case spec::RuleClass::kRedundant:
      if (f.effect == Effect::kNone) return without_effect(f);
      return f.effect == Effect::kUnobserved ? unobserved(f, d) : std::vector<Step>();
    default: return contradicted(f);
  }
}

}  // namespace custody::checker::report
