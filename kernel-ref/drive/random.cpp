// SPDX-License-Identifier: GPL-2.0-only
// Random sequences, longer than what is explored.
#include "kernel-ref/drive/random.hpp"

#include <random>

#include "kernel-ref/drive/notes.hpp"

namespace custody::kernel_ref::drive {

namespace {

constexpr unsigned kLength = 40;

/// One sequence. Returns the calls made.
std::uint64_t wander_once(Stage& stage, Notes& notes, const FindingBook& book, std::mt19937_64& random) {
  const Configuration& c = stage.configuration();
  const std::vector<Call> all = all_calls(c.devices.size());
  std::vector<Call> path;
  Run run(stage, book);
  if (run.export_buffer().stop) return 1;
  for (unsigned tries = 0; path.size() < kLength && tries < 100 * kLength; ++tries) {
    Call call = all[random() % all.size()];
    if (!run.situation().may(call, c.limits, c.devices)) continue;
    const bool fails = run.situation().failed == 0 && random() % 32 == 0;
    if (fails) call.fails = static_cast<std::uint8_t>(1 + random() % 4);
    const Observation o = run.make(call);
    notes.take(o, path, call);
    path.push_back(call);
    if (o.stop) return path.size();
  }
  notes.take_end(run.finish(), path);
  return path.size();
}

}  // namespace

std::uint64_t wander(Stage& stage, FindingBook& book, std::uint64_t calls, std::uint64_t seed,
                     const Progress& progress) {
  std::mt19937_64 random(seed);
  Notes notes(stage, book);
  std::uint64_t done = 0;
  while (done < calls) {
    progress.at("a random sequence, after " + std::to_string(done) + " calls");
    progress.part(kLength, done, calls);
    done += wander_once(stage, notes, book, random);
    notes.write_litmus();
  }
  return done;
}

}  // namespace custody::kernel_ref::drive
