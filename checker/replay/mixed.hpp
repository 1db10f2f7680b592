// SPDX-License-Identifier: BSD-2-Clause
// Part of the rules room: devices that use a buffer together although no sync can lie between their accesses (M11).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checker/reach.hpp"
#include "checker/replay/custody.hpp"
#include "checker/replay/device_table.hpp"
#include "model/on_demand.hpp"

namespace custody::checker::replay {

struct Rooms;
struct BufferState;

/// `cached`: cache lines may hold the buffer.
[[nodiscard]] inline Reach reach_of(const DeviceState& device, bool cached = true) {
  return checker::reach_of(device.bounced, device.snoops(), cached);
}

/// What was said of one buffer and is not said again. Bounded: past `kMost` nothing new is.
class ToldOnce {
 public:
  void begin() {
    if (told_.exists()) told_.get()->clear();
  }
  /// True the first time that it is asked for these two, in this order.
  bool tell(std::uint32_t one, std::uint32_t other);
  /// Appends what was told, comparable.
  void append_to(std::string& out) const;
  [[nodiscard]] bool empty() const { return !told_.exists() || told_.get()->empty(); }
  /// Something was said of it.
  [[nodiscard]] bool names(std::uint32_t one) const;

 private:
  static constexpr std::size_t kMost = 64;
  model::OnDemand<std::vector<std::pair<std::uint32_t, std::uint32_t>>> told_;
};

/// What of an importer's hazards comes from devices that are active beside it and reach the buffer in another way: M11
/// says it, and no hand-over can be blamed for it.
struct Excused {
  bool stale = false;   ///< one writes memory behind the cache
  bool dirty = false;   ///< one writes the cache, and leaves it dirty
  bool copies = false;  ///< one of the two is behind a copy, and one writes
};
[[nodiscard]] Excused excused_of(Rooms& rooms, BufferState& b, std::size_t importer);

/// Says M11 of each pair of active importers that is new; of many, of each pair of those that stand for all, and of
/// `newest` beside them: a place, or kNobody. `call`: around the event, or the event's own; null: none.
void judge_mixed(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall* call,
                 std::size_t newest = model::kNobody);

}  // namespace custody::checker::replay
