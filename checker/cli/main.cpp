// SPDX-License-Identifier: BSD-2-Clause
// `custody`: in whose custody is a dma-buf, and was every cache sync at its handovers needed, and none missing?
#include <cstring>
#include <exception>
#include <new>
#include <sstream>

#include "checker/cli/cli.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/option_errors.hpp"
#include "checker/cli/version.hpp"
#include "model/escape.hpp"
#include "spec/citations.hpp"

namespace custody::checker::cli {

namespace {

void tell(std::string_view what) {
  for (const std::string_view part : {std::string_view("custody: error: "), what, std::string_view("\n")})
    static_cast<void>(write_all(2, part));
}

std::string version_text() {
  return std::string("custody " CUSTODY_VERSION " (commit ")
      .append(kCommit)
      .append(", tables of Linux ")
      .append(spec::kernel_release())
      .append(")");
}

/// A list that is empty says nothing in the help.
void hide_empty_defaults(CLI::App& app) {
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
    for (CLI::Option* option : sub->get_options())
      if (option->get_default_str() == "[]") option->default_str("");
    hide_empty_defaults(*sub);
  }
}

int parse(int argc, char** argv) {
  int status = kHolds;
  CLI::App app{"Checks the custody of dma-bufs: illegal transitions, missing and redundant cache syncs.", "custody"};
  app.require_subcommand(1);
  app.failure_message(option_error);
  app.set_version_flag("--version", version_text());
  app.option_defaults()->always_capture_default();
  app.footer(
      "Exit status: 0 holds; 1 violated; 2 bad usage, unreadable input, or output that cannot be written, a closed "
      "pipe\n"
      "too; 3 inconclusive, also where memory runs out or a signal ends the work; 70 a bug of this program.");
  for (const auto add : {add_replay, add_convert, add_probes, add_minimize, add_explain, add_list, add_doc, add_check,
                         add_diff, add_review, add_export})
    add(app, status);
  hide_empty_defaults(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out, err;
    status = app.exit(e, out, err) == 0 ? kHolds : kUsage;
    static_cast<void>(write_all(2, err.str()));
    if (!print(out.str())) return kUsage;
  }
  return status;
}

/// What went wrong, apart from what a command says itself, is said here: the same for all of them.
int run(int argc, char** argv) {
  try {
    return parse(argc, argv);
  } catch (const std::bad_alloc&) {
    tell("memory ran out before the work was done");
    return kInconclusive;
  } catch (const std::exception& e) {
    tell("a bug of this program: " + model::escape_text(e.what()));
    return kBug;
  }
}

}  // namespace

}  // namespace custody::checker::cli

int main(int argc, char** argv) {
  using namespace custody::checker::cli;
  prepare_standard_streams();
  catch_interrupts();
  const int status = run(argc, argv);
  const int error = close_output();
  if (error == 0) return status;
  tell(std::string("standard output: cannot be written: ") + std::strerror(error));
  return status == kBug ? kBug : kUsage;
}
