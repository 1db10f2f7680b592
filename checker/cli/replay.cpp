// SPDX-License-Identifier: BSD-2-Clause
// custody replay: reads traces and says what was illegal, missing and redundant in them.
#include "checker/replay/replay.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "checker/cli/cli.hpp"
#include "checker/cli/progress.hpp"
#include "checker/report/json_report.hpp"
#include "checker/report/text_report.hpp"
#include "checker/report/wording.hpp"

namespace custody::cli {

namespace {

struct Arguments {
  std::vector<std::string> files, policies, devices, exporters;
  std::string format = "text", fail_on = "error", arch, exporters_file, colour = "auto", output;
  bool all = false, quiet = false;
};

void complain(const std::string& what) {
  static_cast<void>(write_all(2, "custody replay: " + checker::escape_text(what) + "\n"));
}

/// Collects output and writes it in large pieces, or at once where somebody watches.
class Output {
 public:
  Output(int fd, bool at_once) : fd_(fd), at_once_(at_once) {}
  void write(std::string_view text) {
    buffer_ += text;
    if (at_once_ || buffer_.size() > kEnough) flush();
  }
  void flush() {
    if (!failed_ && !write_all(fd_, buffer_)) {
      failed_ = true;
      error_ = errno;
    }
    buffer_.clear();
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] int error() const { return error_; }

 private:
  static constexpr std::size_t kEnough = std::size_t{1} << 16U;
  int fd_;
  bool at_once_;
  bool failed_ = false;
  int error_ = 0;
  std::string buffer_;
};

/// `NAME=word[,word...]`. Empty where it is right.
std::string add_device(checker::Options& options, const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0)
    return "--device '" + text + "': expected NAME=coherent|noncoherent|bounced|reads_only";
  checker::DeviceOverride device;
  device.name = text.substr(0, equals);
  std::istringstream words(text.substr(equals + 1));
  const std::string option = "--device '" + text + "': ";
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "coherent" || word == "noncoherent") device.coherent = word == "coherent";
    else if (word == "bounced") device.bounced = true;
    else if (word == "reads_only") device.reads_only = true;
    else
      return std::string(option).append("found '").append(word).append(
          "', expected coherent, noncoherent, bounced or reads_only");
  }
  options.devices.push_back(device);
  return {};
}

/// Fills `options`; what is wrong, or empty.
std::string parse_options(const Arguments& a, checker::Options& options) {
  options.arch = a.arch;
  for (const std::string& p : a.policies) {
    const std::size_t equals = p.find('=');
    if (equals == std::string::npos) return "--policy '" + p + "': expected NAME=VALUE";
    options.policies.emplace_back(p.substr(0, equals), p.substr(equals + 1));
  }
  for (const std::string& d : a.devices)
    if (std::string wrong = add_device(options, d); !wrong.empty()) return wrong;
  try {
    if (!a.exporters_file.empty()) {
      std::ifstream in(a.exporters_file);
      std::ostringstream text;
      text << in.rdbuf();
      if (!in) return a.exporters_file + ": cannot be read";
      options.exporters.load(text.str(), a.exporters_file);
    }
    for (const std::string& e : a.exporters) options.exporters.override_with(e);
  } catch (const spec::SpecError& e) {
    return e.what();
  }
  return checker::check_options(options);
}

bool fails(const checker::ReplayResult& r, const std::string& fail_on) {
  if (r.has_expectations) return r.expectations_failed;
  const auto count = [&](spec::Severity s) { return r.summary.by_severity[static_cast<std::size_t>(s)]; };
  if (fail_on == "never") return false;
  return count(spec::Severity::kError) > 0 || (fail_on != "error" && count(spec::Severity::kWarning) > 0) ||
         (fail_on == "note" && count(spec::Severity::kNote) > 0);
}

bool wants_colour(const Arguments& a, int fd) {
  if (a.colour != "auto") return a.colour == "always";
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(fd) == 1 && (no_color == nullptr || *no_color == '\0');
}

