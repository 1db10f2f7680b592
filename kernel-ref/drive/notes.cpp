// SPDX-License-Identifier: GPL-2.0-only
// Makes findings of what is seen along a sequence of calls.
#include "kernel-ref/drive/notes.hpp"

#include <algorithm>
#include <utility>

#include "kernel-ref/drive/explore.hpp"

namespace custody::kernel_ref::drive {

using Kind = Call::Kind;

bool is_told_at_end(const Told& t, const Observation& o) {
  return t.key == "M7 dead" || t.at_release ? t.rule != "L5" || o.leak.empty() : t.rule == "L5" && o.leak.empty();
}

void Notes::take(const Observation& o, const std::vector<Call>& path, const Call& call) {
  const Conduct conduct = stage_.configuration().limits.conduct;
  for (const Told& t : o.told) {
    // A client's own fault is what it is there for. What its accesses meet is what is asked of it.
    const bool is_told = conduct == Conduct::kLegal || (accesses_without_window(conduct) && t.rule[0] == 'M');
    if (t.of_client && (t.redundant || !is_told)) continue;
    // It accesses while no device is mapped, whatever the window that it left open may allow.
    if (conduct == Conduct::kUnpaired && o.in_window && t.rule[0] == 'M' && call.kind != Kind::kRead) continue;
    Finding f;
    f.key = t.key;
    f.kind = "rule";
    f.rule = t.rule;
    f.severity = t.severity;
    f.owes = t.owes;
    f.says = t.says;
    add(std::move(f), path, call);
  }
  if (o.stop) add(stop_finding(stage_, o.stop, name(call.kind)), path, call);
  else add_refusal(o.ret, path, call);
  for (const std::string& what : o.warnings) {
    Finding f;
    f.key = "WARN_ON(" + what + ") in " + std::string(name(call.kind));
    f.kind = "crash";
    f.severity = "warning";
    f.owes = "the exporter";
    f.says = std::string(name(call.kind)) + ": WARN_ON(" + what + ")";
    add(std::move(f), path, call);
  }
}

void Notes::take_end(Observation o, const std::vector<Call>& path) {
  const Call call{Kind::kFinish, 0, model::Direction::kNone, 0};
  // What a map owes an importer that could have synced for itself is told with the event after it.
  if (!path.empty() && path.back().kind == Kind::kMap) {
    Observation late;
    for (const Told& t : o.told)
      if (!t.redundant && t.key == t.rule + " in map") late.told.push_back(t);
    take(late, {path.begin(), path.end() - 1}, path.back());
  }
  std::erase_if(o.told, [&](const Told& t) { return !is_told_at_end(t, o); });
  if (!o.leak.empty()) add_leak(path, call, o.leak);
  if (!o.stop) return take(o, path, call);
  std::vector<Call> all = path;
  all.insert(all.end(), o.closing.begin(), o.closing.end());
  const Call last = all.back();
  all.pop_back();
  take(o, all, last);
}

void Notes::add_refusal(int ret, const std::vector<Call>& path, const Call& call) {
  constexpr int kNoMemory = -12;
  const bool ends = call.kind == Kind::kEnd && stage_.configuration().limits.conduct != Conduct::kEndsTwice;
  if (ret == 0 || call.fails != 0 || (!ends && ret != kNoMemory)) return;
  Finding f;
  f.key = "refusal of " + std::string(name(call.kind)) + ": " + std::to_string(ret);
  f.kind = "refusal";
  f.severity = ends ? "error" : "warning";
  f.owes = "the exporter";
  f.says = std::string(name(call.kind)) + " returns " + std::to_string(ret) +
           (ends ? " for a window that is open: nobody can close it" : ", and no request for memory failed");
  add(std::move(f), path, call);
}

void Notes::add_leak(const std::vector<Call>& path, const Call& call, const std::string& leak) {
  Finding f;
  const Call& last = call.kind == Kind::kFinish && !path.empty() ? path.back() : call;
  const auto fails = [](const Call& c) { return c.fails != 0; };
  const bool failing = fails(call) || std::any_of(path.begin(), path.end(), fails);
  f.key = "leak after " + std::string(failing ? "a failure, " : "") + std::string(name(last.kind));
  f.kind = "leak";
  f.severity = "error";
  f.owes = "the exporter";
  f.says = leak + " left when everything was undone and released";
  add(std::move(f), path, call);
}

void Notes::take_failing_export(Observation& o, const Call& call) {
  const unsigned long left = o.stop ? 0 : shim_live_allocations() + shim_live_pages();
  if (left != 0) {
    o.leak = std::to_string(left) + " allocations and pages";
    add_leak({}, call, o.leak);
  }
  take(o, {}, call);
}

void Notes::add_failed_export(int ret) {
  Finding f;
  f.key = "export fails";
  f.kind = "crash";
  f.severity = "error";
  f.owes = "the exporter";
  f.says = stage_.driver().empty()
               ? "the driver registers no heap, and nothing as udmabuf: there is no buffer to explore"
               : "the export returns " + std::to_string(ret) + ": there is no buffer to explore";
  add(std::move(f), {}, {Kind::kExport, 0, model::Direction::kNone, 0});
}

void Notes::add(Finding f, std::vector<Call> path, const Call& call) {
  if (call.fails != 0 && f.kind != "leak") {
    if (book_.find(f.key) != nullptr) return;
    f.key += ", after a failure";
  }
  if (book_.seen(f.key) != nullptr) return;
  const Configuration& c = stage_.configuration();
  f.configuration = c.name;
  f.client = name(c.limits.conduct);
  if (call.kind != Kind::kExport || call.fails != 0) path.push_back(call);
  f.calls = texts_of(path, stage_);
  const Finding& kept = book_.add(std::move(f));
  waiting_.push_back({kept.key, std::move(path)});
}

void Notes::write_litmus() {
  for (const Waiting& w : waiting_) {
    Finding* f = book_.find(w.key);
    f->litmus = litmus_of(stage_, w.path, f->says);
  }
  waiting_.clear();
}

}  // namespace custody::kernel_ref::drive
