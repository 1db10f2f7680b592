// SPDX-License-Identifier: BSD-2-Clause
// What each room keeps of one live buffer.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

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

/// Who may do what to the buffer, as far as it is known.
struct KnownAgents {
  Agents now;               ///< as of the last change; made again where they are stale
  bool stale = true;        ///< something of the buffer changed
  std::uint32_t known = 0;  ///< `Rooms::devices_settled` as of `now`
};

/// What was said of one buffer.
struct Told {
  ToldOnce mixed;    ///< M11, by the two devices
  ToldOnce watched;  ///< hazards of agents that were active already, by device and rule
};

struct BufferState {
  bool exists = false;
  std::uint32_t id = 0;  ///< the trace's
  std::uint32_t generation = 0;
  CustodyAccount custody;
  Mappings mappings;
  KnownAgents agents;
  Heard heard;
  BufferBelief belief;
  Evidence evidence;
  Doubts doubts;
  Told told;
  Account account;
  History history;
  WindowWatch windows;
  std::unique_ptr<LateHandOver> late;  ///< null: none
};

/// The buffers of a trace, by id. None moves when another one appears.
class Buffers {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  /// `id` is below `size()`.
  [[nodiscard]] BufferState& operator[](std::uint32_t id) { return (*shelves_[id / kShelf])[id % kShelf]; }
  /// The same of any id: room is made for it.
  [[nodiscard]] BufferState& of(std::uint32_t id) {
    if (id >= size_) grow(id);
    BufferState& b = (*this)[id];
    b.history.fetch();
    return b;
  }
  /// Of any id; asks for the memory of its state, all of it at once. Where a thousand buffers live, each event is of
  /// one that was last looked at long ago, and its rooms would wait for one piece of it after another.
  void fetch(std::uint32_t id) const {
    constexpr std::size_t kPiece = 64;  // bytes that memory gives at once
    if (id >= size_) return;
    const auto* const begin = reinterpret_cast<const char*>(&(*shelves_[id / kShelf])[id % kShelf]);
    for (std::size_t at = 0; at < sizeof(BufferState); at += kPiece) __builtin_prefetch(begin + at);
  }

 private:
  static constexpr std::uint32_t kShelf = 16;
  using Shelf = std::array<BufferState, kShelf>;

  [[gnu::noinline]] void grow(std::uint32_t id) {
    while (id / kShelf >= shelves_.size()) shelves_.push_back(std::make_unique<Shelf>());
    size_ = id + std::size_t{1};
  }

  std::size_t size_ = 0;
  std::vector<std::unique_ptr<Shelf>> shelves_;
};

/// More slots of bounced devices came together on the buffer than are told apart: it is not judged.
inline void note_many_copies(BufferState& b) {
  b.evidence.many_copies = true;
  b.doubts.note(JudgedReason::kManyCopies);
}

}  // namespace custody::checker::replay
