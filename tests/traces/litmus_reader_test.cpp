// SPDX-License-Identifier: BSD-2-Clause
// What the litmus reader delivers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "traces/formats/litmus/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

struct Read : RecordedTrace {
  explicit Read(const std::string& text) { statistics = formats::litmus::read_litmus(text, "a.litmus", *this); }
  [[nodiscard]] const Event& at(std::size_t i) const { return events()[i]; }
  [[nodiscard]] std::string kinds() const {
    std::string out;
    for (const Event& e : events()) {
      constexpr char kPhase[] = {'.', '(', ')'};
      out += std::string(out.empty() ? "" : " ") + std::string(name(e.kind)) + kPhase[static_cast<int>(e.phase)];
    }
    return out;
  }
  ReadStatistics statistics;
};

/// A file with two devices and a buffer that is older; the first event is on line 6.
std::string excerpt(const std::string& events, const std::string& header = "") {
  return "custody litmus: a excerpt\ndevice D\ndevice E\nolder b\n" + header + "\n" + events;
}

const std::string kFirstWindow =
    "custody litmus: the first CPU window after a device write must invalidate\n"
    "arch arm64-6.1\n"
    "device D\n"
    "device misc\n"
    "expect M2 at \"map b D FROM\"\n"
    "expect M3 at \"begin b FROM\"\n"
    "\n"
    "export b 64K udmabuf\n"
    "attach b D\n"
    "map b D FROM\n"
    "  dma_map D FROM skip\n"
    "device_write b D\n"
    "begin b FROM\n"
    "  dma_map misc FROM skip\n"
    "cpu_read b\n"
    "end b FROM\n"
    "unmap b D FROM\n"
    "detach b D\n"
    "release b\n";

TEST(LitmusReader, ReadsTheHeader) {
  const Read trace(
      "custody litmus:  two words \r\n# a comment\r\narch x86 # not judged here\r\ncontract heap\r\npolicy backing "
      "at_first_use\r\ntrust mappings\r\naccesses exact\r\ndevice gpu.0 coherent allocates reads_only\r\ndevice D "
      "bounced\r\n"
      "device U coherence_unknown\r\n\r\n");
  EXPECT_EQ(trace.header().title, "two words");
  EXPECT_EQ(trace.header().arch, "x86");
  EXPECT_EQ(trace.header().contract, "heap");
  ASSERT_EQ(trace.header().policies.size(), 1U);
  EXPECT_EQ(trace.header().policies[0].name, "backing");
  EXPECT_EQ(trace.header().policies[0].value, "at_first_use");
  EXPECT_EQ(trace.header().policies[0].line, 5U);
  EXPECT_TRUE(trace.header().trust_mappings);
  EXPECT_TRUE(trace.header().exact_accesses);
  ASSERT_EQ(trace.directory().devices.size(), 3U);
  EXPECT_EQ(trace.directory().devices[0].coherent, true);
  EXPECT_TRUE(trace.directory().devices[0].allocates);
  EXPECT_TRUE(trace.directory().devices[0].reads_only);
  EXPECT_FALSE(trace.directory().devices[1].allocates);
  EXPECT_EQ(trace.directory().devices[1].coherent, false);
  EXPECT_TRUE(trace.directory().devices[1].bounced);
  EXPECT_EQ(trace.directory().devices[2].coherent, std::nullopt);
}

TEST(LitmusReader, TrustsWindowsAndLetsAccessesHappenByDefault) {
  const Read trace(excerpt(""));
  EXPECT_FALSE(trace.header().trust_mappings);
  EXPECT_FALSE(trace.header().exact_accesses);
  EXPECT_TRUE(trace.header().observes_dma_api);
  EXPECT_FALSE(trace.header().observes_cache_ops);
}

