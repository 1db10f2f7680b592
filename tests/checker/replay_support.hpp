// SPDX-License-Identifier: BSD-2-Clause
// Runs a replay and keeps what it says, for tests.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "checker/replay/replay.hpp"

namespace custody::checker::test {

struct SeenFinding {
  std::string rule, also;
  spec::RuleClass cls;
  spec::Severity severity;
  Effect effect;
  bool proved;
  std::uint8_t assumes;
  bool concurrent;
  std::uint64_t line, bytes;
  std::string device;
  bool operator==(const SeenFinding&) const = default;
};

inline void PrintTo(const SeenFinding& f, std::ostream* out) {
  *out << f.rule << " also " << f.also << "line " << f.line << " " << f.device << " effect "
       << static_cast<int>(f.effect) << " proved " << f.proved;
}

struct Seen {
  std::vector<SeenFinding> findings;
  std::vector<JudgedExpectation> expectations;
  std::string error;
  replay::ReplayResult result;
  [[nodiscard]] std::size_t count(spec::RuleClass cls) const {
    std::size_t n = 0;
    for (const SeenFinding& f : findings) n += f.cls == cls ? 1U : 0U;
    return n;
  }
  [[nodiscard]] std::size_t count(const std::string& rule) const {
    std::size_t n = 0;
    for (const SeenFinding& f : findings) n += f.rule == rule ? 1U : 0U;
    return n;
  }
  /// A finding breaks it, first or beside others.
  [[nodiscard]] bool names(const std::string& rule) const {
    return std::any_of(findings.begin(), findings.end(), [&](const SeenFinding& f) {
      return f.rule == rule || (" " + f.also).find(" " + rule + " ") != std::string::npos;
    });
  }
};

class Collector final : public ReportSink {
 public:
  explicit Collector(Seen& seen) : seen_(seen) {}
  void begin_trace(const std::string&) override {}
  void finding(const Finding& f, const traces::Directory& d) override {
    std::string also;
    for (const spec::Rule& r : spec::kRules)
      if (f.also.has(spec::id_of(r))) also += std::string(r.id) + " ";
    seen_.findings.push_back({std::string(spec::rule(f.rule).id), also, spec::rule(f.rule).cls, f.severity, f.effect,
                              f.proved, f.assumes, f.place.concurrent_task != traces::kNoId, f.line, f.bytes,
                              f.device < d.devices.size() ? d.devices[f.device].name : std::string()});
  }
  void end_trace(const traces::Header&, const traces::ReadStatistics&, const Summary&,
                 std::span<const JudgedExpectation> expectations, const std::string& error) override {
    seen_.expectations.assign(expectations.begin(), expectations.end());
    seen_.error = error;
  }
  void end(const Summary&) override {}

 private:
  Seen& seen_;
};

inline Seen replay_file(const std::string& path, const replay::Options& options = {}) {
  Seen seen;
  Collector collector(seen);
  seen.result = replay::replay_trace(path, options, collector);
  return seen;
}

/// A file in memory, opened by its path in /proc.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) : fd_(::memfd_create("custody-test", 0)) {
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t wrote = ::write(fd_, text.data() + done, text.size() - done);
      if (wrote <= 0) break;
      done += static_cast<std::size_t>(wrote);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { ::close(fd_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

inline Seen replay_text(const std::string& text, const replay::Options& options = {}) {
  const TemporaryFile file(text);
  return replay_file(file.path(), options);
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace custody::checker::test
