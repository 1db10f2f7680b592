// SPDX-License-Identifier: BSD-2-Clause
// What each end of a call does to custody, and to the records of its attachments.
#include "checker/replay/custody.hpp"

#include <algorithm>

namespace custody::checker::replay {

using model::at;
using model::Attachment;
using model::CallEnd;
using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

OpenCall opened(const Event& e) {
  OpenCall call;
  call.entry = {e.kind, e.dir, e.call, e.task, e.attachment, e.at.line, {e.range.offset, e.range.length}};
  return call;
}

}  // namespace

void CustodyAccount::begin(bool export_seen) {
  complete_ = export_seen;
  user_mapped_ = abandoned_ = false;
  last_unmapped_device_ = kNoId;
  next_id_ = moves_ = 0;
  release_ = {};
  model::start_over(custody_);
  if (!export_seen) model::assume_older(custody_);
  records_.clear();
  calls_.clear();
}

void CustodyAccount::lose() {
  complete_ = false;
  each(custody_.attachments, {Attachment::kByUse}, Attachment::kByUse,
       [this](std::size_t place) { records_.note_change(place); });
  model::assume_older(custody_);
  records_.distrust_all();
  calls_.clear();
}

bool CustodyAccount::abandon(std::uint32_t task, const model::Lifetime& lifetime) {
  const bool any = model::abandon(custody_, lifetime, task);
  abandoned_ = abandoned_ || any;
  return any;
}

void add_fence(CustodyAccount& custody, std::uint32_t device, bool writes) {
  each(custody.custody().attachments, Attachment::by_device(device), Attachment::kByDevice,
       [&](std::size_t place) { custody.records().add_fence(place, writes, custody.moves()); });
}

void signal_fence(CustodyAccount& custody, std::uint32_t device) {
  each(custody.custody().attachments, Attachment::by_device(device), Attachment::kByDevice,
       [&](std::size_t place) { custody.records().signal_fence(place, custody.moves()); });
}

bool has_pending_write(const CustodyAccount& custody) {
  constexpr unsigned kWriting = AttachmentEvidence::kWriting;
  const auto& all = custody.records().all();
  for (std::size_t place = all.first({kWriting}, kWriting); place != AttachmentRecords::All::kNowhere;
       place = all.after({kWriting}, kWriting, place))
    if (custody.importer(place).has_job()) return true;
  return false;
}

bool has_job(const CustodyAccount& custody, std::uint32_t device) {
  bool any = false;
  each(custody.custody().attachments, Attachment::by_device(device), Attachment::kByDevice,
       [&](std::size_t place) { any = any || custody.importer(place).has_job(); });
  return any;
}

bool is_invalidated(const CustodyAccount& custody, std::uint32_t device) {
  bool any = false;
  each(custody.custody().attachments, Attachment::by_device(device), Attachment::kByDevice, [&](std::size_t place) {
    const Importer importer = custody.importer(place);
    any = any || (importer.attachment.invalidated && !importer.evidence.fences.outlasts_move(custody.moves()));
  });
  return any;
}

bool has_no_addresses(const CustodyAccount& custody, const Event& e) {
  const std::size_t place = custody.place_of(e);
  if (place == custody.importers()) return false;
  const AttachmentEvidence& evidence = custody.importer(place).evidence;
  return evidence.complete && !evidence.table_was_mapped;
}

bool has_window_of(const CustodyAccount& custody, std::uint32_t task) {
  return has(custody.custody().windows, model::Window::of_task(task), model::Window::kOfTask);
}

std::uint32_t overlap_of(CustodyAccount& custody, const Event& e, const OpenCall* call) {
  return call != nullptr && call->overlapped_by != kNoId ? call->overlapped_by : custody.calls().other_task(e.task);
}

std::size_t CustodyAccount::place_of(const Event& e) const {
  std::size_t place = AttachmentRecords::All::kNowhere;
  if (e.attachment != kNoId) place = records_.find(e.attachment);
  else if (e.device != kNoId)
    place = custody_.attachments.first(Attachment::by_device(e.device), Attachment::kByDevice);
  return std::min(place, importers());
}

std::size_t CustodyAccount::meet(const Event& e, bool attach_seen) {
  const std::size_t place = place_of(e);
  const bool is_importer = place != importers();
  known_ = attach_seen || is_importer;
  // An unmap of what is not known to be mapped finds nothing either way.
  if (is_importer || (e.kind != EventKind::kMap && e.kind != EventKind::kDetach)) return place;
  if (attach_seen) return place;  // it was detached
  model::assume_attached(custody_, next_id_++, e.device, false);
  records_.add(e.attachment, false);
  return importers() - 1;
}

