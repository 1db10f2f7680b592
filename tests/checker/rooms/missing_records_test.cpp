// SPDX-License-Identifier: BSD-2-Clause
// Records that are missing without a sign: what the trace itself shows of them, and that nobody is accused for them.
#include <gtest/gtest.h>

#include <string>

#include "tests/checker/replay_support.hpp"
#include "tests/traces/ftrace_support.hpp"

namespace custody::checker::test {
namespace {

using traces::test::Ftrace;

std::uint64_t why_unjudged(const Seen& seen, JudgedReason r) {
  return seen.result.summary.coverage.why_not[static_cast<std::size_t>(r)];
}

void expect_missing(const Seen& seen) {
  EXPECT_EQ(seen.result.summary.by_severity[static_cast<std::size_t>(spec::Severity::kError)], 0U);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kWhole), 0U);
  EXPECT_EQ(why_unjudged(seen, JudgedReason::kMissingRecord), 1U);
  EXPECT_TRUE(seen.result.inconclusive);
}

/// A recorded capture without the first record that holds `part`.
Seen without(const std::string& capture, const std::string& part) {
  std::istringstream in(read_file("traces/recorded/" + capture + ".ftrace.txt"));
  std::string text;
  bool found = false;
  for (std::string line; std::getline(in, line);) {
    const bool is_it = !found && line.find(part) != std::string::npos;
    found = found || is_it;
    if (!is_it) text += line + "\n";
  }
  EXPECT_TRUE(found);
  return replay_text(text);
}

TEST(MissingRecords, AreShownByAReturnWithoutEntry) {
  expect_missing(without("cma", ": map:"));
  expect_missing(without("cma", ": unmap:"));
  expect_missing(without("pipeline_keep", ": begin_cpu_access:"));
  expect_missing(without("pipeline_keep", ": end_cpu_access:"));
}

TEST(MissingRecords, AreNoneWhereTheTraceBeganInsideTheCall) {
  const std::string text = read_file("traces/recorded/cma.ftrace.txt");
  const Seen seen = replay_text(text.substr(text.rfind('\n', text.find(": dma_map:")) + 1));
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kNot), 1U);
  EXPECT_EQ(why_unjudged(seen, JudgedReason::kMissingRecord), 0U);
}

TEST(MissingRecords, AreShownByACallOfADeviceThatNeedsAnOperationAndRanNone) {
  expect_missing(without("cma", ": arch_inval:"));
  // Known afterwards only: the first call says nothing of the device yet.
  expect_missing(without("cma", ": arch_clean:"));
  expect_missing(without("pipeline_keep", ": arch_clean:"));
}

TEST(MissingRecords, AreShownByAnOperationWithoutADmaCall) {
  expect_missing(without("cma", ": dma_map:"));
  expect_missing(without("cma", ": dma_unmap:"));
}

TEST(MissingRecords, AreShownByAnAttachmentThatWasNotMade) { expect_missing(without("cma", ": attach:")); }

TEST(MissingRecords, AreShownByAPointerThatIsNotFree) {
  Ftrace trace;
  trace.add(R"(export: dmabuf=0xa0 size=4096 exp_name="system" ino=1)")
      .add(R"(attach: attach=0xb0 dmabuf=0xa0 dev="cam.0")")
      .add(R"(attach: attach=0xb0 dmabuf=0xa0 dev="gpu.0")")
      .add("detach: dmabuf=0xa0 attach=0xb0")
      .add("release: dmabuf=0xa0");
  expect_missing(replay_text(trace.text()));
}

