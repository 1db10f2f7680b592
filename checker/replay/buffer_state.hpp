// SPDX-License-Identifier: BSD-2-Clause
// What each room keeps of one live buffer.
#pragma once

#include <cstdint>
#include <memory>

#include "checker/replay/accounts.hpp"
#include "checker/replay/advice.hpp"
#include "checker/replay/belief.hpp"
#include "checker/replay/custody.hpp"
#include "checker/replay/doubts.hpp"
#include "checker/replay/evidence.hpp"
#include "checker/replay/history.hpp"
#include "checker/replay/mappings.hpp"
#include "checker/replay/mixed.hpp"
#include "checker/replay/news.hpp"

namespace custody::checker::replay {

/// A hand-over to an importer that may sync for itself: what is missing is told with the buffer's next event.
struct LateHandOver {
  CallStep step;
  traces::Event event;
  History history;  ///< before the event
};

struct BufferState {
  bool exists = false;
  std::uint32_t generation = 0;
  CustodyAccount custody;
  Mappings mappings;
  Agents agents;  ///< as of the last change; made again where `agents_stale`
  bool agents_stale = true;
  std::uint64_t agents_settled = 0;  ///< `Rooms::devices_settled` as of `agents`
  Heard heard;
  BufferBelief belief;
  Evidence evidence;
  Doubts doubts;
  ToldOnce mixed;    ///< M11, by the two devices
  ToldOnce watched;  ///< hazards of agents that were active already, by device and rule
  Account account;
  History history;
  WindowWatch windows;
  std::unique_ptr<LateHandOver> late;  ///< null: none
};

}  // namespace custody::checker::replay
