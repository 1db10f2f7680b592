// SPDX-License-Identifier: BSD-2-Clause
// What the litmus reader says of files that it does not understand.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/traces/random_trace.hpp"
#include "tests/traces/trace_compare.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/formats/litmus/writer.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {
namespace {

/// A file, in what comes first and the rest: the table below is made by the compiler, not by a long function.
struct Text {
  std::string_view begin, end;
  constexpr Text(const char* whole) : begin(whole) {}
  constexpr Text(std::string_view first, std::string_view then) : begin(first), end(then) {}
  [[nodiscard]] std::string whole() const { return std::string(begin) + std::string(end); }
};

struct Wrong {
  const char* name;
  Text text;
  std::uint64_t line;
  const char* says[5];  ///< behind the last: null
};

constexpr Text header(std::string_view words) { return {"custody litmus: x\ndevice D\nolder b\n", words}; }
/// The events begin on line 6.
constexpr Text events(std::string_view lines) { return {"custody litmus: x\ndevice D\nolder b\nolder c\n\n", lines}; }

constexpr Wrong kWrong[] = {
    {"Empty", "", 0, {"empty", "custody litmus: TITLE"}},
    {"OnlyBlanks", "\n \n\n", 0, {"empty"}},
    {"NoTitle", "custody litmus:\n", 1, {"title"}},
    {"OtherFile", "{\"schema\":1}\n", 1, {"`{\"schema\":1}`", "custody litmus: TITLE"}},
    {"Binary", Text(std::string_view("\x01\xff\x00z", 4), ""), 1, {"`\\x01\\xff\\x00z`"}},
    {"HeaderWord",
     header("archh arm64-6.1\n"),
     4,
     {"`archh`", "arch, device, older, contract, policy", "blank line ends"}},
    {"EventInHeader", header("put b\n"), 4, {"`put`", "blank line ends the header"}},
    {"HeaderInEvents", events("device E\n"), 6, {"`device`", "belongs into the header"}},
    {"ArchTwice", header("arch x86\narch x86\n"), 5, {"architecture", "twice"}},
    {"ArchMissing", header("arch\n"), 4, {"architecture"}},
    {"TextBehindArch", header("arch x86 armv7\n"), 4, {"`armv7`", "line should end"}},
    {"DeviceTwice", header("device D coherent\n"), 4, {"`D`", "twice"}},
    {"DeviceFlag", header("device E coherrent\n"), 4, {"`coherrent`", "coherent", "bounced", "reads_only"}},
    {"Allocates", header("device E allocates\n"), 4, {"`allocates`", "coherent [allocates]"}},
    {"AllocatesFirst", header("device E allocates coherent\n"), 4, {"`allocates`", "coherent [allocates]"}},
    {"DeviceName", header("device TO\n"), 4, {"`TO`", "name of a device"}},
    {"OlderMissing", header("older\n"), 4, {"buffer from before the trace"}},
    {"OlderTwice", header("older b\n"), 4, {"`b`", "twice"}},
    {"OlderDevice", header("older D\n"), 4, {"`D` is a device"}},
    {"DeviceLikeOlder", header("device b\n"), 4, {"`b` is a buffer"}},
    {"OlderInEvents", events("older d\n"), 6, {"`older`", "belongs into the header"}},
    {"PolicyValue", header("policy backing\n"), 4, {"value of the policy"}},
    {"PolicyTwice", header("policy a b\npolicy a c\n"), 5, {"`a`", "twice"}},
    {"Trust", header("trust window\n"), 4, {"`window`", "windows or mappings"}},
    {"Accesses", header("accesses all\n"), 4, {"`all`", "may or exact"}},
    {"ExpectRule", header("expect X3\n"), 4, {"`X3`", "M1, R3, L5", "lost_write", "legal", "optimum"}},
    {"ExpectNothing", header("expect\n"), 4, {"a rule"}},
    {"ExpectSeverity", header("expect fatal M3\n"), 4, {"`fatal`", "error, warning, note", "not judged"}},
    {"ExpectTwoSeverities", header("expect error note M3\n"), 4, {"`note`", "M1, R3, L5"}},
    {"ExpectOnceNo", header("expect once no M3\n"), 4, {"`no`", "M1, R3, L5"}},
    {"ExpectOnceNothing", header("expect once\n"), 4, {"M1, R3, L5", "unobserved"}},
    {"ExpectOwes", header("expect M3 owes kernel\n"), 4, {"`kernel`", "client, importer, exporter, core"}},
    {"ExpectOwesNobody", header("expect M3 owes\n"), 4, {"who owes it", "client"}},
    {"ExpectNoOwes", header("expect no M3 owes client\n"), 4, {"`owes`", "line should end"}},
    {"ExpectAtBehindOwes", header("expect M3 owes client at 6\n"), 4, {"`at`", "line should end"}},
    {"ExpectProvedTwice", header("expect R3 proved unproved\n"), 4, {"`unproved`", "line should end"}},
    {"ExpectNot", header("expect not M3\n"), 4, {"`M3`", "`not judged`"}},
    {"ExpectNotAlone", header("expect not\n"), 4, {"ends behind `not`", "`not judged`"}},
    {"ExpectPartly", header("expect partly b\n"), 4, {"`b`", "`partly judged`"}},
    {"ExpectNotComputed", header("expect optimum not judged\n"), 4, {"`judged`", "`not computed`"}},
    {"ExpectSubset", header("expect subset\n"), 4, {"number of operations, or `not computed`"}},
    {"ExpectMaintenanceNot", header("expect maintenance not computed\n"), 4, {"`not`", "number of operations"}},
    {"ExpectJudgedNothing", header("expect judged\n"), 4, {"a buffer"}},
    {"ExpectJudgedReason", header("expect judged b mapped_before_trace\n\nput b\n"), 4, {"`mapped_before_trace`"}},
    {"ExpectJudgedMistyped", header("expect judged c\n\nput b\n"), 4, {"`c`", "no event line names"}},
    {"ExpectJudgedUnused", header("expect not judged b\n"), 4, {"`b`", "no event line names"}},
    {"ExpectJudgedTwoBuffers",
     header("expect unschedulable b\n\nrelease b\nexport b 4K\n"),
     4,
     {"`b`", "names two buffers"}},
    {"ExpectNoUnresolved", header("expect no M3 at \"begin b\"\n\nput b\n"), 4, {"found 0", "`begin b`"}},
    {"ExpectNoRule", header("expect no legal\n"), 4, {"`legal`", "illegal, missing"}},
    {"ExpectAt", header("expect M3 at begin\n"), 4, {"`begin`", "line number or text"}},
    {"ExpectQuote", header("expect M3 at \"begin\n"), 4, {"closing double quote"}},
    {"ExpectEmptyText", header("expect M3 at \" \"\n"), 4, {"empty"}},
    {"ExpectNumberedZero", header("expect M3 at \"put\" #0\n"), 4, {"number from 1"}},
    {"ExpectUnresolved", header("expect M3 at \"begin b\"\n\nput b\n"), 4, {"found 0", "`begin b`"}},
    {"ExpectUnresolvedNth", header("expect M3 at \"put\" #3\n\nput b\nput b\n"), 4, {"found 2", "at least 3"}},
    {"ExpectNoEventLine", header("expect M3 at 6\n\n# put b\nput b\nput b\n"), 4, {"line 6", "no event line"}},
    {"ExpectOps", header("expect maintenance 3\n"), 4, {"`ops`"}},
    {"ExpectCount", header("expect optimum few ops\n"), 4, {"`few`", "number of operations"}},
    {"ExpectBehind", header("expect legal at 5\n"), 4, {"`at`"}},
    {"Pending", header("# pending R4 reason\n"), 4, {"pending RULE: REASON"}},
    {"Verb", events("mapp b D TO\n"), 6, {"`mapp`", "map, unmap", "sync_for_device"}},
    {"Undeclared", events("map b E TO\n"), 6, {"undeclared device `E`", "declares: D"}},
    {"NeverExported", header("\nexport d 4K\nattach e D\n"), 6, {"exports `e`", "one of: b, d;", "`older e`"}},
    {"ExportedLater", header("\nattach d D\nexport d 4K\n"), 5, {"exports `d`", "one of: b;"}},
    {"NothingExported", "custody litmus: x\n\nput b\n", 3, {"exports `b`", "expected an `export` of it, or `older b`"}},
    {"DeviceAsBuffer", events("map D D TO\n"), 6, {"`D` is a device"}},
    {"ExportedDevice", events("export D 4K\n"), 6, {"`D` is a device"}},
    {"Direction", events("map b D FORM\n"), 6, {"`FORM`", "TO, FROM, BIDI"}},
    {"DirectionMissing", events("begin b\n"), 6, {"TO, FROM, BIDI"}},
    {"DirectionOfDmaCall", events("map b D TO\n  dma_map D T0\n"), 7, {"`T0`", "TO, FROM, BIDI"}},
    {"Size", events("export b 64k\n"), 6, {"`64k`", "64K"}},
    {"SizeTooLarge", events("export b 99999999999G\n"), 6, {"`99999999999G`"}},
    {"SizeMissing", events("export b\n"), 6, {"size"}},
    {"Memory", events("export b 4K system cachd\n"), 6, {"`cachd`", "cached, wc, coherent"}},
    {"ResultOfExport", events("export b 4K system = -ENOMEM\n"), 6, {"`=`"}},
    {"Result", events("map b D TO = -ENOMEN\n"), 6, {"`-ENOMEN`", "-ENOMEM"}},
    {"PositiveResult", events("map b D TO = 5\n"), 6, {"`5`"}},
    {"LargeResult", events("map b D TO = -4096\n"), 6, {"`-4096`", "-4095"}},
    {"ResultOfUnmap", events("unmap b D TO = -EIO\n"), 6, {"`=`", "unmap BUFFER DEVICE"}},
    {"TextBehind", events("map b D TO now\n"), 6, {"`now`", "map BUFFER DEVICE"}},
    {"RangeBehindMap", events("map b D TO 0+4K\n"), 6, {"`0+4K`"}},
    {"RangeWithoutLength", events("cpu_read b 4K+\n"), 6, {"`4K+`", "OFFSET+LENGTH"}},
    {"RangeOfNothing", events("cpu_read b 4K+0\n"), 6, {"no bytes"}},
    {"RangeTooLong", events("cpu_read b 18446744073709551615+2\n"), 6, {"64 bits"}},
    {"Nents", events("dma_map b D TO nents x\n"), 6, {"`x`", "GIVEN->RETURNED"}},
    {"NentsOfUnmap", events("dma_unmap b D TO nents 4->1\n"), 6, {"`4->1`"}},
    {"Attributes", events("dma_map b D TO attrs 20\n"), 6, {"`20`", "0x"}},
    {"SkipTwice", events("dma_map b D TO skip skip\n"), 6, {"second `skip`"}},
    {"FenceUsage", events("fence b D reed\n"), 6, {"`reed`", "read or write"}},
    {"FdNumber", events("fd b five\n"), 6, {"`five`"}},
    {"LostNumber", events("lost some\n"), 6, {"`some`"}},
    {"ExitNobody", events("exit\n"), 6, {"task"}},
    {"BufferMissing", events("sync_for_cpu D TO\n"), 6, {"names no buffer", "sync_for_cpu [BUFFER] DEVICE"}},
    {"Attachment", events("attach b D as a1\nmap c a1 TO\n"), 7, {"`a1`", "`b`", "`c`"}},
    {"AttachmentTwice", events("attach b D as a1\nattach b D as a1\n"), 7, {"`a1`", "live"}},
    {"AttachmentLikeDevice", events("attach b D as D\n"), 6, {"`D` is a device"}},
    {"IndentedUnderNothing", events("  put b\n"), 6, {"indented", "no call"}},
    {"IndentedUnderAccess", events("cpu_read b\n  put b\n"), 7, {"line 6", "no call"}},
    {"IndentedUnderOtherTask", events("[A] map b D TO\n  [B] put b\n"), 7, {"no call of its task", "`{`"}},
    {"CallInDmaCall", events("dma_map b D TO\n  put b\n"), 7, {"`put`", "cache_*"}},
    {"CacheNoneAlone", events("cache_none\n"), 6, {"DMA call"}},
    {"CacheOfOtherBuffer", events("dma_map b D TO\n  cache_clean c\n"), 7, {"`b`", "`c`"}},
    {"BraceClosesNothing", events("}\n"), 6, {"closes nothing", "`main`"}},
    {"BraceOfOtherTask", events("[A] begin b TO {\n}\n"), 7, {"closes nothing", "`main`"}},
    {"BraceNeverClosed", events("put b\nbegin b TO {\nput b\n"), 7, {"never closed"}},
    {"BraceOpenInCall", events("attach b D\n  map b D TO {\nput b\n"), 8, {"line 6", "line 7", "still open"}},
    {"BraceIndented", events("begin b TO {\n  map b D TO\n    }\n"), 8, {"indented under a call without"}},
    {"BraceBehindDma", events("dma_map b D TO {\n"), 6, {"`{`"}},
    {"ResultTwice", events("begin b TO = -EIO {\n} = -EIO\n"), 7, {"twice", "line 6"}},
    {"ResultOfVoidBrace", events("unmap b D TO {\n} = -EIO\n"), 7, {"no result"}},
    {"TextBehindBrace", events("begin b TO {\n} now\n"), 7, {"`now`"}},
    {"TaskWithoutEnd", events("[A put b\n"), 6, {"`[A put b`", "`]`"}},
    {"TaskWithoutName", events("[ ] put b\n"), 6, {"no task"}},
    {"TaskAlone", events("[A]\n"), 6, {"expected an event"}},
    {"ExitOfOther", events("[A] exit B\n"), 6, {"`A`", "`B`"}},
    {"ExitInCall", events("begin b TO\n  exit main\n"), 7, {"exit"}},
    {"Name", events("put b\"\n"), 6, {"`b\"`", "a buffer"}},
};

/// `text` is refused at `line`, in few words and with each of `says`.
void expect_refused(const std::string& text, std::uint64_t line, std::span<const char* const> says) {
  RecordedTrace sink;
  try {
    formats::litmus::read_litmus(text, "dir/a.litmus", sink);
    FAIL() << "was read";
  } catch (const InputError& error) {
    EXPECT_EQ(error.line(), line) << error.what();
    EXPECT_EQ(error.path(), "dir/a.litmus");
    for (const char* const part : says) {
      if (part == nullptr) break;
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
    EXPECT_LT(std::string(error.what()).size(), 1000U);
  }
  EXPECT_TRUE(sink.events().empty());
}

class LitmusErrors : public ::testing::TestWithParam<Wrong> {};

TEST_P(LitmusErrors, SayWhereAndWhatWasExpected) {
  expect_refused(GetParam().text.whole(), GetParam().line, GetParam().says);
}

TEST(LitmusErrorsOfFiles, ShortenALongWord) {
  expect_refused(events("put ").whole() + std::string(1000, '"') + "\n", 6, std::array{"...`"});
}

INSTANTIATE_TEST_SUITE_P(All, LitmusErrors, ::testing::ValuesIn(kWrong),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LitmusErrorsOfFiles, RefuseAFileThatIsTooLarge) {
  RecordedTrace sink;
  const std::string text = "custody litmus: x\n\n" + std::string(formats::litmus::kMaxLitmusBytes, '\n');
  EXPECT_THROW(formats::litmus::read_litmus(text, "a", sink), InputError);
}

/// Reads `text`, which may be wrong in any way: it gives an InputError, or a trace that can be written and read back.
void read_litmus_somehow(const std::string& text) {
  RecordedTrace read;
  try {
    formats::litmus::read_litmus(text, "a", read);
  } catch (const InputError& error) {
    RC_ASSERT(!std::string(error.what()).empty());
    return;
  }
  RC_LOG() << text;
  const std::string written = formats::litmus::write_litmus(read);
  RC_LOG() << written;
  RecordedTrace again;
  formats::litmus::read_litmus(written, "again", again);
  const std::string difference = test::first_difference(read, again, {});
  RC_LOG() << difference;
  RC_ASSERT(difference.empty());
}

RC_GTEST_PROP(LitmusMutations, OfAFileGiveAnInputErrorOrATrace, ()) {
  const auto numbers =
      *rc::gen::scale(3.0, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 5040)));
  RecordedTrace generated;
  test::generate(numbers, {}, generated);
  std::string text = formats::litmus::write_litmus(generated);
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
  read_litmus_somehow(text);
}

RC_GTEST_PROP(LitmusMutations, OfTheOrderOfLinesGiveAnInputErrorOrATrace, ()) {
  const auto numbers =
      *rc::gen::scale(3.0, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 5040)));
  RecordedTrace generated;
  test::generate(numbers, {}, generated);
  const std::string text = formats::litmus::write_litmus(generated);
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
  read_litmus_somehow(again);
}

RC_GTEST_PROP(LitmusMutations, OfNothingButBytesGiveAnInputErrorOrATrace, (const std::string& bytes)) {
  read_litmus_somehow(bytes);
  read_litmus_somehow("custody litmus: x\ndevice D\n" + bytes);
  read_litmus_somehow("custody litmus: x\ndevice D\nolder b\n\n" + bytes);
}

}  // namespace
}  // namespace custody::traces::test
