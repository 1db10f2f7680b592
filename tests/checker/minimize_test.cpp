// SPDX-License-Identifier: BSD-2-Clause
// A minimised trace shows the finding, nothing can be taken from it, and it is found in few replays.
#include "checker/minimize/minimize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

using namespace std::string_literals;

std::vector<std::string> split_lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// Index of the first line behind the header.
std::size_t body_of(const std::vector<std::string>& lines) {
  return static_cast<std::size_t>(std::find(lines.begin(), lines.end(), "") - lines.begin()) + 1;
}

bool names(const SeenFinding& f, std::string_view rule) {
  return f.rule == rule || (" " + f.also).find(" " + std::string(rule) + " ") != std::string::npos;
}

minimize::Wish wish(std::string_view rule, std::uint64_t line = 0) {
  return {spec::id_of(*spec::find_rule(rule)), line};
}

/// Replays what was minimised: it expects the rule, and every expectation holds.
Seen expect_shown(const minimize::Minimized& small, std::string_view rule, const std::string& what) {
  EXPECT_NE(small.text.find("\nexpect " + std::string(rule) + " at "), std::string::npos) << what << small.text;
  Seen seen = replay_text(small.text);
  EXPECT_EQ(seen.error, "") << what << small.text;
  EXPECT_FALSE(seen.result.expectations_failed) << what << small.text;
  EXPECT_TRUE(std::any_of(seen.findings.begin(), seen.findings.end(), [&](const auto& f) { return names(f, rule); }))
      << what << small.text;
  return seen;
}

std::multiset<std::string> faults_of(const Seen& seen) {
  std::multiset<std::string> faults;
  for (const SeenFinding& f : seen.findings)
    if (f.cls != spec::RuleClass::kRedundant && f.cls != spec::RuleClass::kAdvice) faults.insert(f.rule);
  return faults;
}

std::size_t indentation(const std::string& line) { return line.find_first_not_of(' '); }

/// Its word and its operands, without `[TASK]` and blanks.
std::vector<std::string> words_of(const std::string& line) {
  const std::size_t task = line.find(']');
  std::istringstream in(line.substr(task == std::string::npos ? 0 : task + 1));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// Does anything else need what this line makes?
bool is_needed(const std::vector<std::string>& lines, std::size_t i) {
  const std::vector<std::string> words = words_of(lines[i]);
  if (words[0] == "export") return lines.size() > body_of(lines) + 1;
  if (words[0] != "attach") return false;
  const std::string name = words.size() > 4 ? words[4] : words[2];
  for (std::size_t k = body_of(lines); k < lines.size(); ++k) {
    const std::vector<std::string> others = words_of(lines[k]);
    if (k != i && std::find(others.begin(), others.end(), name) != others.end()) return true;
  }
  return false;
}

/// The worst that is said of the rule.
spec::Severity severity_of(const Seen& seen, std::string_view rule) {
  spec::Severity worst = spec::Severity::kNote;
  for (const SeenFinding& f : seen.findings)
    if (names(f, std::string(rule))) worst = std::min(worst, f.severity);
  return worst;
}

/// What the operations that the rule is told of did: nothing, nothing even in the worst case, or something.
std::multiset<std::pair<Effect, bool>> effects_of(const Seen& seen, const std::string& rule) {
  std::multiset<std::pair<Effect, bool>> effects;
  for (const SeenFinding& f : seen.findings)
    if (names(f, rule)) effects.emplace(f.effect, f.proved);
  return effects;
}

/// Takes each line out, with what is nested in it: then the finding is gone, or something is wrong that was not.
void expect_nothing_to_take(const minimize::Minimized& small, std::string_view rule) {
  const std::vector<std::string> lines = split_lines(small.text);
  if (small.text.find('{') != std::string::npos) return;  // braces: a call's lines are not together
  const Seen all = replay_text(small.text);
  const std::multiset<std::string> faults = faults_of(all);
  const bool missing = spec::find_rule(rule)->cls == spec::RuleClass::kMissing;
  for (std::size_t i = body_of(lines); i < lines.size(); ++i) {
    if (is_needed(lines, i)) continue;
    // The call that lacks a sync keeps all that it did; it is the last that the file has.
    const bool nested = indentation(lines[i]) > 0 && lines[i][0] == ' ';
    if (missing && nested) continue;
    std::vector<std::string> fewer(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i));
    std::size_t next = i + 1;
    while (next < lines.size() && indentation(lines[next]) > indentation(lines[i])) ++next;
    fewer.insert(fewer.end(), lines.begin() + static_cast<std::ptrdiff_t>(next), lines.end());
    const Seen seen = replay_text(joined(fewer));
    const std::multiset<std::string> left = faults_of(seen);
    const bool adds_fault = !std::includes(faults.begin(), faults.end(), left.begin(), left.end());
    const bool is_weaker = severity_of(seen, rule) > severity_of(all, rule);
    const bool is_other = effects_of(seen, std::string(rule)) != effects_of(all, std::string(rule));
    EXPECT_TRUE(!seen.error.empty() || seen.result.expectations_failed || adds_fault || is_weaker || is_other)
        << "line " << i + 1 << " can go:\n"
        << small.text;
  }
}

