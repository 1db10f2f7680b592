// SPDX-License-Identifier: BSD-2-Clause
// A contract as data: what an exporter does about caches, as values for the policies and clauses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/custody.hpp"
#include "spec/clause.hpp"

namespace custody::spec {

inline constexpr std::string_view kContractSchema = "custody.contract/2";
/// A longer file is refused.
inline constexpr std::size_t kMaxContractBytes = std::size_t{4} << 20U;
/// More clauses are refused: a search goes through the sets of those that can run together.
inline constexpr std::size_t kMaxClauses = 64;

/// The lifetime is the machines' (model/custody.hpp), under the contract's policies. Every clause whose guards hold
/// runs, in order, in a call that succeeds and has an effect; of a begin that fails the syncs run and the notes do not.
struct Contract {
  std::string name, title, source, base;
  std::string memory = "cached";  ///< or `write_combined`: no cache line ever holds the buffer
  model::Lifetime lifetime;
  std::vector<Clause> clauses;  ///< in the order in which they run

  [[nodiscard]] bool has_policy(std::string_view policy, std::string_view value) const {
    return lifetime.policies.is(policy, value);
  }
  /// Map and unmap carry DMA_ATTR_SKIP_CPU_SYNC whatever their clauses say.
  [[nodiscard]] bool skips_implicit() const { return has_policy("implicit_sync", "skip"); }
  /// What of a window its syncs cover: 0 the buffer, 1 its range, 2 the range in whole lines.
  [[nodiscard]] unsigned granularity() const {
    return has_policy("granularity", "buffer") ? 0 : has_policy("granularity", "ranges") ? 1 : 2;
  }
  /// Begins can be without effect.
  [[nodiscard]] bool has_idle_windows() const {
    return has_policy("cpu_unattached", "no_effect") || has_policy("cpu_unmapped", "no_effect");
  }
  /// Null where it has no clause of that name.
  [[nodiscard]] const Clause* find_clause(std::string_view clause) const;
  /// Some clause changes this note; others stay 0.
  [[nodiscard]] bool uses_note(model::Id fact) const;
  /// Some guard of a clause looks at the fact.
  [[nodiscard]] bool looks_at(model::Id fact) const;
};

/// The clauses that run where the machines answered `step` and its facts hold the notes too: those whose guards hold,
/// in order. Where one of them refuses, it alone.
[[nodiscard]] std::vector<const Clause*> clauses_of(const Contract& contract, model::Id event,
                                                    const model::Facts& facts);

/// Names of the contracts that are built in, in order.
[[nodiscard]] std::vector<std::string_view> contract_names();

/// The built-in contract of that name; empty where there is none.
[[nodiscard]] std::optional<Contract> find_contract(std::string_view name);

/// Reads a contract. `base` names a built-in contract, or a contract's file relative to this one, whose policies and
/// clauses are taken over; a clause of a name of the base's replaces that one, `null` takes it out. Throws SpecError
/// with file, JSON pointer, what was found and what is allowed: for what is no contract, unknown words, policies that
/// contradict each other, a clause that can never run.
[[nodiscard]] Contract read_contract(std::string_view json, const std::string& path);

/// Reads a change that is proposed to `base`: a contract, or a JSON Patch (RFC 6902; add, remove, replace and test) or
/// a merge patch (RFC 7386; an object without `schema`) on what `write_contract(base)` gives, in which clauses are
/// members by name. A patch that leaves the base's name makes a contract that is named after the file. Throws
/// SpecError, with the pointer into the patch where it does not apply: nothing of it is passed over.
[[nodiscard]] Contract read_proposal(const Contract& base, std::string_view json, const std::string& path);

/// The contract with all its policies and clauses and no base; reading that gives the same contract.
[[nodiscard]] std::string write_contract(const Contract& contract);

/// Where a clause is written; an empty name is the base.
struct ClauseLine {
  std::string clause;
  std::uint64_t line = 0;
};
/// The clauses that the text of a contract has itself, and its base, in the order of the text. Of text that is no JSON
/// those before what is wrong.
[[nodiscard]] std::vector<ClauseLine> clause_lines(std::string_view json);

/// What is wrong with a clause.
struct Flaw {
  std::string clause;   ///< its name
  std::string pointer;  ///< below the clause: `/if`, `/do/1`
  std::string says;
};
/// Nothing, or the first clause that names what its calls do not have, or can never run.
[[nodiscard]] std::optional<Flaw> flaw_of(const Contract& contract);

}  // namespace custody::spec
