// SPDX-License-Identifier: BSD-2-Clause
// custody doc: a contract, or the tables, as documents.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/contract_argument.hpp"
#include "checker/cli/graphviz.hpp"
#include "checker/cli/one_of.hpp"
#include "checker/cli/page_machine.hpp"
#include "checker/cli/value_names.hpp"
#include "checker/page/contract_page.hpp"
#include "checker/review/consequences.hpp"
#include "model/escape.hpp"
#include "spec/document/chart.hpp"
#include "spec/document/kernel_doc.hpp"
#include "spec/document/kunit_cases.hpp"
#include "spec/document/page.hpp"
#include "spec/document/projection.hpp"
#include "spec/document/wording.hpp"
#include "spec/exporter_profile.hpp"
#include "spec/render/lifetime.hpp"
#include "spec/render/line_graph.hpp"
#include "spec/render/vocabulary.hpp"

namespace custody::checker::cli {

namespace {

using spec::document::describe;
using spec::document::describe_matrix;
using spec::document::Document;
using spec::document::Figure;
using spec::document::Follows;

/// What is told of no contract but of the tables.
struct TablePage {
  std::string_view name, format;
  std::string (*render)();
};
constexpr TablePage kTablePages[] = {
    {"lifetime", "md", spec::render::render_lifetime_markdown},
    {"lifetime", "json", spec::render::render_lifetime_json},
    {"vocabulary", "md", spec::render::render_vocabulary_markdown},
};

struct DocArguments {
  std::string what = "lifetime", format = "md", figure = "complete", automaton = "lifetime", machine;
  bool all_policies = false, searched = false;

