// SPDX-License-Identifier: BSD-2-Clause
// The words that contracts are written in, rendered from the arrays that the reader of contracts uses.
#pragma once

#include <string>

namespace custody::spec::render {

/// Markdown: what a clause is made of, every word with its meaning, and what can not be said. Ends with a newline.
[[nodiscard]] std::string render_vocabulary_markdown();

/// One line a word: kind, word, meaning, with tabs between them.
[[nodiscard]] std::string list_vocabulary();

}  // namespace custody::spec::render
