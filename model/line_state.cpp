// SPDX-License-Identifier: BSD-2-Clause
// One cache line and its memory, part by part: for a line that is not always handled as a whole.
#include "model/line_state.hpp"

namespace custody::model {

namespace {

using Presence = LineState::Presence;

/// Writes a dirty line back; true where that overwrites newer memory.
bool write_back(LineState& s) {
  const bool loses = (s.line_old & ~s.memory_old) != 0;
  s.memory_old = s.line_old;
  s.presence = Presence::kClean;
  return loses;
}

void drop(LineState& s) {
  s.presence = Presence::kAbsent;
  s.line_old = 0;
}

/// What a write through the cache leaves: the written parts are the newest, in the line only.
void write_through_cache(LineState& s, PartMask written) {
  rewrite(written, s);
  s.memory_old |= written;
}

}  // namespace

LineState moved(LineState s) {
  switch (s.presence) {
    case Presence::kAbsent:
      s.presence = Presence::kClean;
      s.line_old = s.memory_old;
      break;
    case Presence::kClean: drop(s); break;
    case Presence::kDirty: write_back(s); break;
  }
  return s;
}

void rewrite(PartMask touched, LineState& s) {
  s.line_old = s.stale() & ~touched;
  s.presence = Presence::kDirty;
}

bool operate(Operation op, LineState& s) {
  bool loses = false;
  const bool dirty = s.presence == Presence::kDirty;
  if ((op == Operation::kClean || op == Operation::kCleanInvalidate) && dirty) loses = write_back(s);
  if (op == Operation::kInvalidate) loses = dirty && (s.memory_old & ~s.line_old) != 0;
  if (op == Operation::kInvalidate || op == Operation::kCleanInvalidate) drop(s);
  return loses;
}

bool access(Access what, PartMask touched, PartMask all, LineState& s) {
  switch (what) {
    case Access::kCpuRead:
    case Access::kCoherentRead: return (s.stale() & touched) != 0;
    case Access::kDeviceRead: return (s.memory_old & touched) != 0;
    case Access::kCpuWrite: {
      const bool hides = (s.stale() & all & ~touched) != 0;
      write_through_cache(s, touched);
      return hides;
    }
    case Access::kCoherentWriteDirty: write_through_cache(s, touched); return false;
    case Access::kCpuWritePart: {
      // Of each part only a piece: what else the part holds stays as old as it was.
      const bool stale = (s.stale() & touched) != 0;
      if (stale) s.line_old = s.stale();
      else write_through_cache(s, touched);
      s.presence = Presence::kDirty;
      return stale;
    }
    case Access::kDeviceWrite: {
      s.memory_old &= ~touched;
      if (s.presence != Presence::kAbsent) s.line_old |= touched;
      return s.presence == Presence::kDirty;
    }
    case Access::kCoherentWrite: {
      // The snoop takes the line; what of it was not overwritten goes to memory.
      if (s.presence == Presence::kDirty) write_back(s);
      drop(s);
      s.memory_old &= ~touched;
      return false;
    }
  }
  return false;
}

}  // namespace custody::model
