// SPDX-License-Identifier: GPL-2.0-only
// A suite of KUnit that is run on a driver in user space, with a report in KTAP.
#include "kernel-ref/drive/supervise_suite.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "kernel-ref/drive/run.hpp"
#include "kernel-ref/drive/watched.hpp"
#include "kernel-ref/drive/workplace.hpp"
#include "model/escape.hpp"

namespace custody::kernel_ref::drive {

namespace {

constexpr unsigned kSnooping = 2;
constexpr unsigned kLongest = 120;  ///< seconds of all cases: what hangs outside the driver ends there
constexpr std::size_t kMostText = std::size_t{16} << 20U;  ///< of a report: what a driver says more is not kept
enum Status { kSuccess, kFailure, kSkipped };

std::vector<std::string>* said_lines = nullptr;
void say(const char* line) { said_lines->push_back(model::escape_text(line)); }

template <class Function>
Function* function_of(const Kernel& kernel, const char* name) {
  void* at = kernel.find(name);
  if (at == nullptr) throw std::runtime_error(std::string("the runtime of KUnit has no ") + name);
  Function* f = nullptr;
  std::memcpy(&f, &at, sizeof f);
  return f;
}

/// The suite in the loaded object.
class Suite {
 public:
  explicit Suite(const Kernel& kernel)
      : name_(function_of<const char*()>(kernel, "shim_kunit_suite_name")),
        case_(function_of<const char*(unsigned)>(kernel, "shim_kunit_case")),
        run_(function_of<int(unsigned, const char*, unsigned, void (*)(const char*))>(kernel, "shim_kunit_run")) {}
  [[nodiscard]] std::string name() const { return model::escape_text(name_()); }
  [[nodiscard]] const char* case_name(unsigned number) const { return case_(number); }
  [[nodiscard]] int run(unsigned number, const std::string& driver) const {
    return run_(number, driver.c_str(), kSnooping, say);
  }

 private:
  const char* (*name_)();
  const char* (*case_)(unsigned);
  int (*run_)(unsigned, const char*, unsigned, void (*)(const char*));
};

Configuration configuration() {
  Configuration c;
  c.name = "plain";
  c.arch = model::kDefaultArch;
  c.devices = {{"cam"}, {"gpu"}, {"npu", true}};
  return c;
}

std::string result_line(const char* how, unsigned number, const std::string& name, const std::string& skip) {
  return std::string("    ") + how + " " + std::to_string(number + 1) + " " + name +
         (skip.empty() ? "" : " # SKIP " + skip) + "\n";
}

/// One case, from the boot on.
int run_case(Stage& stage, const Suite& suite, unsigned number, std::FILE* out) {
  std::vector<std::string> said;
  said_lines = &said;
  stage.restore();
  int status = kFailure;
  stage.machine().on_request = nullptr;
  stage.machine().before_dma = [] { end_loops(); };
  const Stop stop = guarded([&] { status = suite.run(number, stage.driver()); });
  if (stop) {
    said.push_back(stop.what + (stop.pc != 0 ? ", in " + stage.kernel().place(stop.pc) : ""));
    status = kFailure;
  }
  const std::string name = model::escape_text(suite.case_name(number));
  if (status == kSkipped) {
    std::fputs(result_line("ok", number, name, said.empty() ? "" : said.back()).c_str(), out);
  } else {
    for (const std::string& line : said) std::fprintf(out, "    # %s: %s\n", name.c_str(), line.c_str());
    std::fputs(result_line(status == kSuccess ? "ok" : "not ok", number, name, "").c_str(), out);
  }
  std::fflush(out);
  return status;
}

[[noreturn]] void work(const Built& built, int pipe) {
  std::FILE* const out = fdopen(pipe, "w");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  alarm(kLongest);
  try {
    prepare_traps();
    Kernel kernel(built.object);
    watch_races(built.watched, static_cast<const int*>(kernel.find("shim_marked")));
    const Kernel::Saved fresh = kernel.save();
    Stage stage(kernel, fresh, configuration(), built.driver, built.profile);
    if (stage.boot()) throw InputProblem("the driver's init: " + stage.boot().what);
    const Suite suite(kernel);
    unsigned cases = 0;
    while (suite.case_name(cases) != nullptr) ++cases;
    std::fprintf(out, "KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: %s\n    1..%u\n", suite.name().c_str(),
                 cases);
    std::array<unsigned, 3> counts{};
    for (unsigned i = 0; i < cases; ++i) ++counts[static_cast<std::size_t>(run_case(stage, suite, i, out))];
    std::fprintf(out, "# %s: pass:%u fail:%u skip:%u total:%u\n%s 1 %s\n", suite.name().c_str(), counts[kSuccess],
                 counts[kFailure], counts[kSkipped], cases, counts[kFailure] == 0 ? "ok" : "not ok",
                 suite.name().c_str());
    std::fflush(out);
    _exit(counts[kFailure] == 0 ? 0 : 1);
  } catch (const std::bad_alloc&) {
    _exit(kNoMemory);
  } catch (const std::exception& e) {
    std::fprintf(out, "Bail out! %s\n", model::escape_text(e.what()).c_str());
    std::fflush(out);
  }
  _exit(2);
}

}  // namespace

SuiteResult run_suite(const Built& built) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw InputProblem("no pipe is to be had");
  std::fflush(nullptr);
  const pid_t child = fork_child();
  if (child == 0) {
    close(ends[0]);
    work(built, ends[1]);
  }
  close(ends[1]);
  SuiteResult result;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = read(ends[0], part.data(), part.size())) > 0;)
    if (result.ktap.size() < kMostText) result.ktap.append(part.data(), static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  wait_for(child, status);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoMemory) throw std::bad_alloc();
  if (WIFSIGNALED(status))
    result.ktap += std::string("Bail out! the driver ends its process: ") + strsignal(WTERMSIG(status)) + "\n";
  result.failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  return result;
}

}  // namespace custody::kernel_ref::drive
