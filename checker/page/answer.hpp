// SPDX-License-Identifier: BSD-2-Clause
// What the explorable page of a contract asks of this program, which is compiled into it.
#pragma once

#include <string>
#include <string_view>

namespace custody::checker::page {

/// Answers a request, both JSON:
/// - `{"do": "contracts"}`: the names and titles of the contracts that are built in, and the words of reports.
/// - `{"do": "describe", "contract": C}`: the statechart of a contract, its policies and clauses. `C` is a name, or the
///   text of a contract.
/// - `{"do": "replay", "path": P, "text": T}`: what `custody replay --format json P` says of a litmus file or an event
///   log with the text `T`, and the tracks of its time line. With `contract` the calls of the trace have the syncs of
///   that contract instead of their own, and its policies.
/// What is wrong is `{"error": TEXT}`; nothing is thrown but std::bad_alloc.
[[nodiscard]] std::string answer(std::string_view request);

}  // namespace custody::checker::page
