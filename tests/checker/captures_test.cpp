// SPDX-License-Identifier: BSD-2-Clause
// The recorded captures give known figures, whatever is done to their text that does not matter.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/checker/replay_support.hpp"

namespace custody::checker::test {
namespace {

struct Capture {
  const char* name;
  std::uint64_t operations, kib, no_effect_kib, optimum;
};
// traces/recorded/README.md says how these figures come about.
constexpr Capture kCaptures[] = {{"pipeline_remap", 20, 20480, 11264, 1},
                                 {"pipeline_keep", 29, 29696, 22528, 5},
                                 {"cpu_unattached", 1, 64, 0, 1},
                                 {"cma", 4, 256, 64, 2}};

std::string path_of(const Capture& c) { return "traces/recorded/" + std::string(c.name) + ".ftrace.txt"; }

/// `text` with each `from` in it as `to`.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

class Captures : public testing::TestWithParam<Capture> {
 protected:
  static void expect_figures(const Seen& seen, const Capture& c) {
    const MaintenanceTotals& m = seen.result.summary.maintenance;
    EXPECT_EQ(seen.error, "");
    EXPECT_EQ(m.operations, c.operations);
    EXPECT_EQ(m.bytes, c.kib << 10U);
    EXPECT_EQ(m.no_effect.bytes, c.no_effect_kib << 10U);
    EXPECT_EQ(m.proved_no_effect.bytes, c.no_effect_kib << 10U);
    EXPECT_EQ(m.optimum.operations, c.optimum);
    EXPECT_EQ(seen.count(spec::RuleClass::kMissing) + seen.count(spec::RuleClass::kIllegal) +
                  seen.count(spec::RuleClass::kLostWrite),
              0U);
  }
};

TEST_P(Captures, GiveTheFiguresOfTheirTable) { expect_figures(replay_file(path_of(GetParam())), GetParam()); }

TEST_P(Captures, AttributeEveryRecord) {
  const Seen seen = replay_file(path_of(GetParam()));
  EXPECT_EQ(seen.result.statistics.unattributed, 0U);
  EXPECT_EQ(seen.result.statistics.unknown_events, 0U);
  EXPECT_EQ(seen.result.statistics.malformed, 0U);
  EXPECT_EQ(seen.result.summary.buffers, 1U);
  EXPECT_EQ(seen.result.summary.live_buffers, 0U);
}

TEST_P(Captures, DoNotCareAboutLineEnds) {
  const std::string text = replaced(read_file(path_of(GetParam())), "\n", "\r\n");
  expect_figures(replay_text(text), GetParam());
}

TEST_P(Captures, DoNotCareAboutPointerValues) {
  const std::string text = replaced(read_file(path_of(GetParam())), "0xffffff8", "0xffff123");
  expect_figures(replay_text(text), GetParam());
}

TEST_P(Captures, DoNotCareAboutOtherTasks) {
  std::istringstream in(read_file(path_of(GetParam())));
  std::string text;
  int n = 0;
  for (std::string line; std::getline(in, line);) {
    text += line + "\n";
    const std::size_t colon = line.find(": ");
    if (line[0] == '#' || colon == std::string::npos) continue;
    const std::string time = line.substr(colon - 8, 8);
    text += "    other task-a-4242  [001] d....     " + time +
            ": begin_cpu_access: (dma_buf_begin_cpu_access+0x0/0x70) dmabuf=0xffffffc0deadbe00 dir=2\n";
    text += "          <idle>-0     [000] d.h..     " + time + ": sched_switch: prev=foo\n";
    if (++n % 2 == 0)
      text += "    other task-a-4242  [001] .....     " + time +
              ": begin_cpu_access_ret: (dma_buf_ioctl+0x0/0x70 <- dma_buf_begin_cpu_access) ret=0\n";
  }
  const Seen seen = replay_text(text);
  const MaintenanceTotals& m = seen.result.summary.maintenance;
  EXPECT_EQ(m.operations, GetParam().operations);
  EXPECT_EQ(m.no_effect.bytes, GetParam().no_effect_kib << 10U);
  EXPECT_EQ(m.proved_no_effect.bytes, GetParam().no_effect_kib << 10U);
  EXPECT_EQ(m.optimum.operations, GetParam().optimum);
  EXPECT_GT(seen.result.statistics.passed_over.foreign, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, Captures, testing::ValuesIn(kCaptures),
                         [](const auto& capture) { return std::string(capture.param.name); });

/// The capture of a driver that leaves this operation out: no sync call, or a map or unmap that skips it. Lines stay
/// where they are.
std::string without_operation(const std::string& text, std::uint64_t line) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string l; std::getline(in, l);) lines.push_back(l);
  lines[line - 1].clear();
  std::size_t call = line - 2;
  while (lines[call].find(" dev=") == std::string::npos) --call;
  const std::size_t attrs = lines[call].find("attrs=0x0");
  if (attrs == std::string::npos) lines[call].clear();
  else lines[call].replace(attrs, 9, "attrs=0x20");
  std::string kept;
  for (const std::string& l : lines) kept += l + "\n";
  return kept;
}

TEST_P(Captures, LeavingAnOperationWithoutEffectOutChangesNoOtherVerdict) {
  // Without one of its operations the trace tells less of its device: what it told has to be said.
  replay::Options options;
  for (const char* device : {"cam.0", "gpu.0", "disp.0"}) options.devices.push_back({device, false, {}, {}, {}, {}});
  const std::string text = read_file(path_of(GetParam()));
  const Seen all = replay_text(text, options);
  for (const SeenFinding& removed : all.findings) {
    if (removed.effect != Effect::kNone) continue;
    Seen rest = replay_text(without_operation(text, removed.line), options);
    // A map that skips and an unmap that does not are another fault.
    std::erase_if(rest.findings, [](const SeenFinding& f) { return f.rule == "L4"; });
    std::vector<SeenFinding> expected;
    for (const SeenFinding& f : all.findings)
      if (f.line != removed.line) expected.push_back(f);
    // Fates of other operations may be known sooner: order is no verdict.
    EXPECT_TRUE(std::is_permutation(rest.findings.begin(), rest.findings.end(), expected.begin(), expected.end()))
        << "line " << removed.line;
  }
}

}  // namespace
}  // namespace custody::checker::test
