// SPDX-License-Identifier: GPL-2.0-only
// The client that is explored: which calls it may make next, and what it has after them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::drive {

/// How the client keeps the rules. The others each break one; those from kOverlapping on are the clients of `custody
/// check`, and driven only where they are named.
enum class Conduct : std::uint8_t {
  kLegal,
  kMapsTwice,
  kEndsTwice,
  kMapsInWindows,
  kOverlapping,
  kUnpaired,
  kNeverBrackets,
  kVmap
};
inline constexpr unsigned kConducts = 8;
/// The client of this name; nothing where there is none.
[[nodiscard]] std::optional<Conduct> conduct_of(std::string_view word);
/// All of them, `, ` between.
[[nodiscard]] std::string conduct_names();
/// Accesses the buffer without a window: its accesses are calls, and what breaks then is told, whoever owes it.
[[nodiscard]] inline bool accesses_without_window(Conduct conduct) { return conduct >= Conduct::kUnpaired; }
/// `legal`, `maps-twice`, ...
[[nodiscard]] std::string_view name(Conduct conduct);
/// For people: `a client that maps an attachment twice`.
[[nodiscard]] std::string_view says(Conduct conduct);

struct Call {
  enum class Kind : std::uint8_t {
    kExport,
    kAttach,
    kDetach,
    kMap,
    kUnmap,
    kBegin,
    kEnd,
    kVmap,
    kVunmap,
    kFinish,
    kMmap,
    kRead,  ///< of the CPU, without a window; so kWrite
    kWrite
  };
  static constexpr unsigned kKinds = 13;
  Kind kind = Kind::kAttach;
  std::uint8_t device = 0;
  model::Direction dir = model::Direction::kNone;
  /// Which of its requests fails, from 1 (an allocation or a dma_map); 0: none. Of a begin kInterrupted: its wait.
  std::uint8_t fails = 0;
  static constexpr std::uint8_t kInterrupted = 255;
  bool operator==(const Call&) const = default;
  [[nodiscard]] std::uint32_t code() const {
    return static_cast<std::uint32_t>(kind) | static_cast<std::uint32_t>(device) << 4U |
           static_cast<std::uint32_t>(dir) << 8U | static_cast<std::uint32_t>(fails) << 12U;
  }
};
/// The same back.
[[nodiscard]] Call call_of(std::uint32_t code);
/// `map gpu FROM_DEVICE`, `attach cam, its 2nd request fails`.
[[nodiscard]] std::string text_of(const Call& call, const std::vector<machine::Device>& devices);
/// The same back; nothing where the text is none, or names no device.
[[nodiscard]] std::optional<Call> parse_call(const std::string& text, const std::vector<machine::Device>& devices);
/// `begin_cpu_access` and so on, without device and direction.
[[nodiscard]] std::string_view name(Call::Kind kind);

/// What the client may do at most.
struct Limits {
  Conduct conduct = Conduct::kLegal;
  std::uint32_t windows = 2;
  bool in_turn = false;  ///< devices of different kinds are mapped together only to read, bounced ones never
};

/// What a client has. Comparable by its bytes.
struct Situation {
  struct Importer {
    bool attached = false;
    std::uint32_t attachment = 0;
    std::vector<model::Direction> maps;
  };
  std::vector<Importer> importers;
  std::vector<model::Direction> windows;
  std::vector<std::uint32_t> tasks;  ///< whose windows they are
  std::uint32_t buffer = 0;
  bool vmapped = false, mmapped = false;
  std::uint32_t pinned = 0;  ///< the task that makes every call; 0: the client's own
  std::uint8_t failed = 0;   ///< failures so far
  std::uint8_t broken = 0;   ///< how often the client broke its rule

  [[nodiscard]] bool may(const Call& call, const Limits& limits, const std::vector<machine::Device>& devices) const;
  [[nodiscard]] std::string bytes() const;
  /// The task that opens the next window.
  [[nodiscard]] std::uint32_t next_task() const;
};

/// Every call without failures, in one order.
[[nodiscard]] std::vector<Call> all_calls(std::size_t devices);

/// Makes the call and changes `s`; the result, 0 or a negative errno. `task`: who makes it.
int make(client::Client& client, Situation& s, const Call& call);
/// The calls that close windows, unmap and detach, in one order; `finish` (the release) last.
[[nodiscard]] std::vector<Call> closing_calls(const Situation& s);

}  // namespace custody::kernel_ref::drive
