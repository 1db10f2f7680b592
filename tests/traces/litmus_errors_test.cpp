// SPDX-License-Identifier: BSD-2-Clause
// What the litmus reader says of files that it does not understand.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/traces/random_trace.hpp"
#include "tests/traces/trace_compare.hpp"
#include "traces/litmus_reader.hpp"
#include "traces/litmus_writer.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces {
namespace {

struct Wrong {
  const char* name;
  std::string text;
  std::uint64_t line;
  std::vector<const char*> says;
};

std::string header(const std::string& words) { return "custody litmus: x\ndevice D\n" + words; }
/// The events begin on line 4.
std::string events(const std::string& lines) { return "custody litmus: x\ndevice D\n\n" + lines; }

const Wrong kWrong[] = {
    {"Empty", "", 0, {"empty", "custody litmus: TITLE"}},
    {"OnlyBlanks", "\n \n\n", 0, {"empty"}},
    {"NoTitle", "custody litmus:\n", 1, {"title"}},
    {"OtherFile", "{\"schema\":1}\n", 1, {"`{\"schema\":1}`", "custody litmus: TITLE"}},
    {"Binary", std::string("\x01\xff\x00z", 4), 1, {"`\\x01\\xff\\x00z`"}},
    {"HeaderWord", header("archh arm64-6.1\n"), 3, {"`archh`", "arch, device, contract, policy", "blank line ends"}},
    {"EventInHeader", header("put b\n"), 3, {"`put`", "blank line ends the header"}},
    {"HeaderInEvents", events("device E\n"), 4, {"`device`", "belongs into the header"}},
    {"ArchTwice", header("arch x86\narch x86\n"), 4, {"architecture", "twice"}},
    {"ArchMissing", header("arch\n"), 3, {"architecture"}},
    {"TextBehindArch", header("arch x86 armv7\n"), 3, {"`armv7`", "line should end"}},
    {"DeviceTwice", header("device D coherent\n"), 3, {"`D`", "twice"}},
    {"DeviceFlag", header("device E coherrent\n"), 3, {"`coherrent`", "coherent", "bounced", "reads_only"}},
    {"DeviceName", header("device TO\n"), 3, {"`TO`", "name of a device"}},
    {"PolicyValue", header("policy backing\n"), 3, {"value of the policy"}},
    {"PolicyTwice", header("policy a b\npolicy a c\n"), 4, {"`a`", "twice"}},
    {"Trust", header("trust window\n"), 3, {"`window`", "windows or mappings"}},
    {"Accesses", header("accesses all\n"), 3, {"`all`", "may or exact"}},
    {"ExpectRule", header("expect X3\n"), 3, {"`X3`", "M1, R3, L5", "lost_write", "legal", "optimum"}},
    {"ExpectNothing", header("expect\n"), 3, {"a rule"}},
    {"ExpectNoRule", header("expect no legal\n"), 3, {"`legal`", "illegal, missing"}},
    {"ExpectAt", header("expect M3 at begin\n"), 3, {"`begin`", "line number or text"}},
    {"ExpectQuote", header("expect M3 at \"begin\n"), 3, {"closing double quote"}},
    {"ExpectEmptyText", header("expect M3 at \" \"\n"), 3, {"empty"}},
    {"ExpectNumberedZero", header("expect M3 at \"put\" #0\n"), 3, {"number from 1"}},
    {"ExpectUnresolved", header("expect M3 at \"begin b\"\n\nput b\n"), 3, {"found 0", "`begin b`"}},
    {"ExpectUnresolvedNth", header("expect M3 at \"put\" #3\n\nput b\nput b\n"), 3, {"found 2", "at least 3"}},
    {"ExpectNoEventLine", header("expect M3 at 5\n\n# put b\nput b\nput b\n"), 3, {"line 5", "no event line"}},
    {"ExpectOps", header("expect maintenance 3\n"), 3, {"`ops`"}},
    {"ExpectCount", header("expect optimum few ops\n"), 3, {"`few`", "number of operations"}},
    {"ExpectBehind", header("expect legal at 5\n"), 3, {"`at`"}},
    {"Pending", header("# pending R4 reason\n"), 3, {"pending RULE: REASON"}},
    {"Verb", events("mapp b D TO\n"), 4, {"`mapp`", "map, unmap", "sync_for_device"}},
    {"Undeclared", events("map b E TO\n"), 4, {"undeclared device `E`", "declares: D"}},
    {"DeviceAsBuffer", events("map D D TO\n"), 4, {"`D` is a device"}},
    {"ExportedDevice", events("export D 4K\n"), 4, {"`D` is a device"}},
    {"Direction", events("map b D FORM\n"), 4, {"`FORM`", "TO, FROM, BIDI"}},
    {"DirectionMissing", events("begin b\n"), 4, {"TO, FROM, BIDI"}},
    {"DirectionOfDmaCall", events("map b D TO\n  dma_map D T0\n"), 5, {"`T0`", "TO, FROM, BIDI"}},
    {"Size", events("export b 64k\n"), 4, {"`64k`", "64K"}},
    {"SizeTooLarge", events("export b 99999999999G\n"), 4, {"`99999999999G`"}},
    {"SizeMissing", events("export b\n"), 4, {"size"}},
    {"Memory", events("export b 4K system cachd\n"), 4, {"`cachd`", "cached, wc, coherent"}},
    {"ResultOfExport", events("export b 4K system = -ENOMEM\n"), 4, {"`=`"}},
    {"Result", events("map b D TO = -ENOMEN\n"), 4, {"`-ENOMEN`", "-ENOMEM"}},
    {"PositiveResult", events("map b D TO = 5\n"), 4, {"`5`"}},
    {"LargeResult", events("map b D TO = -4096\n"), 4, {"`-4096`", "-4095"}},
    {"ResultOfUnmap", events("unmap b D TO = -EIO\n"), 4, {"`=`", "unmap BUFFER DEVICE"}},
    {"TextBehind", events("map b D TO now\n"), 4, {"`now`", "map BUFFER DEVICE"}},
    {"RangeBehindMap", events("map b D TO 0+4K\n"), 4, {"`0+4K`"}},
    {"RangeWithoutLength", events("cpu_read b 4K+\n"), 4, {"`4K+`", "OFFSET+LENGTH"}},
    {"RangeOfNothing", events("cpu_read b 4K+0\n"), 4, {"no bytes"}},
    {"RangeTooLong", events("cpu_read b 18446744073709551615+2\n"), 4, {"64 bits"}},
    {"Nents", events("dma_map b D TO nents x\n"), 4, {"`x`", "GIVEN->RETURNED"}},
    {"NentsOfUnmap", events("dma_unmap b D TO nents 4->1\n"), 4, {"`4->1`"}},
    {"Attributes", events("dma_map b D TO attrs 20\n"), 4, {"`20`", "0x"}},
    {"SkipTwice", events("dma_map b D TO skip skip\n"), 4, {"second `skip`"}},
    {"FenceUsage", events("fence b D reed\n"), 4, {"`reed`", "read or write"}},
    {"FdNumber", events("fd b five\n"), 4, {"`five`"}},
    {"LostNumber", events("lost some\n"), 4, {"`some`"}},
    {"ExitNobody", events("exit\n"), 4, {"task"}},
    {"BufferMissing", events("sync_for_cpu D TO\n"), 4, {"names no buffer", "sync_for_cpu [BUFFER] DEVICE"}},
    {"Attachment", events("attach b D as a1\nmap c a1 TO\n"), 5, {"`a1`", "`b`", "`c`"}},
    {"AttachmentTwice", events("attach b D as a1\nattach b D as a1\n"), 5, {"`a1`", "live"}},
    {"AttachmentLikeDevice", events("attach b D as D\n"), 4, {"`D` is a device"}},
    {"IndentedUnderNothing", events("  put b\n"), 4, {"indented", "no call"}},
    {"IndentedUnderAccess", events("cpu_read b\n  put b\n"), 5, {"line 4", "no call"}},
    {"IndentedUnderOtherTask", events("[A] map b D TO\n  [B] put b\n"), 5, {"no call of its task", "`{`"}},
    {"CallInDmaCall", events("dma_map b D TO\n  put b\n"), 5, {"`put`", "cache_*"}},
    {"CacheNoneAlone", events("cache_none\n"), 4, {"DMA call"}},
    {"CacheOfOtherBuffer", events("dma_map b D TO\n  cache_clean c\n"), 5, {"`b`", "`c`"}},
    {"BraceClosesNothing", events("}\n"), 4, {"closes nothing", "`main`"}},
    {"BraceOfOtherTask", events("[A] begin b TO {\n}\n"), 5, {"closes nothing", "`main`"}},
    {"BraceNeverClosed", events("put b\nbegin b TO {\nput b\n"), 5, {"never closed"}},
    {"BraceOpenInCall", events("attach b D\n  map b D TO {\nput b\n"), 6, {"line 4", "line 5", "still open"}},
    {"BraceIndented", events("begin b TO {\n  map b D TO\n    }\n"), 6, {"indented under a call without"}},
    {"BraceBehindDma", events("dma_map b D TO {\n"), 4, {"`{`"}},
    {"ResultTwice", events("begin b TO = -EIO {\n} = -EIO\n"), 5, {"twice", "line 4"}},
    {"ResultOfVoidBrace", events("unmap b D TO {\n} = -EIO\n"), 5, {"no result"}},
    {"TextBehindBrace", events("begin b TO {\n} now\n"), 5, {"`now`"}},
    {"TaskWithoutEnd", events("[A put b\n"), 4, {"`[A put b`", "`]`"}},
    {"TaskWithoutName", events("[ ] put b\n"), 4, {"no task"}},
    {"TaskAlone", events("[A]\n"), 4, {"expected an event"}},
    {"ExitOfOther", events("[A] exit B\n"), 4, {"`A`", "`B`"}},
    {"ExitInCall", events("begin b TO\n  exit main\n"), 5, {"exit"}},
    {"Name", events("put b\"\n"), 4, {"`b\"`", "a buffer"}},
    {"LongWord", events("put " + std::string(1000, '"') + "\n"), 4, {"...`"}},
};

class LitmusErrors : public ::testing::TestWithParam<Wrong> {};

TEST_P(LitmusErrors, SayWhereAndWhatWasExpected) {
  const Wrong& wrong = GetParam();
  RecordedTrace sink;
  try {
    read_litmus(wrong.text, "dir/a.litmus", sink);
    FAIL() << "was read";
  } catch (const InputError& error) {
    EXPECT_EQ(error.line(), wrong.line) << error.what();
    EXPECT_EQ(error.path(), "dir/a.litmus");
    for (const char* part : wrong.says)
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    EXPECT_LT(std::string(error.what()).size(), 1000U);
  }
  EXPECT_TRUE(sink.events().empty());
}

INSTANTIATE_TEST_SUITE_P(All, LitmusErrors, ::testing::ValuesIn(kWrong),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LitmusErrorsOfFiles, RefuseAFileThatIsTooLarge) {
  RecordedTrace sink;
  const std::string text = "custody litmus: x\n\n" + std::string(kMaxLitmusBytes, '\n');
  EXPECT_THROW(read_litmus(text, "a", sink), InputError);
}

/// Reads `text`, which may be wrong in any way: it gives an InputError, or a trace that can be written and read back.
void read_somehow(const std::string& text) {
  RecordedTrace read;
  try {
    read_litmus(text, "a", read);
  } catch (const InputError& error) {
    RC_ASSERT(!std::string(error.what()).empty());
    return;
  }
  RC_LOG() << text;
  const std::string written = write_litmus(read);
  RC_LOG() << written;
  RecordedTrace again;
  read_litmus(written, "again", again);
  const std::string difference = testing::first_difference(read, again, {});
  RC_LOG() << difference;
  RC_ASSERT(difference.empty());
}

RC_GTEST_PROP(LitmusMutations, OfAFileGiveAnInputErrorOrATrace, ()) {
  const auto story =
      *rc::gen::scale(3.0, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 5040)));
  RecordedTrace told;
  testing::tell(story, {}, told);
  std::string text = write_litmus(told);
  const auto changes = *rc::gen::container<std::vector<std::pair<std::uint32_t, char>>>(
      rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(),
                    rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("\n{}[]# =\"+0->\t")))));
  for (const auto& [at, c] : changes) {
    const std::size_t place = at % text.size();
    if (at % 3 == 0) text[place] = c;
    if (at % 3 == 1) text.insert(place, 1, c);
    if (at % 3 == 2 && text.size() > 1) text.erase(place, 1 + static_cast<unsigned char>(c) % 8);
    if (text.empty()) text = "\n";
  }
  read_somehow(text);
}

RC_GTEST_PROP(LitmusMutations, OfTheOrderOfLinesGiveAnInputErrorOrATrace, ()) {
  const auto story =
      *rc::gen::scale(3.0, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 5040)));
  RecordedTrace told;
  testing::tell(story, {}, told);
  const std::string text = write_litmus(told);
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  const auto swaps = *rc::gen::arbitrary<std::vector<std::pair<std::uint16_t, std::uint16_t>>>();
  for (const auto& [a, b] : swaps) {
    const std::size_t one = 5 + a % (lines.size() - 4), other = 5 + b % (lines.size() - 4);
    if (one < lines.size() && other < lines.size()) std::swap(lines[one], lines[other]);
  }
  std::string again;
  for (const std::string& line : lines) again += line + "\n";
  read_somehow(again);
}

RC_GTEST_PROP(LitmusMutations, OfNothingButBytesGiveAnInputErrorOrATrace, (const std::string& bytes)) {
  read_somehow(bytes);
  read_somehow("custody litmus: x\ndevice D\n" + bytes);
  read_somehow("custody litmus: x\ndevice D\n\n" + bytes);
}

}  // namespace
}  // namespace custody::traces
