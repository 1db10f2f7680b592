// SPDX-License-Identifier: BSD-2-Clause
// Calls of the dma-buf core: they move the lifetime machine and change who is active.
#include <algorithm>

#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::at;
using model::kEvents;
using model::kFields;
using model::kStates;
using spec::RuleId;
using traces::Event;
using traces::EventKind;
using traces::kNoId;
using traces::Phase;

namespace {

/// The lifetime machine's event for a core call: the first fifteen kinds, in another order.
model::Id machine_event(EventKind kind) {
  switch (kind) {
    case EventKind::kExport: return at(kEvents, "export");
    case EventKind::kRelease: return at(kEvents, "release");
    case EventKind::kAttach: return at(kEvents, "attach");
    case EventKind::kDetach: return at(kEvents, "detach");
    case EventKind::kMap: return at(kEvents, "map");
    case EventKind::kUnmap: return at(kEvents, "unmap");
    case EventKind::kBeginCpuAccess: return at(kEvents, "begin_cpu_access");
    case EventKind::kEndCpuAccess: return at(kEvents, "end_cpu_access");
    case EventKind::kVmap: return at(kEvents, "vmap");
    case EventKind::kVunmap: return at(kEvents, "vunmap");
    case EventKind::kMmap: return at(kEvents, "mmap");
    case EventKind::kMunmap: return at(kEvents, "munmap");
    case EventKind::kPin: return at(kEvents, "pin");
    case EventKind::kUnpin: return at(kEvents, "unpin");
    default: return at(kEvents, "move_notify");
  }
}

/// Calls that take effect when they return; the others take effect when they are entered.
bool acts_on_return(EventKind kind) {
  return kind == EventKind::kAttach || kind == EventKind::kMap || kind == EventKind::kBeginCpuAccess ||
         kind == EventKind::kEndCpuAccess || kind == EventKind::kVmap || kind == EventKind::kMmap ||
         kind == EventKind::kPin || kind == EventKind::kExport;
}

OpenCall open_call(const Event& e) {
  OpenCall call;
  call.call = e.call;
  call.task = e.task;
  call.attachment = e.attachment;
  call.kind = e.kind;
  call.dir = e.dir;
  call.line = e.line;
  call.range = {e.offset, e.length};
  return call;
}

}  // namespace

void Engine::step(BufferState& b, const Event& e, OpenCall& call, AttachmentState* a, model::Call what) {
  what.event = machine_event(call.kind);
  const model::Outcome outcome = model::step(b.world, a != nullptr ? a->lifetime : model::Attachment{}, what);
  if (options_.fired)
    for (const model::Row* row : {outcome.buffer_row, outcome.attachment_row})
      if (row != nullptr) options_.fired(*row);
  b.world = outcome.world;
  if (a != nullptr) a->lifetime = outcome.attachment;
  const model::Row* refusal = outcome.refusal();
  if (refusal == nullptr) return;
  if (!b.complete || (a != nullptr && !a->complete)) {
    ++summary_.unjudged;
    return;
  }
  const spec::Rule* rule = spec::find_rule(refusal->rule);
  if (rule == nullptr) return;
  Suspicion s;
  const RuleId id = spec::id_of(*rule);
  s.rules.add(id);
  s.line = call.line;
  s.refusal = refusal;
  s.device = a != nullptr ? a->device : kNoId;
  if (id == RuleId::kL7 || id == RuleId::kL8) b.client_broke_rules = true;
  report(b, e, &call, s);
}

AttachmentState* Engine::attachment_of(BufferState& b, const Event& e) {
  for (AttachmentState& a : b.attachments)
    if (a.id == e.attachment && e.attachment != kNoId) return &a;
  if (e.attachment == kNoId)
    for (AttachmentState& a : b.attachments)
      if (a.device == e.device && e.device != kNoId) return &a;
  return nullptr;
}

