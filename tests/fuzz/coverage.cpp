// SPDX-License-Identifier: BSD-2-Clause
// What g++ calls at each branch (-fsanitize-coverage=trace-pc), counted where libFuzzer looks: clang's instrumentation
// is not g++'s, and its engine takes counters of others (__libfuzzer_extra_counters).
#include <array>
#include <cstdint>

namespace {

constexpr std::size_t kCounters = std::size_t{1} << 16U;
__attribute__((section("__libfuzzer_extra_counters"))) std::array<std::uint8_t, kCounters> counters;

}  // namespace

extern "C" __attribute__((no_sanitize("address", "undefined"))) void __sanitizer_cov_trace_pc() {
  const auto pc = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  auto* const counter = counters.data() + ((pc ^ (pc >> 15U)) % kCounters);
  *counter = static_cast<std::uint8_t>(*counter + 1U);
}

extern "C" void __sanitizer_cov_trace_cmpf(float /*a*/, float /*b*/) {}
extern "C" void __sanitizer_cov_trace_cmpd(double /*a*/, double /*b*/) {}
