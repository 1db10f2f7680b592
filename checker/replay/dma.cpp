// SPDX-License-Identifier: BSD-2-Clause
// The DMA API: which mapping a call concerns, whether it may, and what it does to the cache.
#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::Operation;
using spec::RuleId;
using traces::EventKind;
using traces::kNoId;

namespace {

bool is_sync(EventKind kind) { return kind == EventKind::kSyncForCpu || kind == EventKind::kSyncForDevice; }
bool for_device(EventKind kind) { return kind == EventKind::kDmaMap || kind == EventKind::kSyncForDevice; }
bool is_window_call(EventKind kind) { return kind == EventKind::kBeginCpuAccess || kind == EventKind::kEndCpuAccess; }
bool cleans(Operation op) { return op == Operation::kClean || op == Operation::kCleanInvalidate; }
bool invalidates(Operation op) { return op == Operation::kInvalidate || op == Operation::kCleanInvalidate; }

/// Remembers what the operations inside one call did: the checks at its return ask.
void note_operation(const BufferState& b, OpenCall& call, const Suspicion& s, bool partial) {
  const bool useful = s.effect != Effect::kNone;
  if (cleans(s.operation)) {
    (partial ? call.partly_cleaned : call.cleaned) = true;
    call.useful_clean = call.useful_clean || (useful && !partial);
  }
  if (invalidates(s.operation)) {
    (partial ? call.partly_invalidated : call.invalidated) = true;
    call.useful_invalidate = call.useful_invalidate || (useful && !partial);
    for (const AttachmentState& a : b.attachments)
      call.invalidated_early = call.invalidated_early || (a.write_fence && a.may_write());
  }
}

/// How much wider than the declared range an operation may be before it is worth saying (R8).
constexpr std::uint64_t kMuchWider = 16;

}  // namespace

MappingState* Engine::mapping_of(BufferState& b, const Event& e, const OpenCall* call) {
  for (MappingState& m : b.mappings)
    if (e.mapping != kNoId && m.id == e.mapping) return &m;
  for (MappingState& m : b.mappings)
    if (e.attachment != kNoId && m.attachment == e.attachment && m.device == e.device) return &m;
  for (MappingState& m : b.mappings)
    if (e.attachment == kNoId && m.device == e.device) return &m;
  if (call == nullptr || call->kind != EventKind::kUnmap) return nullptr;
  for (MappingState& m : b.mappings)
    if (m.attachment == call->attachment && call->attachment != kNoId) return &m;
  return nullptr;
}

Operation Engine::operation_of(const BufferState& b, const Event& e) {
  if (e.maintenance.known) return e.maintenance.kind;
  const DeviceState& device = devices_->of(e.device);
  if (e.skips_sync() || device.snoops() || device.bounced || b.released) return Operation::kNone;
  return for_device(e.kind) ? arch_->device_operation(e.dir) : arch_->cpu_operation(e.dir);
}

void Engine::learn_coherence(BufferState& b, const Event& e, bool on_live_mapping) {
  if (!e.maintenance.known || !header_.observes_cache_ops || e.skips_sync() || !on_live_mapping) return;
  DeviceState& device = devices_->of(e.device);
  if (device.bounced || device.fixed) return;
  const bool ran = e.maintenance.helper_ran || e.maintenance.kind != Operation::kNone;
  const Operation due = for_device(e.kind) ? arch_->device_operation(e.dir) : arch_->cpu_operation(e.dir);
  if (!ran && due == Operation::kNone) return;
  const bool settled = devices_->learn(e.device, ran);
  if (device.coherence == Coherence::kLikely && !b.forked) {
    close_hindsight(b, b.contract);
    b.forked = true;
    b.if_not_coherent = b.contract;
  }
  if (!settled) return;
  const bool coherent = device.coherence == Coherence::kYes;
  settle_held(e.device, coherent);
  for (BufferState& other : buffers_) {
    other.agents_stale = true;
    if (other.forked && !coherent) {
      subsets_.restart(other.subset, other.contract, other.if_not_coherent);
      other.contract = other.if_not_coherent;
      if (other.lines) other.lines->forget();
    }
    other.forked = false;
  }
}