std::vector<std::string> shipped_litmus() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("traces/litmus"))
    if (entry.path().extension() == ".litmus") files.push_back(entry.path().string());
  return files;
}

TEST(Minimize, ShowsEachRuleOfEachLitmusFileInFewerEvents) {
  std::set<std::string> shown;
  for (const std::string& file : shipped_litmus()) {
    std::set<std::string> rules;
    for (const SeenFinding& f : replay_file(file).findings)
      for (const spec::Rule& rule : spec::kRules)
        if (f.effect != Effect::kUnobserved && names(f, rule.id)) rules.insert(std::string(rule.id));
    for (const std::string& rule : rules) {
      const minimize::Minimized small = minimize::minimize_trace(file, {}, wish(rule));
      expect_shown(small, rule, file + "\n");
      expect_nothing_to_take(small, rule);
      EXPECT_LE(small.events, small.events_before);
      shown.insert(rule);
    }
  }
  for (const spec::Rule& rule : spec::kRules) EXPECT_EQ(shown.contains(std::string(rule.id)), rule.judged) << rule.id;
}

TEST(Minimize, ShowsEachFindingOfTheCapturesInAtMostTwelveLines) {
  std::size_t findings = 0;
  for (const char* name : {"pipeline_remap", "pipeline_keep", "cpu_unattached", "cma"}) {
    const std::string file = "traces/recorded/" + std::string(name) + ".ftrace.txt";
    for (const SeenFinding& f : replay_file(file).findings) {
      const std::string what = file + ":" + std::to_string(f.line) + "\n";
      const minimize::Minimized small = minimize::minimize_trace(file, {}, wish(f.rule, f.line));
      const Seen seen = expect_shown(small, f.rule, what);
      EXPECT_EQ(seen.count(f.rule), 1U) << what << small.text;
      for (const SeenFinding& now : seen.findings)
        EXPECT_TRUE(now.rule != f.rule || (now.device == f.device && now.effect == f.effect)) << what << small.text;
      const std::vector<std::string> lines = split_lines(small.text);
      EXPECT_LE(lines.size() - body_of(lines), 12U) << what << small.text;
      expect_nothing_to_take(small, f.rule);
      ++findings;
    }
  }
  EXPECT_GT(findings, 30U);
}

