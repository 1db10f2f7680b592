// SPDX-License-Identifier: BSD-2-Clause
// The later parts of a page.
#pragma once

#include "spec/document/page.hpp"

namespace custody::spec::document {

/// A numbered list for each task: the calls, who owns afterwards, the syncs.
void add_procedures(Page& page, const Document& document);
/// A section for each row that fires: when, what it does, why, and the function of the kernel that it was read in.
void add_transitions(Page& page, const Document& document);
/// Each policy with the contract's value; of all policies with every value.
void add_policies(Page& page, const Document& document);
/// Where the contract is safe, and what other policies would change; nothing where no search was made.
void add_searched(Page& page, const Document& document);
/// What no checker can decide.
void add_unchecked(Page& page, const Document& document);

}  // namespace custody::spec::document