void Engine::judge_unmapped(BufferState& b, const Event& e, Suspicion& s) {
  for (const AttachmentState& a : b.attachments) {
    if (a.device != e.device || (e.attachment != kNoId && a.id != e.attachment)) continue;
    if (!a.complete || !b.complete) return;
    if (e.kind == EventKind::kDmaUnmap) {
      s.rules.add(RuleId::kL5);
    } else {
      s.rules.add(RuleId::kL1);
      s.rules.add(RuleId::kR2);
    }
    return;
  }
}

void Engine::judge_mapping(BufferState& b, const Event& e, const OpenCall* call, MappingState* m, Suspicion& s) {
  if (m == nullptr) return judge_unmapped(b, e, s);
  if (!m->complete) return;
  if (m->device != e.device) s.rules.add(RuleId::kL2);
  const bool callers = call != nullptr && is_window_call(call->kind) && call->dir == e.dir;
  if (is_sync(e.kind) && !model::is_within(e.dir, m->dir) && !callers) s.rules.add(RuleId::kL3);
  const bool said = call != nullptr && call->refused_direction;
  if (e.kind == EventKind::kDmaUnmap && e.dir != m->dir && !said) s.rules.add(RuleId::kL3);
  if (e.kind == EventKind::kDmaUnmap && e.skips_sync() != m->skipped_sync) s.rules.add(RuleId::kL4);
  if (e.nents != 0 && m->orig_nents != 0 && e.nents != m->orig_nents) s.rules.add(RuleId::kL14);
}

void Engine::copy_bounced(BufferState& b, const Event& e, MappingState& m, Suspicion& s) {
  if (!devices_->of(e.device).bounced) return;
  const bool in =
      e.kind == EventKind::kDmaMap || (e.kind == EventKind::kSyncForDevice && model::device_may_read(e.dir));
  const bool out = (e.kind == EventKind::kSyncForCpu || (e.kind == EventKind::kDmaUnmap && !e.skips_sync())) &&
                   model::device_may_write(e.dir);
  if (e.kind == EventKind::kDmaUnmap && e.skips_sync() && m.slot_newer) s.rules.add(RuleId::kM6);
  // The copy is made by the processor, through the cache.
  if (in && b.cache == CacheKind::kCached && meets(b, model::Access::kCpuRead)) s.rules.add(RuleId::kM3);
  if (in) look(b, model::AccessSet().add(model::Access::kCpuRead), {});
  if (in) m.slot_old = false;
  if (out) {
    if (m.slot_old) s.rules.add(RuleId::kM6);
    const model::Belief worst = b.worst;
    perform(b, model::Access::kCpuWrite, {});
    b.worst = worst | b.contract;
    schedules_.perform(b.schedule, model::Access::kCpuWrite);
    perform_in_hindsight(b, model::Access::kCpuWrite);
    for (MappingState& other : b.mappings) other.slot_old = &other != &m && devices_->of(other.device).bounced;
    m.slot_newer = false;
  }
  if (in || out) summary_.maintenance.copy_bytes += b.size;
}

void Engine::judge_width(const Event& e, const OpenCall* call, const MappingState* m, Suspicion& s) {
  if (m != nullptr && s.rules.has(RuleId::kL3) && model::is_within(m->dir, e.dir)) s.rules.add(RuleId::kR8);
  if (s.operation == Operation::kNone || call == nullptr || !is_window_call(call->kind)) return;
  // Only of what could go: a needed operation may carry another direction, as one pass for all mapped devices does.
  if (is_sync(e.kind) && s.effect == Effect::kNone && !model::is_within(e.dir, call->dir)) s.rules.add(RuleId::kR8);
  if (call->range.length != 0 && s.bytes / kMuchWider >= call->range.length) s.rules.add(RuleId::kR8);
}

