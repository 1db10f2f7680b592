// SPDX-License-Identifier: BSD-2-Clause
// The real drivers under random legal usage: what the checker says of them.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>

#include "checker/replay/engine.hpp"
#include "kernel-ref/client/usage.hpp"
#include "spec/rules.hpp"

namespace custody::kernel_ref {
namespace {

struct Outcome {
  std::map<std::string, std::size_t> rules;
  std::uint64_t calls = 0;
  double seconds = 0;
};

Outcome run(const std::string& driver, std::uint64_t steps, bool coherent, bool iommu) {
  Outcome out;
  const auto start = std::chrono::steady_clock::now();
  checker::Options options;
  checker::Engine engine(options, [&](const checker::Finding& f, const traces::Directory&) {
    ++out.rules[std::string(spec::rule(f.rule).id)];
  });
  Machine machine({model::find_arch("arm64-6.1"),
                   {{"cam", false, false, iommu}, {"gpu", coherent, false, iommu}, {"disp", false, false, false}},
                   1024,
                   64});
  Client client(machine, engine, {driver, 1, false});
  std::mt19937 random(1);
  for (std::uint64_t done = 0; done < steps;) {
    Usage usage(client, 8192, coherent ? 2 : 3);
    for (int i = 0; i < 40; ++i)
      if (usage.apply({static_cast<Step::Kind>(random() % Step::kKinds), static_cast<std::uint8_t>(random() % 3),
                       static_cast<std::uint8_t>(random() % 3)}))
        ++done;
    usage.finish();
  }
  client.finish();
  out.calls = client.calls();
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

TEST(Drivers, Smoke) {
  for (const char* driver : {"system", "reserved", "udmabuf", "heap_helpers_2019", "ownership_heap"}) {
    const Outcome o = run(driver, 100000, false, true);
    printf("%s: %lu calls %.2f s:", driver, o.calls, o.seconds);
    for (const auto& [rule, n] : o.rules) printf(" %s %zu", rule.c_str(), n);
    printf(" live %lu pages %lu warnings %lu\n", shim_live_allocations(), shim_live_pages(), shim_warnings());
  }
}

}  // namespace
}  // namespace custody::kernel_ref
