// SPDX-License-Identifier: BSD-2-Clause
// A contract as data: the tables of a lifetime, its policies, where it comes from.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/world.hpp"

namespace custody::spec {

inline constexpr std::string_view kContractSchema = "custody.contract/1";
/// A longer file is refused.
inline constexpr std::size_t kMaxContractBytes = std::size_t{4} << 20U;

/// Rows and refusals of the buffer and of the attachment, in one list each, as the states of their `from` tell.
struct Contract {
  std::string name, title, source, base;
  std::string memory = "cached";  ///< or `write_combined`: no cache line ever holds the buffer
  model::World start;             ///< not exported, with the policies set
  std::vector<model::Row> rows, refusals;
  /// What the rows' texts point into.
  std::shared_ptr<std::deque<std::string>> texts = std::make_shared<std::deque<std::string>>();
};

/// The compiled tables under the default policies: the system and CMA heap since 5.11.
[[nodiscard]] Contract compiled_contract();

/// Names of the contracts that are built in, in order.
[[nodiscard]] std::vector<std::string_view> contract_names();

/// The built-in contract of that name; empty where there is none.
[[nodiscard]] std::optional<Contract> find_contract(std::string_view name);

/// Reads a contract. `base` names a built-in contract whose policies, rows and refusals are taken over; a row with an
/// id of the base's changes the columns that it gives, `remove` takes ids out. Throws SpecError with file, JSON
/// pointer, what was found and what is allowed: for what is no contract, unknown words, a cell without exactly one
/// answer, a row that can never fire.
[[nodiscard]] Contract read_contract(std::string_view json, const std::string& path);

/// Reads a change that is proposed to `base`: a contract, or a JSON Patch (RFC 6902; add, remove, replace and test) or
/// a merge patch (RFC 7386; an object without `schema`) on what `write_contract(base)` gives. A patch that leaves the
/// base's name makes a contract that is named after the file. Throws SpecError.
[[nodiscard]] Contract read_proposal(const Contract& base, std::string_view json, const std::string& path);

/// The contract with all its rows and no base; reading that gives the same contract.
[[nodiscard]] std::string write_contract(const Contract& contract);

/// What is wrong with tables.
struct Flaw {
  std::string says;
  std::vector<std::string_view> rows;  ///< ids of those at fault
};
/// Nothing, or the first row that answers in no consistent world, else the first cell (state and event) without exactly
/// one answer in some consistent world of `contract`'s policies, or whose guards look at too much to tell.
[[nodiscard]] std::optional<Flaw> flaw_of(const Contract& contract);

}  // namespace custody::spec