void Engine::claim_redundant(BufferState& b, const Event& e, const OpenCall* call, const MappingState* m,
                             Suspicion& s) {
  if (b.cache == CacheKind::kUncached) s.rules.add(RuleId::kR7);
  if (call != nullptr && is_window_call(call->kind) &&
      ((cleans(s.operation) && call->useful_clean) || (invalidates(s.operation) && call->useful_invalidate)))
    s.rules.add(RuleId::kR5);
  if (e.kind == EventKind::kDmaMap && b.last_unmapped_device != kNoId && b.last_unmapped_device != e.device)
    s.rules.add(RuleId::kR5);
  const bool back_to_back = m != nullptr && m->last_use == b.significant_events &&
                            ((m->last_kind == EventKind::kDmaMap && e.kind == EventKind::kSyncForDevice) ||
                             (m->last_kind == EventKind::kSyncForCpu && e.kind == EventKind::kDmaUnmap));
  if (back_to_back) s.rules.add(RuleId::kR6);
  if (cleans(s.operation)) s.rules.add(RuleId::kR3);
  if (invalidates(s.operation)) s.rules.add(RuleId::kR4);
}

void Engine::operate(BufferState& b, const Event& e, OpenCall* call, MappingState* m, Suspicion& s) {
  const bool missed = s.rules.has(RuleId::kL1) || s.rules.has(RuleId::kL5);  // the buffer's pages were not touched
  const bool cached = b.cache == CacheKind::kCached;
  const bool touched = cached && !missed;
  const OperationPlace place = place_of(b, e, m);
  const bool contract_same = !touched || (has_no_effect(b, s.operation, place) &&
                                          (!b.forked || model::has_no_effect(s.operation, b.if_not_coherent)));
  const bool worst_same = !cached || (!missed && model::has_no_effect(s.operation, b.worst));
  const bool loses = touched && can_lose(b, s.operation, place);
  const bool drops_only_copy =
      s.operation == Operation::kInvalidate && (b.lines ? loses : b.contract.intersects(model::kOnlyCopyInCache));
  if (touched && (drops_only_copy || (b.lines && loses))) {
    s.warning_only = for_device(e.kind) && s.operation == Operation::kInvalidate;
    if (!s.warning_only || !b.warned_first_invalidate) s.rules.add(RuleId::kM10);
    b.warned_first_invalidate = b.warned_first_invalidate || s.warning_only;
  }
  if ((contract_same && may_claim(b)) || (worst_same && !b.released)) {
    s.effect = Effect::kNone;
    s.proved = worst_same;
    claim_redundant(b, e, call, m, s);
  }
  DriverOperation driver;
  if (touched) {
    driver.operation = s.operation;
    driver.partial = is_partial(b, place, nullptr);
    driver.loses = loses;
    driver.removable = may_claim(b) && !b.forked && !is_silent(b) && !b.lines;
  }
  if (touched) operate_in_hindsight(b, driver);
  book_operation(b, e, call, m, s, driver);
  if (touched) run(b, call, s, driver, place);
}

void Engine::run(BufferState& b, OpenCall* call, const Suspicion& s, const DriverOperation& driver,
                 const OperationPlace& place) {
  const bool partial_in_call = is_partial(b, place, call);
  const model::Belief worst_after = model::hardware_closure(model::apply(s.operation, b.worst));
  DriverOperation as_judged = driver;
  if (driver.loses) as_judged.operation = Operation::kCleanInvalidate;
  b.worst = driver.partial ? b.worst | worst_after : worst_after;
  if (driver.loses) b.worst = b.worst | left_by(as_judged, b.contract);
  if (b.lines) operate_on_lines(b, as_judged.operation, place);
  else b.contract = left_by(as_judged, b.contract);
  b.if_not_coherent = left_by(as_judged, b.if_not_coherent);
  if (call != nullptr) note_operation(b, *call, s, partial_in_call);
  if (invalidates(s.operation) && !partial_in_call) {
    b.ineffective_sync = false;
    b.stale_for_sure = false;
    b.stale_assumes = 0;
  }
}

