// SPDX-License-Identifier: BSD-2-Clause
// custody explain: the long form of an id.
#include "spec/explain.hpp"

#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/records.hpp"
#include "checker/cli/terminal_lines.hpp"
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

Record record_of(const spec::Explanation& e) {
  Record record = {{"id", e.id}, {"says", e.says}};
  for (const spec::Explanation::Fact& fact : e.facts) {
    std::string lines;
    for (const std::string& line : fact.lines) lines += (lines.empty() ? "" : "\n") + line;
    record.emplace_back(fact.key, lines);
  }
  if (!e.remark.empty()) record.emplace_back("remark", e.remark);
  return record;
}

int run(const ExplainArguments& a) {
  int status = kHolds;
  std::vector<Record> records;
  std::string text;
  for (const std::string& id : a.ids) {
    const std::vector<spec::Explanation> found = spec::explanations(id);
    if (found.empty()) {
      complain("explain", unknown_id(id));
      status = kUsage;
    }
    for (const spec::Explanation& one : found) {
      records.push_back(record_of(one));
      text += (text.empty() ? "" : "\n") + spec::text_of(one);
    }
  }
  return print(a.format == "json" ? records_json("custody.explain/1", "ids", records) : for_reader(text)) ? status
                                                                                                          : kUsage;
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
