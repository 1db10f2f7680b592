// SPDX-License-Identifier: BSD-2-Clause
// Puts the subcommands together.
#include "checker/cli/program.hpp"

#include "checker/cli/cli.hpp"
#include "checker/cli/help_format.hpp"
#include "checker/cli/option_errors.hpp"
#include "checker/cli/version.hpp"
#include "spec/citations.hpp"

namespace custody::checker::cli {

namespace {

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

}  // namespace

std::unique_ptr<CLI::App> make_program(int& status) {
  auto app = std::make_unique<CLI::App>(
      "Checks the custody of dma-bufs: illegal transitions, missing and redundant cache syncs.", "custody");
  app->require_subcommand(1);
  app->failure_message(option_error);
  app->formatter(help_format());
  app->set_version_flag("--version", version_text());
  app->option_defaults()->always_capture_default();
  app->footer(
      "Exit status: 0 holds; 1 violated; 2 bad usage, unreadable input, or output that cannot be written, a closed "
      "pipe\n"
      "too; 3 inconclusive, also where memory runs out or a signal ends the work; 70 a bug of this program.");
  for (const auto add : {add_replay, add_convert, add_probes, add_record, add_minimize, add_explain, add_list, add_doc,
                         add_check, add_diff, add_review, add_drive, add_export, add_learn})
    add(*app, status);
  hide_empty_defaults(*app);
  return app;
}

}  // namespace custody::checker::cli
