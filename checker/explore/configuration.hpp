// SPDX-License-Identifier: BSD-2-Clause
// What a search explores: whom the contract serves, how many devices of which kind, how large lines are.
#pragma once

#include <cstdint>
#include <string_view>

#include "checker/reach.hpp"
#include "model/architecture.hpp"

namespace custody::checker::explore {

/// Whom the contract serves. All but the first leave rules of the contract aside that drivers have been seen to leave
/// aside; their accesses are in time with those of the devices all the same, by fences or by plain order.
enum class Client : std::uint8_t {
  kLegal,          ///< brackets its accesses by windows, pairs them, and shares the buffer with readers only
  kOverlapping,    ///< tasks that know nothing of each other: they map, unmap and open windows across write windows
  kUnpaired,       ///< opens a window and may leave it open: devices go on, the CPU accesses while none is mapped
  kNeverBrackets,  ///< opens no window: the CPU accesses through mmap while no device is mapped
  kVmap,           ///< opens no window: a driver in the kernel that accesses between vmap and vunmap
};
inline constexpr Client kClients[] = {Client::kLegal, Client::kOverlapping, Client::kUnpaired, Client::kNeverBrackets,
                                      Client::kVmap};
/// `legal`, `overlapping`, `unpaired`, `never-brackets`, `vmap`.
[[nodiscard]] std::string_view name_of(Client client);
/// What it does, for people.
[[nodiscard]] std::string_view says(Client client);

/// What is explored.
struct Configuration {
  unsigned devices = 2;   ///< at most kMaxDevices
  unsigned coherent = 0;  ///< so many of them snoop: the last ones
  unsigned bounced = 0;   ///< so many reach the buffer through copies only: those before the coherent ones
  /// Of a contract whose syncs cover ranges: bytes of a line of the CPU cache and of the devices, 64 or 128. The buffer
  /// that is followed has 128 bytes, and windows over the first 64, the second 64 and all of them.
  unsigned cpu_line = 64, device_line = 64;
  unsigned windows = 1;        ///< open at a time, at most 2
  bool failing_begins = true;  ///< begin_cpu_access may fail after the exporter's syncs
  bool in_turn = false;        ///< the client never has devices mapped together that reach the buffer in different ways
  Client client = Client::kLegal;
  const model::ArchProfile* arch = model::find_arch(model::kDefaultArch);

  [[nodiscard]] bool snoops(unsigned device) const { return arch->all_coherent || device >= devices - coherent; }
  [[nodiscard]] bool bounces(unsigned device) const {
    const unsigned end = devices - coherent;
    return device < end && device >= end - bounced;
  }
  /// It reaches memory itself, beside the caches.
  [[nodiscard]] bool is_plain(unsigned device) const { return !snoops(device) && !bounces(device); }
  /// `cached`: cache lines may hold the buffer.
  [[nodiscard]] Reach reach_of(unsigned device, bool cached = true) const {
    return checker::reach_of(bounces(device), snoops(device), cached);
  }
};
inline constexpr unsigned kMaxDevices = 6;

}  // namespace custody::checker::explore
