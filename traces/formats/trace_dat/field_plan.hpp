// SPDX-License-Identifier: BSD-2-Clause
// Where one field lies in the records of an event, what it is, and its value in one record.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "traces/formats/trace_dat/bytes.hpp"

struct tep_format_field;

namespace custody::traces::formats::trace_dat {

struct FieldPlan {
  enum class Kind : std::uint8_t {
    kNumber,  ///< of 1, 2, 4 or 8 bytes
    kString,  ///< up to a zero
    kArray,   ///< of numbers
  } kind = Kind::kNumber;
  /// Where a string or an array lies.
  enum class Place : std::uint8_t {
    kHere,
    kAway,      ///< `__data_loc`: the field has 16 bits of offset in the record, above them 16 bits of length in bytes
    kRelative,  ///< `__rel_loc`: the same, the offset counts from behind the field
  } place = Place::kHere;
  bool is_signed = false;
  std::uint16_t offset = 0, size = 0;
  std::uint16_t element = 0;  ///< bytes of an element of an array

  [[nodiscard]] std::uint16_t end() const { return static_cast<std::uint16_t>(offset + size); }
};

/// Nothing where it is none of the kinds that can be read.
[[nodiscard]] std::optional<FieldPlan> plan_field(const tep_format_field& field);

/// The kernel's record: at least eight bytes, and so many that the field is in it.
struct RecordBytes {
  std::string_view bytes;
  bool swapped = false;
};

/// Without a branch on its size, which changes from field to field.
[[nodiscard]] inline std::uint64_t number_of(const RecordBytes& record, const FieldPlan& field) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const std::size_t from = std::min<std::size_t>(field.offset, record.bytes.size() - kWord);
  const std::size_t before = field.offset - from, after = kWord - field.size - before;
  const auto word = load<std::uint64_t>(record.bytes.data() + from, record.swapped);
  constexpr bool kBigHere = std::endian::native == std::endian::big;
  const std::uint64_t top = word << 8U * (record.swapped != kBigHere ? before : after);
  const std::size_t unused = 8 * (kWord - field.size);
  return field.is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(top) >> unused) : top >> unused;
}

/// False where they reach beyond the record. What the kernel could not read, `(fault)`, is empty.
[[nodiscard]] bool string_of(const RecordBytes& record, const FieldPlan& field, std::string_view& string);
[[nodiscard]] bool array_of(const RecordBytes& record, const FieldPlan& field, std::vector<std::uint64_t>& array);

}  // namespace custody::traces::formats::trace_dat
