// SPDX-License-Identifier: BSD-2-Clause
// The cases of a test suite of a contract: a way to each pair of a state and a call, and what must be seen of the call.
#pragma once

#include <string>
#include <vector>

#include "spec/document/document.hpp"
#include "spec/expected_sync.hpp"

namespace custody::spec::document {

/// What must come of the call of a case.
enum class Outcome : std::uint8_t {
  kSucceeds,
  kReturns,   ///< the error that a clause names
  kFails,     ///< some error: the contract refuses the call
  kNoObject,  ///< what the call is about is not there: the core refuses it, and nothing is synced
  kAnother,   ///< the call can be made only of another object: it must be another one
  kStays,     ///< whatever it returns, nothing is handed over: `probe` is answered as without it
  kUndefined  ///< nothing in the kernel answers such a call: it is the caller's to keep from it
};

struct KunitCase {
  std::string name;              ///< a C identifier, unique in its suite
  std::vector<std::string> ids;  ///< of rows and clauses that it rests on, and of the rule that the call breaks
  std::string why;               ///< what a document says of the row or clause
  std::vector<model::Call> way;  ///< calls that are legal, from the export on
  model::Call call;
  Outcome outcome = Outcome::kSucceeds;
  model::Call probe;              ///< of kStays
  std::string error;              ///< of kReturns
  std::vector<ExpectedSync> due;  ///< what the DMA API must see of the call, of kStays of the probe; passes last
};

/// One case for each pair of a state and a call and each row that answers it, transitions and refusals; and for each
/// clause, where there is such a situation: where it makes a sync, makes it for several devices, spares one that it
/// does not mean, and where its guards do not hold. No importer maps twice (L9).
[[nodiscard]] std::vector<KunitCase> kunit_cases(const Contract& contract);

/// A suite for the kernel's KUnit, in C.
[[nodiscard]] std::string render_kunit(const Contract& contract, const Origin& origin);

}  // namespace custody::spec::document