TEST(LitmusReader, KeepsEveryKindOfExpectation) {
  using Kind = Expectation::Kind;
  const Read trace(excerpt("begin b FROM\nend b FROM\nbegin b FROM\n",
                           "expect M3 at 13\nexpect missing at \"begin b\" #2\nexpect R4\nexpect no L7\nexpect legal\n"
                           "expect maintenance 3 ops\nexpect optimum 0 ops  # none\n"));
  const std::vector<Expectation>& all = trace.header().expectations;
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0].kind, Kind::kFinding);
  EXPECT_EQ(all[0].what, "M3");
  EXPECT_EQ(all[0].at, 13U);
  EXPECT_EQ(all[1].what, "missing");
  EXPECT_EQ(all[1].at, 15U);
  EXPECT_EQ(all[2].at, 0U);
  EXPECT_EQ(all[3].kind, Kind::kNoFinding);
  EXPECT_EQ(all[3].what, "L7");
  EXPECT_EQ(all[4].kind, Kind::kLegal);
  EXPECT_EQ(all[5].kind, Kind::kMaintenance);
  EXPECT_EQ(all[5].count, 3U);
  EXPECT_EQ(all[6].kind, Kind::kOptimum);
  EXPECT_EQ(all[6].count, 0U);
}

TEST(LitmusReader, ReadsWhatAnExpectedFindingIs) {
  const Read trace(excerpt("put b\nput b\n",
                           "expect once error M3 at \"put b\" #2 owes client proved\nexpect warning mixed unproved\n"
                           "expect note A1 owes architecture\nexpect unobserved\n"));
  const std::vector<Expectation>& all = trace.header().expectations;
  ASSERT_EQ(all.size(), 4U);
  EXPECT_TRUE(all[0].once);
  EXPECT_EQ(all[0].severity, "error");
  EXPECT_EQ(all[0].what, "M3");
  EXPECT_EQ(all[0].at, 11U);
  EXPECT_EQ(all[0].owes, "client");
  EXPECT_EQ(all[0].proved, true);
  EXPECT_FALSE(all[1].once);
  EXPECT_EQ(all[1].severity, "warning");
  EXPECT_EQ(all[1].what, "mixed");
  EXPECT_EQ(all[1].at, 0U);
  EXPECT_EQ(all[1].proved, false);
  EXPECT_EQ(all[2].severity, "note");
  EXPECT_EQ(all[2].what, "A1");
  EXPECT_EQ(all[2].owes, "architecture");
  EXPECT_EQ(all[2].proved, std::nullopt);
  EXPECT_EQ(all[3].what, "unobserved");
  EXPECT_EQ(all[3].severity + all[3].owes, "");
}

TEST(LitmusReader, GivesAForbiddenFindingItsPlace) {
  const Read trace(excerpt("put b\nput b\n", "expect no unobserved at \"put b\" #2\nexpect no advice at 8\n"));
  EXPECT_EQ(trace.header().expectations[0].kind, Expectation::Kind::kNoFinding);
  EXPECT_EQ(trace.header().expectations[0].what, "unobserved");
  EXPECT_EQ(trace.header().expectations[0].at, 9U);
  EXPECT_EQ(trace.header().expectations[1].at, 8U);
}

TEST(LitmusReader, KnowsTheBufferAndTheReasonOfAVerdict) {
  using Kind = Expectation::Kind;
  const Read trace(excerpt("export c 4K\nput b\n",
                           "expect judged c\nexpect partly judged b\nexpect not judged b mapped_before_trace\n"
                           "expect unschedulable c\n"));
  const std::vector<Expectation>& all = trace.header().expectations;
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].kind, Kind::kJudged);
  EXPECT_EQ(all[0].buffer, trace.at(0).buffer);
  EXPECT_EQ(all[1].kind, Kind::kPartlyJudged);
  EXPECT_EQ(all[1].buffer, trace.at(1).buffer);
  EXPECT_EQ(all[1].reason, "");
  EXPECT_EQ(all[2].kind, Kind::kNotJudged);
  EXPECT_EQ(all[2].reason, "mapped_before_trace");
  EXPECT_EQ(all[3].kind, Kind::kUnschedulable);
  EXPECT_EQ(all[3].buffer, trace.at(0).buffer);
}

TEST(LitmusReader, TellsAFigureFromOneThatIsNotComputed) {
  using Kind = Expectation::Kind;
  const Read trace(
      excerpt("", "expect optimum not computed\nexpect subset not computed\nexpect subset 2 ops\nexpect legal\n"));
  const std::vector<Expectation>& all = trace.header().expectations;
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].kind, Kind::kOptimumNotComputed);
  EXPECT_EQ(all[1].kind, Kind::kSubsetNotComputed);
  EXPECT_EQ(all[2].kind, Kind::kSubset);
  EXPECT_EQ(all[2].count, 2U);
}

