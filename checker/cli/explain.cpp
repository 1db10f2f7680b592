// SPDX-License-Identifier: BSD-2-Clause
// custody explain: the long form of an id.
#include "spec/explain.hpp"

#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/records.hpp"
#include "checker/cli/value_names.hpp"
#include "model/suggestion.hpp"

namespace custody::checker::cli {

namespace {

struct ExplainArguments {
  std::vector<std::string> ids;
  std::string format = "text";
};

std::string unknown_id(const std::string& id) {
  const std::vector<std::string>& known = spec::explainable_ids();
  return "unknown id '" + id +
         "', expected one of `custody list rules`, `custody list unchecked`, a row of `custody doc`, K-01 and so on, "
         "CONTRACT/CLAUSE, or a word of `custody list vocabulary`" +
         model::did_you_mean(id, std::vector<std::string_view>(known.begin(), known.end()));
}

int run(const ExplainArguments& a) {
  int status = kHolds;
  std::vector<Record> records;
  std::string text;
  for (const std::string& id : a.ids) {
    const auto found = spec::explain(id);
    if (!found) {
      complain("explain", unknown_id(id));
      status = kUsage;
    } else if (a.format == "json") {
      records.push_back(record_of(*found));
    } else {
      text += *found;
    }
  }
  if (a.format == "json") text = records_json("custody.explain/1", "ids", records);
  return print(text) ? status : kUsage;
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  const auto a = std::make_shared<ExplainArguments>();
  CLI::App* c = app.add_subcommand("explain",
                                   "Explain a rule (M3), a row of a machine (map-2, map-x1), a clause "
                                   "(udmabuf-after/map), a citation (K-07), a word.");
  c->add_option("ID", a->ids, "what to explain, in any case; see `custody list ids`")->required()->type_name(kAnyId);
  c->add_option("--format", a->format, "how it is printed")->check(one_of({"text", "json"}));
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
