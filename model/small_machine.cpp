// SPDX-License-Identifier: BSD-2-Clause
// The small machines, in Boost.MSM: attachment, window, kernel mapping, user mappings.
#include "model/machine.hpp"
#include "model/machine_tables.hpp"
#include "model/machines.hpp"

namespace custody::model {

Fired fire_attachment(Id state, Id event, const Facts& facts, Subject* subject) {
  return msm::Runner<AttachmentTable>::fire(state, event, facts, subject);
}
Fired fire_window(Id state, Id event, const Facts& facts, Subject* subject) {
  return msm::Runner<WindowTable>::fire(state, event, facts, subject);
}
Fired fire_kernel_mapping(Id state, Id event, const Facts& facts, Subject* subject) {
  return msm::Runner<KernelMappingTable>::fire(state, event, facts, subject);
}
Fired fire_user_mapping(Id state, Id event, const Facts& facts, Subject* subject) {
  return msm::Runner<UserMappingTable>::fire(state, event, facts, subject);
}

}  // namespace custody::model
