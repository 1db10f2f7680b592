// SPDX-License-Identifier: BSD-2-Clause
// What is the same in all of a text, and what tools put around its lines.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/foreign_lines.hpp"
#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/odd_fields.hpp"
#include "traces/formats/ftrace/text_form.hpp"
#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::comment_in;
using formats::ftrace::Fields;
using formats::ftrace::form_of;
using formats::ftrace::Tracepoint;
using formats::ftrace::TracepointKind;

const std::string kInSeconds = " a-1 [000] d.... 1.000001: map: x\n", kInTicks = " a-1 [000] d.... 1000001: map: x\n";

TEST(TextForm, CountsTicksWhereMostRecordsDo) {
  EXPECT_TRUE(form_of("# tracer: nop\n" + kInTicks).in_ticks);
  EXPECT_TRUE(form_of("a 1 [000] 1000001: custody:map: x\n").in_ticks);
  EXPECT_FALSE(form_of(kInSeconds).in_ticks);
  EXPECT_FALSE(form_of(kInTicks + kInSeconds + kInSeconds).in_ticks) << "one lost its point";
  EXPECT_FALSE(form_of("").in_ticks);
  EXPECT_FALSE(form_of("12: a text\n").in_ticks);
}

TEST(TextForm, IsMarkupWhereARecordHasATag) {
  EXPECT_TRUE(form_of("<p>x</p><p> a-1 [000] 1.0: map: x</p>").is_markup);
  EXPECT_FALSE(form_of("<html><br>\n" + kInSeconds).is_markup);
  EXPECT_FALSE(form_of(" <idle>-0 [000] 1.0: map: (a <- b)\n").is_markup);
}

TEST(TextForm, ReadsTicksOnlyWhereTheTextHasThem) {
  formats::ftrace::Head head;
  formats::ftrace::Layouts seconds, ticks(true);
  EXPECT_EQ(seconds.read(kInTicks.substr(0, kInTicks.size() - 1), head), formats::ftrace::LineIs::kNothing);
  ASSERT_EQ(ticks.read("> a b-17 ( 12) [003] d.h.. 9223372036854775807: g:map: x", head),
            formats::ftrace::LineIs::kRecord);
  EXPECT_EQ(head.ts, INT64_MAX);
  EXPECT_EQ(head.pid, 17);
  EXPECT_TRUE(head.in_interrupt);
  ASSERT_EQ(ticks.read("a b 26/27 [003] 12:   1 custody:map: x", head), formats::ftrace::LineIs::kRecord);
  EXPECT_EQ(head.ts, 12);
  EXPECT_EQ(head.pid, 27);
  EXPECT_EQ(ticks.read(" a-1 [000] d.... 18446744073709551615: map: x", head), formats::ftrace::LineIs::kNothing);
}

TEST(TextForm, FindsCommentsBehindAnyPrefix) {
  for (const char* const prefix : {"", "  12\t", "  12  ", "| ", "box | ", "Nov 26 20:51:50 host trace[1]: ", "I/tag: ",
                                   "<6>[ 1.5] ", "kern  :info  : [ 1.5] ", "[Thu Nov 26 20:51:50 2026] ", "x: > "})
    EXPECT_EQ(comment_in(prefix + std::string("# tracer: nop")), "# tracer: nop") << prefix;
  EXPECT_EQ(comment_in("box: ##### CPU 1 buffer started ####"), "##### CPU 1 buffer started ####");
  EXPECT_EQ(comment_in("issue #12 is a comment"), "");
  EXPECT_EQ(comment_in(" map: dmabuf=0xa0 # broken"), "");
}

TEST(TextForm, LeavesNoPrefixInTheNameOfATask) {
  for (const char* const prefix :
       {"    12\t", "12  ", "| ", "Nov 26 20:51:50 host trace[1]: ", "Nov  6 20:51:50 host t: ", "I/tag: ", "<6>",
        "kern  :info  : ", "[Thu Nov 26 20:51:50 2026] "})
    EXPECT_EQ(formats::ftrace::without_prefix(prefix + std::string("Nov kworker/u8:3-ev")), "Nov kworker/u8:3-ev")
        << prefix;
  for (const char* const task : {"12 monkeys", "Nova 12", "I/O worker", "<6", "kern  :", "1/1 ents=1/1", "21"})
    EXPECT_EQ(formats::ftrace::without_prefix(task), task);
}

Fields odd_fields(const std::string& rest, bool bare = false) {
  static std::string kept, text;
  kept = rest;
  Fields f;
  formats::ftrace::parse_odd_fields(kept, formats::ftrace::kDmaMapProbe, {false, bare}, text, f);
  return f;
}

