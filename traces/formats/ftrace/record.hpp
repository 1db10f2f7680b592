// SPDX-License-Identifier: BSD-2-Clause
// One line of ftrace text, taken apart: who, where, when, which event, which fields.
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

/// Do the flags of a record say that an interrupt ran? `h`, `H`, `s`, `Z`, `z` of the third column.
[[nodiscard]] bool says_interrupt(std::string_view flags);

/// `[LOST m EVENTS]`, `[m EVENTS DROPPED]` of trace-cmd, `LOST m events!` of perf: m, 0 where they do not tell it. A
/// record that the kernel could not print, `[LINE TOO BIG]`, is one. Nothing where the line is no such line.
[[nodiscard]] std::optional<std::uint64_t> parse_lost(std::string_view line);

/// `##### CPU n buffer started ####`: what this processor did before was overwritten, while lines of others are above.
[[nodiscard]] bool starts_late(std::string_view line);

/// `# entries-in-buffer/entries-written: a/b`: b - a; 0 where the line is no such line.
[[nodiscard]] std::uint64_t parse_overwritten(std::string_view line);

/// Fields of the probe group. A field that is missing has its bit in `present` unset.
struct Fields {
  enum Name : std::uint8_t {
    kDmabuf,
    kAttach,
    kSgt,
    kSgl,
    kSize,
    kIno,
    kPaddr,
    kAttrs,
    kRet,
    kDir,
    kNents,
    kOrigNents,
    kDev,
    kExpName,
    kCount
  };
  std::uint64_t value[kCount] = {};
  std::string_view dev, exp_name;
  std::uint32_t present = 0;
  /// Digits of the shortest kernel pointer that is not 0, where they are hexadecimal; as a record that was cut short
  /// may end in a pointer that looks like another one.
  std::uint32_t pointer_digits = kNoPointer;
  static constexpr std::uint32_t kNoPointer = 99;
  std::string_view unknown;    ///< the first field that is not of the group; empty: none
  std::string_view malformed;  ///< the first optional field whose value cannot be read; empty: none
  std::string_view damage;     ///< what makes the whole record unreadable; empty: nothing

  [[nodiscard]] bool has(Name n) const { return ((present >> n) & 1U) != 0; }
};

/// The field of that name; `kCount`: the group has none.
[[nodiscard]] Fields::Name field_of(std::string_view key);

/// Parses `key=value` pairs, after an optional location in parentheses. Values are decimal, hexadecimal, or strings
/// in double quotes; `(fault)` is an empty string. False where something else is there too: `parse_odd_fields` then
/// says what it is.
[[nodiscard]] bool parse_fields(std::string_view rest, Fields& fields);

/// A decimal or hexadecimal number, the whole of `text`.
[[nodiscard]] bool parse_number(std::string_view text, std::uint64_t& value);

/// End of the value that begins at `at`; strings keep their quotes.
[[nodiscard]] std::size_t value_end(std::string_view text, std::size_t at);

/// The field's name as the probes of traces/recorded/README.md write it.
[[nodiscard]] std::string_view field_name(Fields::Name name);

/// The field that is called so; kCount: none.
[[nodiscard]] Fields::Name field_of(std::string_view key);

/// Is the field's value a pointer of the kernel?
[[nodiscard]] constexpr bool is_pointer(Fields::Name name) { return name <= Fields::kSgl; }

/// An error pointer of the kernel: the negative errno; 0 for every other value. One of 32 bits, 0xfffff001 to
/// 0xffffffff, is no address of a 64-bit kernel (Documentation/arm64/memory.rst), so that either is known by its value.
[[nodiscard]] std::int32_t error_of(std::uint64_t pointer);

}  // namespace custody::traces::formats::ftrace
