// SPDX-License-Identifier: BSD-2-Clause
// The words that contracts are written in, rendered from the arrays that the reader of contracts uses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/explanation.hpp"

namespace custody::spec::render {

/// Markdown: what a clause is made of, every word with its meaning, and what can not be said. Ends with a newline.
[[nodiscard]] std::string render_vocabulary_markdown();

/// A word of the vocabulary, or what it can not say: the kind is `cannot` then.
struct VocabularyWord {
  std::string kind, word, says;
};
[[nodiscard]] std::vector<VocabularyWord> vocabulary_words();

/// One line a word: kind, word, meaning, with tabs between them.
[[nodiscard]] std::string list_vocabulary();

/// What `word` means, once for each kind of word that it is (`map` is a call, and a call of the DMA API in a sync);
/// empty where the vocabulary has no such word. A call also says which rows of the machines answer it.
[[nodiscard]] std::vector<Explanation> explain_vocabulary(std::string_view word);

}  // namespace custody::spec::render
