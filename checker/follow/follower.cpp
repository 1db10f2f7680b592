// SPDX-License-Identifier: BSD-2-Clause
// Steps a contract's tables along the calls of a trace, and compares what is done in each with what they say.
#include "checker/follow/follower.hpp"

#include <algorithm>

namespace custody::checker {

using model::at;
using model::kEvents;
using model::kStates;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

/// The kinds of core calls have the machine's words.
model::Id machine_event(EventKind kind) {
  const std::string_view word = traces::name(kind);
  for (model::Id id = 0; id < model::kEventCount; ++id)
    if (kEvents[id].name == word) return id;
  return 0;
}

}  // namespace

Follower::Follower(const spec::Contract& contract, const spec::ExporterCatalogue& exporters, std::string arch,
                   Report report, Entered entered)
    : exporters_(exporters), arch_name_(std::move(arch)), report_(std::move(report)), entered_(std::move(entered)),
      tables_(contract), arch_(model::find_arch(model::kDefaultArch)) {
  totals_.contract = contract.name;
}

void Follower::on_header(const traces::Header& header, const traces::Directory& directory) {
  directory_ = &directory;
  if (const model::ArchProfile* found = model::find_arch(arch_name_.empty() ? header.arch : arch_name_)) arch_ = found;
  sees_syncs_ = header.observes_dma_api;
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
  b.world = tables_.start();
  ++totals_.buffers;
  if (!info.export_seen) give_up(b);
  return b;
}

void Follower::give_up(FollowedBuffer& b) {
  if (b.judgeable && !b.departed) ++totals_.unjudged_buffers;
  b.judgeable = false;
}

void Follower::lose() {
  for (FollowedBuffer& b : buffers_)
    if (b.exists && b.world.state != at(kStates, "Freed")) give_up(b);
}

void Follower::on_event(const Event& e, const traces::Directory& directory) {
  directory_ = &directory;
  if (e.kind == EventKind::kLost) return lose();
  if (e.buffer == kNoId || e.buffer >= directory.buffers.size()) return;
  if (is_core_call(e.kind)) on_core_call(buffer_of(e), e);
  else if (is_nested_kind(e.kind)) on_dma_call(buffer_of(e), e);
}

FollowedAttachment* Follower::find(FollowedBuffer& b, const Event& e) const {
  for (FollowedAttachment& a : b.attachments)
    if (e.attachment != kNoId ? a.id == e.attachment : (a.device == e.device && e.device != kNoId)) return &a;
  return nullptr;
}

void Follower::on_dma_call(FollowedBuffer& b, const Event& e) {
  if (FollowedCall* around = b.calls.around(e)) around->found.push_back(e);
  FollowedAttachment* a = e.attachment != kNoId ? find(b, e) : nullptr;
  if (a == nullptr || !e.ok()) return;
  if (e.kind == EventKind::kDmaMap) ++a->live_tables;
  if (e.kind == EventKind::kDmaUnmap && a->live_tables > 0) --a->live_tables;
}

void Follower::on_core_call(FollowedBuffer& b, const Event& e) {
  if (e.phase == Phase::kReturn) {
    const auto call = b.calls.close(e);
    if (!call) return give_up(b);  // its entry was not recorded
    return leave(b, *call, e);
  }
  FollowedCall call = enter(b, e);
  b.calls.each_of_others(e.task, [&](FollowedCall& other) { other.overlapped = call.overlapped = true; });
  if (entered_) entered_(call);
  if (e.phase == Phase::kEnter) b.calls.open(std::move(call));
  else leave(b, call, e);
}

model::Call Follower::machine_call(FollowedBuffer& b, const Event& e) const {
  model::Call what;
  what.event = machine_event(e.kind);
  what.dir = e.dir;
  what.window_nested = b.windows.has_open(e.task);
  what.window_matches = b.windows.has_open(e.dir);
  return what;
}

model::Attachment Follower::fresh_attachment(const Event& e) const {
  model::Attachment fresh;
  const bool known = e.device < directory_->devices.size();
  const bool snoops = arch_->all_coherent || (known && directory_->devices[e.device].coherent.value_or(false));
  fresh.v[at(model::kFields, "own_snoops") - model::kWorldFields] = snoops ? 1 : 0;
  return fresh;
}

