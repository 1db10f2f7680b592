// SPDX-License-Identifier: BSD-2-Clause
// Long random legal usage of a driver by devices of every reach, judged event by event as it happens.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "kernel-ref/drivers/ownership_policy.h"
#include "tests/kernel-ref/mixed.hpp"

namespace custody::kernel_ref::test {

/// A driver as `kernel-ref/findings.md` names it.
struct Subject {
  const char* name;
  const char* driver;
  ownership_policy policy;
};
inline constexpr Subject kSubjects[] = {
    {"system", "system", {0, 0, 0, 0, 0}},
    {"reserved", "reserved", {0, 0, 0, 0, 0}},
    {"udmabuf", "udmabuf", {0, 0, 0, 0, 0}},
    {"heap_helpers_2019", "heap_helpers_2019", {0, 0, 0, 0, 0}},
    {"ownership_heap", "ownership_heap", {0, 0, 0, 0, 0}},
    {"ownership_heap-end_sync", "ownership_heap", {0, 1, 0, 0, 0}},
    {"ownership_heap-lazy", "ownership_heap", {1, 0, 0, 0, 0}},
};

/// Which devices were active together on a buffer, one of them to write: what a finding on it may come from.
enum class Company : std::uint8_t {
  kAny,     ///< nothing needs to have been
  kMixed,   ///< a mixed pair
  kCopies,  ///< two of which one is behind a copy
};

/// As the table of kernel-ref/findings.md has it.
[[nodiscard]] const char* text(Company company);

/// An error or warning that is no M11: the rule, and the call around the event that it is said of.
struct Accusation {
  std::string rule, call;
  bool operator<(const Accusation& o) const { return std::tie(rule, call) < std::tie(o.rule, o.call); }
};

struct Tally {
  std::uint64_t steps = 0, buffers = 0, events = 0;
  std::uint64_t pairs = 0, m11 = 0;  ///< mixed pairs by the client's account, and findings
  /// Buffers with another M11 than one for each mixed pair.
  std::uint64_t miscounted = 0;
  /// By accusation and the company on its buffer, kAny where there was none.
  std::map<std::pair<Accusation, Company>, std::uint64_t> accusations;
};

/// `steps` legal steps, on one buffer after the other.
[[nodiscard]] Tally use_mixed(const Subject& subject, const std::vector<machine::Device>& devices, std::uint64_t steps,
                              unsigned seed);

/// A row of the table `Legal usage` of kernel-ref/findings.md: all of its rules in all of its calls.
struct Explanation {
  std::set<std::string> drivers, rules, calls;
  Company company = Company::kAny;
};
[[nodiscard]] std::vector<Explanation> read_explanations();
/// Accusations that no row explains, a line each.
[[nodiscard]] std::string unexplained(const Subject& subject, const Tally& tally, const std::vector<Explanation>& rows);
[[nodiscard]] bool explains(const Explanation& row, const std::string& driver, const Accusation& accusation,
                            Company company);

}  // namespace custody::kernel_ref::test