TEST(OddFields, MayBeWrittenByAWordProcessor) {
  const Fields f = odd_fields(
      "dev=\xe2\x80\x9c"
      "cam\xe2\x80\x93"
      "0\xe2\x80\x9d sgl=0XFFFFFF8001AE6400 dir=2 (from_device)");
  EXPECT_EQ(f.damage, "");
  EXPECT_EQ(f.dev, "cam-0");
  EXPECT_EQ(f.value[Fields::kSgl], 0xffffff8001ae6400U);
  EXPECT_EQ(f.value[Fields::kDir], 2U);
  EXPECT_EQ(odd_fields("dev=\"a\" dir=FROM_DEVICE(2)").value[Fields::kDir], 2U);
  EXPECT_NE(odd_fields("dev=\"a\" dir=FROM_DEVICE(1)").damage, "");
  EXPECT_NE(odd_fields("dev=\"a\" dir=2 (x").damage, "");
}

TEST(OddFields, MayHavePointersWithoutPrefix) {
  const Fields f = odd_fields("sgl=81234567 sgt=8123456f paddr=44400000");
  EXPECT_EQ(f.value[Fields::kSgl], 0x81234567U) << "the other one is hexadecimal";
  EXPECT_EQ(f.value[Fields::kPaddr], 0x44400000U);
  EXPECT_TRUE(f.has_bare_pointer);
  EXPECT_EQ(f.pointer_digits, 8U);
  EXPECT_EQ(odd_fields("sgl=81234567").value[Fields::kSgl], 81234567U);
  EXPECT_EQ(odd_fields("sgl=81234567", true).value[Fields::kSgl], 0x81234567U);
  EXPECT_NE(odd_fields("sgl=fffff").damage, "");
  EXPECT_NE(odd_fields("sgl=81234567 attrs=20", true).damage, "") << "decimal or not";
  EXPECT_EQ(odd_fields("sgl=81234567 attrs=0", true).damage, "");
  EXPECT_EQ(odd_fields("sgl=81234567 attrs=0x20", true).value[Fields::kAttrs], 0x20U);
}

TEST(OddFields, OfTracepointsAreReadThroughWhatTerminalsPutIn) {
  Tracepoint t;
  std::string text;
  const std::string rest = "exp_name=\xe2\x80\x8bsystem\r size=1 ino=2\x1b[0m\r";
  EXPECT_EQ(formats::ftrace::parse_odd_tracepoint(TracepointKind::kExport, rest, text, t), "");
  EXPECT_EQ(t.exp_name, "system");
  EXPECT_EQ(t.ino, 2U);
}

/// As `trace-cmd report -R` of Debian 12 prints them.
TEST(OddFields, OfTracepointsMayBeRaw) {
  Tracepoint t;
  EXPECT_EQ(
      parse_tracepoint(TracepointKind::kMapSg,
                       " device=ac40000.isp full_nents=1 full_ents=2 truncated=0 phys_addrs=ARRAY[00, 00, 00, 01, "
                       "09, 00, 00, 00] dma_addrs=ARRAY[00, 00, e0, df, 00, 00, 00, 00] lengths=ARRAY[00, 00, 10, "
                       "00] dir=2 attrs=0x20",
                       t),
      "");
  EXPECT_EQ(t.device, "ac40000.isp");
  EXPECT_EQ(t.dma_addrs, std::vector<std::uint64_t>{0xdfe00000U});
  EXPECT_EQ(t.sizes, std::vector<std::uint64_t>{0x100000U});
  EXPECT_EQ(t.attrs, 0x20U);
  EXPECT_TRUE(t.truncated);
  EXPECT_EQ(parse_tracepoint(TracepointKind::kSyncForCpu, "device=d dma_addr=4096 size=0x10 dir=1", t), "");
  EXPECT_EQ(t.dma_addrs, std::vector<std::uint64_t>{4096U});
  EXPECT_EQ(t.sizes, std::vector<std::uint64_t>{16U});
  EXPECT_EQ(parse_tracepoint(TracepointKind::kSyncForCpu, "device=d dma_addr=4096 size=0x10 dir=7", t), "dir");
  EXPECT_EQ(parse_tracepoint(TracepointKind::kMap, "device=d dma_addr=1 phys_addr=1 size=1 dir=1", t), "attrs");
  EXPECT_EQ(parse_tracepoint(TracepointKind::kDetach,
                             "dev_name=a b exp_name=qcom,system size=0x10 ino=17 attach=0xff00 is_dynamic=1", t),
            "");
  EXPECT_EQ(t.device, "a b");
  EXPECT_EQ(t.exp_name, "qcom,system");
  EXPECT_EQ(t.attachment, 0xff00U);
  EXPECT_EQ(formats::ftrace::recognise_tracepoint("", "map", "iova=0x1000 paddr=0x2000 size=4096").kind,
            TracepointKind::kIommuMap);
  EXPECT_EQ(parse_tracepoint(TracepointKind::kIommuMap, "iova=0x1000 paddr=0x2000 size=4096", t), "");
  EXPECT_EQ(t.iova_end, 0x2000U);
}

}  // namespace
}  // namespace custody::traces::test