/// A legal use of 10,000 events: three devices come and go, the CPU opens windows. Then a window that lacks its sync.
std::string long_story() {
  constexpr std::uint64_t kEvents = 10'000;
  const std::map<std::string, std::string> directions = {{"cam", "FROM"}, {"gpu", "BIDI"}, {"disp", "TO"}};
  std::string text = "custody litmus: long\ndevice cam\ndevice gpu\ndevice disp\n\nexport b 1M\n";
  std::set<std::string> mapped;
  std::uint64_t state = 7, events = 1;
  const auto below = [&](std::uint64_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33U) % bound;
  };
  const auto open_and_close = [&](const std::string& dir) {
    for (const auto& [call, sync] : {std::pair("begin", "sync_for_cpu"), std::pair("end", "sync_for_device")}) {
      text += std::string(call) + " b " + dir + "\n";
      for (const std::string& device : mapped)
        text.append("  ").append(sync).append(" ").append(device).append(" ").append(dir).append("\n");
      events += 1 + mapped.size();
    }
  };
  while (events < kEvents) {
    auto device = directions.begin();
    std::advance(device, below(3));
    const auto& [name, dir] = *device;
    if (below(2) == 0) {
      open_and_close(std::next(directions.begin(), static_cast<std::ptrdiff_t>(below(3)))->second);
    } else if (mapped.insert(name).second) {
      text.append("attach b ").append(name).append("\nmap b ").append(name).append(" ").append(dir);
      text.append("\n  dma_map ").append(name).append(" ").append(dir).append("\n");
      events += 3;
    } else {
      text.append("unmap b ").append(name).append(" ").append(dir).append("\n  dma_unmap ").append(name);
      text.append(" ").append(dir).append("\ndetach b ").append(name).append("\n");
      mapped.erase(name);
      events += 3;
    }
  }
  return text + "attach b cam as late\nmap b late FROM\n  dma_map late FROM\nbegin b FROM\nend b FROM\nrelease b\n";
}

TEST(Minimize, NeedsFewReplaysOfTenThousandEvents) {
  const TemporaryFile file(long_story());
  const minimize::Minimized small = minimize::minimize_trace(file.path(), {}, {});
  expect_shown(small, "M3", "");
  expect_nothing_to_take(small, "M3");
  EXPECT_TRUE(small.is_smallest);
  EXPECT_GT(small.events_before, 10'000U);
  EXPECT_LE(small.events, 6U) << small.text;
  // One replay of all of it takes a few milliseconds.
  EXPECT_LE(small.replays, 250U);
  for (const char* rule : {"R3", "R4", "R5"}) {
    const minimize::Minimized redundant = minimize::minimize_trace(file.path(), {}, wish(rule));
    expect_shown(redundant, rule, "");
    expect_nothing_to_take(redundant, rule);
    EXPECT_LE(redundant.replays, 250U) << rule;
  }
}

TEST(Minimize, GivesTheSmallestSoFarWhereItMayNotGoOn) {
  const TemporaryFile file(long_story());
  std::uint64_t before = ~std::uint64_t{0};
  for (const std::uint64_t most : {0U, 8U}) {
    std::uint64_t asked = 0;
    const minimize::Minimized small =
        minimize::minimize_trace(file.path(), {}, {}, [&](const auto& /*progress*/) { return asked++ < most; });
    EXPECT_FALSE(small.is_smallest);
    EXPECT_EQ(asked, most + 1);
    expect_shown(small, "M3", "");
    EXPECT_NE(small.text.find(", minimised in part\n"), std::string::npos) << small.text.substr(0, 200);
    EXPECT_LT(small.events, before);
    before = small.events;
  }
}

TEST(Minimize, KeepsTheFindingAtItsEvent) {
  // Without the sync of the first window that window would have the same finding; it is not the one that was asked for.
  const TemporaryFile file(
      "custody litmus: x\ndevice D\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nbegin b FROM\n"
      "  sync_for_cpu D FROM\nend b FROM\nbegin b FROM\nend b FROM\n");
  const minimize::Minimized small = minimize::minimize_trace(file.path(), {}, {});
  EXPECT_EQ(small.line, 11U);
  EXPECT_EQ(small.text.substr(small.text.find("\n\n")),
            "\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\nbegin b FROM\n");
}

TEST(Minimize, SaysThatABufferIsOlderWhereTheTraceDoes) {
  const TemporaryFile file(
      "custody litmus: x\ndevice D\nolder c\n\nput c\nattach c D\nmap c D FROM\nbegin c FROM\nend c FROM\n");
  const minimize::Minimized small = minimize::minimize_trace(file.path(), {}, {});
  EXPECT_NE(small.text.find("\ndevice D\nolder c\n"), std::string::npos) << small.text;
  EXPECT_EQ(small.text.substr(small.text.find("\n\n")), "\n\nattach c D\nmap c D FROM\nbegin c FROM\n");
}

TEST(Minimize, KeepsWhatTheFaultyCallDid) {
  const minimize::Minimized small = minimize::minimize_trace("traces/litmus/T14-dirty-hand-off.litmus", {}, {});
  EXPECT_NE(small.text.find("map b D TO\n  dma_map D TO skip\n"), std::string::npos) << small.text;
}

TEST(Minimize, TakesTheFirstErrorElseTheFirstWarning) {
  EXPECT_EQ(minimize::minimize_trace("traces/litmus/T13-the-only-sync-removed.litmus", {}, {}).rule, spec::RuleId::kM2);
  EXPECT_EQ(minimize::minimize_trace("traces/litmus/T13-the-only-sync-removed.litmus", {}, wish("M3")).rule,
            spec::RuleId::kM3);
  const minimize::Minimized warning = minimize::minimize_trace("traces/recorded/pipeline_keep.ftrace.txt", {}, {});
  EXPECT_EQ(warning.rule, spec::RuleId::kR3);
  EXPECT_EQ(warning.line, 22U);
}

// What another buffer told of the device: the GPU snoops, twice its map ran no operation.
constexpr const char* kTwoBuffers = R"(custody litmus: two buffers
device cam
device gpu coherence_unknown

export a 64K
attach a gpu
map a gpu BIDI
  dma_map gpu BIDI
    cache_none
unmap a gpu BIDI
  dma_unmap gpu BIDI
    cache_none
export b 64K
attach b cam
map b cam FROM
  dma_map cam FROM
unmap b cam FROM
attach b gpu
map b gpu TO
  dma_map gpu TO
    cache_none
)";

