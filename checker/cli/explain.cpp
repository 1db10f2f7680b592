// SPDX-License-Identifier: BSD-2-Clause
// custody explain: the long form of an id.
#include "spec/explain.hpp"

#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/report/wording.hpp"

namespace custody::checker::cli {

void add_explain(CLI::App& app, int& status) {
  const auto ids = std::make_shared<std::vector<std::string>>();
  CLI::App* c = app.add_subcommand(
      "explain", "Explain a rule (M3), a row of a machine (map-2, map-x1), a clause (udmabuf-after/map), a word.");
  c->add_option("ID", *ids, "what to explain")->required();
  c->callback([ids, &status] {
    for (const std::string& id : *ids) {
      const auto text = spec::explain(id);
      if (text && !print(*text)) status = kUsage;
      if (text) continue;
      static_cast<void>(
          write_all(2, "custody explain: unknown id '" + report::escape_text(id) +
                           "', expected one of `custody list rules`, `custody list unchecked`, a row of `custody doc`, "
                           "CONTRACT/CLAUSE, or a word of `custody list vocabulary`\n"));
      status = kUsage;
    }
  });
}

}  // namespace custody::checker::cli
