// SPDX-License-Identifier: BSD-2-Clause
// What a record of a probe says behind its event: `key=value` after `key=value`.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace custody::traces::formats::ftrace {

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
    kSyncCmd,    ///< of dma_buf_ioctl(): what is asked for
    kSyncFlags,  ///< what its argument points to, where that is DMA_BUF_IOCTL_SYNC
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
  bool has_bare_pointer = false;  ///< one has no 0x
  std::string_view unknown;       ///< the first field that is not of the group; empty: none
  std::string_view malformed;     ///< the first optional field whose value cannot be read; empty: none
  std::string_view damage;        ///< what makes the whole record unreadable; empty: nothing

  [[nodiscard]] bool has(Name n) const { return ((present >> n) & 1U) != 0; }
};

/// The field of that name; `kCount`: the group has none.
[[nodiscard]] Fields::Name field_of(std::string_view key);

/// Which fields the last record of a probe had, one after another. The next one nearly always has the same, so that
/// each is looked for by its name first, and else by what stands there: what is read does not depend on it.
struct FieldOrder {
  static constexpr std::size_t kMost = 8;
  std::array<std::uint8_t, kMost> names = {};
};

/// Parses `key=value` pairs, after an optional location in parentheses. Values are decimal, hexadecimal, or strings
/// in double quotes; `(fault)` is an empty string. False where something else is there too: `parse_odd_fields` then
/// says what it is.
[[nodiscard]] bool parse_fields(std::string_view rest, Fields& fields, FieldOrder& order);
[[nodiscard]] inline bool parse_fields(std::string_view rest, Fields& fields) {
  FieldOrder none;
  return parse_fields(rest, fields, none);
}

/// A decimal or hexadecimal number, the whole of `text`.
[[nodiscard]] bool parse_number(std::string_view text, std::uint64_t& value);

/// End of the value that begins at `at`; strings keep their quotes.
[[nodiscard]] std::size_t value_end(std::string_view text, std::size_t at);

/// The field's name as the probes of traces/recorded/README.md write it.
[[nodiscard]] std::string_view field_name(Fields::Name name);

/// Is the field's value a pointer of the kernel?
[[nodiscard]] constexpr bool is_pointer(Fields::Name name) { return name <= Fields::kSgl; }

/// An error pointer of the kernel: the negative errno; 0 for every other value. One of 32 bits, 0xfffff001 to
/// 0xffffffff, is no address of a 64-bit kernel (Documentation/arm64/memory.rst), so that either is known by its value.
[[nodiscard]] std::int32_t error_of(std::uint64_t pointer);

}  // namespace custody::traces::formats::ftrace
