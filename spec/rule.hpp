// SPDX-License-Identifier: BSD-2-Clause
// What a rule of the catalogue is.
#pragma once

#include <cstdint>
#include <string_view>

namespace custody::spec {

enum class RuleClass : std::uint8_t { kIllegal, kMissing, kMixed, kLostWrite, kRedundant, kAdvice };
inline constexpr unsigned kRuleClasses = 6;
enum class Severity : std::uint8_t { kError, kWarning, kNote };
/// Who has to mend the fault, unless calls of another task overlap: then the client.
enum class Owes : std::uint8_t { kExporter, kImporter, kClient, kCore, kArchitecture };

/// The word of the report formats: `illegal`, `missing`, `mixed`, `lost_write`, `redundant`, `advice`.
[[nodiscard]] std::string_view name(RuleClass cls);
/// `error`, `warning`, `note`.
[[nodiscard]] std::string_view name(Severity severity);
/// `exporter`, `importer`, `client`, `core`, `architecture`.
[[nodiscard]] std::string_view name(Owes owes);

/// One rule. Ids are never renumbered and never reused.
struct Rule {
  std::string_view id;
  RuleClass cls;
  Severity severity;  ///< before assumptions and overlaps weaken it
  Owes owes;
  bool judged;              ///< false: no reader delivers what it needs yet; `input` says what that is
  std::string_view says;    ///< the normative sentence
  std::string_view why;     ///< what goes wrong on hardware
  std::string_view fix;     ///< what would have been right
  std::string_view source;  ///< where the rule comes from
  std::string_view input;   ///< what a trace must show for it
};

}  // namespace custody::spec
