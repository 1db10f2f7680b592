// SPDX-License-Identifier: BSD-2-Clause
// Evidence by mutation: what a recorded capture loses must neither accuse anybody nor clear a buffer that the whole
// capture does not clear.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "checker/replay/engine.hpp"
#include "tests/checker/replay_support.hpp"
#include "traces/open.hpp"

namespace custody::checker::test {
namespace {

using Lines = std::vector<std::string>;

Lines kept_lines(const std::string& text) {
  std::istringstream in(text);
  Lines lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The probe that made the record: an entry and a return are two. Empty: the line is no record.
std::string probe_of(const std::string& line) {
  constexpr std::string_view kKey = "\"event\":\"";
  if (line.empty() || line[0] == '#') return {};
  if (line[0] != '{') {
    const std::size_t colon = line.find(": ") + 2;
    return line.substr(colon, line.find(':', colon) - colon);
  }
  const std::size_t at = line.find(kKey);
  if (at == std::string::npos) return {};
  const std::size_t word = at + kKey.size();
  const bool returns = line.find("\"phase\":\"return\"") != std::string::npos;
  return line.substr(word, line.find('"', word) - word) + (returns ? "_ret" : "");
}

/// What was taken away, and the text that is left: empty lines stand for it, so that the others keep their numbers.
struct Mutation {
  enum class Kind { kRecord, kProbe, kPrefix, kSuffix } kind;
  std::string probe;    ///< of kRecord and kProbe
  std::uint64_t first;  ///< the first line that is left out, and the last
  std::uint64_t last;
  std::string text;
};

template <class IsGone>
Mutation without(const Lines& lines, Mutation::Kind kind, const std::string& probe, const IsGone& is_gone) {
  Mutation m{kind, probe, 0, 0, {}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool gone = !probe_of(lines[i]).empty() && is_gone(i);
    if (gone && m.first == 0) m.first = i + 1;
    if (gone) m.last = i + 1;
    m.text += gone ? "\n" : lines[i] + "\n";
  }
  return m;
}

template <class Visit>
void each_mutation(const Lines& lines, const Visit& visit) {
  using Kind = Mutation::Kind;
  std::set<std::string> probes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string probe = probe_of(lines[i]);
    if (probe.empty()) continue;
    probes.insert(probe);
    visit(without(lines, Kind::kRecord, probe, [i](std::size_t k) { return k == i; }));
    visit(without(lines, Kind::kPrefix, {}, [i](std::size_t k) { return k > i; }));
    visit(without(lines, Kind::kSuffix, {}, [i](std::size_t k) { return k < i; }));
  }
  for (const std::string& probe : probes)
    visit(without(lines, Kind::kProbe, probe, [&](std::size_t k) { return probe_of(lines[k]) == probe; }));
}

/// An error: its rule, the line of the event that it is about, its buffer.
struct Error {
  std::string rule;
  std::uint64_t line;
  std::string buffer;
  auto operator<=>(const Error&) const = default;
};

/// What a replay says of a trace.
struct Answer {
  std::set<Error> errors;
  std::map<std::string, std::uint64_t> hazards;  ///< by buffer: the line of the event that the first error is about
  std::map<std::string, Judged> judged;          ///< by buffer
  bool was_read = true;