TEST(Minimize, SaysOfDevicesWhatOnlyOtherBuffersTold) {
  const TemporaryFile file(kTwoBuffers);
  const minimize::Minimized small = minimize::minimize_trace(file.path(), {}, {});
  expect_shown(small, "M3", "");
  EXPECT_NE(small.text.find("\ndevice gpu coherent\n"), std::string::npos) << small.text;
  EXPECT_EQ(small.text.find("export a"), std::string::npos) << small.text;
}

TEST(Minimize, WritesWhatTheOptionsSay) {
  replay::Options options;
  options.arch = "armv7";
  options.devices.push_back({"gpu.0", true, true, {}, 128, true});
  options.cpu_line = 32;
  const minimize::Minimized small = minimize::minimize_trace("traces/recorded/pipeline_keep.ftrace.txt", options, {});
  expect_shown(small, spec::rule(small.rule).id, "");
  EXPECT_NE(small.text.find("\narch armv7\n"), std::string::npos);
  EXPECT_NE(small.text.find("\ndevice gpu.0 coherent allocates bounced line 128\n"), std::string::npos);
  EXPECT_NE(small.text.find("\ncpu_line 32\n"), std::string::npos);
}

/// A log of a window that lacks its sync. `dma_map` is how it says the call of that name.
std::string log_with(const std::string& dma_map) {
  const std::string map = R"("buffer":"b","attachment":"a","dir":"FROM_DEVICE")";
  std::string log =
      R"({"schema":"custody.trace/1","devices":{"D":{"coherent":false}},"observes":["dma_api","cache_ops"]})";
  for (const std::string& record :
       {R"("event":"export","buffer":"b","exporter":"system","size":65536)"s,
        R"("event":"attach","buffer":"b","attachment":"a","device":"D")"s,
        R"("event":"map","phase":"enter","call":1,)" + map, dma_map, R"("event":"map","phase":"return","call":1)"s,
        R"("event":"begin_cpu_access","buffer":"b","dir":"FROM_DEVICE")"s,
        R"("event":"end_cpu_access","buffer":"b","dir":"FROM_DEVICE")"s})
    log += "\n{\"tid\":7," + record + "}";
  return log + "\n";
}