TEST(LitmusReader, FindsTheNthLineThatBeginsWithAText) {
  const Read trace(excerpt("begin b FROM\n  sync_for_cpu D FROM\nend b FROM\nbegin b FROM\n",
                           "expect M3 at \"begin b\" #2\nexpect R4 at \"  sync_for_cpu\"\nexpect M1 at 9\n"));
  EXPECT_EQ(trace.header().expectations[0].at, 12U);
  EXPECT_EQ(trace.header().expectations[1].at, 10U);
  EXPECT_EQ(trace.header().expectations[2].at, 9U);
  EXPECT_EQ(trace.header().expectations[0].text, "expect M3 at \"begin b\" #2");
  EXPECT_EQ(trace.header().expectations[0].line, 5U);
}

TEST(LitmusReader, FindsALineByItsTextBehindTheTask) {
  const Read trace(
      excerpt("[A] begin b FROM\n[B] begin b FROM\n", "expect M3 at \"begin b\" #2\nexpect M3 at \"[A] begin\"\n"));
  EXPECT_EQ(trace.header().expectations[0].at, 9U);
  EXPECT_EQ(trace.header().expectations[1].at, 8U);
}

TEST(LitmusReader, TakesTheDigitsBehindATextForItsNumberAndNotForAComment) {
  const Read trace(
      excerpt("put b\nput b\n", "expect L5 at \"put b\" # 2 is not meant\nexpect L5 at \"put b\" #2 # this one\n"));
  EXPECT_EQ(trace.header().expectations[0].at, 8U);
  EXPECT_EQ(trace.header().expectations[1].at, 9U);
}

TEST(LitmusReader, KeepsWhatIsPending) {
  const Read trace(excerpt("", "# pending R4: needs the unobserved verdict\n# another comment\n"));
  EXPECT_EQ(trace.header().pending, std::vector<std::string>{"R4: needs the unobserved verdict"});
}

TEST(LitmusReader, DeliversACallAsEntryAndReturnOnOneLine) {
  const Read trace(excerpt("map b D FROM = -ENOMEM\n"));
  ASSERT_EQ(trace.kinds(), "map( map)");
  EXPECT_EQ(trace.at(0).ret, 0);
  EXPECT_EQ(trace.at(1).ret, -12);
  EXPECT_EQ(trace.at(0).call, trace.at(1).call);
  EXPECT_EQ(trace.at(0).at.line, 6U);
  EXPECT_EQ(trace.at(1).at.line, 6U);
  EXPECT_EQ(trace.at(1).dir, model::Direction::kFromDevice);
}

TEST(LitmusReader, DeliversTheExampleOfTheLanguage) {
  const Read trace(kFirstWindow);
  EXPECT_EQ(trace.kinds(),
            "export. attach( attach) map( dma_map. map) device_write. begin_cpu_access( dma_map. begin_cpu_access) "
            "cpu_read. end_cpu_access( end_cpu_access) unmap( unmap) detach( detach) release( release)");
  EXPECT_EQ(trace.header().expectations[0].at, 10U);
  EXPECT_EQ(trace.header().expectations[1].at, 13U);
  EXPECT_EQ(trace.statistics.events, trace.events().size());
  EXPECT_EQ(trace.statistics.lines, 19U);
}

TEST(LitmusReader, GivesANestedDmaCallTheBufferAndTheCallAroundIt) {
  const Read trace(kFirstWindow);
  const Event& map = trace.at(3);
  const Event& dma = trace.at(4);
  EXPECT_EQ(dma.in, map.call);
  EXPECT_EQ(dma.buffer, map.buffer);
  EXPECT_EQ(dma.by, AttributedBy::kNesting);
  EXPECT_EQ(dma.attachment, map.attachment);
  EXPECT_TRUE(dma.skips_sync());
  EXPECT_FALSE(dma.maintenance.known);
}

TEST(LitmusReader, TakesADeviceThatIsNotAttachedForTheExportersOwn) {
  const Read trace(kFirstWindow);
  const Event& dma = trace.at(8);
  EXPECT_EQ(trace.directory().devices[dma.device].name, "misc");
  EXPECT_EQ(dma.attachment, kNoId);
}

