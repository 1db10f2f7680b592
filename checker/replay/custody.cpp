// SPDX-License-Identifier: BSD-2-Clause
// What each call of the core does to the account of custody, at its entry and at its return.
#include "checker/replay/custody.hpp"

#include <algorithm>

namespace custody::checker {

using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

constexpr std::uint16_t kMostMaps = 0xffff;

CallEntry entry_of(const Event& e) {
  return {e.kind, e.dir, e.call, e.task, e.attachment, e.line, {e.offset, e.length}};
}

WindowCall window_call(const CallEntry& entry) { return {entry.task, entry.call, entry.dir, entry.range}; }

/// An attachment that is older than the trace.
Importer unseen() {
  Importer older;
  older.complete = false;
  return older;
}

/// The place of the attachment that the event names, by its id or else by its device; past the end: there is none.
std::size_t place_of(const std::vector<Importer>& importers, const Event& e) {
  const auto names = [&](const Importer& i) {
    return e.attachment != kNoId ? i.id == e.attachment : i.device == e.device && e.device != kNoId;
  };
  return static_cast<std::size_t>(std::find_if(importers.begin(), importers.end(), names) - importers.begin());
}

/// Takes one live map away: of the direction where there is one, else of another.
void take_map(std::array<std::uint16_t, 3>& maps, std::size_t dir) {
  for (std::size_t i = 0; i < maps.size() && (dir >= maps.size() || maps[dir] == 0); ++i)
    if (maps[i] > 0) dir = i;
  if (dir < maps.size() && maps[dir] > 0) --maps[dir];
}

}  // namespace

void CustodyAccount::begin(const CustodyTerms& terms, bool export_seen) {
  complete_ = export_seen;
  user_mapped_ = false;
  last_unmapped_device_ = kNoId;
  release_ = {};
  machine_.begin(terms, export_seen);
  importers_.clear();
  windows_.clear();
  calls_.clear();
}

void CustodyAccount::lose(const CustodyTerms& terms) {
  complete_ = false;
  machine_.lose(terms, importers_.size());
  for (Importer& importer : importers_) {
    importer.complete = false;
    importer.maps = {};
    importer.lifetime_ = unseen_attachment();
  }
  windows_.clear();
  calls_.clear();
}

void CustodyAccount::fence(std::uint32_t device, bool write_pending) {
  for (Importer& importer : importers_)
    if (importer.device == device) importer.write_fence = write_pending;
}

void CustodyAccount::note_core_mapping(std::uint32_t attachment) {
  for (Importer& importer : importers_)
    if (importer.id == attachment && attachment != kNoId) importer.mapped_by_core = true;
}

bool CustodyAccount::is_invalidated(std::uint32_t device) const {
  return std::any_of(importers_.begin(), importers_.end(), [&](const Importer& importer) {
    return importer.device == device && checker::is_invalidated(importer.lifetime_);
  });
}

bool has_pending_write(const CustodyAccount& custody) {
  const auto importers = custody.importers();
  return std::any_of(importers.begin(), importers.end(),
                     [](const Importer& importer) { return importer.write_fence && importer.may_write(); });
}

std::uint32_t overlap_of(CustodyAccount& custody, const Event& e, const OpenCall* call) {
  return call != nullptr && call->overlapped_by != kNoId ? call->overlapped_by : custody.calls().other_task(e.task);
}

void CustodyAccount::step(CallStep& out, const CustodyTerms& terms, const StepFacts& facts, Importer* who) {
  model::Attachment nobody;
  out.refusal = machine_.step(terms, out.call.entry.kind, facts, who != nullptr ? who->lifetime_ : nobody);
  out.device = who != nullptr ? who->device : kNoId;
  out.judgeable = complete_ && (who == nullptr || who->complete);
}

CallStep CustodyAccount::enter(const Event& e, const CustodyTerms& terms, const traces::Directory& directory) {
  CallStep out;
  out.call.entry = entry_of(e);
  calls_.each_of_others(e.task, [&](OpenCall& other) {
    other.overlapped_by = e.task;
    out.call.overlapped_by = other.entry.task;
  });
  switch (e.kind) {
    case EventKind::kUnmap: unmap(out, terms, e, directory); break;
    case EventKind::kDetach: detach(out, terms, e); break;
    case EventKind::kRelease:
      step(out, terms, {});
      if (release_.done) break;
      out.released = true;
      release_ = {true, release_.returned, e.line, e.task};
      importers_.clear();
      windows_.clear();
      break;
    case EventKind::kEndCpuAccess: windows_.begin_end(window_call(out.call.entry)); break;
    case EventKind::kMoveNotify:
      step(out, terms, {});
      for (Importer& importer : importers_) move_attachment(terms, importer.lifetime_);
      break;
    default:
      if (!acts_on_return(e.kind)) step_named(out, terms, e);
      break;
  }
  if (e.phase == Phase::kEnter) calls_.open(out.call);
  return out;
}

