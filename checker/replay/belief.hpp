// SPDX-License-Identifier: BSD-2-Clause
// The belief room: what the caches may hold of one buffer, if everybody keeps the rules and in the worst case.
#pragma once

#include <cstdint>
#include <string>

#include "checker/replay/contract_belief.hpp"

namespace custody::checker::replay {

/// The contract belief as mended: after a finding it is settled as if the sync had been made, so that the next missing
/// one is judged by itself. From then on the actual one, in which nothing was mended, is kept beside it, until nothing
/// tells them apart. While a device is only likely to snoop, another one is kept for the case that it does not: the
/// belief is forked. The worst case is never mended.
class BufferBelief {
 public:
  /// A new buffer of `size` bytes (0: unknown). `start` is closed. `known`: nothing else can have happened before.
  void begin(model::Belief start, bool known, std::uint64_t size);
  /// Events were lost: nothing is known, and nobody is accused.
  void lose();

  /// Everything that these agents may do, and the hardware on its own, may have happened. `windows`: in which the CPU
  /// may write parts. `complete`: else the worst case stays anything.
  void advance(const Agents& agents, const model::Custody* windows, bool complete);
  /// One of these accesses certainly happened, to the whole range. In the worst case a coherent write stays dirty.
  void perform(model::AccessSet either, lines::ByteRange range);
  /// A bounce copy wrote the buffer through the cache. In the worst case it did not reach all of it, or was of old
  /// data. `is_new`: it may have held something that the buffer did not; else what was stored is what was there.
  /// `may_be_old`: it may have been of old data in what really happened, which was told.
  void copy_in(bool is_new, bool may_be_old);
  /// The operation ran. Where it can lose data, the contract belief is settled as if it had written back first.
  void operate(const hindsight::DriverOperation& driver, const OperationPlace& place);
  /// After a finding: what a correct sync would have left.
  void settle(hindsight::Settlement by, lines::ByteRange range);
  /// What was found goes on: `settle_again` does the same after each advance, until it is told that it is over.
  void keep_settling(hindsight::Settlement by);
  void settle_again(bool over) { over ? void(kept_ = {}) : settle(kept_, {}); }
  [[nodiscard]] bool keeps_settling() const { return kept_.cleaned || kept_.invalidated; }

  /// The lines are told apart from here on.
  void tell_lines_apart(const lines::CacheLines& cache);
  /// What is kept of each line; null: they are not told apart.
  [[nodiscard]] const lines::LineMap* lines() const { return mended_.lines(); }
  /// A device turned out to be likely to snoop.
  void fork();
  /// The fork is decided. `snoops`: the contract belief was right, and the other one is dropped.
  void join(bool snoops);
  [[nodiscard]] bool is_forked() const { return forked_; }
  /// A finding was mended that still makes a difference: of an operation it is not told that nobody needed it.
  [[nodiscard]] bool is_mended() const { return actual_.exists(); }

  /// Some line of the range may be in a state in which the access is a hazard.
  [[nodiscard]] bool meets(model::Access access, lines::ByteRange range = {}) { return mended_.meets(access, range); }
  [[nodiscard]] bool can_lose(model::Operation op, const OperationPlace& place) { return mended_.can_lose(op, place); }
  /// In no state of the contract belief, mended, actual and forked, does the operation change what anybody can see.
  [[nodiscard]] bool has_no_effect(model::Operation op, const OperationPlace& place);
  /// The same in the worst case.
  [[nodiscard]] bool proves_no_effect(model::Operation op) const { return model::has_no_effect(op, worst_); }

  /// What any line may hold, as mended.
  [[nodiscard]] model::Belief contract() const { return mended_.any(); }
  [[nodiscard]] model::Belief if_not_coherent() const { return if_not_coherent_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Appends what it holds, comparable; of single lines only that they are told apart.
  friend void append_belief(const BufferBelief& belief, std::string& out);

 private:
  void forget_actual_if_same();
  void rewrite();

  std::uint64_t size_ = 0;
  ContractBelief mended_;
  hindsight::Settlement kept_;
  model::OnDemand<ContractBelief> actual_;  ///< where it is another one
  model::Belief worst_;
  bool forked_ = false;
  model::Belief if_not_coherent_;
};

}  // namespace custody::checker::replay