  [[nodiscard]] Figure shown() const { return figure == "owners" ? Figure::kOwners : Figure::kComplete; }
  /// The command line that makes the document again.
  [[nodiscard]] std::string command() const {
    std::string out = "custody doc " + model::shell_word(what) + " --format " + format;
    if (figure != "complete") out += " --figure " + figure;
    if (automaton != "lifetime") out += " --automaton " + automaton;
    if (searched) out += " --searched";
    return all_policies ? out + " --all-policies" : out;
  }
};

int refuse(const std::string& what) {
  complain("doc", what);
  return kUsage;
}

/// The automata have no document around them.
int print_automaton(const spec::Contract& contract, const DocArguments& a) {
  for (const auto follows : {Follows::kLifetime, Follows::kAttachment, Follows::kWindow}) try {
      if (spec::document::name_of(follows) != a.automaton) continue;
      const auto automaton = spec::document::project(contract, follows);
      return print(spec::document::render_rv(automaton, contract, {CUSTODY_VERSION, a.command()})) ? kHolds : kUsage;
    } catch (const spec::SpecError& e) {
      return refuse(contract.name + ": no automaton: " + e.what());
    }
  return kUsage;
}

struct ContractFormat {
  std::string_view name;
  Document (*describe)(spec::Contract contract, spec::document::Origin origin, bool all_policies);
  std::string (*render)(const Document& document, const DocArguments& arguments);
};
constexpr ContractFormat kContractFormats[] = {
    {"md", describe, [](const Document& d, const DocArguments&) { return spec::document::render_markdown(d); }},
    {"rst", describe, [](const Document& d, const DocArguments&) { return spec::document::render_rst(d); }},
    {"dot", describe_matrix,
     [](const Document& d, const DocArguments& a) { return spec::document::render_dot(d, a.shown()); }},
    {"svg", describe_matrix,
     [](const Document& d, const DocArguments& a) { return spec::document::render_dot(d, a.shown()); }},
    {"kernel-doc", describe_matrix,
     [](const Document& d, const DocArguments&) { return spec::document::render_kernel_doc(d); }},
    {"mermaid", describe_matrix,
     [](const Document& d, const DocArguments& a) { return spec::document::render_mermaid(d, a.shown()); }},
};

int print_tables(const DocArguments& a) {
  std::string formats;
  for (const TablePage& page : kTablePages) {
    if (page.name != a.what) continue;
    if (page.format == a.format) return print(page.render()) ? kHolds : kUsage;
    formats += (formats.empty() ? "" : ", ") + std::string(page.format);
  }
  return refuse(
      fmt::format("the page {} has the formats {}, found {}; contracts have the others: `custody doc "
                  "system-heap-6.1 --format {}`",
                  a.what, formats, a.format, a.format));
}

/// Graphviz leaves comments out.
std::string described(std::string svg, const Document& document) {
  const std::size_t element = svg.find("<svg ");
  const std::size_t end = element == std::string::npos ? element : svg.find(">\n", element);
  if (end == std::string::npos) return svg;
  return svg.insert(end + 2,
                    "<desc>" + model::escape_xml("Made by " + spec::document::made_by(document)) + "</desc>\n");
}

int print_page(const spec::Contract& contract, const DocArguments& a) {
  const PageMachine machine = page_machine(a.machine);
  if (!machine.complaint.empty()) return refuse(machine.complaint);
  return print(page::contract_page(contract, {CUSTODY_VERSION, a.command()}, machine.script)) ? kHolds : kUsage;
}

int print_contract(const DocArguments& a) {
  const auto* const format = std::find_if(std::begin(kContractFormats), std::end(kContractFormats),
                                          [&](const ContractFormat& f) { return f.name == a.format; });
  const bool has_own_way = a.format == "rv" || a.format == "html" || a.format == "kunit";
  if (format == std::end(kContractFormats) && !has_own_way)
    return refuse("only the page lifetime has the format " + a.format + ", found the contract " + a.what);
  std::vector<std::string_view> pages;
  for (const TablePage& page : kTablePages) pages.push_back(page.name);
  const std::optional<spec::Contract> contract = contract_argument(a.what, pages);
  if (!contract) return kUsage;
  if (a.format == "rv") return print_automaton(*contract, a);
  if (a.format == "html") return print_page(*contract, a);
  if (a.format == "kunit")
    return print(spec::document::render_kunit(*contract, {CUSTODY_VERSION, a.command()})) ? kHolds : kUsage;
  Document document = format->describe(*contract, {CUSTODY_VERSION, a.command()}, a.all_policies);
  if (a.searched) review::add_consequences(document);
  const std::string text = format->render(document, a);
  if (a.format != "svg") return print(text) ? kHolds : kUsage;
  const Drawing drawing = draw_svg(text);
  if (!drawing.complaint.empty()) return refuse(drawing.complaint);
  return print(described(drawing.svg, document)) ? kHolds : kUsage;
}

/// The figure that is of the cache and of no contract.
int print_line(const DocArguments& a) {
  if (a.what != "lifetime")
    return refuse("the figure line is of the caches and of no contract, found the contract " + a.what);
  const std::string graph = spec::render::render_line_dot();
  if (a.format == "dot") return print(graph) ? kHolds : kUsage;
  if (a.format != "svg") return refuse("the figure line has the formats dot and svg, found " + a.format);
  const Drawing drawing = draw_svg(graph);
  if (!drawing.complaint.empty()) return refuse(drawing.complaint);
  return print(drawing.svg) ? kHolds : kUsage;
}

}  // namespace

void add_doc(CLI::App& app, int& status) {
  const auto a = std::make_shared<DocArguments>();
  CLI::App* c = app.add_subcommand("doc", "Print a document: the life of a buffer under a contract, or the tables.");
  c->add_option("CONTRACT", a->what,
                "the name of a built-in contract, or a file; - is standard input. `lifetime`: the machines' tables and "
                "every contract; `vocabulary`: the words of contracts")
      ->type_name(kContract);
  c->add_option("--format", a->format,
                "md, rst: a page; html: a page on which a buffer is stepped through its calls; dot, svg, mermaid: the "
                "statechart; rv: an automaton for the kernel's Runtime "
                "Verification; kernel-doc: comments of struct dma_buf_ops; kunit: a test suite in C for KUnit, which "
                "`custody drive` runs too; json: the tables of the page lifetime")
      ->check(one_of({"md", "rst", "dot", "svg", "mermaid", "rv", "kernel-doc", "kunit", "json", "html"}));
  c->add_option("--figure", a->figure,
                "of a statechart: owners, for newcomers, or complete; line, without CONTRACT: one cache line")
      ->check(one_of({"owners", "complete", "line"}));
  c->add_option("--automaton", a->automaton, "of the format rv: what it follows, lifetime, attachment or window")
      ->check(one_of({"lifetime", "attachment", "window"}));
  c->add_option(
      "--machine", a->machine,
      "of the format html: the machine that the page runs, which `cmake --workflow --preset page` builds; else "
      "it is looked for beside the program and in the build folder `page`");
  c->add_flag("--searched", a->searched, "of a page: what searches find, of the contract and of other policies");
  c->add_flag("--all-policies", a->all_policies, "tell of the policies too that the contract does not have");
  c->callback([a, &status] {
    if (a->figure == "line") {
      status = print_line(*a);
      return;
    }
    const bool is_page = std::any_of(std::begin(kTablePages), std::end(kTablePages),
                                     [&](const TablePage& page) { return page.name == a->what; });
    status = is_page ? print_tables(*a) : print_contract(*a);
  });
}

}  // namespace custody::checker::cli
