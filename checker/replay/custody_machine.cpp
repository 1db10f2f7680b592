// SPDX-License-Identifier: BSD-2-Clause
// Steps the lifetime machines of one buffer.
#include "checker/replay/custody_machine.hpp"

#include <algorithm>

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

/// An attachment that is older than the trace.
constexpr model::Attachment kAttached{at(kStates, "Attached"), {}};

model::World older(const CustodyTerms& terms, std::size_t attached) {
  model::World world = terms.fresh;
  world.state = at(kStates, "NonOwnedBacked");
  world.v[at(kFields, "exported")] = 1;
  world.v[at(kFields, "bracketed")] = 1;
  world.v[at(kFields, "attached")] = static_cast<std::uint16_t>(attached);
  return world;
}

}  // namespace

void CustodyMachine::begin(const CustodyTerms& terms, bool export_seen) {
  world_ = export_seen ? terms.fresh : older(terms, 0);
  attachments_.clear();
}

void CustodyMachine::lose(const CustodyTerms& terms) {
  world_ = older(terms, attachments_.size());
  std::fill(attachments_.begin(), attachments_.end(), kAttached);
}

void CustodyMachine::add_unseen() {
  constexpr std::uint16_t kMost = 0xffff;
  attachments_.push_back(kAttached);
  std::uint16_t& attached = world_.v[at(kFields, "attached")];
  if (attached != kMost) ++attached;
}

const model::Row* CustodyMachine::step(const CustodyTerms& terms, EventKind kind, const StepFacts& facts,
                                       std::size_t place) {
  model::Call what;
  what.event = machine_event(kind);
  what.failed = facts.failed;
  what.window_matches = facts.window_matches;
  what.window_nested = facts.window_nested;
  model::Attachment passing = place == kUnseen ? kAttached : model::Attachment{};
  model::Attachment& own = place < attachments_.size() ? attachments_[place] : passing;
  const model::Outcome outcome = model::step(world_, own, what);
  world_ = outcome.world;
  own = outcome.attachment;
  const auto tell = [&](const model::Row* row) {
    if (terms.fired && row != nullptr) terms.fired(*row);
  };
  tell(outcome.buffer_row);
  tell(outcome.attachment_row);
  if (kind == EventKind::kMoveNotify) {
    for (model::Attachment& each : attachments_) {
      const model::Row* row = nullptr;
      each = model::step_attachment(each, what.event, &row);
      tell(row);
    }
  }
  return outcome.refusal();
}

bool CustodyMachine::is_invalidated(std::size_t place) const {
  return attachments_[place].get(at(kFields, "own_invalidated")) != 0;
}

bool CustodyMachine::is_kernel_mapped() const { return world_.get(at(kFields, "kernel_mappings")) > 0; }

}  // namespace custody::checker
