// SPDX-License-Identifier: BSD-2-Clause
// The policies that the 2019 review leaves open: one entry each, with its values and what they cost and break.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "model/words.hpp"

namespace custody::model {

struct PolicyValue {
  std::string_view name, says;
};
/// Who reads the policy: the lifetime's tables, in replay and search, or the syncs of a contract alone.
enum class ReadBy : std::uint8_t { kLifetime, kSyncs };
/// The first value is the default. Unused values have no name.
struct Policy {
  std::string_view name, says;
  ReadBy read_by;
  std::array<PolicyValue, 3> values;
  [[nodiscard]] constexpr Id count() const {
    Id n = 0;
    for (const PolicyValue& value : values)
      if (!value.name.empty()) ++n;
    return n;
  }
};

// clang-format off
inline constexpr Policy kPolicies[] = {
  {"backing", "when the storage is there", ReadBy::kLifetime, {{
    {"at_allocation", "Backed from the export on, as the system heap: memory is held whether or not anybody uses it."},
    {"at_first_use",  "The exporter picks the storage at the first map or window: it can fit the attached devices."}}}},
  {"leaves", "what the end of ownership leaves", ReadBy::kLifetime, {{
    {"keep",    "The storage and its data stay, as Android's BufferQueue wants; memory is held while idle."},
    {"release", "The storage goes when nobody owns the buffer: what was written is lost with it."}}}},
  {"device_ends", "when device ownership ends", ReadBy::kLifetime, {{
    {"last_unmap",  "With the last unmap: a pipeline that maps each frame hands over each frame."},
    {"last_detach", "With the last detach: maps and unmaps in between hand nothing over."}}}},
  {"cpu_unattached", "CPU access with no device attached", ReadBy::kLifetime, {{
    {"allow",     "It works as ever: the system heap can not fail for that reason."},
    {"refuse",    "begin fails: a client that fills the buffer before a device attaches is refused."},
    {"no_effect", "begin succeeds and does nothing: what maps inside such a window gets no sync at its end."}}}},
  {"cpu_unmapped", "CPU access with no CPU mapping", ReadBy::kLifetime, {{
    {"allow",     "It works as ever: the kernel asks for no CPU mapping."},
    {"fail",      "begin fails."},
    {"no_effect", "begin succeeds and does nothing: a mapping made inside the window reads stale lines."}}}},
  {"map_in_window", "a map while a CPU window is open", ReadBy::kLifetime, {{
    {"allow",  "It works, and the CPU stays the owner until the window ends."},
    {"refuse", "The map fails: a client must close its windows first."}}}},
  {"pinned_moves", "a move of pinned storage", ReadBy::kLifetime, {{
    {"allow",  "It is a revoke, as of a device that goes away: whoever pinned must map again."},
    {"refuse", "It must stay where it is: importers that pinned need not map again, and nothing can be revoked."}}}},
  {"cpu_owns", "what makes the CPU the owner", ReadBy::kLifetime, {{
    {"window",  "A CPU access window."},
    {"mapping", "A CPU mapping that no device's map came before, as the state graph of July 2019 draws it."}}}},
  {"implicit_sync", "whether map and unmap carry the DMA API's sync", ReadBy::kSyncs, {{
    {"sync", "They carry it, unless a clause says skip."},
    {"skip", "They never do: only calls for syncing touch the caches."}}}},
  {"granularity", "what a sync of a window covers", ReadBy::kSyncs, {{
    {"buffer",         "The whole buffer."},
    {"ranges",         "The range as called: a neighbour's data in the same line is lost."},
    {"rounded_ranges", "That range, rounded to the largest line of all who take part."}}}},
};
// clang-format on
inline constexpr std::size_t kPolicyCount = std::size(kPolicies);

/// A value for each policy, by index of kPolicies. Plain and comparable; all 0 is today's system and CMA heap.
struct Policies {
  std::array<std::uint8_t, kPolicyCount> v{};
  bool operator==(const Policies&) const = default;
  [[nodiscard]] constexpr bool is(std::string_view policy, std::string_view value) const {
    for (std::size_t p = 0; p < kPolicyCount; ++p)
      if (kPolicies[p].name == policy) return kPolicies[p].values[v[p]].name == value;
    return false;
  }
};

/// Sets a policy by name. Empty where that worked, else what was expected instead.
[[nodiscard]] std::string set_policy(Policies& policies, std::string_view name, std::string_view value);

/// What two values of the policies mean together that makes no sense; empty where all do.
[[nodiscard]] std::string_view conflict_of(const Policies& policies);

}  // namespace custody::model
