// SPDX-License-Identifier: BSD-2-Clause
// custody doc: the tables as documents.
#include <memory>

#include "checker/cli/cli.hpp"
#include "spec/render/lifetime.hpp"

namespace custody::cli {

void add_doc(CLI::App& app, int& status) {
  const auto what = std::make_shared<std::string>("lifetime");
  CLI::App* c = app.add_subcommand("doc", "Print the lifetime tables: Markdown, Graphviz or JSON.");
  c->add_option("WHAT", *what, "lifetime, dot or json")->check(CLI::IsMember({"lifetime", "dot", "json"}));
  c->callback([what, &status] {
    const std::string text = *what == "dot"    ? spec::render_lifetime_dot()
                             : *what == "json" ? spec::render_lifetime_json()
                                               : spec::render_lifetime_markdown();
    if (!write_all(1, text)) status = kUsage;
  });
}

}  // namespace custody::cli
