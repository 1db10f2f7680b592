// SPDX-License-Identifier: BSD-2-Clause
// Which records are of a probe, and what they say: the others are counted and named.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <string>

#include "traces/formats/ftrace/field_checks.hpp"
#include "traces/formats/ftrace/fields.hpp"
#include "traces/formats/ftrace/names.hpp"
#include "traces/formats/ftrace/record.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

/// Reads one record after another of one trace.
class KnownRecords {
 public:
  KnownRecords(const Names& names, ReadStatistics& statistics) : names_(names), statistics_(statistics) {}

  /// `probe` is what `names` finds. That again, with the record's fields in `fields`, whose views are valid until the
  /// next call; null where it is of none, or where it cannot be read: `damaged` is true then, and the record is counted
  /// as one of a known event.
  [[nodiscard]] const ProbeName* read(const Head& head, const ProbeName* probe, std::uint64_t line, Fields& fields,
                                      bool& damaged);
  [[nodiscard]] const Names& names() const { return names_; }
  /// The same of a record whose probe is known and whose fields were read. False where it cannot be what it says; it is
  /// counted then.
  [[nodiscard]] bool accept(const Head& head, const ProbeName& probe, Fields& fields, std::uint64_t line);
  /// A record that was read, but for the name of an attribute.
  void note_attribute(const Head& head, std::string_view attribute, std::uint64_t line);
  /// A record of an event that is of no probe.
  void note_other(const Head& head, std::uint64_t line) { static_cast<void>(is_damaged_name(head, line)); }
  /// The first event that was not known; empty: there was none.
  [[nodiscard]] const std::string& first_unknown() const { return first_unknown_; }

 private:
  [[nodiscard]] bool is_damaged_name(const Head& head, std::uint64_t line);
  void name_oddities(const Head& head, const Fields& fields, std::uint64_t line);
  void warn(std::uint64_t line, std::string message);
  void warn_once(const std::string& of, std::uint64_t line, std::string message);

  const Names& names_;
  ReadStatistics& statistics_;
  FieldChecks checks_;
  std::array<FieldOrder, kProbes> orders_;  ///< by Probe
  std::string odd_text_;                    ///< what views of odd fields point into
  bool bare_pointers_ = false;              ///< see FieldStyle
  std::string first_unknown_;
  boost::unordered_flat_set<std::string> warned_;
};

}  // namespace custody::traces::formats::ftrace