void Engine::on_dma_call(BufferState& b, const Event& e) {
  OpenCall* call = call_around(b, e);
  MappingState* m = e.kind == EventKind::kDmaMap ? nullptr : mapping_of(b, e, call);
  Suspicion s;
  s.device = e.device;
  if (e.kind != EventKind::kDmaMap) {
    judge_mapping(b, e, call, m, s);
  } else if (e.ok()) {
    m = add_mapping(b, e, call, s);
  }
  if (!e.ok()) return;
  learn_coherence(b, e, e.kind == EventKind::kDmaMap || m != nullptr);
  s.operation = operation_of(b, e);
  s.bytes = e.maintenance.known && e.maintenance.bytes != 0 ? e.maintenance.bytes : e.length != 0 ? e.length : b.size;
  s.operation_line = e.maintenance.line != 0 ? e.maintenance.line : e.line;
  if (m != nullptr) copy_bounced(b, e, *m, s);
  const DeviceState& device = devices_->of(e.device);
  if (!e.skips_sync() && !device.snoops() && !device.bounced) {
    if (call != nullptr) call->issued = true;
    if (is_sync(e.kind) && !invalidates(s.operation)) b.ineffective_sync = true;
  }
  if (s.operation != Operation::kNone) {
    operate(b, e, call, m, s);
  } else {
    if (!device.bounced) ++summary_.maintenance.free_syncs;
    advise_coherent(e, s);
  }
  judge_width(e, call, m, s);
  hush(b, s.rules);
  if (!s.rules.empty()) {
    const spec::RuleClass cls = spec::rule(first_rule(s.rules)).cls;
    const bool about_operation = cls == spec::RuleClass::kRedundant || cls == spec::RuleClass::kLostWrite;
    s.line = about_operation ? s.operation_line : e.line;
    report(b, e, call, s);
  }
  if (m != nullptr) {
    m->last_use = b.significant_events + 1;
    m->last_kind = e.kind;
    if (e.kind == EventKind::kDmaUnmap) b.mappings.erase(b.mappings.begin() + (m - b.mappings.data()));
  }
}

MappingState* Engine::add_mapping(BufferState& b, const Event& e, const OpenCall* call, Suspicion& s) {
  for (const MappingState& other : b.mappings) {
    const bool same_table = other.id == e.mapping || other.id == kNoId || e.mapping == kNoId;
    if (e.attachment != kNoId && other.attachment == e.attachment && other.complete && same_table)
      s.rules.add(RuleId::kL9);
  }
  if (e.is_partial(b.size)) s.rules.add(RuleId::kL14);
  MappingState m;
  m.id = e.mapping;
  m.device = e.device;
  m.attachment = e.attachment;
  m.call = call != nullptr ? call->call : kNoId;
  m.orig_nents = e.orig_nents;
  m.nents = e.nents;
  m.dir = e.dir;
  m.skipped_sync = e.skips_sync();
  m.line = e.line;
  b.mappings.push_back(m);
  const bool by_core = (call == nullptr || call->kind == EventKind::kAttach) && e.by == traces::AttributedBy::kNesting;
  for (AttachmentState& a : b.attachments)
    if (a.id == e.attachment && e.attachment != kNoId && by_core) a.mapped_by_core = true;
  return &b.mappings.back();
}

void Engine::advise_coherent(const Event& e, Suspicion& s) {
  DeviceState& device = devices_->of(e.device);
  if (!is_sync(e.kind) || device.coherence != Coherence::kYes || device.bounced || device.advised ||
      s.rules.has(RuleId::kL1))
    return;
  device.advised = true;
  s.rules.add(RuleId::kR1);
  s.effect = Effect::kNone;
  s.bytes = 0;
}

void Engine::on_cache_operation(BufferState& b, const Event& e) {
  OpenCall* call = call_around(b, e);
  Suspicion s;
  s.operation = e.maintenance.kind;
  s.bytes = e.maintenance.bytes != 0 ? e.maintenance.bytes : e.length != 0 ? e.length : b.size;
  s.operation_line = e.line;
  if (s.operation == Operation::kNone) return;
  if (call != nullptr) call->issued = true;
  operate(b, e, call, nullptr, s);
  hush(b, s.rules);
  s.line = e.line;
  if (!s.rules.empty()) report(b, e, call, s);
}

}  // namespace custody::checker
