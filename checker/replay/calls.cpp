// SPDX-License-Identifier: BSD-2-Clause
// The calls of a trace in the machines' words.
#include "checker/replay/calls.hpp"

namespace custody::checker::replay {

using model::at;
using model::kEvents;
using traces::EventKind;

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

}  // namespace custody::checker::replay
