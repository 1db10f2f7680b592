// SPDX-License-Identifier: BSD-2-Clause
// The recorded captures, as a kernel with DMA tracepoints would have traced them: the same figures and findings.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/checker/replay_support.hpp"
#include "tests/traces/tracepoint_support.hpp"

namespace custody::checker::test {
namespace {

enum class Beside { kNothing, kProbes };

constexpr std::string_view kDirections[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"};

std::string value(const std::string& line, const std::string& key) {
  const std::size_t at = line.find(" " + key + "=");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + key.size() + 2;
  std::string found = line.substr(begin, line.find(' ', begin) - begin);
  std::erase(found, '"');
  return found;
}

/// What a tracepoint prints for the DMA call of this probe, with the memory of the operations of its call.
std::string traced(const std::string& probe, const std::string& phys, const std::string& bytes) {
  const std::size_t event = probe.find(": ") + 2;
  const std::string kind = probe.substr(event, probe.find(':', event) - event);
  const std::string device = value(probe, "dev");
  const std::string dir(kDirections[static_cast<std::size_t>(std::stoul(value(probe, "dir")))]);
  const traces::test::Table t{std::stoull(phys, nullptr, 16), std::stoull(phys, nullptr, 16), std::stoull(bytes)};
  const std::string record = kind == "dma_map"        ? traces::test::traced_map(device, dir, t)
                             : kind == "dma_unmap"    ? traces::test::traced_unmap(device, dir, t)
                             : kind == "sync_for_cpu" ? traces::test::traced_sync("cpu", device, dir, t)
                                                      : traces::test::traced_sync("device", device, dir, t);
  return probe.substr(0, event) + record;
}

/// Who, where and when: a map and a sync are traced behind their operations.
std::string head_of(const std::string& line) { return line.substr(0, line.find(": ") + 2); }

bool is_of(const std::string& line, const char* event) {
  return line.find(std::string(": ") + event) != std::string::npos;
}

/// The memory of the first operation at or after line `i`; captures have one buffer each.
const std::string& operation_near(const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (is_of(line, "arch_clean:") || is_of(line, "arch_inval:")) return line;
  return lines.front();
}

std::string with_tracepoints(const std::string& text, Beside beside) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  const std::string& operation = operation_near(lines);
  const std::string phys = value(operation, "paddr"), bytes = value(operation, "size");
  std::string out, pending;
  for (const std::string& line : lines) {
    const bool operates = is_of(line, "arch_clean:") || is_of(line, "arch_inval:");
    if (!operates && !pending.empty()) out += std::exchange(pending, "") + "\n";
    else if (!pending.empty()) pending = head_of(line) + pending.substr(head_of(pending).size());
    const bool unmaps = is_of(line, "dma_unmap:");
    const bool dma =
        unmaps || is_of(line, "dma_map:") || is_of(line, "sync_for_cpu:") || is_of(line, "sync_for_device:");
    if (!dma || beside == Beside::kProbes) out += line + "\n";
    if (!dma) continue;
    const std::string record = traced(line, phys, bytes);
    if (unmaps) out += record + "\n";
    else pending = record;
  }
  return out + pending + (pending.empty() ? "" : "\n");
}

/// All but the lines, which the tracepoints move.
std::string told(const Seen& seen) {
  std::ostringstream out;
  for (const SeenFinding& f : seen.findings)
    out << f.rule << " " << f.also << static_cast<int>(f.effect) << f.proved << " " << f.bytes << " " << f.device
        << "\n";
  const MaintenanceTotals& m = seen.result.summary.maintenance;
  out << m.operations << " " << m.bytes << " " << m.no_effect.bytes << " " << m.proved_no_effect.bytes << " "
      << m.unobserved.bytes << " " << m.optimum.operations << " unattributed " << seen.result.statistics.unattributed;
  return out.str();
}

class TracepointCaptures : public testing::TestWithParam<const char*> {};

TEST_P(TracepointCaptures, SayTheSameBesideTheProbesOfTheDmaApi) {
  const std::string text = read_file("traces/recorded/" + std::string(GetParam()) + ".ftrace.txt");
  const Seen both = replay_text(with_tracepoints(text, Beside::kProbes));
  EXPECT_EQ(told(both), told(replay_text(text)));
  EXPECT_NE(both.result.summary.coverage.inventory.sources[0], 0U);
}

TEST_P(TracepointCaptures, SayTheSameInPlaceOfTheProbesOfTheDmaApi) {
  const std::string text = read_file("traces/recorded/" + std::string(GetParam()) + ".ftrace.txt");
  const Seen alone = replay_text(with_tracepoints(text, Beside::kNothing));
  EXPECT_EQ(told(alone), told(replay_text(text)));
}

TEST_P(TracepointCaptures, AccuseNobodyWhereTheRecordOfATracepointIsMissing) {
  const std::string text =
      with_tracepoints(read_file("traces/recorded/" + std::string(GetParam()) + ".ftrace.txt"), Beside::kNothing);
  std::size_t taken = 0;
  for (std::size_t at = text.find(" dma_"); at != std::string::npos; at = text.find(" dma_", at + 1)) {
    const std::size_t begin = text.rfind('\n', at) + 1, end = text.find('\n', at) + 1;
    const std::string without = text.substr(0, begin) + text.substr(end);
    if (text.compare(at, 9, " dma_map_") != 0 && text.compare(at, 10, " dma_sync_") != 0) continue;
    ++taken;
    const Seen seen = replay_text(without);
    EXPECT_EQ(seen.count(spec::RuleClass::kMissing) + seen.count(spec::RuleClass::kIllegal), 0U)
        << text.substr(begin, end - begin);
    EXPECT_EQ(seen.result.summary.coverage.of(Judged::kWhole), 0U) << text.substr(begin, end - begin);
  }
  EXPECT_NE(taken, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, TracepointCaptures,
                         testing::Values("pipeline_remap", "pipeline_keep", "cpu_unattached", "cma"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace custody::checker::test