  [[nodiscard]] bool clears(const std::string& buffer) const {
    const auto found = judged.find(buffer);
    return found != judged.end() && found->second == Judged::kWhole && hazards.count(buffer) == 0;
  }
};

/// A reader's sink around an engine, that keeps names for what the engine says by ids.
class Replay final : public traces::EventSink {
 public:
  explicit Replay(Answer& answer)
      : answer_(answer), engine_(options_, [this](const Finding& f, const traces::Directory& d) { add(f, d); }) {}
  void on_header(const traces::Header& h, const traces::Directory& d) override { engine_.on_header(h, d); }
  void on_event(const traces::Event& e, const traces::Directory& d) override { engine_.on_event(e, d); }
  void on_gap(const traces::Gap& g, const traces::Directory& d) override { engine_.on_gap(g, d); }
  void on_end(const traces::Directory& d) override {
    engine_.on_end(d);
    for (const traces::BufferInfo& b : d.buffers) answer_.judged.emplace(b.name, Judged::kWhole);
    for (const BufferVerdict& v : engine_.finish().verdicts) answer_.judged[d.buffers[v.buffer].name] = v.judged;
    // Of a trace as a whole, where probes are missing.
    if (engine_.finish().coverage.of(Judged::kWhole) == 0)
      for (auto& [name, judged] : answer_.judged)
        if (judged == Judged::kWhole) judged = Judged::kPartly;
  }

 private:
  void add(const Finding& f, const traces::Directory& d) {
    if (f.severity != spec::Severity::kError) return;
    const std::string& buffer = d.buffers[f.buffer].name;
    answer_.errors.insert({std::string(spec::rule(f.rule).id), f.place.trigger.at.line, buffer});
    const bool hazard = f.matches(spec::RuleClass::kMissing) || f.matches(spec::RuleClass::kLostWrite);
    if (hazard) answer_.hazards.emplace(buffer, f.place.trigger.at.line);
  }

