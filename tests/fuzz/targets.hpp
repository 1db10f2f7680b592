// SPDX-License-Identifier: BSD-2-Clause
// The targets: each holds any bytes to the properties of what reads them, and ends the process where one is broken.
#pragma once

#include <string_view>

namespace custody::fuzz {

void containers(std::string_view bytes);
void contract(std::string_view bytes);
void event_log(std::string_view bytes);
void ftrace(std::string_view bytes);
void litmus(std::string_view bytes);
void options(std::string_view bytes);
/// Once, before.
void prepare_options();
void patch(std::string_view bytes);
void perfetto(std::string_view bytes);
void perfetto_text(std::string_view bytes);
void replay(std::string_view bytes);
void trace_dat(std::string_view bytes);

}  // namespace custody::fuzz
