// SPDX-License-Identifier: BSD-2-Clause
// Whether the fields of a record can be believed: what is missing, and what was cut short.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>

#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::formats::ftrace {

/// Learns from the records of a trace how long its pointers are, and which fields each of its probes has: a record that
/// was cut short lacks some, or ends in a pointer that looks like another one. Every device has a name: one whose name
/// is empty, or could not be read, is not known, and no record is about a device of which it does not say which.
class FieldChecks {
 public:
  FieldChecks() { usual_.fill(kNone); }
  /// Why the record says nothing that can be believed; empty: it can be read. A field that others of the event have and
  /// this one lacks is then named in `fields.malformed`.
  [[nodiscard]] const std::string& damage_of(const Head& head, const ProbeName& probe, Fields& fields) {
    const bool ordinary = fields.damage.empty() && fields.present == usual_[static_cast<std::size_t>(probe.probe)] &&
                          fields.pointer_digits >= digits_ && fields.value[Fields::kDir] <= kLastDirection &&
                          (!fields.dev.empty() || !fields.has(Fields::kDev));
    if (!ordinary) why_ = look_closely(head, probe, fields);
    return ordinary ? kNothing : why_;
  }

 private:
  static constexpr std::uint64_t kLastDirection = 2;
  static constexpr std::uint32_t kNone = 0xffffffffU;  ///< no record has these fields
  inline static const std::string kNothing;
  [[nodiscard]] std::string look_closely(const Head& head, const ProbeName& probe, Fields& fields);
  [[nodiscard]] bool learn_digits(const Fields& fields);

  std::string why_;
  std::uint32_t digits_ = 0;                  ///< of a pointer: 8, 16; 0: not known
  std::array<std::uint32_t, kProbes> usual_;  ///< fields of the last record of a probe that had all of them
  boost::unordered_flat_map<std::string, std::uint32_t> of_event_;  ///< fields that records of an event had
};

}  // namespace custody::traces::formats::ftrace