TEST(LitmusReader, ReadsSizesWithSuffixes) {
  const Read trace(excerpt("export a 64K\nexport b 4M\nexport c 1G\nexport d 100\n"));
  EXPECT_EQ(trace.directory().buffers[0].size, 65536U);
  EXPECT_EQ(trace.directory().buffers[1].size, 4194304U);
  EXPECT_EQ(trace.directory().buffers[2].size, 1073741824U);
  EXPECT_EQ(trace.directory().buffers[3].size, 100U);
}

TEST(LitmusReader, TakesTheSystemHeapForTheExporterThatIsNotNamed) {
  const Read trace(excerpt("export a 64K\nexport b 64K wc\nexport c 64K drm coherent\nexport d 64K unknown\n"));
  EXPECT_EQ(trace.directory().buffers[0].exporter, "system");
  EXPECT_EQ(trace.directory().buffers[0].memory, MemoryKind::kUnsaid);
  EXPECT_EQ(trace.directory().buffers[1].exporter, "system");
  EXPECT_EQ(trace.directory().buffers[1].memory, MemoryKind::kWriteCombined);
  EXPECT_EQ(trace.directory().buffers[2].exporter, "drm");
  EXPECT_EQ(trace.directory().buffers[2].memory, MemoryKind::kCoherent);
  EXPECT_EQ(trace.directory().buffers[3].exporter, "");
  EXPECT_TRUE(trace.directory().buffers[3].export_seen);
}

TEST(LitmusReader, TakesABufferThatTheHeaderCallsOlderForOneFromBeforeTheTrace) {
  const Read trace(excerpt("map b D TO\n"));
  ASSERT_EQ(trace.directory().buffers.size(), 1U);
  EXPECT_EQ(trace.directory().buffers[0].name, "b");
  EXPECT_FALSE(trace.directory().buffers[0].export_seen);
  EXPECT_FALSE(trace.directory().attachments[0].attach_seen);
}

TEST(LitmusReader, KeepsTheIdentityOfAReleasedBuffer) {
  const Read trace(excerpt("export b 4K\nrelease b\nput b\n"));
  EXPECT_EQ(trace.at(3).buffer, trace.at(0).buffer);
}

TEST(LitmusReader, GivesANameThatIsExportedAgainANewIdentity) {
  const Read trace(excerpt("export b 4K\nrelease b\nexport b 8K\nput b\n"));
  EXPECT_NE(trace.at(3).buffer, trace.at(0).buffer);
  EXPECT_EQ(trace.at(4).buffer, trace.at(3).buffer);
  EXPECT_EQ(trace.directory().buffers[trace.at(4).buffer].size, 8192U);
}

TEST(LitmusReader, LetsANewBufferTakeTheNameOfAnOlderOne) {
  const Read trace(excerpt("release b\nexport b 4K\nput b\n"));
  ASSERT_EQ(trace.directory().buffers.size(), 2U);
  EXPECT_FALSE(trace.directory().buffers[trace.at(0).buffer].export_seen);
  EXPECT_TRUE(trace.directory().buffers[trace.at(3).buffer].export_seen);
}

TEST(LitmusReader, KnowsNoOlderBufferThatNoEventNames) {
  EXPECT_TRUE(Read(excerpt("", "older c\n")).directory().buffers.empty());
}

TEST(LitmusReader, LetsTheNameOfAnAttachmentStandForItsDevice) {
  const Read trace(excerpt("attach b D as a1\nattach b D as a2\nmap b a1 TO\nmap b D TO\nunmap b a2 TO\n"));
  EXPECT_EQ(trace.at(4).attachment, trace.at(0).attachment);
  EXPECT_EQ(trace.at(4).device, 0U);
  EXPECT_EQ(trace.at(6).attachment, trace.at(2).attachment);  // the latest
  EXPECT_EQ(trace.at(8).attachment, trace.at(2).attachment);
}

TEST(LitmusReader, LetsANewAttachmentTakeTheNameOfADetachedOne) {
  const Read trace(excerpt("attach b D as a1\ndetach b a1\nattach b D as a1\nmap b a1 TO\n"));
  EXPECT_NE(trace.at(4).attachment, trace.at(0).attachment);
  EXPECT_EQ(trace.at(6).attachment, trace.at(4).attachment);
}

