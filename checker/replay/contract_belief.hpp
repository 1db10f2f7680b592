// SPDX-License-Identifier: BSD-2-Clause
// Part of the belief room: what the caches may hold if everybody keeps the rules, of a buffer or line by line.
#pragma once

#include "checker/hindsight/settle.hpp"
#include "checker/hindsight/subset.hpp"
#include "checker/lines/line_map.hpp"
#include "checker/replay/agents.hpp"
#include "checker/replay/place.hpp"
#include "model/coherence.hpp"
#include "model/on_demand.hpp"

namespace custody::checker::replay {

/// One belief of the whole buffer, or one for each line from `tell_lines_apart` on.
class ContractBelief {
 public:
  ContractBelief() = default;
  /// `start` is closed.
  explicit ContractBelief(model::Belief start) : any_(start) {}

  /// `windows`: in which the CPU may write parts; null: none.
  void advance(const Agents& agents, const model::Custody* windows);
  /// One of the accesses certainly happened, to the whole range; which, nobody knows.
  void perform(model::AccessSet either, lines::ByteRange range, bool whole);
  /// The processor stored what the whole buffer holds into it again.
  void rewrite();
  void operate(const hindsight::DriverOperation& driver, const OperationPlace& place);
  void settle(hindsight::Settlement by, lines::ByteRange range);

  void tell_lines_apart(const lines::CacheLines& cache, std::uint64_t size) {
    lines_.emplace(lines::LineMap(cache, size, any_));
  }
  /// What is kept of each line; null: they are not told apart.
  [[nodiscard]] const lines::LineMap* lines() const { return lines_.get(); }
  /// The whole buffer is `now`; of its single lines nothing is known.
  void replace(model::Belief now);

  [[nodiscard]] bool meets(model::Access access, lines::ByteRange range);
  [[nodiscard]] bool can_lose(model::Operation op, const OperationPlace& place);
  [[nodiscard]] bool has_no_effect(model::Operation op, const OperationPlace& place);
  /// What any line may hold.
  [[nodiscard]] model::Belief any() const { return any_; }
  /// Nothing tells the two apart. Of single lines that is not looked for.
  [[nodiscard]] bool is_same(const ContractBelief& other) const {
    return any_ == other.any_ && !lines_.exists() && !other.lines_.exists();
  }

 private:
  void advance_lines(model::AccessSet whole, const model::Custody* windows);

  model::Belief any_;
  model::OnDemand<lines::LineMap> lines_;
};

/// The belief after one of the accesses, closed. `whole`: else the access may have left lines as they were.
[[nodiscard]] model::Belief after_either(model::AccessSet either, model::Belief before, bool whole);

}  // namespace custody::checker::replay
