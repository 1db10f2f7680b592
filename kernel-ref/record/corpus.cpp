// SPDX-License-Identifier: GPL-2.0-only
// The recordings of the drivers that the project keeps.
#include "kernel-ref/record/corpus.hpp"

#include <stdexcept>

#include "kernel-ref/cases/cases.hpp"
#include "kernel-ref/client/pipeline.hpp"
#include "kernel-ref/client/random_usage.hpp"
#include "kernel-ref/drivers/ownership_policy.h"
#include "traces/formats/event_log/event_log.hpp"

namespace custody::kernel_ref::record {

namespace {

struct Subject {
  const char *name, *driver;
  ownership_policy policy;
};
constexpr Subject kSubjects[] = {
    {"system", "system", {0, 0, 0, 0, 0}},
    {"reserved", "reserved", {0, 0, 0, 0, 0}},
    {"udmabuf", "udmabuf", {0, 0, 0, 0, 0}},
    {"heap_helpers_2019", "heap_helpers_2019", {0, 0, 0, 0, 0}},
    {"ownership_heap-end_sync", "ownership_heap", {0, 1, 0, 0, 0}},
    {"ownership_heap-lazy", "ownership_heap", {1, 0, 0, 0, 0}},
};
constexpr unsigned kSeed = 1;

template <class Run>
std::string record(const Subject& subject, const Run& run) {
  std::string text;
  traces::formats::event_log::EventLogWriter writer([&text](std::string_view line) { text += line; });
  ownership_heap_policy = subject.policy;
  machine::Machine machine({model::find_arch("arm64-6.1"), {{"cam.0"}, {"gpu.0"}, {"disp.0"}}, 512, 64});
  client::Client client(machine, writer, {subject.driver, kSeed, true});
  run(client);
  client.finish();
  return text;
}

}  // namespace

std::vector<Recording> make_corpus() {
  std::vector<Recording> corpus;
  for (const Subject& subject : kSubjects) {
    const std::string stem = std::string("traces/recorded/driver-") + subject.name;
    corpus.push_back({stem + "-pipeline.jsonl", record(subject, [](client::Client& client) {
                        if (client::run_pipeline(client, {2, 65536, true}) != 0)
                          throw std::runtime_error("the pipeline failed");
                      })});
    corpus.push_back({stem + "-random.jsonl", record(subject, [](client::Client& client) {
                        for (unsigned i = 0; i < 3; ++i)
                          static_cast<void>(client::random_usage(client, {kSeed + i, 40, machine::kPageBytes, 3}));
                      })});
  }
  for (const cases::Case& c : cases::cases()) {
    bool wrong = false;
    std::string text = cases::litmus_of(c, wrong);
    corpus.push_back(
        {"traces/litmus/driver-" + std::string(c.id) + "-" + std::string(c.driver) + ".litmus", std::move(text)});
  }
  return corpus;
}

}  // namespace custody::kernel_ref::record