void Engine::on_core_call(BufferState& b, const Event& e) {
  if (e.phase == Phase::kReturn) {
    const auto it = std::find_if(b.calls.begin(), b.calls.end(), [&](const OpenCall& c) {
      return c.kind == e.kind && (e.call != kNoId ? c.call == e.call : c.task == e.task);
    });
    OpenCall call = it != b.calls.end() ? *it : open_call(e);
    if (it != b.calls.end()) {
      // What happens at the return still is inside the call, but its device suspension ends with it.
      b.calls.erase(it);
      b.agents_stale = true;
    }
    leave(b, e, call);
    return;
  }
  for (OpenCall& other : b.calls)
    if (other.task != e.task) other.overlapped_by = e.task;
  OpenCall call = open_call(e);
  for (const OpenCall& other : b.calls)
    if (other.task != e.task) call.overlapped_by = other.task;
  enter(b, e, call);
  b.agents_stale = true;
  if (e.phase == Phase::kEnter) b.calls.push_back(call);
  else leave(b, e, call);
}

void Engine::enter(BufferState& b, const Event& e, OpenCall& call) {
  switch (call.kind) {
    case EventKind::kUnmap: return on_unmap(b, e, call);
    case EventKind::kDetach: return on_detach(b, e, call);
    case EventKind::kRelease: return on_release(b, e, call);
    case EventKind::kEndCpuAccess: return on_window_closing(b, call);
    case EventKind::kMoveNotify:
      step(b, e, call, nullptr, {});
      for (AttachmentState& a : b.attachments) {
        const model::Row* row = nullptr;
        a.lifetime = model::step_attachment(a.lifetime, at(kEvents, "move_notify"), &row);
        if (options_.fired && row != nullptr) options_.fired(*row);
      }
      return;
    default: break;
  }
  if (!acts_on_return(call.kind)) step(b, e, call, attachment_of(b, e), {});
}

void Engine::leave(BufferState& b, const Event& e, OpenCall& call) {
  switch (call.kind) {
    case EventKind::kAttach:
      if (e.ok()) on_attach(b, e, call);
      break;
    case EventKind::kMap: return on_mapped(b, e, call);
    case EventKind::kBeginCpuAccess: return on_window_opened(b, e, call);
    case EventKind::kEndCpuAccess: return on_window_closed(b, e, call);
    case EventKind::kRelease: b.release_returned = e.phase == Phase::kReturn; break;
    default:
      if (!acts_on_return(call.kind)) break;
      {
        model::Call what;
        what.failed = !e.ok();
        step(b, e, call, attachment_of(b, e), what);
      }
      if (call.kind == EventKind::kMmap && e.ok()) b.cpu_was_mapped = true;
      break;
  }
  b.agents_stale = true;
}

void Engine::on_attach(BufferState& b, const Event& e, OpenCall& call) {
  AttachmentState a;
  a.id = e.attachment;
  a.device = e.device;
  step(b, e, call, &a, {});
  b.attachments.push_back(a);
}

void Engine::on_detach(BufferState& b, const Event& e, OpenCall& call) {
  AttachmentState* a = attachment_of(b, e);
  AttachmentState older;
  older.complete = false;
  older.lifetime.state = at(kStates, "Attached");
  step(b, e, call, a != nullptr ? a : &older, {});
  if (a != nullptr) b.attachments.erase(b.attachments.begin() + (a - b.attachments.data()));
}

void Engine::forget_failed_map(BufferState& b, const OpenCall& call) {
  if (call.call == kNoId) return;
  std::erase_if(b.mappings, [&](const MappingState& m) {
    if (m.call != call.call) return false;
    devices_->unlearn(m.device);
    return true;
  });
}

