// SPDX-License-Identifier: BSD-2-Clause
// How two contracts differ: in policies and clauses, in the calls that they accept, in what they sync.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker::review {

/// A policy whose value is not the same in both; `memory` is one of them here.
struct PolicyDifference {
  std::string name, first, second;
};
[[nodiscard]] std::vector<PolicyDifference> compare_policies(const spec::Contract& first, const spec::Contract& second);

/// A part of a clause that is not the same in both, in the words of a contract file; lists are joined by a comma and a
/// blank.
struct ColumnDifference {
  std::string column;  ///< `on`, `if`, `do`, `then` or `refuse`
  std::string first, second;
};

/// A clause that is not the same in both.
struct ClauseDifference {
  enum class Kind : std::uint8_t { kOnlyFirst, kOnlySecond, kChanged } kind{};
  std::string name;
  std::string on;                         ///< its calls, of the second's clause, or of the first's where it has none
  std::vector<ColumnDifference> columns;  ///< of a changed clause those that differ; else all that say anything
  std::string because;                    ///< of the clause that `on` is of
};
/// Clauses by name, in the order of the first contract and then of the second.
[[nodiscard]] std::vector<ClauseDifference> compare_clauses(const spec::Contract& first, const spec::Contract& second);

/// A shortest sequence of client calls whose last one tells the contracts apart.
struct Distinction {
  std::vector<explore::Label> labels;
  /// What each syncs in the last call, in order; empty where the call is not accepted.
  std::vector<std::string> first_syncs, second_syncs;
};

/// By the sequences of calls that they accept, up to the bound of the configuration.
enum class Relation : std::uint8_t {
  kEqual,
  kRefines,  ///< the first accepts less
  kExtends,  ///< the first accepts more
  kIncomparable,
};
[[nodiscard]] std::string_view name_of(Relation r);

inline constexpr std::size_t kMostPairs = 1000000;

struct Difference {
  Relation relation = Relation::kEqual;
  std::optional<Distinction> only_first, only_second;  ///< a call that one accepts and the other refuses
  std::optional<Distinction> syncs;                    ///< accepted by both, with other syncs
  std::uint64_t pairs = 0;                             ///< of states that were compared
  bool complete = true;                                ///< false: there were more than kMostPairs
};

/// Both systems have the same configuration. Explores the calls that both accept, breadth first, and not beyond those
/// that let devices use the buffer together between which no sync can lie (M11).
[[nodiscard]] Difference compare_calls(const explore::System& first, const explore::System& second);

}  // namespace custody::checker::review
