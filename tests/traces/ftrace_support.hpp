// SPDX-License-Identifier: BSD-2-Clause
// ftrace text written line by line, and read into memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "traces/formats/ftrace/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

/// Lines of ftrace text, one microsecond apart unless told.
class Ftrace {
 public:
  /// A record of task `pid`: its event and fields, after an ordinary head.
  Ftrace& add(const std::string& record, int pid = 25) { return at(++now_, record, pid); }
  Ftrace& at(int microseconds, const std::string& record, int pid = 25) {
    std::string fraction = std::to_string(microseconds);
    fraction.insert(0, 6 - fraction.size(), '0');
    return raw("  task-" + std::to_string(pid) + "  [000] .....  1." + fraction + ": " + record);
  }
  Ftrace& raw(const std::string& line) {
    text_ += line + "\n";
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  int now_ = 0;
};

struct FtraceRead : RecordedTrace {
  explicit FtraceRead(const Ftrace& trace) : FtraceRead(trace.text()) {}
  explicit FtraceRead(const std::string& text) {
    input::Lines lines = input::Lines::of_text(text);
    formats::ftrace::read_ftrace(lines, "a.txt", *this, statistics);
  }
  void on_gap(const Gap& gap, const Directory&) override { gaps.push_back(gap); }
  /// An event of no kind that matters where there are fewer.
  [[nodiscard]] const Event& at(std::size_t i) const {
    static const Event kNone;
    return i < events().size() ? events()[i] : kNone;
  }
  /// `attach. map( dma_map. map)`: kinds and phases in order.
  [[nodiscard]] std::string kinds() const {
    std::string out;
    for (const Event& e : events()) {
      constexpr char kPhase[] = {'.', '(', ')'};
      out += std::string(out.empty() ? "" : " ") + std::string(name(e.kind)) + kPhase[static_cast<int>(e.phase)];
    }
    return out;
  }
  [[nodiscard]] std::string warning(std::size_t i) const {
    if (i >= statistics.kept_warnings.size()) return "no such warning";
    return std::to_string(statistics.kept_warnings[i].line) + ": " + statistics.kept_warnings[i].message;
  }
  ReadStatistics statistics;
  std::vector<Gap> gaps;
};

inline const std::string kExport =
    R"(export: (heap+0x1/0x2 <- dma_buf_export) dmabuf=0xa0 size=8192 exp_name="system" ino=1)";
inline const std::string kAttach =
    R"(attach: (x+0x1/0x2 <- dma_buf_dynamic_attach) attach=0xb0 dmabuf=0xa0 dev="cam.0")";
inline const std::string kMap = "map: (dma_buf_map_attachment+0x0/0x120) attach=0xb0 dmabuf=0xa0 dir=2";
inline const std::string kDmaMap =
    R"(dma_map: (dma_map_sgtable+0x0/0x4c) dev="cam.0" sgt=0xc0 sgl=0xd0 dir=2 attrs=0x0)";
inline const std::string kMapRet = "map_ret: (x+0x1/0x2 <- dma_buf_map_attachment) sgt=0xc0";
inline const std::string kUnmap = "unmap: (dma_buf_unmap_attachment+0x0/0xe0) attach=0xb0 dmabuf=0xa0 sgt=0xc0 dir=2";
inline const std::string kDmaUnmap =
    R"(dma_unmap: (dma_unmap_sg_attrs+0x0/0x6c) dev="cam.0" sgl=0xd0 nents=1 dir=2 attrs=0x0)";
inline const std::string kUnmapRet = "unmap_ret: (x+0x1/0x2 <- dma_buf_unmap_attachment)";
inline const std::string kDetach = "detach: (dma_buf_detach+0x0/0x150) dmabuf=0xa0 attach=0xb0";
inline const std::string kRelease = "release: (dma_buf_release+0x0/0x100) dmabuf=0xa0";
inline const std::string kClean = "arch_clean: (arch_sync_dma_for_device+0x0/0x30) paddr=0x1000 size=4096 dir=2";

/// A record with `to` where `from` is first.
inline std::string with(std::string record, std::string_view from, std::string_view to) {
  return record.replace(record.find(from), from.size(), to);
}

}  // namespace custody::traces::test
