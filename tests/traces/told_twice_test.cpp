// SPDX-License-Identifier: BSD-2-Clause
// A function and one that does nothing but call it, probed both, tell one call.
#include <gtest/gtest.h>

#include <string>

#include "tests/traces/ftrace_support.hpp"
#include "traces/formats/ftrace/names.hpp"

namespace custody::traces::test {
namespace {

const std::string kInner = "(x) attach=0xb0 dmabuf=0xa0 dir=2", kSgt = "(x <- y) sgt=0xc0";

std::string outer(const char* function, const std::string& rest) {
  return "p_" + std::string(function) + "_unlocked_0: " + rest;
}
std::string outer_return(const char* function, const std::string& rest) {
  return std::string(function) + "_unlocked__return: " + rest;
}

Ftrace with_attachment() { return Ftrace().add(kExport).add(kAttach); }

const std::string kExpected = "export. attach. map( dma_map. map) release.";

TEST(ToldTwice, AMapCountsOnce) {
  const char* const map = "dma_buf_map_attachment";
  for (const bool outer_entry : {false, true})
    for (const bool inner_entry : {false, true})
      for (const bool inner_exit : {false, true})
        for (const bool outer_exit : {false, true}) {
          if ((!outer_entry && !inner_entry) || (!inner_exit && !outer_exit)) continue;
          Ftrace trace = with_attachment();
          if (outer_entry) trace.add(outer(map, kInner));
          if (inner_entry) trace.add("map: " + kInner);
          trace.add(kDmaMap);
          if (inner_exit) trace.add("map_ret: " + kSgt);
          if (outer_exit) trace.add(outer_return(map, kSgt));
          const FtraceRead read(trace.add(kRelease));
          EXPECT_EQ(read.kinds(), kExpected) << outer_entry << inner_entry << inner_exit << outer_exit;
          EXPECT_EQ(read.statistics.warnings, 0U);
          EXPECT_EQ(read.statistics.malformed, 0U);
        }
}

TEST(ToldTwice, AtOneInstantItIsNoRepetition) {
  const char* const map = "dma_buf_map_attachment";
  const FtraceRead read(with_attachment()
                            .at(5, outer(map, kInner))
                            .at(5, "map: " + kInner)
                            .at(6, "map_ret: " + kSgt)
                            .at(6, outer_return(map, kSgt))
                            .at(7, kRelease));
  EXPECT_EQ(read.kinds(), "export. attach. map( map) release.");
  EXPECT_EQ(read.statistics.malformed, 0U);
}

TEST(ToldTwice, UnmapsAndKernelMappingsCountOnce) {
  const std::string buffer = "(x) dmabuf=0xa0", unmap = "(x) attach=0xb0 dmabuf=0xa0 sgt=0xc0 dir=2";
  Ftrace trace = with_attachment();
  trace.add(outer("dma_buf_unmap_attachment", unmap)).add("unmap: " + unmap).add("unmap_ret: (x)");
  trace.add(outer_return("dma_buf_unmap_attachment", "(x)"));
  trace.add(outer("dma_buf_vmap", buffer)).add("vmap: " + buffer).add("vmap_ret: (x) ret=0");
  trace.add(outer_return("dma_buf_vmap", "(x) ret=0"));
  trace.add(outer("dma_buf_vunmap", buffer)).add("vunmap: " + buffer).add("vunmap: " + buffer);
  const FtraceRead read(trace.add(kRelease));
  EXPECT_EQ(read.kinds(), "export. attach. unmap( unmap) vmap( vmap) vunmap. vunmap. release.");
  EXPECT_EQ(read.statistics.warnings, 0U);
}

TEST(ToldTwice, AnAttachCountsOnceAndALostDetachIsSeen) {
  const std::string again = R"(dma_buf_attach__return: (x <- y) attach=0xb0 dmabuf=0xa0 dev="cam.0")";
  const FtraceRead once(with_attachment().add(again).add(kRelease));
  EXPECT_EQ(once.kinds(), "export. attach. release.");
  EXPECT_EQ(once.statistics.warnings, 0U);
  const FtraceRead twice(with_attachment().add(again).add(kAttach).add(again));
  EXPECT_EQ(twice.kinds(), "export. attach. attach.");
  EXPECT_EQ(twice.statistics.warnings, 1U);
  const FtraceRead alone(Ftrace().add(kExport).add(again).add(again));
  EXPECT_EQ(alone.kinds(), "export. attach. attach.") << "no inner function is probed";
  EXPECT_EQ(alone.statistics.warnings, 1U);
}

TEST(ToldTwice, ACallWithoutReturnIsNotTheInnerOne) {
  const char* const map = "dma_buf_map_attachment";
  const FtraceRead read(
      with_attachment().add(outer(map, kInner)).add("map: " + kInner).add("map: " + kInner).add("map_ret: " + kSgt));
  EXPECT_EQ(read.kinds(), "export. attach. map( map) map( map)");
  EXPECT_EQ(read.statistics.warnings, 1U);
}

}  // namespace
}  // namespace custody::traces::test