TEST(Minimize, TakesADmaCallWithEntryAndReturnAsOne) {
  const std::string call =
      R"("event":"dma_map","buffer":"b","attachment":"a","device":"D","dir":"FROM_DEVICE","call":2)";
  const std::string did = "}\n{\"tid\":7," + R"("event":"cache_clean","in":2)"s;
  const std::string entry = call + R"(,"in":1,"phase":"enter")" + did;
  std::vector<std::string> files;
  for (const std::string& said :
       {call + did, entry + "}\n{\"tid\":7," + R"("event":"dma_map","phase":"return","call":2,"ret":0)"s}) {
    const TemporaryFile file(log_with(said));
    const minimize::Minimized small = minimize::minimize_trace(file.path(), {}, wish("M3"));
    expect_shown(small, "M3", "");
    files.push_back(small.text.substr(small.text.find('\n')));
  }
  EXPECT_EQ(files[0], files[1]);
}

std::string complaint_of(const std::string& path, const replay::Options& options, const minimize::Wish& w) {
  try {
    const minimize::Minimized small = minimize::minimize_trace(path, options, w);
    return "none:\n" + small.text;
  } catch (const minimize::MinimizeError& e) {
    return e.what();
  }
}

TEST(Minimize, WritesTheOperationThatAHelperIsOnTheArchitecture) {
  replay::Options options;
  options.arch = "arm64-5.18";
  const minimize::Minimized small = minimize::minimize_trace("traces/recorded/cma.ftrace.txt", options, wish("M10"));
  EXPECT_NE(small.text.find("cache_invalidate"), std::string::npos) << small.text;
  EXPECT_EQ(small.text.find("cache_clean"), std::string::npos) << small.text;
  expect_shown(small, "M10", "arm64-5.18");
}

TEST(Minimize, SaysThatThereIsNoSuchFinding) {
  const std::string keep = "traces/recorded/pipeline_keep.ftrace.txt";
  EXPECT_NE(complaint_of(keep, {}, wish("M1")).find("no finding of rule M1"), std::string::npos);
  EXPECT_NE(complaint_of(keep, {}, wish("R3", 21)).find("dma_map"), std::string::npos)
      << "the event's line means it too";
  EXPECT_NE(complaint_of(keep, {}, wish("R3", 23)).find("no finding of rule R3 at line 23"), std::string::npos);
  EXPECT_THROW(static_cast<void>(minimize::minimize_trace("/nonexistent", {}, {})), traces::InputError);
}

TEST(Minimize, SaysWhatALitmusFileCannotSay) {
  replay::Options options;
  options.exporters.override_with("system:memory=write_combined");
  const std::string complaint = complaint_of("traces/recorded/pipeline_keep.ftrace.txt", options, {});
  EXPECT_NE(complaint.find("R7"), std::string::npos) << complaint;
  EXPECT_NE(complaint.find("the profile of the exporter system"), std::string::npos) << complaint;
  // An event log whose calls have no ids can hold returns alone; a litmus file has whole calls only.
  const TemporaryFile log(
      "{\"schema\":\"custody.trace/1\",\"source\":\"x\",\"observes\":[\"dma_api\"]}\n"
      "{\"event\":\"export\",\"buffer\":\"b\",\"exporter\":\"system\",\"size\":4096}\n"
      "{\"event\":\"attach\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\",\"ret\":0}\n"
      "{\"event\":\"map\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\",\"dir\":\"FROM_DEVICE\",\"ret\":0}\n"
      "{\"event\":\"unmap\",\"phase\":\"return\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\","
      "\"dir\":\"FROM_DEVICE\"}\n"
      "{\"event\":\"detach\",\"buffer\":\"b\",\"attachment\":\"a\",\"device\":\"D\"}\n");
  EXPECT_NE(complaint_of(log.path(), {}, wish("L6")).find("the return without an entry of line 5"), std::string::npos)
      << complaint_of(log.path(), {}, wish("L6"));
}

}  // namespace
}  // namespace custody::checker::test
