// SPDX-License-Identifier: BSD-2-Clause
// Event logs as text, read into memory.
#pragma once

#include <string>

#include "traces/formats/event_log/event_log.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

inline const std::string kHeader =
    R"({"schema":"custody.trace/1","source":"test","arch":"arm64-6.1","devices":{"cam.0":{"coherent":false}},"observes":["dma_api"]})"
    "\n";
inline const std::string kCacheHeader = R"({"schema":"custody.trace/1","observes":["dma_api","cache_ops"]})"
                                        "\n";

struct Read : RecordedTrace {
  explicit Read(const std::string& text) {
    input::Lines lines = input::Lines::of_text(text);
    formats::event_log::read_event_log(lines, "a.jsonl", *this, statistics);
  }
  [[nodiscard]] const Event& at(std::size_t i) const { return events()[i]; }
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
};

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace custody::traces::test
