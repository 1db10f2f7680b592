// SPDX-License-Identifier: BSD-2-Clause
// What guards see at a call: bounded facts, each derived from Custody, the call, a contract's notes or the policies.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "model/policy.hpp"
#include "model/vocabulary.hpp"

namespace custody::model {

/// Where the value of a fact comes from.
enum class Source : std::uint8_t {
  kBuffer,      ///< Custody of the buffer
  kAttachment,  ///< Custody, seen from the attachment that the call names
  kCall,        ///< an argument of the call, or the window that it closes
  kOwner,       ///< who owns before and after the call
  kNote,        ///< a note of the contract about the buffer
  kOwnNote,     ///< a note of the contract about the attachment that the call names
};

/// Counts stop at `most`: beyond it guards see no difference.
struct Fact {
  std::string_view name, says;
  std::uint8_t most;
  Source source;
};

// clang-format off
inline constexpr Fact kFacts[] = {
  {"attached",         "attached devices",                                               3, Source::kBuffer},
  {"mapped",           "attached devices with a live map",                               3, Source::kBuffer},
  {"windows",          "open CPU access windows",                                        3, Source::kBuffer},
  {"kernel_mappings",  "users of the kernel mapping",                                    2, Source::kBuffer},
  {"user_mappings",    "live user mappings",                                             2, Source::kBuffer},
  {"cpu_mappings",     "live CPU mappings, kernel and user",                             3, Source::kBuffer},
  {"bracketed",        "a window was open in the life of the kernel mapping",            1, Source::kBuffer},
  {"pins",             "pins of all attachments",                                        2, Source::kBuffer},
  {"plain_attached",   "attached devices that do not snoop",                             3, Source::kBuffer},
  {"snooping_attached","attached devices that snoop",                                    3, Source::kBuffer},
  {"plain_mapped",     "mapped devices that do not snoop",                               3, Source::kBuffer},
  {"plain_writers",    "of these, those that may write",                                 3, Source::kBuffer},
  {"snooping_readers", "mapped devices that snoop and may read",                         3, Source::kBuffer},
  {"others_attached",  "other devices that are attached",                                2, Source::kAttachment},
  {"others_mapped",    "other devices that are mapped",                                  2, Source::kAttachment},
  {"own_attached",     "the attachment of the call exists",                              1, Source::kAttachment},
  {"own_maps",         "live maps of this attachment",                                   2, Source::kAttachment},
  {"own_pins",         "pins of this attachment",                                        1, Source::kAttachment},
  {"own_snoops",       "the device of the call: 0 does not snoop, 1 snoops, 2 the call has none", 2, Source::kCall},
  {"window",           "the window that an end closes: 0 none, 1 of another direction, 2 of its own", 2, Source::kCall},
  {"to_device",        "the call's direction is TO_DEVICE or BIDIRECTIONAL",             1, Source::kCall},
  {"from_device",      "the call's direction is FROM_DEVICE or BIDIRECTIONAL",           1, Source::kCall},
  {"owner",            "the owner before the call: 0 nobody, 1 the CPU, 2 devices",      2, Source::kOwner},
  {"next_owner",       "the owner after the call: 0 nobody, 1 the CPU, 2 devices",       2, Source::kOwner},
  {"own_mapping",      "the exporter has a DMA mapping of its own",                      1, Source::kNote},
  {"begin_mappings",   "kernel mappings that begin_cpu_access made",                     3, Source::kNote},
  {"cpu_dirty",        "the CPU may have written since the last clean",                  1, Source::kNote},
  {"cpu_stale",        "a device may have written since the last invalidate",            1, Source::kNote},
  {"kept",             "the kept table of this attachment: 0 none, 1 TO_DEVICE, 2 FROM_DEVICE, 3 BIDIRECTIONAL", 3, Source::kOwnNote},
};
// clang-format on
/// Policies are facts too: they follow, in the order of kPolicies.
inline constexpr std::size_t kFirstPolicy = std::size(kFacts);
inline constexpr std::size_t kFactCount = kFirstPolicy + kPolicyCount;
/// A set of facts, one bit each.
using FactSet = std::uint64_t;
static_assert(kFactCount <= 64);
[[nodiscard]] constexpr FactSet fact_bit(Id fact) { return FactSet{1} << fact; }
[[nodiscard]] constexpr bool is_policy(Id fact) { return fact >= kFirstPolicy; }
[[nodiscard]] constexpr std::string_view fact_name(Id fact) {
  return is_policy(fact) ? kPolicies[fact - kFirstPolicy].name : kFacts[fact].name;
}
[[nodiscard]] constexpr std::uint8_t fact_most(Id fact) {
  return is_policy(fact) ? static_cast<std::uint8_t>(kPolicies[fact - kFirstPolicy].count() - 1) : kFacts[fact].most;
}

/// The values of all facts, by id.
struct Facts {
  std::array<std::uint8_t, kFactCount> v{};
  bool operator==(const Facts&) const = default;
  [[nodiscard]] constexpr std::uint8_t get(Id fact) const { return v[fact]; }
  /// Sets a fact, at most to its bound.
  constexpr void set(Id fact, std::size_t value) {
    const std::uint8_t most = kFacts[fact].most;
    v[fact] = value < most ? static_cast<std::uint8_t>(value) : most;
  }
  constexpr void set(const Policies& policies) {
    for (std::size_t p = 0; p < kPolicyCount; ++p) v[kFirstPolicy + p] = policies.v[p];
  }
};

/// The next combination of values of `facts`; false after the last, which leaves all of them 0.
constexpr bool next_combination(Facts& values, FactSet facts) {
  for (std::size_t f = 0; f < kFactCount; ++f) {
    if (((facts >> f) & 1U) == 0) continue;
    if (values.v[f] < fact_most(static_cast<Id>(f))) return ++values.v[f], true;
    values.v[f] = 0;
  }
  return false;
}

}  // namespace custody::model
