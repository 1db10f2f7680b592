// SPDX-License-Identifier: BSD-2-Clause
// The Boost.MSM machines one by one, behind `fire` (lifetime.hpp).
#pragma once

#include "model/lifetime.hpp"

namespace custody::model {

Fired fire_owner(Id state, Id event, const Facts& facts, Subject* subject);
Fired fire_mapping_owner(Id state, Id event, const Facts& facts, Subject* subject);
Fired fire_attachment(Id state, Id event, const Facts& facts, Subject* subject);
Fired fire_window(Id state, Id event, const Facts& facts, Subject* subject);
Fired fire_kernel_mapping(Id state, Id event, const Facts& facts, Subject* subject);
Fired fire_user_mapping(Id state, Id event, const Facts& facts, Subject* subject);

}  // namespace custody::model