TEST(LitmusReader, MeansTheAttachmentOfTheCallAroundADmaCall) {
  const Read trace(excerpt("attach b D as a1\nattach b D as a2\nmap b a1 TO\n  dma_map D TO\n"));
  EXPECT_EQ(trace.at(5).attachment, trace.at(0).attachment);
}

TEST(LitmusReader, MeansTheLatestAttachmentThatIsLive) {
  const Read trace(excerpt("attach b D as a1\nattach b D as a2\ndetach b a2\nmap b D TO\n"));
  EXPECT_EQ(trace.at(6).attachment, trace.at(0).attachment);
}

TEST(LitmusReader, DoesNotAttachWhatFailedToAttach) {
  const Read trace(excerpt("attach b D as a1\nattach b D as a2 = -EBUSY\nmap b D TO\n"));
  EXPECT_EQ(trace.at(4).attachment, trace.at(0).attachment);
}

TEST(LitmusReader, MeansTheDetachedAttachmentAfterDetach) {
  const Read trace(excerpt("attach b D\ndetach b D\nunmap b D TO\ndma_unmap b D TO\nsync_for_cpu b D TO\n"));
  EXPECT_EQ(trace.at(4).attachment, trace.at(0).attachment);
  EXPECT_EQ(trace.at(6).attachment, trace.at(0).attachment);  // the core unmaps a cached table late
  EXPECT_EQ(trace.at(7).attachment, kNoId);                   // the exporter's own use of the device
}

TEST(LitmusReader, FindsTheAttachmentInsideItsOwnAttachAndDetach) {
  const Read trace(excerpt("attach b D\n  dma_map D BIDI\ndetach b D\n  dma_unmap D BIDI\n"));
  EXPECT_EQ(trace.kinds(), "attach( dma_map. attach) detach( dma_unmap. detach)");
  EXPECT_EQ(trace.at(1).attachment, trace.at(0).attachment);
  EXPECT_EQ(trace.at(4).attachment, trace.at(0).attachment);
}

TEST(LitmusReader, NestsByIndentation) {
  const Read trace(excerpt("attach b D\n  map b D BIDI\n    dma_map D BIDI\n  cpu_read b\nput b\n"));
  EXPECT_EQ(trace.kinds(), "attach( map( dma_map. map) cpu_read. attach) put.");
  EXPECT_EQ(trace.at(1).in, trace.at(0).call);
  EXPECT_EQ(trace.at(2).in, trace.at(1).call);
  EXPECT_EQ(trace.at(4).in, trace.at(0).call);
  EXPECT_EQ(trace.at(6).in, kNoId);
}

TEST(LitmusReader, CountsATabAsBlanksUpToTheNextEight) {
  const Read trace(excerpt("attach b D\n\tmap b D BIDI\n        cpu_read b\n"));
  EXPECT_EQ(trace.kinds(), "attach( map( map) cpu_read. attach)");
}

TEST(LitmusReader, KeepsACallOpenBetweenItsBraces) {
  const Read trace(
      excerpt("[A] begin b FROM {\n[B] unmap b D FROM\n  dma_unmap D FROM\n[A] sync_for_cpu D FROM\n[A] }\n"));
  EXPECT_EQ(trace.kinds(), "begin_cpu_access( unmap( dma_unmap. unmap) sync_for_cpu. begin_cpu_access)");
  EXPECT_EQ(trace.at(2).task, trace.at(1).task);
  EXPECT_EQ(trace.at(2).in, trace.at(1).call);
  EXPECT_EQ(trace.at(4).task, trace.at(0).task);
  EXPECT_EQ(trace.at(4).in, trace.at(0).call);
  EXPECT_EQ(trace.at(5).at.line, 10U);
}

TEST(LitmusReader, LetsLinesBetweenBracesBeIndentedAsThePersonLikes) {
  const Read trace(
      excerpt("[A] begin b FROM {\n  [B] unmap b D FROM\n    dma_unmap D FROM\n[A]   sync_for_cpu D FROM\n[A] }\n"));
  EXPECT_EQ(trace.kinds(), "begin_cpu_access( unmap( dma_unmap. unmap) sync_for_cpu. begin_cpu_access)");
  EXPECT_EQ(trace.at(1).in, kNoId);
  EXPECT_EQ(trace.at(4).in, trace.at(0).call);
}