CallStep CustodyAccount::leave(const Event& e, const CustodyTerms& terms) {
  CallStep out;
  if (const auto closed = calls_.close(e)) out.call = *closed;
  else out.call.entry = entry_of(e);
  finish(out, terms, e);
  return out;
}

CallStep CustodyAccount::end(const Event& e, const CustodyTerms& terms, const OpenCall& call) {
  CallStep out;
  out.call = call;
  finish(out, terms, e);
  return out;
}

void CustodyAccount::finish(CallStep& out, const CustodyTerms& terms, const Event& e) {
  switch (e.kind) {
    case EventKind::kAttach:
      if (!e.ok()) break;
      importers_.emplace_back().id = e.attachment;
      importers_.back().device = e.device;
      step(out, terms, {}, &importers_.back());
      break;
    case EventKind::kMap: mapped(out, terms, e); break;
    case EventKind::kBeginCpuAccess: window_opened(out, terms, e.ok()); break;
    case EventKind::kEndCpuAccess: window_closed(out, terms, e.ok()); break;
    case EventKind::kRelease: release_.returned = e.phase == Phase::kReturn; break;
    default:
      if (acts_on_return(e.kind)) step_named(out, terms, e);
      if (e.kind == EventKind::kMmap && e.ok()) user_mapped_ = true;
      break;
  }
}

void CustodyAccount::step_named(CallStep& out, const CustodyTerms& terms, const Event& e) {
  const std::size_t i = place_of(importers_, e);
  StepFacts facts;
  facts.failed = acts_on_return(e.kind) && !e.ok();
  if (i == importers_.size()) step(out, terms, facts);
  else step(out, terms, facts, &importers_[i]);
}

void CustodyAccount::unmap(CallStep& out, const CustodyTerms& terms, const Event& e,
                           const traces::Directory& directory) {
  const std::size_t i = place_of(importers_, e);
  if (i == importers_.size()) {
    // An attach that was seen and is not among the live ones was detached.
    Importer older = unseen();
    const auto& known = directory.attachments;
    older.complete = e.attachment < known.size() && known[e.attachment].attach_seen;
    return step(out, terms, {}, &older);
  }
  Importer& importer = importers_[i];
  last_unmapped_device_ = importer.device;
  const auto dir = static_cast<std::size_t>(out.call.entry.dir);
  out.other_direction = importer.is_mapped() && (dir >= importer.maps.size() || importer.maps[dir] == 0);
  out.call.refused_direction = out.other_direction && complete_ && importer.complete;
  take_map(importer.maps, dir);
  step(out, terms, {}, &importer);
}

void CustodyAccount::detach(CallStep& out, const CustodyTerms& terms, const Event& e) {
  const std::size_t i = place_of(importers_, e);
  if (i == importers_.size()) {
    Importer older = unseen();
    older.lifetime_ = unseen_attachment();
    return step(out, terms, {}, &older);
  }
  step(out, terms, {}, &importers_[i]);
  importers_.erase(importers_.begin() + static_cast<std::ptrdiff_t>(i));
}

void CustodyAccount::mapped(CallStep& out, const CustodyTerms& terms, const Event& e) {
  const std::size_t i = place_of(importers_, e);
  if (i == importers_.size()) {
    Importer older = unseen();
    older.id = e.attachment;
    older.device = e.device;
    importers_.push_back(older);
    importers_.back().lifetime_ = unseen_attachment();
    machine_.count_unseen();
  }
  Importer& importer = importers_[i];
  StepFacts facts;
  facts.failed = !e.ok();
  step(out, terms, facts, &importer);
  if (!e.ok()) return;
  const auto dir = static_cast<std::size_t>(out.call.entry.dir);
  if (dir < importer.maps.size() && importer.maps[dir] != kMostMaps) ++importer.maps[dir];
  if (devices_suspended()) return;
  out.to = HandedTo::kImporter;
  out.importer = &importer;
}

void CustodyAccount::window_opened(CallStep& out, const CustodyTerms& terms, bool ok) {
  StepFacts facts;
  facts.failed = !ok;
  facts.window_nested = windows_.has_open(out.call.entry.task);
  step(out, terms, facts);
  if (ok) {
    windows_.open(window_call(out.call.entry));
    last_unmapped_device_ = kNoId;
    out.to = HandedTo::kCpu;
  } else if (!devices_suspended()) {
    out.to = HandedTo::kAllImporters;
  }
}

void CustodyAccount::window_closed(CallStep& out, const CustodyTerms& terms, bool ok) {
  const CpuWindow* closed = windows_.closed_by(out.call.entry.call);
  const bool any = closed != nullptr;
  StepFacts facts;
  facts.failed = !ok;
  facts.window_matches = any && closed->dir == out.call.entry.dir;
  step(out, terms, facts);
  windows_.finish_end(out.call.entry.call, ok);
  if (any && ok && !devices_suspended()) out.to = HandedTo::kAllImporters;
}

}  // namespace custody::checker
