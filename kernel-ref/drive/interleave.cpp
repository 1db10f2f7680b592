// SPDX-License-Identifier: GPL-2.0-only
// Two calls side by side: every interleaving at locks and DMA calls, up to a bound on preemptions.
#include <algorithm>
#include <numeric>
#include <set>

#include "kernel-ref/drive/explore.hpp"
#include "kernel-ref/drive/tasks.hpp"

namespace custody::kernel_ref::drive {

using Kind = Call::Kind;

namespace {

/// What can be told of calls that overlap: the rest hangs on the order in which their entries and returns stand.
bool is_told_of_pairs(const Told& t) {
  static const std::set<std::string> rules{"L1", "L2", "L5", "L14"};
  return rules.count(t.rule) != 0 || t.key == "M7 dead";
}

std::string both(const Call& one, const Call& other) {
  const std::string a(name(one.kind)), b(name(other.kind));
  return a < b ? a + " beside " + b : b + " beside " + a;
}

/// One run of the pair, and what came of it.
struct PairOutcome {
  Tasks::Result tasks;
  Observation during, after;
  bool valid = false;
};

/// Runs the calls in the tasks 8 and 9 of the trace, so that windows of the prefix keep theirs.
PairOutcome run_together(Run& run, const std::vector<Call>& path, const std::array<Call, 2>& calls,
                         const Schedule& schedule) {
  PairOutcome out;
  if (run.export_buffer().stop) return out;
  for (const Call& c : path)
    if (run.make(c).stop) return out;
  out.valid = true;
  run.begin_observation();
  const auto work = [&](unsigned i) {
    return [&run, &calls, i] { static_cast<void>(make(run.client(), run.situation(), calls[i])); };
  };
  {
    Tasks tasks({work(0), work(1)}, schedule, [&](unsigned task) {
      run.situation().pinned = 8 + task;
      run.client().recorder().as_task(8 + task);
    });
    out.tasks = tasks.run();
  }
  run.situation().pinned = 0;
  run.client().recorder().as_task(0);
  out.during = run.end_observation();
  if (!out.tasks.stop) out.after = run.finish();
  return out;
}

/// One call after the other: what is found then is none of their being side by side.
std::set<std::string> found_in_turn(Stage& stage, const FindingBook& book, const std::vector<Call>& path,
                                    const std::array<Call, 2>& calls, const Limits& limits, bool& legal) {
  std::set<std::string> keys;
  for (unsigned first = 0; first < 2; ++first) {
    Run run(stage, book);
    legal = !run.export_buffer().stop;
    for (const Call& c : path) legal = legal && !run.make(c).stop;
    for (const unsigned i : {first, 1 - first}) {
      legal = legal && run.situation().may(calls[i], limits, stage.configuration().devices);
      if (!legal) return keys;
      const Observation o = run.make(calls[i]);
      for (const Told& t : o.told) keys.insert(t.key.substr(0, t.key.find(',')));
      if (o.stop) return legal = false, keys;
    }
    const Observation o = run.finish();
    for (const Told& t : o.told) keys.insert(t.key.substr(0, t.key.find(',')));
    if (!o.leak.empty()) keys.insert("leak");
    if (o.stop) return legal = false, keys;
  }
  return keys;
}

std::vector<std::string> lines_of(const Tasks::Result& result, const std::array<Call, 2>& calls, const Stage& stage) {
  std::vector<std::string> lines;
  std::string last;
  for (const TaskStep& s : result.steps) {
    std::string line = "task " + std::to_string(s.task + 1) + ": " +
                       text_of(calls[s.task], stage.configuration().devices) + ": " + s.what;
    if (line != last) lines.push_back(line);
    last = std::move(line);
  }
  return lines;
}

std::string text_of(const Schedule& schedule) {
  std::string text;
  for (const std::uint8_t way : schedule) text += way != 0 ? '1' : '0';
  return text;
}

/// The findings of one outcome.
std::vector<Finding> findings_of(Stage& stage, FindingBook& book, const PairOutcome& o,
                                 const std::array<Call, 2>& calls, const std::set<std::string>& in_turn) {
  std::vector<Finding> out;
  const std::string pair = both(calls[0], calls[1]);
  const auto add = [&](std::string kind, std::string rule, std::string what, const std::function<std::string()>& says) {
    Finding f;
    f.key = kind + " " + what + (what.empty() ? "" : " ") + "of " + pair;
    if (book.seen(f.key) != nullptr) return;
    f.kind = std::move(kind);
    f.rule = std::move(rule);
    f.severity = "error";
    f.owes = "the exporter";
    f.says = says();
    out.push_back(std::move(f));
  };
  for (const Observation* seen : {&o.during, &o.after})
    for (const Told& t : seen->told)
      if (is_told_of_pairs(t) && in_turn.count(t.key.substr(0, t.key.find(','))) == 0 &&
          !(t.rule == "L5" && !o.after.leak.empty()))
        add("rule", t.rule, t.rule, [&] { return pair + ": " + t.says; });
  if (o.tasks.stop) {
    Finding f = stop_finding(stage, o.tasks.stop, pair);
    out.push_back(std::move(f));
  }
  if (o.after.stop) out.push_back(stop_finding(stage, o.after.stop, "the end after " + pair));
  if (!o.after.leak.empty() && in_turn.count("leak") == 0)
    add("leak", "", "", [&] { return pair + ": " + o.after.leak + " left when everything was undone and released"; });
  if (!o.tasks.races.empty()) {
    const Race& r = o.tasks.races.front();
    add("race", "", "", [&] {
      return "data race in " + pair + ": " + stage.kernel().place(r.one) + " and " + stage.kernel().place(r.other) +
             (r.both_write ? " write" : " write and read") + " the same memory, and no lock orders them";
    });
  }
  return out;
}

}  // namespace

void Pairs::run_pair(const std::vector<Call>& path, const Calls& pair) {
  const std::array<Call, 2> calls{pair.one, pair.other};
  bool legal = true;
  const std::set<std::string> in_turn = found_in_turn(stage_, book_, path, calls, stage_.configuration().limits, legal);
  if (!legal) return;
  std::vector<Schedule> open{{0}, {1}};
  for (std::size_t i = 0; i < open.size(); ++i) {
    const Schedule schedule = open[i];
    Tasks::Result tasks;
    if (!run_schedule(path, calls, schedule, in_turn, tasks) || tasks.stop.kind == Stop::Kind::kLoop) return;
    const unsigned used = std::accumulate(schedule.begin() + 1, schedule.end(), 0U);
    if (used >= stage_.configuration().preemptions) continue;
    for (std::size_t at = schedule.size(); at < tasks.taken.size(); ++at) {
      Schedule next(tasks.taken.begin(), tasks.taken.begin() + static_cast<std::ptrdiff_t>(at));
      next.push_back(1);
      open.push_back(std::move(next));
    }
  }
}

bool Pairs::run_schedule(const std::vector<Call>& path, const std::array<Call, 2>& calls, const Schedule& schedule,
                         const std::set<std::string>& in_turn, Tasks::Result& tasks) {
  std::vector<Finding> found;
  {
    Run run(stage_, book_);
    PairOutcome o = run_together(run, path, calls, schedule);
    ++graph_.interleavings;
    if (!o.valid) return false;
    found = findings_of(stage_, book_, o, calls, in_turn);
    tasks = std::move(o.tasks);
  }
  for (Finding& f : found) {
    if (book_.seen(f.key) != nullptr) continue;
    f.configuration = stage_.configuration().name;
    f.client = name(stage_.configuration().limits.conduct);
    f.calls = texts_of(path, stage_);
    f.together = {text_of(calls[0], stage_.configuration().devices), text_of(calls[1], stage_.configuration().devices)};
    f.schedule = lines_of(tasks, calls, stage_);
    f.choices = text_of(tasks.taken);
    Run run(stage_, book_, true);
    static_cast<void>(run_together(run, path, calls, schedule));
    f.litmus = run.litmus(f.says);
    book_.add(std::move(f));
  }
  return true;
}

bool Pairs::play(const std::vector<Call>& path, const std::array<Call, 2>& calls, const Schedule& schedule) {
  bool legal = true;
  const std::set<std::string> in_turn = found_in_turn(stage_, book_, path, calls, stage_.configuration().limits, legal);
  Tasks::Result tasks;
  return legal && run_schedule(path, calls, schedule, in_turn, tasks);
}

void Pairs::explore(const std::vector<Call>& path, const Situation& before) {
  const Configuration& c = stage_.configuration();
  const std::vector<Call> all = all_calls(c.devices.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!before.may(all[i], c.limits, c.devices)) continue;
    for (std::size_t j = i; j < all.size(); ++j) {
      if (!before.may(all[j], c.limits, c.devices)) continue;
      // Windows for reading stand beside each other; for writing the first direction is enough.
      run_pair(path, {all[i], all[j]});
    }
  }
}

}  // namespace custody::kernel_ref::drive
