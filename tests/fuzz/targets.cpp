// SPDX-License-Identifier: BSD-2-Clause
// Runs the target that the executable is called after: fuzz.ftrace the target ftrace. One executable has all names.
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace {

using namespace custody::fuzz;

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
  void (*prepare)();
};

void nothing() {}

constexpr Target kTargets[] = {
    {"containers", containers, nothing}, {"contract", contract, nothing},   {"event_log", event_log, nothing},
    {"ftrace", ftrace, nothing},         {"litmus", litmus, nothing},       {"options", options, prepare_options},
    {"patch", patch, nothing},           {"perfetto", perfetto, nothing},   {"perfetto_text", perfetto_text, nothing},
    {"replay", replay, nothing},         {"trace_dat", trace_dat, nothing},
};

const Target* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** argv) {
  const std::string_view path = **argv;
  const std::string_view name = path.substr(path.rfind('.') + 1);
  target = std::find_if(std::begin(kTargets), std::end(kTargets), [&](const Target& t) { return t.name == name; });
  if (target == std::end(kTargets)) {
    std::fprintf(stderr, "the name of the executable ends in none of:");
    for (const Target& t : kTargets) std::fprintf(stderr, " .%s", t.name.data());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }
  target->prepare();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The engine may give no bytes at no address.
  target->run(size == 0 ? std::string_view("") : std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
