// SPDX-License-Identifier: BSD-2-Clause
// A small world in which documents find out what a contract comes to: a buffer, a few devices, one client, and every
// call that the client can make.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "spec/contract_run.hpp"

namespace custody::spec::document {

/// The devices of a world. The last one snoops, and takes part only where clauses tell such devices apart.
inline constexpr std::size_t kDevices = 3;
inline constexpr std::uint32_t kSnoopingDevice = 2;

/// Where a buffer is: the lifetime's records and the exporter's notes.
struct Situation {
  model::Custody custody;
  model::Notes notes;
  std::array<std::uint8_t, kDevices> kept{};  ///< code of the table that is kept of each device's attachment

  /// Equal where no guard and no later call tells two situations apart.
  [[nodiscard]] std::string key() const;
  /// What is to be given back before the buffer can go: attachments, maps, pins, windows, users of CPU mappings.
  [[nodiscard]] std::size_t open_records() const;
};

/// Runs a contract on situations. The contract must outlive it.
class World {
 public:
  /// Directions in which devices map and windows open: those that make a difference under the contract.
  explicit World(const Contract& contract);
  /// The same with these directions, and with `devices` plain ones.
  World(const Contract& contract, const std::vector<model::Direction>& directions, std::uint32_t devices);

  /// Every call there is, possible or not, in the order of model::kEvents.
  [[nodiscard]] const std::vector<model::Call>& calls() const { return calls_; }
  [[nodiscard]] ContractAnswer foresee(const Situation& situation, const model::Call& call) const;
  /// After a call that succeeds.
  [[nodiscard]] Situation after(const Situation& situation, const model::Call& call) const;
  [[nodiscard]] const Contract& contract() const { return contract_; }

 private:
  void add_calls(const std::vector<model::Direction>& mapped, const std::vector<model::Direction>& opened);
  void add(std::string_view event, std::uint32_t device, model::Direction dir);

  const Contract& contract_;
  std::vector<std::uint32_t> devices_;
  std::vector<model::Call> calls_;
};

/// Both the machines and the clauses let the call be.
[[nodiscard]] inline bool is_legal(const ContractAnswer& answer) {
  return answer.step.owner != nullptr && answer.step.refusal() == nullptr && answer.refusing() == nullptr;
}

/// An unmap of a direction in which its attachment is not mapped, while it is in another one (L2): the machines let it
/// be, and nobody should do it.
[[nodiscard]] bool misnames_direction(const Situation& situation, const model::Call& call);

/// Calls `visit` for each call in each situation that legal calls lead to, nearest first, as long as no more than
/// `most_records` are open at a time. Illegal calls are visited and lead nowhere; an
/// unmap of the wrong direction is left out.
using Visit = std::function<void(const Situation& at, const model::Call& call, const ContractAnswer& answer)>;
void explore(const World& world, std::size_t most_records, const Visit& visit);

/// The shortest way to where an exploration is: the calls since the start. To be asked for where it is needed.
using WayHere = std::function<std::vector<model::Call>()>;
using VisitOnWay =
    std::function<void(const Situation& at, const model::Call& call, const ContractAnswer& answer, const WayHere& way)>;
/// The same with ways, and only through calls that `may_go` lets be.
using MayGo = bool (*)(const Situation& at, const model::Call& call);
void explore_ways(const World& world, std::size_t most_records, MayGo may_go, const VisitOnWay& visit);

}  // namespace custody::spec::document
