// SPDX-License-Identifier: BSD-2-Clause
// The belief room: what the caches may hold of one buffer, if everybody keeps the rules and in the worst case.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "checker/hindsight/settle.hpp"
#include "checker/hindsight/subset.hpp"
#include "checker/lines/line_map.hpp"
#include "checker/replay/agents.hpp"
#include "checker/replay/place.hpp"
#include "model/coherence.hpp"

namespace custody::checker::replay {

/// One contract belief, or one for each line from the first event on that concerns a part of the buffer. While a device
/// is only likely to snoop, a second one is kept for the case that it does not: the belief is forked. After a finding
/// the contract belief is settled as if the sync had been made; the worst case never is.
class BufferBelief {
 public:
  /// A new buffer of `size` bytes (0: unknown). `start` is closed. `known`: nothing else can have happened before.
  void begin(model::Belief start, bool known, std::uint64_t size);
  /// Events were lost: nothing is known, and nobody is accused.
  void lose();

  /// Everything that these agents may do, and the hardware on its own, may have happened. `windows`: in which the CPU
  /// may write parts. `complete`: else the worst case stays anything.
  void advance(const Agents& agents, const model::Custody* custody, bool complete);
  /// The access certainly happened, to the whole range.
  void perform(model::Access access, lines::ByteRange range);
  /// A bounce copy wrote the buffer through the cache. In the worst case it did not reach all of it.
  void copy_in();
  /// The operation ran. Where it can lose data, the contract belief is settled as if it had written back first.
  void operate(const hindsight::DriverOperation& driver, const OperationPlace& place);
  /// After a finding: what a correct sync would have left.
  void settle(hindsight::Settlement by, lines::ByteRange range);

  /// The lines are told apart from here on.
  void tell_lines_apart(const lines::CacheLines& cache);
  [[nodiscard]] bool has_lines() const { return lines_.has_value(); }
  /// A device turned out to be likely to snoop.
  void fork();
  /// The fork is decided. `snoops`: the contract belief was right, and the other one is dropped.
  void join(bool snoops);
  [[nodiscard]] bool is_forked() const { return forked_; }

  /// Some line of the range may be in a state in which the access is a hazard.
  [[nodiscard]] bool meets(model::Access access, lines::ByteRange range = {});
  [[nodiscard]] bool can_lose(model::Operation op, const OperationPlace& place);
  /// In no state of the contract belief, nor of its fork, does the operation change what anybody can see.
  [[nodiscard]] bool has_no_effect(model::Operation op, const OperationPlace& place);
  /// The same in the worst case.
  [[nodiscard]] bool proves_no_effect(model::Operation op) const { return model::has_no_effect(op, worst_); }

  /// What any line may hold.
  [[nodiscard]] model::Belief contract() const { return contract_; }
  [[nodiscard]] model::Belief if_not_coherent() const { return if_not_coherent_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  void advance_lines(model::AccessSet whole, const model::Custody* custody);

  std::uint64_t size_ = 0;
  model::Belief contract_, worst_;
  std::optional<lines::LineMap> lines_;
  bool forked_ = false;
  model::Belief if_not_coherent_;
};

}  // namespace custody::checker::replay