std::unique_ptr<checker::ReportSink> make_report(const Arguments& a, Output& output, Progress& progress, int fd) {
  const auto write = [&output, &progress](std::string_view text) {
    progress.clear();
    output.write(text);
  };
  if (a.format == "json") return std::make_unique<checker::JsonReport>(write);
  return std::make_unique<checker::TextReport>(write, checker::TextOptions{wants_colour(a, fd), a.all, a.quiet});
}

std::string progress_text(std::size_t done, std::size_t files, const traces::ReadStatistics& s) {
  const std::string of_files =
      files > 1 ? "trace " + std::to_string(done + 1) + " of " + std::to_string(files) + ": " : "";
  return of_files + std::to_string(s.events) + " events " + percent(s.bytes, s.bytes_total);
}

int replay_all(const Arguments& a, checker::Options options, Output& output, Progress& progress,
               checker::ReportSink& report) {
  bool unreadable = false, violated = false, inconclusive = false;
  checker::Summary total;
  std::size_t done = 0;
  options.progress = [&](const traces::ReadStatistics& s) {
    if (progress.is_due()) progress.show(progress_text(done, a.files.size(), s));
  };
  for (const std::string& file : a.files) {
    const checker::ReplayResult r = checker::replay_trace(file, options, report);
    total.add(r.summary);
    unreadable = unreadable || r.input_error;
    violated = violated || fails(r, a.fail_on);
    inconclusive = inconclusive || r.inconclusive;
    ++done;
  }
  progress.clear();
  report.end(total);
  output.flush();
  return unreadable ? kUsage : violated ? kViolated : inconclusive ? kInconclusive : kHolds;
}

int run(const Arguments& a) {
  checker::Options options;
  if (const std::string wrong = parse_options(a, options); !wrong.empty()) {
    complain(wrong);
    return kUsage;
  }
  int fd = 1;
  if (!a.output.empty()) fd = ::open(a.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    complain(a.output + ": cannot be written: " + std::strerror(errno));
    return kUsage;
  }
  bool streams = false;
  for (const std::string& file : a.files) streams = streams || file == "-";
  Output output(fd, streams || ::isatty(fd) == 1);
  Progress progress(!a.quiet);
  const auto report = make_report(a, output, progress, fd);
  const int status = replay_all(a, options, output, progress, *report);
  if (!output.failed()) return status;
  if (output.error() == EPIPE) return status;  // whoever read the report has read enough
  complain("the report cannot be written: " + std::string(std::strerror(output.error())));
  return kUsage;
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  const auto a = std::make_shared<Arguments>();
  CLI::App* c = app.add_subcommand("replay", "Replay captured traces, event logs and litmus files.");
  c->footer(
      "Examples:\n  custody replay trace.txt\n  cat /sys/kernel/tracing/trace_pipe | custody replay -\n"
      "  custody replay --format json --device gpu.0=coherent a.txt b.txt");
  c->add_option("FILE", a->files, "ftrace text, an event log or a litmus file; - is standard input, as a stream")
      ->required();
  c->add_option("--format", a->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  c->add_option("--fail-on", a->fail_on, "the least severity that makes the exit status 1")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}));
  c->add_option("--arch", a->arch, "architecture profile; see `custody list archs`");
  c->add_option("--policy", a->policies, "NAME=VALUE; see `custody list policies`");
  c->add_option("--device", a->devices, "NAME=coherent|noncoherent|bounced|reads_only[,...]");
  c->add_option("--exporter", a->exporters, "NAME:key=value[,key=value...]; see `custody list exporters`");
  c->add_option("--exporters", a->exporters_file, "a JSON file of exporter profiles");
  c->add_option("--color,--colour", a->colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  c->add_option("--output,-o", a->output, "write the report to this file");
  c->add_flag("--all", a->all, "print every finding in full, also those that repeat");
  c->add_flag("--quiet,-q", a->quiet, "findings and failed expectations only, no progress");
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::cli