TEST(LitmusReader, TakesAResultFromTheClosingBrace) {
  const Read trace(excerpt("begin b FROM {\n} = -EINTR\nend b FROM = -5 {\n}\n"));
  EXPECT_EQ(trace.at(1).ret, -4);
  EXPECT_EQ(trace.at(3).ret, -5);
}

TEST(LitmusReader, EndsACallWithoutBracesAtTheNextLineOfAnotherTask) {
  const Read trace(excerpt("[A] map b D TO\n[B] cpu_read b\n"));
  EXPECT_EQ(trace.kinds(), "map( map) cpu_read.");
}

TEST(LitmusReader, GivesLinesWithoutATaskToTheMainTask) {
  const Read trace(excerpt("put b\n[main] put b\n[A] put b\n"));
  EXPECT_EQ(trace.at(0).task, trace.at(1).task);
  EXPECT_NE(trace.at(0).task, trace.at(2).task);
  EXPECT_EQ(trace.directory().tasks[0].name, "main");
}

TEST(LitmusReader, LeavesTheCallsOfATaskThatExitsWithoutReturn) {
  const Read trace(excerpt("[A] begin b FROM {\nexit A\n[A] put b\n"));
  EXPECT_EQ(trace.kinds(), "begin_cpu_access( task_exit. put.");
  EXPECT_EQ(trace.at(1).task, trace.at(0).task);
  EXPECT_NE(trace.at(2).task, trace.at(0).task);
  EXPECT_EQ(trace.at(2).in, kNoId);
}

TEST(LitmusReader, MergesTheCacheLinesUnderADmaCall) {
  const Read trace(
      excerpt("export b 64K\nmap b D BIDI\n  dma_map D BIDI\n    cache_clean 0+4K\n    cache_clean 2K+4K\n    "
              "cache_invalidate 32K+1K\n"));
  const Maintenance& did = trace.at(2).maintenance;
  EXPECT_TRUE(did.known);
  EXPECT_EQ(did.kind, model::Operation::kCleanInvalidate);
  EXPECT_EQ(did.bytes, 7168U);
  EXPECT_EQ(did.line, 9U);
  EXPECT_EQ(trace.kinds(), "export. map( dma_map. map)");
  EXPECT_TRUE(trace.header().observes_cache_ops);
}

TEST(LitmusReader, LetsACacheLineWithoutARangeCoverTheBuffer) {
  const Read trace(excerpt(
      "export b 64K\nsync_for_cpu b D FROM\n  cache_invalidate\nsync_for_cpu b D FROM 4K+8K\n  cache_invalidate\n"));
  EXPECT_EQ(trace.at(1).maintenance.bytes, 65536U);
  EXPECT_EQ(trace.at(2).maintenance.bytes, 8192U);
}

TEST(LitmusReader, TakesCacheNoneForADmaCallThatTouchedNoCache) {
  const Read trace(
      excerpt("sync_for_cpu b D TO\n  cache_none helper\nsync_for_cpu b D TO\n  cache_none\nsync_for_cpu b D TO\n"));
  EXPECT_TRUE(trace.at(0).maintenance.known);
  EXPECT_EQ(trace.at(0).maintenance.kind, model::Operation::kNone);
  EXPECT_TRUE(trace.at(0).maintenance.helper_ran);
  EXPECT_TRUE(trace.at(1).maintenance.known);
  EXPECT_FALSE(trace.at(1).maintenance.helper_ran);
  EXPECT_FALSE(trace.at(2).maintenance.known);
}

TEST(LitmusReader, DeliversACacheLineOutsideADmaCallAsAnEvent) {
  const Read trace(excerpt("export b 64K\nbegin b FROM\n  cache_invalidate\ncache_clean b 0+4K\n"));
  EXPECT_EQ(trace.kinds(), "export. begin_cpu_access( cache_operation. begin_cpu_access) cache_operation.");
  EXPECT_EQ(trace.at(2).maintenance.kind, model::Operation::kInvalidate);
  EXPECT_EQ(trace.at(2).maintenance.bytes, 65536U);
  EXPECT_EQ(trace.at(2).in, trace.at(1).call);
  EXPECT_EQ(trace.at(4).maintenance.kind, model::Operation::kClean);
  EXPECT_EQ(trace.at(4).maintenance.bytes, 4096U);
  EXPECT_EQ(trace.at(4).in, kNoId);
}

