// SPDX-License-Identifier: BSD-2-Clause
// custody doc: the tables as documents.
#include <iterator>
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/one_of.hpp"
#include "spec/render/lifetime.hpp"
#include "spec/render/vocabulary.hpp"

namespace custody::checker::cli {

namespace {

struct Document {
  const char* name;
  std::string (*render)();
};
constexpr Document kDocuments[] = {
    {"lifetime", spec::render::render_lifetime_markdown},
    {"vocabulary", spec::render::render_vocabulary_markdown},
    {"dot", spec::render::render_lifetime_dot},
    {"json", spec::render::render_lifetime_json},
};

}  // namespace

void add_doc(CLI::App& app, int& status) {
  const auto what = std::make_shared<std::string>("lifetime");
  CLI::App* c = app.add_subcommand("doc", "Print a document: the lifetime, or the words of contracts.");
  std::vector<std::string> names;
  for (const Document& document : kDocuments) names.emplace_back(document.name);
  c->add_option("WHAT", *what, "lifetime or vocabulary, in Markdown; the lifetime as dot for Graphviz, or as json")
      ->check(one_of(names));
  c->callback([what, &status] {
    for (const Document& document : kDocuments)
      if (*what == document.name && !print(document.render())) status = kUsage;
  });
}

}  // namespace custody::checker::cli
