// SPDX-License-Identifier: BSD-2-Clause
// What each event of a trace means to the contract that is followed.
#include "checker/follow/follower.hpp"

#include <algorithm>

namespace custody::checker::follow {

using model::at;
using model::CallEnd;
using model::kEvents;
using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

CallEnd end_of(Phase phase) {
  return phase == Phase::kEnter ? CallEnd::kEntry : phase == Phase::kReturn ? CallEnd::kReturn : CallEnd::kWhole;
}

FollowedAttachment* find(FollowedBuffer& b, const Event& e) {
  for (FollowedAttachment& a : b.attachments)
    if (e.attachment != kNoId ? a.id == e.attachment : (a.device == e.device && e.device != kNoId)) return &a;
  return nullptr;
}

/// The attachment that the call names; of an attach none.
FollowedAttachment* own(FollowedBuffer& b, const Event& e) {
  return replay::names_importer(e.kind) ? find(b, e) : nullptr;
}

/// It failed, and the exporter's part of it was done: its syncs and the error of a wait, or a mapping that it made.
bool was_interrupted(const FollowedCall& call, const Event& e) {
  constexpr std::int64_t kInterrupted = -4, kRestart = -512;  // -EINTR, -ERESTARTSYS
  if (e.ok() || call.entry.kind != EventKind::kBeginCpuAccess) return false;
  const auto maps = [](const Event& x) { return x.kind == EventKind::kDmaMap && x.ok() && x.attachment == kNoId; };
  // An exporter that waits itself has done nothing yet.
  const bool waited = e.ret == kInterrupted || e.ret == kRestart;
  return (waited && (call.expected.empty() || !call.found.empty())) ||
         std::any_of(call.found.begin(), call.found.end(), maps);
}

/// A call that succeeded made an attachment, or took one off.
void settle_attachments(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  if (e.kind == EventKind::kAttach) {
    const auto maps = [](const Event& x) { return x.kind == EventKind::kDmaMap && x.ok(); };
    const bool kept = std::any_of(call.found.begin(), call.found.end(), maps);
    b.attachments.push_back({e.attachment, e.device, kept ? 1U : 0U, kept, 0});
  }
  const FollowedAttachment* const known = own(b, e);
  if (e.kind == EventKind::kDetach && known != nullptr)
    b.attachments.erase(b.attachments.begin() + (known - b.attachments.data()));
}

}  // namespace

Follower::Follower(const spec::Contract& contract, const spec::ExporterCatalogue& exporters, std::string arch,
                   Report report, Entered entered)
    : exporters_(exporters), arch_name_(std::move(arch)), report_(std::move(report)), entered_(std::move(entered)),
      run_(contract), arch_(model::find_arch(model::kDefaultArch)) {
  totals_.contract = contract.name;
}

void Follower::on_header(const traces::Header& header, const traces::Directory& directory) {
  directory_ = &directory;
  if (const model::ArchProfile* found = model::find_arch(arch_name_.empty() ? header.arch : arch_name_)) arch_ = found;
  // A sync of a device that needs none makes no record of a tracepoint.
  sees_syncs_ = header.observes_dma_api && !header.traced_dma;
  totals_.unseen_syncs = !sees_syncs_;
}

FollowedBuffer& Follower::buffer_of(const Event& e) {
  if (e.buffer >= buffers_.size()) buffers_.resize(e.buffer + std::size_t{1});
  FollowedBuffer& b = buffers_[e.buffer];
  const traces::BufferInfo& info = directory_->buffers[e.buffer];
  if (b.exists && b.generation == info.generation) return b;
  b = {};
  b.exists = b.judgeable = true;
  b.generation = info.generation;
  b.caches_mapping = exporters_.find(info.exporter).caches_mapping != spec::CachesMapping::kNo;
  ++totals_.buffers;
  if (!info.export_seen) take_over(b);
  return b;
}

void Follower::take_over(FollowedBuffer& b) {
  give_up(b);
  model::Call call;
  call.event = at(kEvents, "export");
  std::uint8_t none = 0;
  run_.move(b.custody, b.notes, none, call);
}

void Follower::give_up(FollowedBuffer& b) {
  if (b.judgeable && !b.departed) ++totals_.unjudged_buffers;
  b.judgeable = false;
}

void Follower::lose() {
  for (FollowedBuffer& b : buffers_)
    if (b.exists && (!b.custody.is_freed() || !b.calls.empty())) give_up(b);
}

void Follower::on_event(const Event& e, const traces::Directory& directory) {
  directory_ = &directory;
  if (e.kind == EventKind::kLost) return lose();
  if (e.kind == EventKind::kTaskExit)
    for (FollowedBuffer& b : buffers_) run_.abandon(b.custody, e.task);
  if (e.buffer == kNoId || e.buffer >= directory.buffers.size() || directory.buffers[e.buffer].by_address) return;
  if (replay::is_core_call(e.kind)) on_core_call(buffer_of(e), e);
  else if (replay::is_nested_kind(e.kind)) on_dma_call(buffer_of(e), e);
}

void Follower::on_dma_call(FollowedBuffer& b, const Event& e) {
  if (FollowedCall* const around = b.calls.around(e)) around->found.push_back(e);
  FollowedAttachment* a = e.attachment != kNoId ? find(b, e) : nullptr;
  if (a == nullptr || !e.ok()) return;
  if (e.kind == EventKind::kDmaMap) ++a->live_tables;
  if (e.kind == EventKind::kDmaUnmap && a->live_tables > 0) --a->live_tables;
}

