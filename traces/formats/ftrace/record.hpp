// SPDX-License-Identifier: BSD-2-Clause
// One line of ftrace text, taken apart: who, where, when, which event.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace custody::traces::formats::ftrace {

/// The columns before the event's fields.
struct Head {
  std::string_view comm;   ///< may begin with what a log or a mail put before the line: see `without_prefix`
  std::string_view group;  ///< of `group:event`; empty: the line does not say
  std::string_view event;
  std::string_view rest;  ///< after `event:`
  std::int64_t pid = -1;
  std::uint32_t cpu = 0;
  std::int64_t ts = -1;  ///< nanoseconds; -1: the layout has no time
  bool in_interrupt = false;
  bool leaves_out_zeros = false;  ///< `perf trace` prints no field whose value is 0
};

/// The layout of tracefs and of `trace-cmd report`, task-pid [cpu] flags time: event: fields. False where the line has
/// another (layouts.hpp), or is no record: a comment, an empty line, a loss line, garbage.
[[nodiscard]] bool parse_head(std::string_view line, Head& head);

/// Reads `group:event:` and the fields behind it from `at`. False where no event is there.
[[nodiscard]] bool parse_event(std::string_view line, std::size_t at, Head& head);

/// Nanoseconds of `seconds.fraction` followed by a colon, from `at`. The index after the colon, or npos.
[[nodiscard]] std::size_t parse_time(std::string_view line, std::size_t at, std::int64_t& ts);

/// Do the flags of a record say that an interrupt ran? `h`, `H`, `s`, `Z`, `z` of the third column. A preemption count
/// of `ff` is -1: a kernel with preemption takes one off what it counts for itself (tracing_gen_ctx_dec of
/// kernel/trace/trace.h), and of a probe that counted nothing every flag is set then, as recorded of 6.18.
[[nodiscard]] bool says_interrupt(std::string_view flags);
/// The same of flags that say something, as the bits TRACE_FLAG_HARDIRQ, _SOFTIRQ and _NMI of the kernel's
/// include/linux/trace_events.h.
[[nodiscard]] constexpr bool bits_say_interrupt(std::uint8_t flags) {
  constexpr std::uint8_t kHardirq = 0x08, kSoftirq = 0x10, kNmi = 0x40;
  return (flags & (kHardirq | kSoftirq | kNmi)) != 0;
}

/// `[LOST m EVENTS]`, `[m EVENTS DROPPED]` of trace-cmd, `LOST m events!` of perf: m, 0 where they do not tell it. A
/// record that the kernel could not print, `[LINE TOO BIG]`, is one. Nothing where the line is no such line.
[[nodiscard]] std::optional<std::uint64_t> parse_lost(std::string_view line);

/// `##### CPU n buffer started ####`: what this processor did before was overwritten, while lines of others are above.
[[nodiscard]] bool starts_late(std::string_view line);

/// `# entries-in-buffer/entries-written: a/b`: b - a; 0 where the line is no such line.
[[nodiscard]] std::uint64_t parse_overwritten(std::string_view line);

}  // namespace custody::traces::formats::ftrace