FollowedCall Follower::enter(FollowedBuffer& b, const Event& e) {
  FollowedCall call;
  call.entry = e;
  call.facts.kind = e.kind;
  call.facts.arch = arch_;
  FollowedAttachment* const own = e.kind == EventKind::kAttach ? nullptr : find(b, e);
  if (own != nullptr) {
    call.facts.keeps_table = own->kept || (b.caches_mapping && !tables_.keeps_tables());
    call.facts.had_table = call.facts.keeps_table && own->live_tables > 0;
  }
  const model::Outcome outcome =
      tables_.step(b.world, own != nullptr ? own->lifetime : fresh_attachment(e), machine_call(b, e));
  call.row = outcome.refusal() != nullptr ? outcome.refusal() : outcome.buffer_row;
  if (outcome.buffer_row != nullptr)
    call.expected = expand(*outcome.buffer_row, b.attachments, own, e.dir, tables_.skips_implicit_syncs());
  if (e.kind == EventKind::kEndCpuAccess) b.windows.begin_end(window_call(e));
  return call;
}

void Follower::leave(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  // One record is all there is of a call that is whole: what it did is not shown, but that it succeeded is.
  if (b.judgeable) judge(b, call, e);
  else ++totals_.unjudged;
  if (e.ok()) move(b, call, e);
  else keep_own_mapping(b, call);
  if (e.kind == EventKind::kBeginCpuAccess || e.kind == EventKind::kEndCpuAccess) open_or_close(b, call, e);
}

void Follower::judge(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  const bool refused = call.row != nullptr && call.row->is_refusal();
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
  departure.call = call.entry;
  if (departure.line == 0) departure.line = call.entry.line;
  report_(departure, *directory_);
}

void Follower::keep_own_mapping(FollowedBuffer& b, const FollowedCall& call) const {
  constexpr model::Id kOwnMapping = at(model::kFields, "own_mapping");
  const auto maps = [&](const Event& e) { return e.kind == EventKind::kDmaMap && e.ok() && e.attachment == kNoId; };
  if (call.row == nullptr || std::none_of(call.found.begin(), call.found.end(), maps)) return;
  model::Cells cells;
  std::copy(b.world.v.begin(), b.world.v.end(), cells.v.begin());
  for (const model::Id id : call.row->actions)
    if (model::kActions[id].field == kOwnMapping) model::run(model::kActions[id], cells);
  b.world.v[kOwnMapping] = cells.v[kOwnMapping];
}

void Follower::open_or_close(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  if (e.kind == EventKind::kEndCpuAccess) return b.windows.finish_end(call.entry.call, e.ok());
  if (e.ok()) b.windows.open(window_call(call.entry));
}

void Follower::move(FollowedBuffer& b, const FollowedCall& call, const Event& e) {
  // The window that an end closes is no open one by now; the rows ask what was so when it was called.
  model::Call what = machine_call(b, call.entry);
  if (e.kind == EventKind::kEndCpuAccess) what.window_matches = call.row == nullptr || !call.row->is_refusal();
  FollowedAttachment* own = find(b, e);
  FollowedAttachment other;
  if (e.kind == EventKind::kAttach) {
    other.id = e.attachment;
    other.device = e.device;
    other.lifetime = fresh_attachment(e);
    const auto maps = [](const Event& x) { return x.kind == EventKind::kDmaMap && x.ok(); };
    other.kept = std::any_of(call.found.begin(), call.found.end(), maps);
    other.live_tables = other.kept ? 1 : 0;
    own = nullptr;
  } else if (own == nullptr && model::names_attachment(what.event)) {
    const auto& known = directory_->attachments;
    if (e.attachment >= known.size() || !known[e.attachment].attach_seen) return give_up(b);
  }
  FollowedAttachment& a = own != nullptr ? *own : other;
  const model::Outcome outcome = tables_.step(b.world, a.lifetime, what);
  b.world = outcome.world;
  if (e.kind == EventKind::kMoveNotify) {
    for (FollowedAttachment& each : b.attachments)
      each.lifetime = tables_.step(b.world, each.lifetime, what).attachment;
    return;
  }
  if (model::names_attachment(what.event)) a.lifetime = outcome.attachment;
  if (e.kind == EventKind::kAttach) b.attachments.push_back(other);
  if (e.kind == EventKind::kDetach && own != nullptr)
    b.attachments.erase(b.attachments.begin() + (own - b.attachments.data()));
}

}  // namespace custody::checker