void Follower::on_core_call(FollowedBuffer& b, const Event& e) {
  if (e.phase == Phase::kReturn) {
    const std::optional<FollowedCall> call = b.calls.close(e);
    return call ? leave(b, *call, e) : miss_entry(b, e);
  }
  FollowedCall call = enter(b, e);
  if (b.calls.enter(e.task)) call.overlapped = true;
  if (entered_) entered_(call);
  if (e.phase == Phase::kWhole) return leave(b, call, e);
  move(b, e, e, CallEnd::kEntry);
  b.calls.open(std::move(call));
}

bool Follower::snoops(const Event& e) const {
  const bool known = e.device < directory_->devices.size();
  return arch_->all_coherent || (known && directory_->devices[e.device].coherent.value_or(false));
}

model::Call Follower::machine_call(FollowedBuffer& b, const Event& entry, const Event& e, CallEnd end) const {
  const FollowedAttachment* const known = own(b, e);
  model::Call call;
  call.event = replay::machine_event(entry.kind);
  call.end = end;
  call.failed = !e.ok();
  call.dir = entry.dir;
  call.snoops = snoops(e);
  call.attachment = known != nullptr ? known->id : e.attachment;
  call.device = e.device;
  call.task = entry.task;
  call.call = entry.call;
  call.extent = {entry.range.offset, entry.range.length};
  return call;
}

FollowedCall Follower::enter(FollowedBuffer& b, const Event& e) {
  FollowedCall call;
  call.entry = e;
  call.facts.kind = e.kind;
  call.facts.arch = arch_;
  const FollowedAttachment* const known = own(b, e);
  if (known != nullptr) {
    call.facts.keeps_table = known->core_keeps || (b.caches_mapping && !run_.keeps_tables());
    call.facts.had_table = call.facts.keeps_table && known->live_tables > 0;
  }
  const std::uint8_t kept = known != nullptr ? known->kept : 0;
  spec::ContractAnswer answer = run_.foresee(b.custody, b.notes, kept, machine_call(b, e, e, end_of(e.phase)));
  call.row = answer.row();
  call.refusing = answer.refusing();
  call.clauses = std::move(answer.clauses);
  if (call.is_refused()) return call;
  const model::Attachment* const attachment = known != nullptr ? b.custody.find_attachment(known->id) : nullptr;
  call.expected =
      expand(call.clauses, {b.custody, attachment, e.dir, model::direction_of_code(kept), run_.skips_implicit_syncs()});
  return call;
}

void Follower::leave(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  // One record is all there is of a call that is whole: what it did is not shown, but that it succeeded is.
  if (b.judgeable) judge(b, call, e);
  else ++totals_.unjudged;
  if (e.ok() && is_older_than_trace(b, e)) give_up(b);
  move(b, call.entry, e, end_of(e.phase), was_interrupted(call, e));
  if (e.ok()) settle_attachments(b, call, e);
}

void Follower::miss_entry(FollowedBuffer& b, const Event& e) {
  give_up(b);
  FollowedCall call;
  call.entry = e;
  move(b, e, e, CallEnd::kWhole);
  if (e.ok()) settle_attachments(b, call, e);
}

void Follower::judge(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  const bool refused = call.is_refused();
  if (!e.ok() && refused) {
    ++totals_.followed;
    return;
  }
  if (!e.ok() || call.overlapped || call.row == nullptr) {
    ++totals_.unjudged;
    return;
  }
  if (refused) {
    Departure d;
    d.kind = DepartureKind::kRefusedCall;
    return depart(b, call, d);
  }
  if (!call.expected.empty() && (!sees_syncs_ || e.phase == Phase::kWhole)) {
    ++totals_.unjudged;
    return;
  }
  auto difference = first_difference(call.expected, call.found, call.facts, b.attachments, *directory_);
  if (difference) return depart(b, call, *difference);
  ++totals_.followed;
}

void Follower::depart(FollowedBuffer& b, const FollowedCall& call, Departure departure) {
  ++totals_.departed;
  if (b.departed) return;
  b.departed = true;
  ++totals_.departed_buffers;
  departure.row = call.row;
  if (departure.clause == nullptr && !call.clauses.empty()) departure.clause = call.clauses.front();
  departure.call = call.entry;
  if (departure.line == 0) departure.line = call.entry.at.line;
  report_(departure, *directory_);
}

bool Follower::is_older_than_trace(FollowedBuffer& b, const Event& e) const {
  if (!replay::names_importer(e.kind) || own(b, e) != nullptr) return false;
  const auto& known = directory_->attachments;
  return e.attachment >= known.size() || !known[e.attachment].attach_seen;
}

void Follower::move(FollowedBuffer& b, const Event& entry, const Event& e, CallEnd end, bool interrupted) {
  if (is_older_than_trace(b, e)) return;
  FollowedAttachment* const known = own(b, e);
  std::uint8_t none = 0;
  model::Call call = machine_call(b, entry, e, end);
  call.interrupted = interrupted;
  run_.move(b.custody, b.notes, known != nullptr ? known->kept : none, call);
}

}  // namespace custody::checker::follow
