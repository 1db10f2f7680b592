// SPDX-License-Identifier: BSD-2-Clause
// `custody`: in whose custody is a dma-buf, and was every cache sync at its handovers needed, and none missing?
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include "checker/cli/cli.hpp"

namespace custody::checker::cli {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace custody::checker::cli

int main(int argc, char** argv) {
  using namespace custody::checker::cli;
  std::signal(SIGPIPE, SIG_IGN);
  int status = kHolds;
  CLI::App app{"Checks the custody of dma-bufs: illegal transitions, missing and redundant cache syncs.", "custody"};
  app.require_subcommand(1);
  app.set_version_flag("--version", CUSTODY_VERSION);
  app.footer(
      "Exit status: 0 holds, 1 violated, 2 usage or unreadable input, 3 inconclusive, 70 a bug of this program.");
  add_replay(app, status);
  add_convert(app, status);
  add_minimize(app, status);
  add_explain(app, status);
  add_list(app, status);
  add_doc(app, status);
  add_check(app, status);
  add_diff(app, status);
  add_review(app, status);
  add_export(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kHolds : kUsage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "custody: a bug of this program: %s\n", e.what());
    return kBug;
  }
  return status;
}
