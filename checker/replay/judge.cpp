// SPDX-License-Identifier: BSD-2-Clause
// One fault, one finding: precedence, severity, debtor, overlap with other tasks.
#include "checker/replay/engine.hpp"

namespace custody::checker {

using spec::RuleId;
using traces::Event;
using traces::kNoId;

RuleId first_rule(const RuleSet& rules) {
  for (const RuleId id : spec::kPrecedence)
    if (rules.has(id)) return id;
  return spec::kPrecedence[0];
}

void drop_hazards(RuleSet& rules) {
  for (const RuleId id : spec::kPrecedence) {
    const spec::RuleClass cls = spec::rule(id).cls;
    if (cls == spec::RuleClass::kMissing || cls == spec::RuleClass::kLostWrite) rules.remove(id);
  }
}

void Engine::hush(const BufferState& b, RuleSet& rules) const {
  if (!is_silent(b)) return;
  // A copy that is missing is missing whatever the CPU caches.
  const bool misses_copy = !b.silent && rules.has(RuleId::kM6);
  drop_hazards(rules);
  if (misses_copy) rules.add(RuleId::kM6);
}

void Engine::report_audible(BufferState& b, const Event& e, const OpenCall& call, Suspicion s) {
  hush(b, s.rules);
  if (!s.rules.empty()) report(b, e, &call, s);
}

OpenCall* Engine::call_around(BufferState& b, const Event& e) {
  for (auto it = b.calls.rbegin(); it != b.calls.rend(); ++it)
    if (e.in != kNoId ? it->call == e.in : it->task == e.task) return &*it;
  return nullptr;
}

std::uint32_t Engine::overlap_of(const BufferState& b, const Event& e, const OpenCall* call) const {
  if (call != nullptr && call->overlapped_by != kNoId) return call->overlapped_by;
  for (const OpenCall& c : b.calls)
    if (c.task != e.task) return c.task;
  return kNoId;
}

Finding Engine::judge(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s) {
  Finding f;
  f.rule = first_rule(s.rules);
  f.also = s.rules;
  f.also.remove(f.rule);
  const spec::Rule& rule = spec::rule(f.rule);
  f.effect = s.effect;
  f.proved = s.proved;
  f.severity = s.warning_only && rule.severity == spec::Severity::kError ? spec::Severity::kWarning : rule.severity;
  f.owes = s.client_owes ? spec::Owes::kClient : rule.owes;
  f.assumes = s.assumes;
  const bool hazard = rule.cls == spec::RuleClass::kMissing || rule.cls == spec::RuleClass::kLostWrite;
  if (hazard && b.assumed_cached) f.assumes |= std::uint8_t{1} << static_cast<unsigned>(Assumption::kMemoryCached);
  f.concurrent_task = overlap_of(b, e, call);
  if (f.concurrent_task != kNoId) f.owes = spec::Owes::kClient;
  if ((f.assumes != 0 || f.concurrent_task != kNoId) && f.severity == spec::Severity::kError)
    f.severity = spec::Severity::kWarning;
  f.line = s.line != 0 ? s.line : e.line;
  f.place.trigger = e;
  if (call != nullptr) {
    f.place.call = call->kind;
    f.place.call_dir = call->dir;
    f.place.call_line = call->line;
  }
  f.place.operation_line = s.operation_line;
  f.buffer = e.buffer;
  f.device = s.device;
  f.bytes = s.bytes;
  f.operation = s.operation;
  f.belief = b.contract;
  f.refusal = s.refusal;
  const std::uint64_t kept = b.events < BufferState::kHistory ? b.events : BufferState::kHistory;
  for (std::uint64_t i = 0; i < kept; ++i) unrolled_[i] = b.history[(b.events - kept + i) % BufferState::kHistory];
  f.history = std::span<const Event>(unrolled_.data(), kept);
  return f;
}

void Engine::report(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s) {
  emit(judge(b, e, call, s));
}

void Engine::hold(BufferState& b, const Event& e, const OpenCall* call, const Suspicion& s, bool if_coherent) {
  constexpr std::size_t kMostHeld = 256;
  if (held_.size() >= kMostHeld) return;
  const Finding f = judge(b, e, call, s);
  held_.push_back({s.device, if_coherent, f, std::vector<Event>(f.history.begin(), f.history.end())});
}

void Engine::settle_held(std::uint32_t device, bool coherent) {
  std::vector<Held> kept;
  for (Held& h : held_) {
    if (device != kNoId && h.device != device) {
      kept.push_back(std::move(h));
    } else if (h.if_coherent == coherent) {
      h.finding.history = h.history;
      emit(h.finding);
    }
  }
  held_ = std::move(kept);
}

void Engine::emit(const Finding& f) {
  ++summary_.by_rule[static_cast<std::size_t>(f.rule)];
  const spec::RuleClass cls = spec::rule(f.rule).cls;
  ++summary_.by_class[static_cast<std::size_t>(cls)];
  ++summary_.by_severity[static_cast<std::size_t>(f.severity)];
  if (cls == spec::RuleClass::kRedundant && f.effect == Effect::kNone && f.operation != model::Operation::kNone)
    ++summary_.redundant_no_effect;
  if (f.effect == Effect::kUnobserved) ++summary_.redundant_unobserved;
  report_(f, *directory_);
}

}  // namespace custody::checker
