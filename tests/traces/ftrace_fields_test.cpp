// SPDX-License-Identifier: BSD-2-Clause
// Fields in other words than those of tracefs, names of probes that nobody chose, and what is damage.
#include <gtest/gtest.h>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/odd_fields.hpp"

namespace custody::traces::test {
namespace {

using formats::ftrace::Fields;

Fields odd(const std::string& rest, formats::ftrace::Probe probe, bool leaves_out_zeros = false) {
  static std::string kept, text;
  kept = rest;
  Fields f;
  formats::ftrace::parse_odd_fields(kept, probe, {leaves_out_zeros, false}, text, f);
  return f;
}

TEST(FtraceFields, MayBeWords) {
  const Fields f = odd("(x) dev=\"cam.0\" sg=0xd0 direction=DMA_FROM_DEVICE attrs=WEAK_ORDERING|DMA_ATTR_SKIP_CPU_SYNC",
                       formats::ftrace::kDmaMapProbe);
  EXPECT_EQ(f.damage, "");
  EXPECT_EQ(f.dev, "cam.0");
  EXPECT_EQ(f.value[Fields::kSgl], 0xd0U);
  EXPECT_EQ(f.value[Fields::kDir], 2U);
  EXPECT_EQ(f.value[Fields::kAttrs], 0x22U);
  EXPECT_TRUE(odd("dir=0 attrs=", formats::ftrace::kDmaMapProbe).has(Fields::kAttrs));
}

TEST(FtraceFields, OfPerfTraceAreAListWithoutZeros) {
  const Fields f = odd("__probe_ip: 18446, dmabuf: 160, dev: \"a, b\", dir: 1", formats::ftrace::kMapProbe, true);
  EXPECT_EQ(f.damage, "");
  EXPECT_EQ(f.unknown, "");
  EXPECT_EQ(f.dev, "a, b");
  EXPECT_EQ(f.value[Fields::kDmabuf], 160U);
  EXPECT_EQ(f.value[Fields::kDir], 1U);
  EXPECT_FALSE(f.has(Fields::kAttach)) << "a pointer that is not printed may be missing";
  EXPECT_TRUE(odd("dmabuf: 160, attach: 1", formats::ftrace::kMapProbe, true).has(Fields::kDir));
  EXPECT_FALSE(odd("dmabuf: 160, attach: 1", formats::ftrace::kMapProbe, false).has(Fields::kDir));
}

TEST(FtraceFields, OfARawReportHaveNoQuotes) {
  const Fields f = odd("__probe_ip=18446 dmabuf=160 exp_name=system", formats::ftrace::kExportProbe);
  EXPECT_EQ(f.damage, "");
  EXPECT_EQ(f.exp_name, "system");
}

TEST(FtraceFields, WithoutANameAreWhatTheProbeReturns) {
  EXPECT_EQ(odd("(x) arg1=0xc0", formats::ftrace::kMapRet).value[Fields::kSgt], 0xc0U);
  EXPECT_EQ(odd("(x) retval=-ENOMEM", formats::ftrace::kBeginRet).value[Fields::kRet], static_cast<std::uint64_t>(-12));
}

TEST(FtraceFields, ThatAreNoneAreDamage) {
  for (const auto& [rest, damage] :
       {std::pair{"dmabuf=0xa0 stray dir=2", "stray"}, std::pair{"dmabuf=0xa0 dir=2 dmabuf=0xb0", "dmabuf"},
        std::pair{"dmabuf=0xa0 dir=SIDEWAYS", "SIDEWAYS"}, std::pair{"dmabuf=0xa0 dir=2 attrs=0x", "0x"},
        std::pair{"dmabuf=0xa0 dir=2 exp_name=\"sys", "\"sys"}, std::pair{"(x dmabuf=0xa0 dir=2", "(x"},
        std::pair{"(x) dmabuf=0xa0 dir=2 exp_name=sys", "sys"}})
    EXPECT_EQ(odd(rest, formats::ftrace::kBegin).damage, damage) << rest;
}

TEST(FtraceFields, ThatAreOptionalAndUnreadableAreCountedAndNamed) {
  const FtraceRead trace(Ftrace().add("export: (x) dmabuf=0xa0 size=a7 exp_name=\"system\" ino=1").add(kRelease));
  EXPECT_EQ(trace.kinds(), "export. release.");
  EXPECT_EQ(trace.statistics.passed_over.fields, 1U);
  EXPECT_NE(trace.warning(0).find("'size'"), std::string::npos);
  EXPECT_EQ(trace.directory().buffers[0].size, 0U);
}

TEST(FtraceFields, ThatOthersOfTheEventHaveAreMissed) {
  const FtraceRead trace(Ftrace().add(kExport).add(kRelease).add("export: (x) dmabuf=0xa4 size=4096 ino=2"));
  EXPECT_EQ(trace.statistics.passed_over.fields, 1U);
  EXPECT_EQ(trace.kinds(), "export. release. export.");
  const FtraceRead attrs(Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap).add(
      R"(dma_map: (x) dev="cam.0" sgt=0xc0 sgl=0xd0 dir=2)"));
  EXPECT_EQ(attrs.statistics.malformed, 1U);
}

TEST(FtraceFields, AreNeededInTheFirstRecordToo) {
  for (const char* const record : {"detach:", "map_ret: (x) 7sgt=0xc0", "release: (x <- y)", "begin_cpu_access_ret:"})
    EXPECT_EQ(FtraceRead(Ftrace().add(kExport).add(record)).statistics.malformed, 1U) << record;
}

TEST(FtraceFields, ThatNameNoDeviceAreDamage) {
  for (const std::string dev : {R"("")", "(fault)"}) {
    const std::string attach = "attach: (x) attach=0xb0 dmabuf=0xa0 dev=" + dev;
    const std::string map = "dma_map: (x) dev=" + dev + " sgl=0xd0 dir=2 attrs=0x0";
    for (const Ftrace& before : {Ftrace().add(kExport), Ftrace().add(kExport).add(kAttach).add(kMap).add(kDmaMap)})
      for (const std::string& record : {attach, map}) {
        const FtraceRead trace(Ftrace(before).add(record));
        EXPECT_EQ(trace.statistics.malformed, 1U) << record;
        for (const DeviceInfo& device : trace.directory().devices) EXPECT_NE(device.name, "") << record;
      }
  }
}

TEST(FtraceFields, WithAShortPointerAreDamage) {
  Ftrace text;
  text.add("export: (x) dmabuf=0xffffff8001ae6400 size=4096 exp_name=\"system\" ino=1");
  EXPECT_EQ(FtraceRead(Ftrace(text).add("release: (x) dmabuf=0xffffff8001ae640")).statistics.malformed, 1U);
  EXPECT_EQ(FtraceRead(Ftrace(text).add("release: (x) dmabuf=0xffffff8001ae6400")).statistics.malformed, 0U);
  EXPECT_EQ(FtraceRead(Ftrace(text).add("map_ret: (x) sgt=0x0")).statistics.malformed, 0U);
}

TEST(FtraceFields, MayBeErrorsOf32Bits) {
  EXPECT_EQ(formats::ftrace::error_of(0xfffffff4U), -12);
  EXPECT_EQ(formats::ftrace::error_of(0xfffffffffffffff4U), -12);
  EXPECT_EQ(formats::ftrace::error_of(0xfffff000U), 0);
  EXPECT_EQ(formats::ftrace::error_of(0x1fffffff4U), 0);
}

TEST(FtraceNames, AreThoseThatToolsGive) {
  const auto name = [](const char* alias) {
    const auto* probe = formats::ftrace::find_alias(alias);
    return probe == nullptr ? std::string("none") : std::string(probe->name);
  };
  EXPECT_EQ(name("p_dma_buf_map_attachment_0"), "map");
  EXPECT_EQ(name("r_dma_buf_map_attachment_0"), "map_ret");
  EXPECT_EQ(name("dma_buf_map_attachment"), "map");
  EXPECT_EQ(name("dma_buf_map_attachment_1"), "map");
  EXPECT_EQ(name("dma_buf_map_attachment__return"), "map_ret");
  EXPECT_EQ(name("dma_buf_end_cpu_access__exit"), "end_cpu_access_ret");
  EXPECT_EQ(name("__dma_sync_sg_for_cpu"), "sync_for_cpu");
  EXPECT_EQ(name("dma_buf_export"), "none") << "nothing is exported yet where it begins";
  EXPECT_EQ(name("dma_buf_map_attachment_unlocked"), "map") << "it calls the other one";
}

TEST(FtraceNames, OfOneGroupAreNotThoseOfAnother) {
  const std::vector<EventName> own = {{"mine", "map", "unmap"}, {"", "away", "release"}};
  const formats::ftrace::Names names(own);
  const auto probe = [&](std::string_view group, std::string_view event, std::string_view rest) {
    formats::ftrace::Head head;
    head.group = group;
    head.event = event;
    head.rest = rest;
    const auto* found = names.find(head);
    return found == nullptr ? std::string("none") : std::string(found->name);
  };
  EXPECT_EQ(probe("custody", "map", "(x) dir=2"), "map");
  EXPECT_EQ(probe("mine", "map", "(x) dir=2"), "unmap");
  EXPECT_EQ(probe("any", "away", ""), "release");
  EXPECT_EQ(probe("iommu", "map", "IOMMU: iova=0x0"), "none");
  EXPECT_EQ(probe("iommu", "unmap", "(x) dmabuf=0xa0"), "none");
  EXPECT_EQ(probe("virtio", "map", "queue=3"), "none");
  EXPECT_EQ(probe("virtio", "map", "queue=3 dmabuf=0xa0"), "map");
  EXPECT_EQ(probe("", "dma_buf_detach", "exp_name=system size=1 ino=1"), "none") << "that is the kernel's tracepoint";
}

TEST(FtraceNames, OfTheUserAreReadOrRefused) {
  EventName name;
  EXPECT_EQ(parse_event_name("a:b=map", name), "");
  EXPECT_EQ(name.group + "|" + name.name + "|" + name.kind, "a|b|map");
  EXPECT_EQ(parse_event_name("b=map_ret", name), "");
  EXPECT_EQ(name.group, "");
  EXPECT_NE(parse_event_name("b=relase", name).find("did you mean release?"), std::string::npos);
  EXPECT_NE(parse_event_name("b=zzz", name).find("sync_for_device"), std::string::npos);
  for (const char* const wrong : {"b", "=map", "a:=map"})
    EXPECT_NE(parse_event_name(wrong, name).find("expected NAME=KIND"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace custody::traces::test
