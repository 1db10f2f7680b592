// SPDX-License-Identifier: BSD-2-Clause
// Each machine's table with what its proof and its Boost.MSM machine ask beside the rows.
#pragma once

#include "model/completeness.hpp"
#include "model/mapping_owner_table.hpp"
#include "model/owner_table.hpp"
#include "model/small_tables.hpp"

namespace custody::model {

/// No cell of the table is without answer, unless the machine is said to be deaf to it.
struct AnswersAll {
  static constexpr FactSet users = 0;  ///< the count that makes the state MappedForCpu
  static constexpr bool is_deaf(Id /*state*/, Id /*event*/) { return false; }
};
struct OwnerTable : AnswersAll {
  static constexpr const auto& rows = kOwnerRows;
  static constexpr Id initial = at(kStates, "Unborn");
};
struct MappingOwnerTable : AnswersAll {
  static constexpr const auto& rows = kMappingOwnerRows;
  static constexpr Id initial = at(kStates, "Unborn");
};
struct AttachmentTable : AnswersAll {
  static constexpr const auto& rows = kAttachmentRows;
  static constexpr Id initial = at(kStates, "Detached");
  /// Only an attachment that exists is told that the storage moves.
  static constexpr bool is_deaf(Id state, Id event) {
    return state == at(kStates, "Detached") && event == at(kEvents, "move_notify");
  }
};
struct WindowTable : AnswersAll {
  static constexpr const auto& rows = kWindowRows;
  static constexpr Id initial = at(kStates, "Closed");
  /// Each begin opens a window of its own.
  static constexpr bool is_deaf(Id state, Id event) {
    return state == at(kStates, "Open") && event == at(kEvents, "begin_cpu_access");
  }
};
struct KernelMappingTable : AnswersAll {
  static constexpr const auto& rows = kKernelMappingRows;
  static constexpr Id initial = at(kStates, "Unmapped");
  static constexpr FactSet users = fact_bit(at(kFacts, "kernel_mappings"));
};
struct UserMappingTable : AnswersAll {
  static constexpr const auto& rows = kUserMappingRows;
  static constexpr Id initial = at(kStates, "Unmapped");
  static constexpr FactSet users = fact_bit(at(kFacts, "user_mappings"));
};

/// Some guard of some row looks at each policy of the lifetime: one that nothing reads does not compile.
[[nodiscard]] consteval bool reads_every_policy() {
  FactSet read = 0;
  const auto add = [&](const auto& rows) {
    for (const Row& row : rows) read |= row.facts();
  };
  add(kOwnerRows);
  add(kMappingOwnerRows);
  add(kAttachmentRows);
  add(kWindowRows);
  add(kKernelMappingRows);
  add(kUserMappingRows);
  for (std::size_t p = 0; p < kPolicyCount; ++p)
    if (kPolicies[p].read_by == ReadBy::kLifetime && (read & fact_bit(static_cast<Id>(kFirstPolicy + p))) == 0)
      return false;
  return true;
}
static_assert(reads_every_policy(), "a policy of the lifetime that no guard looks at");

}  // namespace custody::model
