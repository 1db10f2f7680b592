// SPDX-License-Identifier: BSD-2-Clause
// One line of ftrace text, taken apart: who, where, when, which event, which fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace custody::traces::formats::ftrace {

/// The columns before the event's fields.
struct Head {
  std::string_view comm;
  std::string_view event;
  std::string_view rest;  ///< after `event:`
  std::int64_t pid = -1;
  std::uint32_t cpu = 0;
  std::int64_t ts = -1;  ///< nanoseconds
  bool in_interrupt = false;
};

/// False where the line is no record: a comment, an empty line, a loss line, garbage.
[[nodiscard]] bool parse_head(std::string_view line, Head& head);

/// `CPU:n [LOST m EVENTS]`, or `CPU:n [m EVENTS DROPPED]` of trace-cmd: m, 0 where they do not tell it. Nothing where
/// the line is no such line.
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
  std::string_view unknown;    ///< the first field that is not of the group; empty: none
  std::string_view malformed;  ///< the first value that is no number; empty: none

  [[nodiscard]] bool has(Name n) const { return ((present >> n) & 1U) != 0; }
};

/// The field of that name; `kCount`: the group has none.
[[nodiscard]] Fields::Name field_of(std::string_view key);

/// Parses `key=value` pairs, after an optional location in parentheses. Values are decimal, hexadecimal, or strings
/// in double quotes; `(fault)` is an empty string.
void parse_fields(std::string_view rest, Fields& fields);

/// An error pointer of the kernel: the negative errno; 0 for every other value.
[[nodiscard]] std::int32_t error_of(std::uint64_t pointer);

}  // namespace custody::traces::formats::ftrace
