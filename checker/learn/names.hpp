// SPDX-License-Identifier: BSD-2-Clause
// The facts and events that a learner treats apart.
#pragma once

#include "model/facts.hpp"
#include "model/vocabulary.hpp"

namespace custody::checker::learn {

/// Notes that the driver's own DMA calls show.
inline constexpr model::Id kOwnMapping = model::at(model::kFacts, "own_mapping"),
                           kKept = model::at(model::kFacts, "kept");
/// Notes that only what a driver does later can show.
inline constexpr model::Id kDirty = model::at(model::kFacts, "cpu_dirty"),
                           kStale = model::at(model::kFacts, "cpu_stale");
inline constexpr model::Id kExport = model::at(model::kEvents, "export"), kAttach = model::at(model::kEvents, "attach"),
                           kDetach = model::at(model::kEvents, "detach"), kMap = model::at(model::kEvents, "map"),
                           kUnmap = model::at(model::kEvents, "unmap"),
                           kBegin = model::at(model::kEvents, "begin_cpu_access"),
                           kEnd = model::at(model::kEvents, "end_cpu_access"),
                           kVmap = model::at(model::kEvents, "vmap"), kVunmap = model::at(model::kEvents, "vunmap"),
                           kMmap = model::at(model::kEvents, "mmap"), kMunmap = model::at(model::kEvents, "munmap"),
                           kRelease = model::at(model::kEvents, "release");

}  // namespace custody::checker::learn
