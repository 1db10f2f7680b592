// SPDX-License-Identifier: BSD-2-Clause
// Parts of documents in words: calls, syncs, answers, and what they rest on.
#pragma once

#include <string>
#include <vector>

#include "spec/document/page.hpp"

namespace custody::spec::document {

/// `dma_buf_map_attachment`; of a move, a release and a munmap what stands for it in the kernel.
[[nodiscard]] std::string_view function_of(model::Id event);

/// `CONTRACT/CLAUSE`, as `custody explain` takes it.
[[nodiscard]] std::string clause_id(const Contract& contract, std::size_t clause);

/// When the row answers: its guards, folded; of a small machine its state too. Empty where it always does.
[[nodiscard]] std::string condition_of(const Document& document, const model::Row& row);
/// The same of a transition with what the small machine of the call must answer, and of a refusal.
[[nodiscard]] std::string condition_of(const Document& document, const Answer& answer);

/// The same of a clause.
[[nodiscard]] std::string condition_of(const Document& document, const Clause& clause);

/// The syncs of the clauses, each with its condition where it has one; `none` where there is none.
[[nodiscard]] Inline syncs_of(const Document& document, const std::vector<ClauseUse>& clauses);

/// The row's reason, with what it rests on: the row, and the function that its citation names.
[[nodiscard]] Inline reason_of(const model::Row& row);
/// What a `K-nn` cites and shows; of `seed` the review; empty of anything else.
[[nodiscard]] Inline citation(std::string_view cite);

/// `custody VERSION from FROM: COMMAND`; of a document, from its contract.
[[nodiscard]] std::string made_by(const Origin& origin, std::string_view from);
[[nodiscard]] std::string made_by(const Document& document);

/// Who may access the buffer: `the mapped devices`, `the CPU, to read and to write`, `nobody`.
[[nodiscard]] std::string agents_in_words(const model::Agents& agents);

/// `DMA_FROM_DEVICE`. The direction is not kNone.
[[nodiscard]] std::string constant_of(model::Direction dir);

/// The call as code of the kernel would make it: `dma_buf_map_attachment(A, DMA_FROM_DEVICE)`.
[[nodiscard]] std::string call_in_c(const model::Call& call);

}  // namespace custody::spec::document
