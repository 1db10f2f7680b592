// SPDX-License-Identifier: BSD-2-Clause
// Steps the lifetime machines of one buffer.
#include "checker/replay/custody_machine.hpp"

#include "model/step.hpp"

namespace custody::checker {

using model::at;
using model::kEvents;
using model::kFields;
using model::kStates;
using traces::EventKind;

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

model::World older(const CustodyTerms& terms, std::size_t attached) {
  model::World world = terms.fresh;
  world.state = at(kStates, "NonOwnedBacked");
  world.v[at(kFields, "exported")] = 1;
  world.v[at(kFields, "bracketed")] = 1;
  world.v[at(kFields, "attached")] = static_cast<std::uint16_t>(attached);
  return world;
}

}  // namespace

model::Attachment unseen_attachment() { return {at(kStates, "Attached"), {}}; }

void CustodyMachine::begin(const CustodyTerms& terms, bool export_seen) {
  world_ = export_seen ? terms.fresh : older(terms, 0);
}

void CustodyMachine::lose(const CustodyTerms& terms, std::size_t attachments) { world_ = older(terms, attachments); }

void CustodyMachine::count_unseen() {
  constexpr std::uint16_t kMost = 0xffff;
  std::uint16_t& attached = world_.v[at(kFields, "attached")];
  if (attached != kMost) ++attached;
}

const model::Row* CustodyMachine::step(const CustodyTerms& terms, EventKind kind, const StepFacts& facts,
                                       model::Attachment& own) {
  model::Call what;
  what.event = machine_event(kind);
  what.failed = facts.failed;
  what.window_matches = facts.window_matches;
  what.window_nested = facts.window_nested;
  const model::Outcome outcome = model::step(world_, own, what);
  world_ = outcome.world;
  own = outcome.attachment;
  if (terms.fired)
    for (const model::Row* row : {outcome.buffer_row, outcome.attachment_row})
      if (row != nullptr) terms.fired(*row);
  return outcome.refusal();
}

void move_attachment(const CustodyTerms& terms, model::Attachment& attachment) {
  const model::Row* row = nullptr;
  attachment = model::step_attachment(attachment, at(kEvents, "move_notify"), &row);
  if (terms.fired && row != nullptr) terms.fired(*row);
}

bool is_invalidated(const model::Attachment& attachment) { return attachment.get(at(kFields, "own_invalidated")) != 0; }

}  // namespace custody::checker
