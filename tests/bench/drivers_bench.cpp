// SPDX-License-Identifier: BSD-2-Clause
// Calls of a real driver in user space, recorded and judged as they are made.
#include <benchmark/benchmark.h>

#include <random>

#include "checker/replay/engine.hpp"
#include "kernel-ref/client/usage.hpp"

namespace custody::bench {
namespace {

using kernel_ref::client::Step;
using kernel_ref::client::Usage;

void legal_usage(benchmark::State& state, const char* driver) {
  std::uint64_t findings = 0;
  const checker::replay::Options options;
  checker::replay::Engine engine(options, [&](const checker::Finding&, const traces::Directory&) { ++findings; });
  kernel_ref::machine::Machine machine({model::find_arch("arm64-6.1"), {{"cam"}, {"gpu"}, {"disp"}}, 1024, 64});
  kernel_ref::client::Client client(machine, engine, {driver, 1, false});
  std::mt19937 random(1);
  while (state.KeepRunning()) {
    Usage usage(client, kernel_ref::machine::kPageBytes, 3);
    for (int i = 0; i < 40; ++i)
      usage.apply({static_cast<Step::Kind>(random() % Step::kKinds), static_cast<std::uint8_t>(random() % 3),
                   static_cast<std::uint8_t>(random() % 3)});
    usage.finish();
  }
  benchmark::DoNotOptimize(findings);
  state.SetItemsProcessed(static_cast<std::int64_t>(client.calls()));
}

BENCHMARK_CAPTURE(legal_usage, system, "system");
BENCHMARK_CAPTURE(legal_usage, reserved, "reserved");
BENCHMARK_CAPTURE(legal_usage, udmabuf, "udmabuf");
BENCHMARK_CAPTURE(legal_usage, ownership_heap, "ownership_heap");

}  // namespace
}  // namespace custody::bench

BENCHMARK_MAIN();
