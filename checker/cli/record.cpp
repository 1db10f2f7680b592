// SPDX-License-Identifier: BSD-2-Clause
// custody record: records the custody of dma-bufs on the kernel that runs, and leaves it as it was.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/record_command.hpp"
#include "checker/cli/supervisor.hpp"
#include "checker/cli/value_names.hpp"
#include "traces/reader.hpp"
#include "traces/recording/report.hpp"

namespace custody::checker::cli {

namespace {

namespace recording = traces::recording;
using Clock = std::chrono::steady_clock;

constexpr const char kOwnTypes[] = "/sys/kernel/btf/vmlinux";

struct RecordArguments {
  std::string tracefs, types = kOwnTypes, output;
  std::vector<std::string> command;
  double seconds = 0;
  std::uint64_t buffer_kb = 16384;
  bool live = false, clean_up = false, dry_run = false, quiet = false;
};

int fail(const std::string& what) {
  complain("record", what);
  return kUsage;
}

/// Of the kernel that is recorded, as far as they are to be had; what is missing for probes is said.
class Types {
 public:
  Types(const RecordArguments& a, const recording::Tracefs& fs) {
    if (!fs.exists("kprobe_events")) {
      missing_ = fs.root() + "/kprobe_events: is not there, expected a kernel with CONFIG_KPROBE_EVENTS";
    } else if (!fs.is_writable("kprobe_events")) {
      missing_ = fs.root() + "/kprobe_events: cannot be written, to set probes needs root";
    } else if (a.types == kOwnTypes && ::access(kOwnTypes, R_OK) != 0) {
      missing_ = std::string(kOwnTypes) + ": " + std::strerror(errno) +
                 ", expected a kernel with CONFIG_DEBUG_INFO_BTF, or --vmlinux with an image of this very kernel that "
                 "has BTF";
    } else {
      types_ = std::make_unique<recording::KernelTypes>(a.types);
    }
  }
  [[nodiscard]] const recording::KernelTypes* get() const { return types_.get(); }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  std::unique_ptr<recording::KernelTypes> types_;
  std::string missing_;
};

/// Where the records go: a file, and whoever reads along.
class Destination {
 public:
  explicit Destination(const RecordArguments& a) : output_(a.output), writes_(!a.live || !a.output.empty()) {
    output_.write_in_place();
  }
  ~Destination() { close_pipe(); }
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  /// What is wrong, or empty.
  [[nodiscard]] std::string open(const RecordArguments& a) {
    std::string wrong = writes_ ? output_.open({a.types}) : std::string();
    if (!wrong.empty() || !a.live) return wrong;
    int both[2] = {-1, -1};
    if (::pipe2(both, O_CLOEXEC) != 0) return std::string("--live: ") + std::strerror(errno);
    pipe_ = both[1];
    std::vector<std::string> words = {"/proc/self/exe", "replay", "-"};
    if (a.quiet) words.insert(words.begin() + 2, "--quiet");
    wrong = reader_.start(words, both[0], true);
    ::close(both[0]);
    return wrong;
  }
  /// False: it has no use to go on.
  [[nodiscard]] bool write(std::string_view text) {
    if (writes_) output_.write(text);
    if (pipe_ >= 0 && !write_all(pipe_, text)) close_pipe();
    return (!writes_ || output_.error() == 0) && (writes_ || pipe_ >= 0);
  }
  /// The same of records.
  [[nodiscard]] bool write_records(std::string_view text) {
    records_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    return write(text);
  }
  /// The exit status so far: what was read along, and what could not be written.
  [[nodiscard]] int end() {
    close_pipe();
    const std::optional<int> read = reader_.wait();
    const std::string wrong = writes_ ? output_.keep() : std::string();
    return wrong.empty() ? read.value_or(kHolds) : fail(wrong);
  }
  [[nodiscard]] std::uint64_t records() const { return records_; }

