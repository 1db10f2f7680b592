// SPDX-License-Identifier: BSD-2-Clause
// What a document says that only searches can know: where the contract is safe, and what another policy would change.
#pragma once

#include "spec/document/document.hpp"

namespace custody::checker::review {

/// Adds them to the document: a search of every client, architecture and mix of devices under the contract, and another
/// one for each value of each policy that the contract does not have. Takes about a second.
void add_consequences(spec::document::Document& document);

}  // namespace custody::checker::review