TEST(MissingRecords, AreShownByATableThatIsMappedForAnotherDevice) {
  Ftrace trace;
  trace.add(R"(export: dmabuf=0xa0 size=4096 exp_name="system" ino=1)");
  for (const std::string device : {"cam.0", "disp.0"}) {
    trace.add("attach: attach=0xb0 dmabuf=0xa0 dev=\"" + device + "\"")
        .add("map: attach=0xb0 dmabuf=0xa0 dir=1")
        .add("dma_map: dev=\"" + device + "\" sgt=0xc0 sgl=0xd0 dir=1 attrs=0x0")
        .add("arch_clean: paddr=0x1000 size=4096 dir=1")
        .add("map_ret: sgt=0xc0")
        .add("unmap: attach=0xb0 dmabuf=0xa0 sgt=0xc0 dir=1");
    // The unmap of a reader runs no operation.
    if (device == "disp.0") trace.add(R"(dma_unmap: dev="disp.0" sgl=0xd0 nents=1 dir=1 attrs=0x0)");
    trace.add("unmap_ret:").add("detach: dmabuf=0xa0 attach=0xb0");
  }
  trace.add("release: dmabuf=0xa0");
  expect_missing(replay_text(trace.text()));
}

TEST(MissingRecords, LeaveAReleaseUnjudgedWhereNoDetachIsInTheTrace) {
  const Seen seen = without("cma", ": detach:");
  EXPECT_EQ(seen.count("L6"), 0U);
  EXPECT_EQ(why_unjudged(seen, JudgedReason::kUnjudgedRefusal), 1U);
  EXPECT_EQ(seen.result.summary.coverage.of(Judged::kWhole), 0U);
}

constexpr const char* kHeadOfDmaLog = R"({"schema":"custody.trace/1","source":"x","arch":"arm64-6.1","devices":{"D":)"
                                      R"({"coherent":false}},"observes":["dma_api"]})"
                                      "\n";

std::string line(const std::string& event, const std::string& rest) {
  return R"({"tid":1,"event":")" + event + R"(","buffer":"b")" + rest + "}\n";
}
std::string begun() {
  return kHeadOfDmaLog + line("export", R"(,"exporter":"system","size":4096)") +
         line("attach", R"(,"device":"D","attachment":"a")");
}

TEST(MissingRecords, OfALogAreShownByWhatNamesACallThatIsNotOpen) {
  expect_missing(replay_text(begun() + line("sync_for_cpu", R"(,"device":"D","dir":"FROM_DEVICE","in":7)")));
  expect_missing(
      replay_text(begun() + line("map", R"(,"phase":"return","call":7,"attachment":"a","dir":"FROM_DEVICE","ret":0)")));
}

TEST(MissingRecords, OfALogAreShownByAMappingThatWasNotMade) {
  expect_missing(replay_text(begun() + line("dma_unmap", R"(,"device":"D","mapping":"m","dir":"FROM_DEVICE")")));
}

TEST(MissingRecords, OfALogAreNoneWhereAMappingIsUndoneTwice) {
  const std::string dma = R"(,"device":"D","mapping":"m","dir":"FROM_DEVICE")";
  const Seen seen =
      replay_text(begun() + line("map", R"(,"phase":"enter","call":1,"attachment":"a","dir":"FROM_DEVICE")") +
                  line("dma_map", dma) + line("map", R"(,"phase":"return","call":1,"ret":0)") + line("dma_unmap", dma) +
                  line("dma_unmap", dma));
  EXPECT_EQ(seen.count("L5"), 1U);
  EXPECT_EQ(why_unjudged(seen, JudgedReason::kMissingRecord), 0U);
}

TEST(MissingRecords, OfALogAreShownByACallThatNeverReturned) {
  const Seen seen =
      replay_text(begun() + line("map", R"(,"phase":"enter","call":1,"attachment":"a","dir":"FROM_DEVICE")") +
                  line("unmap", R"(,"phase":"enter","call":2,"attachment":"a","dir":"FROM_DEVICE")"));
  EXPECT_EQ(seen.count("L5"), 0U);
  EXPECT_EQ(why_unjudged(seen, JudgedReason::kCallNeverReturned), 1U);
  EXPECT_TRUE(seen.result.inconclusive);
}

}  // namespace
}  // namespace custody::checker::test