 private:
  void close_pipe() {
    if (pipe_ >= 0) ::close(pipe_);
    pipe_ = -1;
  }
  OutputFile output_;
  bool writes_;
  RunningCommand reader_;
  int pipe_ = -1;
  std::uint64_t records_ = 0;
};

/// All records that are there; what is wrong, or empty. `goes_on`: it has a use to read more.
std::string read_records(int from, Destination& to, bool& goes_on) {
  char part[65536];
  for (;;) {
    const ssize_t count = ::read(from, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno != EAGAIN) return std::string("the records cannot be read: ") + std::strerror(errno);
    if (count <= 0) return {};
    goes_on = to.write_records({part, static_cast<std::size_t>(count)});
    if (!goes_on) return {};
  }
}

/// Until the time is over, the command has ended, or somebody says so. What is wrong, or empty.
std::string record_records(const RecordArguments& a, int from, Destination& to, RunningCommand& command) {
  constexpr std::chrono::milliseconds kNap{20};
  const auto begin = Clock::now();
  const std::atomic<bool>& is_over = end_with_a_summary();
  Progress progress(!a.quiet);
  std::string wrong;
  for (bool goes_on = true; wrong.empty() && goes_on && !is_over;) {
    const std::chrono::duration<double> passed = Clock::now() - begin;
    if ((a.seconds > 0 && passed.count() >= a.seconds) || (!a.command.empty() && command.has_ended())) break;
    wrong = read_records(from, to, goes_on);
    if (progress.is_due())
      progress.show("recording, " + std::to_string(static_cast<long>(passed.count())) + " s, " +
                    std::to_string(to.records()) + " records");
    std::this_thread::sleep_for(kNap);
  }
  return wrong;
}

void say_what_is_blind(const RecordArguments& a, const recording::Setup& setup, const std::string& missing) {
  if (!missing.empty()) remark("record", missing + "; without it only the kernel's own tracepoints are recorded");
  for (const recording::Refusal& r : setup.refused)
    remark("record", "refused: " + r.probe.line(setup.name) + ": " + r.why);
  if (a.quiet) return;
  for (const std::string& spot : recording::blind_spots(setup)) remark("record", "not seen: " + spot);
}

void say_losses(const RecordArguments& a, const Destination& to, const recording::Losses& losses) {
  for (const auto& [event, count] : losses.missed)
    remark("record", "missed: " + std::to_string(count) + " calls of " + event);
  if (const std::uint64_t lost = losses.overwritten + losses.dropped; lost != 0)
    remark("record", "lost: " + std::to_string(lost) + " records; --buffer-kb above " + std::to_string(a.buffer_kb) +
                         " gives more room");
  if (losses.windows_without_end != 0)
    remark("record", "not seen: end_cpu_access: " + std::to_string(losses.windows_without_end) +
                         " windows began and none ended; dma_buf_ioctl() of this kernel seems to hold a copy of it");
  if (!a.quiet)
    remark("record", std::to_string(to.records()) + " records" + (a.output.empty() ? "" : " in " + a.output));
}

/// From the first record to the last one, with everything set.
int record_set(const RecordArguments& a, recording::Recording& r, Destination& to, const recording::Origin& origin) {
  if (!to.write(recording::head_of(origin, r.setup()))) return to.end();
  std::string wrong = r.start();
  RunningCommand command;
  if (wrong.empty() && !a.command.empty()) wrong = command.start(a.command);
  if (wrong.empty()) wrong = record_records(a, r.records(), to, command);
  command.stop();
  r.stop();
  bool goes_on = true;
  if (wrong.empty()) wrong = read_records(r.records(), to, goes_on);
  const recording::Losses losses = r.losses();
  static_cast<void>(to.write(recording::foot_of(losses)));
  const int status = to.end();
  say_losses(a, to, losses);
  if (!command.ending().empty() && !was_interrupted()) remark("record", "the command " + command.ending());
  return wrong.empty() ? status : fail(wrong);
}

/// What a recording that was killed left behind. The kernel closes what it had open a moment after it is gone.
void clean_up_after(const std::string& root, const std::string& name) {
  recording::Tracefs fs(root);
  for (int i = 0; i < 100 && !remove_recording(fs, name).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

int record(const RecordArguments& a, recording::Tracefs& fs) {
  const Types types(a, fs);
  // What is only told of is the same at any time.
  const std::string name = a.dry_run ? std::string(recording::kPrefix) : recording::name_of_recording(::getpid());
  const recording::Setup planned = planned_setup(fs, name, types.get(), recording::Registers::kArguments);
  if (planned.probes.probes.empty() && planned.tracepoints.empty())
    return fail(types.missing().empty() ? fs.root() + ": the kernel has neither probes nor tracepoints of dma-bufs"
                                        : types.missing());
  const recording::Origin origin = recording::origin_here(types.get() != nullptr ? a.types : "");
  Destination to(a);
  if (const std::string wrong = to.open(a); !wrong.empty()) return fail(wrong);
  if (a.dry_run) {
    say_what_is_blind(a, planned, types.missing());
    static_cast<void>(to.write(recording::head_of(origin, planned)));
    return to.end();
  }
  static_cast<void>(end_with_a_summary());
  const Supervisor supervisor([&] { clean_up_after(fs.root(), name); });
  if (!supervisor.is_there()) remark("record", "no process can be started that cleans up if this one is killed");
  recording::Recording r(fs, name);
  if (const std::string wrong = r.set_up(types.get(), recording::Registers::kArguments, a.buffer_kb); !wrong.empty())
    return fail(wrong);
  say_what_is_blind(a, r.setup(), types.missing());
  const int status = record_set(a, r, to, origin);
  const std::string left = r.remove();
  return left.empty() ? status : fail(left);
}

int clean_up(recording::Tracefs& fs) {
  int status = kHolds;
  for (const std::string& name : recordings_in(fs)) {
    const std::string left = remove_recording(fs, name);
    if (left.empty()) remark("record", "removed " + name);
    else status = fail(left);
  }
  return status;
}

int run(const RecordArguments& a) {
  if (!a.command.empty() && a.output.empty() && !a.live)
    return fail("--output: is missing, expected a file: the command writes to standard output");
  const recording::TracefsPlace place = recording::find_tracefs(a.tracefs);
  if (!place.missing.empty()) return fail(place.missing);
  recording::Tracefs fs(place.root);
  if (a.clean_up) return clean_up(fs);
  try {
    return record(a, fs);
  } catch (const traces::InputError& e) {
    return fail(e.what());
  }
}

}  // namespace

void add_record(CLI::App& app, int& status) {
  const auto a = std::make_shared<RecordArguments>();
  CLI::App* c = app.add_subcommand("record", "Record the custody of dma-bufs on this kernel.");
  c->footer(
      "Probes and tracepoints are chosen by what this kernel has, and set in an instance of tracefs of its own; the "
      "trace\n"
      "begins with what they are and ends with what was lost. Nothing is left behind, also where this is killed.\n"
      "Where only a shell exists: `custody probes --script`.\n"
      "Exit status: 0 recorded, 2 it could not; with --live that of `custody replay`.\n"
      "Examples:\n"
      "  sudo custody record -o trace.txt --seconds 10\n"
      "  sudo custody record -o trace.txt -- ./camera-test\n"
      "  sudo custody record --live");
  c->add_option("COMMAND", a->command, "record while it runs, behind --; else until Ctrl-C");
  c->add_option("--seconds", a->seconds, "record for so long at most")->check(CLI::PositiveNumber)->default_str("");
  c->add_option("--output,-o", a->output, "write the trace to this file, as it comes")->type_name(kFile);
  c->add_flag("--live", a->live, "replay while recording; the trace is written only with --output");
  CLI::Option* btf = c->add_option("--btf", a->types, "type information of this kernel; else the kernel's own")
                         ->type_name(kFile)
                         ->default_str("");
  c->add_option("--vmlinux", a->types, "an image of this kernel that has it: vmlinux, Image, vmlinuz")
      ->type_name(kFile)
      ->default_str("")
      ->excludes(btf);
  c->add_option("--tracefs", a->tracefs, "where tracefs is mounted; else /sys/kernel/tracing")->type_name(kFile);
  c->add_option("--buffer-kb", a->buffer_kb, "the kernel's buffer of each processor")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::Option* dry = c->add_flag("--dry-run", a->dry_run, "set nothing; write what the trace would begin with");
  c->add_flag("--cleanup", a->clean_up, "remove what recordings left that did not end well, and record nothing")
      ->excludes(dry);
  c->add_flag("--quiet,-q", a->quiet, "no progress, no remarks but those on losses");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
