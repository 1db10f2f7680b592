// SPDX-License-Identifier: BSD-2-Clause
// `custody`: in whose custody is a dma-buf, and was every cache sync at its handovers needed, and none missing?
#include <cstring>
#include <exception>
#include <new>
#include <sstream>

#include "checker/cli/cli.hpp"
#include "checker/cli/command_line.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/program.hpp"
#include "checker/cli/terminal_lines.hpp"
#include "model/escape.hpp"

namespace custody::checker::cli {

namespace {

void tell(std::string_view what) {
  for (const std::string_view part : {std::string_view("custody: error: "), what, std::string_view("\n")})
    static_cast<void>(write_all(2, part));
}

int parse(int argc, char** argv) {
  int status = kHolds;
  const std::unique_ptr<CLI::App> app = make_program(status);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out, err;
    status = app->exit(e, out, err) == 0 ? kHolds : kUsage;
    static_cast<void>(write_all(2, err.str()));
    if (!print(for_reader(out.str()))) return kUsage;
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
  keep_command_line({argv, static_cast<std::size_t>(argc)});
  prepare_standard_streams();
  catch_interrupts();
  const int status = run(argc, argv);
  const int error = close_output();
  if (error == 0) return status;
  tell(std::string("standard output: cannot be written: ") + std::strerror(error));
  return status == kBug ? kBug : kUsage;
}
