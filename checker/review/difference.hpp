// SPDX-License-Identifier: BSD-2-Clause
// How two contracts differ: in their rows, in the calls that they accept, in what they sync, in what is safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/explore/search.hpp"

namespace custody::checker {

/// A column that is not the same in both, in the words of a contract file; lists are joined by a comma and a blank.
struct ColumnDifference {
  std::string column;  ///< `guards`, `syncs`, ...
  std::string first, second;
};

/// A row that is not the same in both.
struct RowDifference {
  enum class Kind : std::uint8_t { kOnlyFirst, kOnlySecond, kChanged } kind{};
  std::string id;
  std::string cell;                       ///< `state x event`, of the second's row, or of the first's where it has none
  std::vector<ColumnDifference> columns;  ///< of a changed row those that differ; else all that say anything
  std::string why;                        ///< of the row that `cell` is of
};
/// Rows and refusals by id, in the order of the first contract and then of the second.
[[nodiscard]] std::vector<RowDifference> compare_rows(const spec::Contract& first, const spec::Contract& second);

/// A shortest sequence of client calls whose last one tells the contracts apart.
struct Distinction {
  std::vector<Deed> deeds;
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

/// Both systems have the same configuration. Explores the calls that both accept, breadth first.
[[nodiscard]] Difference compare_calls(const System& first, const System& second);

}  // namespace custody::checker