void Engine::on_mapped(BufferState& b, const Event& e, OpenCall& call) {
  b.agents_stale = true;
  if (!e.ok()) forget_failed_map(b, call);
  AttachmentState* a = attachment_of(b, e);
  if (a == nullptr) {
    AttachmentState older;
    older.id = e.attachment;
    older.device = e.device;
    older.complete = false;
    older.lifetime.state = at(kStates, "Attached");
    std::uint16_t& attached = b.world.v[at(kFields, "attached")];
    attached = static_cast<std::uint16_t>(attached + (attached == 0xffff ? 0 : 1));
    b.attachments.push_back(older);
    a = &b.attachments.back();
  }
  model::Call what;
  what.failed = !e.ok();
  step(b, e, call, a, what);
  if (!e.ok()) return;
  const auto dir = static_cast<std::size_t>(call.dir);
  if (dir < a->maps.size() && a->maps[dir] != 0xffff) ++a->maps[dir];
  if (!b.devices_suspended()) activate_device(b, e, call, *a);
}

void Engine::on_unmap(BufferState& b, const Event& e, OpenCall& call) {
  AttachmentState* a = attachment_of(b, e);
  AttachmentState older;
  older.complete = false;
  if (a == nullptr) {
    // An attach that was seen and is not among the live ones was detached.
    const auto& known = directory_->attachments;
    older.complete = e.attachment < known.size() && known[e.attachment].attach_seen;
    step(b, e, call, &older, {});
    return;
  }
  b.last_unmapped_device = a->device;
  auto dir = static_cast<std::size_t>(call.dir);
  if (a->is_mapped() && a->complete && b.complete && (dir >= a->maps.size() || a->maps[dir] == 0)) {
    Suspicion s;
    s.rules.add(RuleId::kL3);
    s.line = call.line;
    s.device = a->device;
    report(b, e, &call, s);
    call.refused_direction = true;
  }
  for (std::size_t i = 0; i < a->maps.size() && (dir >= a->maps.size() || a->maps[dir] == 0); ++i)
    if (a->maps[i] > 0) dir = i;
  if (dir < a->maps.size() && a->maps[dir] > 0) --a->maps[dir];
  step(b, e, call, a, {});
}

void Engine::on_window_opened(BufferState& b, const Event& e, OpenCall& call) {
  model::Call what;
  what.failed = !e.ok();
  what.window_nested = std::any_of(b.windows.begin(), b.windows.end(),
                                   [&](const Window& w) { return w.task == call.task && !w.closing; });
  step(b, e, call, nullptr, what);
  b.agents_stale = true;
  if (!e.ok()) return activate_all_devices(b, e, call);
  Window w;
  w.dir = call.dir;
  w.task = call.task;
  w.range = call.range;
  b.windows.push_back(w);
  b.last_unmapped_device = kNoId;
  activate_cpu(b, e, call, call.dir);
}

void Engine::on_window_closing(BufferState& b, OpenCall& call) {
  const auto closes = [&](bool same_task, bool same_dir, bool same_range = false) {
    for (Window& w : b.windows) {
      if (w.closing || (same_task && w.task != call.task) || (same_dir && w.dir != call.dir)) continue;
      if (same_range && w.range != call.range) continue;
      w.closing = true;
      w.closing_call = call.call;
      return true;
    }
    return false;
  };
  if (!closes(true, true, true) && !closes(true, true) && !closes(false, true) && !closes(true, false))
    closes(false, false);
}

void Engine::on_window_closed(BufferState& b, const Event& e, OpenCall& call) {
  const auto it = std::find_if(b.windows.begin(), b.windows.end(),
                               [&](const Window& w) { return w.closing && w.closing_call == call.call; });
  model::Call what;
  what.failed = !e.ok();
  what.window_matches = it != b.windows.end() && it->dir == call.dir;
  step(b, e, call, nullptr, what);
  b.agents_stale = true;
  if (it == b.windows.end()) return;
  if (!e.ok()) {
    it->closing = false;
    return;
  }
  b.windows.erase(it);
  activate_all_devices(b, e, call);
}

void Engine::on_release(BufferState& b, const Event& e, OpenCall& call) {
  const bool again = b.released;
  step(b, e, call, nullptr, {});
  if (again) return;
  b.released = true;
  b.release_line = call.line;
  b.release_task = e.task;
  b.attachments.clear();
  b.windows.clear();
  close_sums(b);
  await_leaks(b);
}

}  // namespace custody::checker