  Answer& answer_;
  replay::Options options_;
  replay::Engine engine_;
};

Answer answer_to(const std::string& text) {
  Answer answer;
  const TemporaryFile file(text);
  Replay replay(answer);
  try {
    static_cast<void>(traces::read_trace(file.path(), replay));
  } catch (const traces::InputError&) {
    answer.was_read = false;  // nothing is left of it
  }
  return answer;
}

std::vector<std::filesystem::path> captures() {
  std::vector<std::filesystem::path> paths;
  for (const auto& file : std::filesystem::directory_iterator("traces/recorded"))
    if (file.path().extension() != ".md") paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string word(Mutation::Kind kind) {
  switch (kind) {
    case Mutation::Kind::kRecord: return "record";
    case Mutation::Kind::kProbe: return "probe";
    case Mutation::Kind::kPrefix: return "prefix";
    case Mutation::Kind::kSuffix: break;
  }
  return "suffix";
}

std::string described(const Mutation& m) {
  return word(m.kind) + " " + m.probe + " " + std::to_string(m.first) + ".." + std::to_string(m.last);
}

using Counts = std::map<std::string, int>;

/// One a line.
std::string counted(const Counts& counts) {
  std::string text;
  for (const auto& [what, count] : counts) text += what + " x" + std::to_string(count) + "\n";
  return text;
}

/// What cannot be recognised, by probe and rule, and how often. A record of these leaves no other in its place:
/// - in a log, which says itself what it observes and is taken at its word: a dma_unmap that ran no operation, an
///   exporter's own cache operation, and an access, where the log says that it holds them all.
const Counts kNoTrace = {{"log probe cache_clean_invalidate: M2", 1},
                         {"log probe device_read: M2", 1},
                         {"log probe device_write: M1", 1},
                         {"log probe dma_unmap: L5", 9},
                         {"log record cache_clean_invalidate: M2", 1},
                         {"log record device_read: M2", 1},
                         {"log record device_write: M1", 1},
                         {"log record dma_unmap: L5", 56}};

TEST(EvidenceByMutation, NeverAccusesOfWhatTheWholeTraceDoesNot) {
  Counts exceptions;
  std::size_t mutations = 0;
  for (const auto& path : captures()) {
    const Lines lines = kept_lines(read_file(path));
    const Answer whole = answer_to(read_file(path));
    ASSERT_TRUE(whole.was_read);
    const std::string format = path.extension() == ".txt" ? "ftrace " : "log ";
    each_mutation(lines, [&](const Mutation& m) {
      ++mutations;
      std::set<std::string> rules;
      for (const Error& e : answer_to(m.text).errors)
        if (whole.errors.count(e) == 0) rules.insert(e.rule);
      for (const std::string& rule : rules) ++exceptions[format + word(m.kind) + " " + m.probe + ": " + rule];
    });
  }
  EXPECT_GT(mutations, 6000U);
  EXPECT_EQ(counted(exceptions), counted(kNoTrace));
}

/// Judges each mutation of a trace with faults: which of them clear a buffer whose fault is in what is left.
void count_all_clears(const std::string& text, Counts& out) {
  const Answer whole = answer_to(text);
  each_mutation(kept_lines(text), [&](const Mutation& m) {
    const Answer part = answer_to(m.text);
    for (const auto& [buffer, trigger] : whole.hazards) {
      // The fault itself is gone: what is left has none.
      if (m.kind == Mutation::Kind::kPrefix && m.first <= trigger) continue;
      if (m.kind == Mutation::Kind::kSuffix && m.last >= trigger) continue;
      if (part.clears(buffer)) ++out[described(m)];
    }
    for (const auto& [buffer, judged] : whole.judged) {
      const auto found = part.judged.find(buffer);
      if (judged != Judged::kWhole && found != part.judged.end() && found->second == Judged::kWhole)
        ++out["judged " + described(m)];
    }
  });
}

TEST(EvidenceByMutation, NeverClearsWhatTheWholeTraceDoesNot) {
  Counts exceptions;
  for (const auto& path : captures()) {
    Counts of_this;
    count_all_clears(read_file(path), of_this);
    for (const auto& [what, count] : of_this) exceptions[path.filename().string() + " " + what] += count;
  }
  EXPECT_EQ(counted(exceptions), "");
}

/// The capture of a driver that makes no sync in the window call of line `call`. Lines stay where they are.
std::string without_syncs(Lines lines, std::size_t call) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string probe = probe_of(lines[i]);
    if (i == call) inside = true;
    else if (probe == "begin_cpu_access_ret" || probe == "end_cpu_access_ret") inside = false;
    else if (inside) lines[i].clear();
    text += lines[i] + "\n";
  }
  return text;
}

/// Pieces that begin with the faulty call, when the device had written before the trace.
void count_all_clears_of_pieces(const std::string& text, std::size_t call, Counts& out) {
  const Lines lines = kept_lines(text);
  const Answer whole = answer_to(text);
  for (const auto& [buffer, trigger] : whole.hazards) {
    for (std::size_t end = trigger; end <= lines.size(); ++end) {
      const Mutation m =
          without(lines, Mutation::Kind::kSuffix, {}, [&](std::size_t i) { return i < call || i >= end; });
      if (answer_to(m.text).clears(buffer)) ++out["piece up to " + std::to_string(end)];
    }
  }
}

TEST(EvidenceByMutation, NeverClearsADriverThatLeavesTheSyncsOfACallOut) {
  Counts exceptions;
  std::size_t faults = 0;
  for (const char* name : {"cma", "pipeline_keep"}) {
    const Lines lines = kept_lines(read_file("traces/recorded/" + std::string(name) + ".ftrace.txt"));
    for (std::size_t call = 0; call < lines.size(); ++call) {
      if (probe_of(lines[call]) != "begin_cpu_access" && probe_of(lines[call]) != "end_cpu_access") continue;
      const std::string text = without_syncs(lines, call);
      faults += answer_to(text).hazards.size();
      Counts of_this;
      count_all_clears(text, of_this);
      count_all_clears_of_pieces(text, call, of_this);
      for (const auto& [what, count] : of_this)
        exceptions[std::string(name) + " line " + std::to_string(call + 1) + " " + what] += count;
    }
  }
  EXPECT_EQ(faults, 5U) << "each begin of the two is needed";
  EXPECT_EQ(counted(exceptions), "");
}

}  // namespace
}  // namespace custody::checker::test
