// SPDX-License-Identifier: GPL-2.0-only
// Drives drivers in processes of their own, and says what ended a process that did not come to its end.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "kernel-ref/drive/outcome.hpp"
#include "kernel-ref/drive/random.hpp"
#include "kernel-ref/drive/watched.hpp"
#include "kernel-ref/drive/workplace.hpp"

namespace custody::kernel_ref::drive {

namespace {

constexpr auto kGlance = std::chrono::milliseconds(20);
constexpr unsigned kGlancesToHang = 1500, kGlancesToSay = 50;

/// Where a job is: written by its process, read by the supervisor, also when it is gone.
struct Place {
  std::atomic<std::uint64_t> beats{0}, done{0}, of{0};
  std::atomic<unsigned> configuration{0}, depth{0};
  std::array<char, 2048> path{};
};

struct Child {
  pid_t id = 0;
  Place* place = nullptr;
  std::uint64_t last_beat = 0;
  unsigned still = 0;
  bool over = false;
};

Place* shared_place() {
  void* at = mmap(nullptr, sizeof(Place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  return new (at) Place();
}

[[noreturn]] void work(const Job& job, Place& place) {
  int status = 70;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    Progress progress;
    progress.at = [&place](const std::string& path) {
      place.beats.fetch_add(1, std::memory_order_relaxed);
      const std::size_t n = std::min(path.size(), place.path.size() - 1);
      std::memcpy(place.path.data(), path.data(), n);
      place.path[n] = 0;
    };
    progress.part = [&place](unsigned depth, std::uint64_t done, std::uint64_t of) {
      place.depth = depth;
      place.done = done;
      place.of = of;
    };
    progress.configuration = [&place](unsigned number) { place.configuration = number; };
    write_file(job.folder + "/outcome", to_text(drive(job.built, job.plan, progress)));
    status = 0;
  } catch (const std::bad_alloc&) {
    status = kNoMemory;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "custody-drive: error: %s\n", e.what());
  }
  _exit(status);
}

void say(const Job& job, const Child& child) {
  const Place& p = *child.place;
  const unsigned number =
      std::min<unsigned>(p.configuration, static_cast<unsigned>(job.plan.configurations.size()) - 1);
  const Configuration& c = job.plan.configurations[number];
  std::fprintf(stderr, "custody-drive: %s: %s (%u of %zu), depth %u of %u, %llu of %llu states\n", job.name.c_str(),
               c.name.c_str(), number + 1, job.plan.configurations.size(), p.depth.load(), c.depth,
               static_cast<unsigned long long>(p.done.load()), static_cast<unsigned long long>(p.of.load()));
}

/// What is left to say of a process that did not come to its end.
Outcome remains(const std::string& how, const Place& place) {
  Outcome o;
  o.died = how;
  Finding f;
  f.key = "crash of the process";
  f.kind = "crash";
  f.severity = "error";
  f.owes = "the exporter";
  f.says = "the driver " + how;
  f.calls = {place.path.data()};
  o.findings.push_back(std::move(f));
  return o;
}

/// Waits for the child. Gives what came of it once it is over.
bool glance(const Job& job, Child& child, Outcome& out) {
  int status = 0;
  if (wait_for(child.id, status, WNOHANG) == child.id) {
    child.over = true;
    if (WIFSIGNALED(status))
      out = remains(std::string("ends its process: ") + strsignal(WTERMSIG(status)), *child.place);
    else if (WEXITSTATUS(status) == kNoMemory) throw std::bad_alloc();
    else if (WEXITSTATUS(status) != 0) out = remains("cannot be driven", *child.place);
    else out = outcome_of(read_file(job.folder + "/outcome"));
    return true;
  }
  const std::uint64_t beat = child.place->beats;
  child.still = beat == child.last_beat ? child.still + 1 : 0;
  child.last_beat = beat;
  if (child.still < kGlancesToHang) return false;
  kill(child.id, SIGKILL);
  wait_for(child.id, status);
  child.over = true;
  out = remains("hangs", *child.place);
  return true;
}

}  // namespace

Outcome drive(const Built& built, const Plan& plan, const Progress& progress) {
  prepare_traps();
  Kernel kernel(built.object);
  watch_races(built.watched, static_cast<const int*>(kernel.find("shim_marked")));
  if (void* policy = kernel.find("ownership_heap_policy"); policy != nullptr && built.policy)
    *static_cast<ownership_policy*>(policy) = *built.policy;
  const Kernel::Saved fresh = kernel.save();
  Outcome out;
  FindingBook book;
  for (unsigned i = 0; i < plan.configurations.size(); ++i) {
    if (progress.configuration) progress.configuration(i);
    const Configuration& c = plan.configurations[i];
    Stage stage(kernel, fresh, c, c.driver.empty() ? built.driver : c.driver, built.profile);
    if (stage.boot()) {
      Finding f = stop_finding(stage, stage.boot(), "the driver's init");
      book.add(std::move(f));
      break;
    }
    if (plan.script) out.cannot = play(stage, book, *plan.script, progress);
    else out.graphs.push_back(explore(stage, book, progress));
    if (plan.random != 0 && i == 0) out.random = wander(stage, book, plan.random, plan.seed, progress);
  }
  if (plan.costs && book.find("crash") == nullptr) out.costs = costs_of(kernel, fresh, built);
  out.findings = book.all();
  return out;
}

std::vector<Outcome> supervise(const std::vector<Job>& jobs, bool says) {
  std::vector<Child> children(jobs.size());
  std::vector<Outcome> outcomes(jobs.size());
  std::fflush(nullptr);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    children[i].place = shared_place();
    children[i].id = fork_child();
    if (children[i].id == 0) work(jobs[i], *children[i].place);
  }
  std::size_t open = jobs.size();
  for (unsigned glances = 1; open != 0; ++glances) {
    std::this_thread::sleep_for(kGlance);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (children[i].over) continue;
      if (glance(jobs[i], children[i], outcomes[i])) --open;
      else if (says && glances % kGlancesToSay == 0) say(jobs[i], children[i]);
    }
  }
  for (const Child& c : children) munmap(c.place, sizeof(Place));
  return outcomes;
}

}  // namespace custody::kernel_ref::drive