void CustodyAccount::step(CallStep& out, const Event& e, CallEnd end, const model::Lifetime& lifetime) {
  const std::size_t place = out.importer;
  model::Call call;
  call.event = machine_event(e.kind);
  call.end = end;
  call.failed = end != CallEnd::kEntry && !e.ok();
  call.dir = out.call.entry.dir;
  call.task = out.call.entry.task;
  call.call = out.call.entry.call;
  call.device = e.device;
  call.extent = out.call.entry.range;
  if (place != importers()) {
    call.attachment = custody_.attachments[place].id;
    out.device = custody_.attachments[place].device;
    out.judgeable = records_[place].complete;
  } else if (e.kind == EventKind::kAttach) {
    call.attachment = next_id_++;
    out.device = e.device;
  } else if (names_importer(e.kind)) {
    out.judgeable = known_;
  }
  out.judgeable = out.judgeable && complete_;
  const std::size_t attached = custody_.attachments.size();
  const model::Step step = model::step(custody_, lifetime, call);
  out.refusal = step.refusal();
  out.owner = step.was;
  out.advises = step.advises_windows();
  if (e.kind == EventKind::kMoveNotify && step.owner != nullptr) ++moves_;
  if (custody_.attachments.size() > attached) records_.add(e.attachment, true);
  if (custody_.is_freed()) records_.clear();
  else if (custody_.attachments.size() < attached) records_.remove(place);
  else if (names_importer(e.kind) && place < importers()) records_.note_change(place);
  if (end != CallEnd::kEntry) hand_over(out, e, step);
  if (calls_.are_few()) custody_.calls.free_if_empty();
}

void CustodyAccount::note_unmap(CallStep& out) {
  const std::size_t place = out.importer;
  if (place == importers()) return;
  const model::Attachment& attachment = custody_.attachments[place];
  last_unmapped_device_ = attachment.device;
  const auto dir = static_cast<std::size_t>(out.call.entry.dir);
  out.other_direction = attachment.is_mapped() && (dir >= attachment.maps.size() || attachment.maps[dir] == 0);
  out.call.refused_direction = out.other_direction && complete_ && records_[place].complete;
}

/// Who became active, by what custody says after the step.
void CustodyAccount::hand_over(CallStep& out, const Event& e, const model::Step& step) const {
  const auto devices_may = [this] { return model::who_may_access(custody_).devices; };
  const bool ended = step.facts.get(at(model::kFacts, "window")) != 0;
  switch (e.kind) {
    case EventKind::kMap:
      if (e.ok() && out.importer < importers() && devices_may()) out.to = HandedTo::kImporter;
      return;
    case EventKind::kBeginCpuAccess:
      if (!e.ok() && devices_may()) out.to = HandedTo::kAllImporters;
      if (e.ok() && !custody_.windows.empty() && model::is_active(custody_, custody_.windows.back()))
        out.to = HandedTo::kCpu;
      return;
    case EventKind::kEndCpuAccess:
      if (e.ok() && ended && devices_may()) out.to = HandedTo::kAllImporters;
      return;
    default: return;
  }
}

CallStep CustodyAccount::enter(const Event& e, const model::Lifetime& lifetime, const traces::Directory& directory) {
  CallStep out;
  out.call = opened(e);
  if (const auto other = calls_.enter(e.task)) out.call.overlap(*other);
  const auto& known = directory.attachments;
  const bool attach_seen = e.attachment < known.size() && known[e.attachment].attach_seen;
  out.importer = names_importer(e.kind) ? meet(e, attach_seen) : importers();
  if (e.kind == EventKind::kUnmap) note_unmap(out);
  const bool acts = !model::acts_on_return(machine_event(e.kind));
  if (e.phase == Phase::kEnter || acts)
    step(out, e, e.phase == Phase::kWhole ? CallEnd::kWhole : CallEnd::kEntry, lifetime);
  if (e.kind == EventKind::kRelease && !release_.done) {
    out.released = true;
    release_ = {true, release_.returned, e.task, e.at.line};
  }
  out.call.refused = out.refusal != nullptr && out.judgeable;
  if (e.phase == Phase::kEnter) calls_.open(out.call);
  return out;
}

CallStep CustodyAccount::leave(const Event& e, const model::Lifetime& lifetime) {
  CallStep out;
  auto entered = calls_.close(e);
  // Of a call whose entry was not seen, the return is all there is.
  if (!entered && e.kind == EventKind::kMap) static_cast<void>(meet(e, false));
  out.call = entered ? *entered : opened(e);
  finish(out, e, entered ? CallEnd::kReturn : CallEnd::kWhole, lifetime);
  return out;
}

CallStep CustodyAccount::end(const Event& e, const model::Lifetime& lifetime, const OpenCall& call) {
  CallStep out;
  out.call = call;
  finish(out, e, CallEnd::kWhole, lifetime);
  return out;
}

void CustodyAccount::finish(CallStep& out, const Event& e, CallEnd end, const model::Lifetime& lifetime) {
  if (end == CallEnd::kReturn || model::acts_on_return(machine_event(e.kind))) {
    out.importer = names_importer(e.kind) ? place_of(e) : importers();
    step(out, e, end, lifetime);
  }
  if (e.kind == EventKind::kBeginCpuAccess && e.ok()) last_unmapped_device_ = kNoId;
  if (e.kind == EventKind::kMmap && e.ok()) user_mapped_ = true;
  if (e.kind == EventKind::kRelease) release_.returned = e.phase == Phase::kReturn;
}

}  // namespace custody::checker::replay
