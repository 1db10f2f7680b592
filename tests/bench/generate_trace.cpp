// SPDX-License-Identifier: BSD-2-Clause
// Writes a trace of random legal use of the system heap in the form of tracefs, for benchmarks.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "tests/bench/workload.hpp"

int main(int argc, char** argv) {
  custody::bench::WorkloadOptions options;
  std::string output = "-";
  CLI::App app{"Writes an ftrace text of random legal use of system-heap buffers."};
  app.add_option("--events", options.events, "lines of events")->capture_default_str();
  app.add_option("--buffers", options.buffers, "buffers that live at a time")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1'000'000U));
  app.add_option("--pipelines", options.pipelines, "pipelines, each of four tasks")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1'000U));
  app.add_option("--seed", options.seed, "equal options write equal traces")->capture_default_str();
  app.add_option("--output", output, "file to write; - is standard output")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  std::FILE* file = output == "-" ? stdout : std::fopen(output.c_str(), "wb");
  if (file == nullptr) {
    std::perror(output.c_str());
    return 2;
  }
  custody::bench::Workload workload(options);
  bool written = workload.write(file);
  written = (file == stdout ? std::fflush(file) : std::fclose(file)) == 0 && written;
  if (!written) {
    std::perror(output.c_str());
    return 2;
  }
  fmt::print(stderr, "{} events of {} buffers, {} of them live at a time\n", options.events, workload.exported(),
             options.buffers);
  return 0;
}
