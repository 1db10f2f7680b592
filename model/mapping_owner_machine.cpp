// SPDX-License-Identifier: BSD-2-Clause
// The machine of who owns a buffer under cpu_owns = mapping, in Boost.MSM.
#include "model/machine.hpp"
#include "model/machine_tables.hpp"
#include "model/machines.hpp"

namespace custody::model {

Fired fire_mapping_owner(Id state, Id event, const Facts& facts, Subject* subject) {
  return msm::Runner<MappingOwnerTable>::fire(state, event, facts, subject);
}

}  // namespace custody::model