TEST(LitmusReader, ReadsTheOptionsOfADmaCallInAnyOrder) {
  const Read trace(excerpt("dma_map b D BIDI nents 8->3 4K+64 attrs 0x300 skip = -EIO\nsync_for_cpu b D TO nents 3\n"));
  const Event& map = trace.at(0);
  EXPECT_EQ(map.dma.orig_nents, 8U);
  EXPECT_EQ(map.dma.nents, 3U);
  EXPECT_EQ(map.dma.attrs, 0x320U);
  EXPECT_EQ(map.range.offset, 4096U);
  EXPECT_EQ(map.range.length, 64U);
  EXPECT_EQ(map.ret, -5);
  EXPECT_EQ(map.by, AttributedBy::kNamed);
  EXPECT_EQ(trace.at(1).dma.nents, 3U);
  EXPECT_EQ(trace.at(1).dma.orig_nents, 0U);
}

TEST(LitmusReader, ReadsANestedDmaCallOnAnotherBuffer) {
  const Read trace(excerpt("begin b FROM\n  sync_for_cpu c D FROM\n", "older c\n"));
  EXPECT_NE(trace.at(1).buffer, trace.at(0).buffer);
  EXPECT_EQ(trace.at(1).by, AttributedBy::kNamed);
  EXPECT_EQ(trace.at(1).in, trace.at(0).call);
}

TEST(LitmusReader, KnowsEveryOtherWord) {
  const Read trace(excerpt(
      "vmap b\nkmap b\nvunmap b\nmmap b\nmunmap b\npin b D\nunpin b D\nmove_notify b\nfd b 5\nput b\nfence b D read\n"
      "fence b D write\nfence_signaled b D\ncpu_read b 0+64\ncpu_write b\ndevice_read b D\ndevice_write b E 64+64\n"
      "flush_vmap b\ninvalidate_vmap b\nbounce_in b D\nbounce_out b D 0+4K\nlost 12\nbegin_cpu_access b TO 0+4K\n"
      "end_cpu_access b TO\n"));
  EXPECT_EQ(trace.kinds(),
            "vmap( vmap) vmap( vmap) vunmap( vunmap) mmap( mmap) munmap( munmap) pin( pin) unpin( unpin) move_notify( "
            "move_notify) fd. put. fence. fence. fence_signaled. cpu_read. cpu_write. device_read. device_write. "
            "flush_vmap. invalidate_vmap. bounce_in. bounce_out. lost. begin_cpu_access( begin_cpu_access) "
            "end_cpu_access( end_cpu_access)");
  EXPECT_EQ(trace.at(16).range.length, 5U);
  EXPECT_EQ(trace.at(18).ret, 0);
  EXPECT_EQ(trace.at(19).ret, 1);
  EXPECT_EQ(trace.at(29).range.length, 12U);
  EXPECT_EQ(trace.at(29).task, kNoId);
  EXPECT_EQ(trace.statistics.lost, 12U);
}

TEST(LitmusReader, LetsABounceLineStandUnderADmaCall) {
  const Read trace(excerpt("map b D TO\n  dma_map D TO\n    bounce_in D\n"));
  EXPECT_EQ(trace.kinds(), "map( dma_map. bounce_in. map)");
  EXPECT_EQ(trace.at(2).in, trace.at(0).call);
  EXPECT_EQ(trace.at(2).attachment, trace.at(0).attachment);
}

TEST(LitmusReader, SkipsAByteOrderMarkAndBlankLinesInFront) {
  const Read trace("\xef\xbb\xbf\n\ncustody litmus: x\ndevice D\nolder b\n\nput b");
  ASSERT_EQ(trace.events().size(), 1U);
  EXPECT_EQ(trace.at(0).at.line, 7U);
}

TEST(LitmusReader, SkipsBlankLinesAndCommentsBetweenEvents) {
  const Read trace(excerpt("attach b D\n\n# between\n  map b D TO # behind\n"));
  EXPECT_EQ(trace.kinds(), "attach( map( map) attach)");
}

}  // namespace
}  // namespace custody::traces::test
