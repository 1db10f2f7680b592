// SPDX-License-Identifier: BSD-2-Clause
// Prints an event log that holds every kind of line the writer can write; its lines are held against the schema.
#include <cstdio>
#include <random>
#include <string_view>
#include <vector>

#include "tests/traces/random_trace.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/litmus/reader.hpp"

int main() {
  using namespace custody::traces;
  const auto print = [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); };
  std::mt19937 random(1);
  for (int seed = 0; seed < 20; ++seed) {
    std::vector<std::uint32_t> numbers(1000);
    for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random() % 5040U);
    formats::event_log::EventLogWriter writer(print);
    test::generate(numbers, {seed % 2 == 0}, writer);
  }
  formats::event_log::EventLogWriter writer(print);
  formats::litmus::read_litmus(
      "custody litmus: a header with everything\narch x86\ncontract heap\npolicy backing at_first_use\ntrust mappings\n"
      "accesses exact\ndevice D coherent allocates bounced reads_only\n\n",
      "sample", writer);
}
