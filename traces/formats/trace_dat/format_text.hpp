// SPDX-License-Identifier: BSD-2-Clause
// What of a format is given to libtraceevent.
#pragma once

#include <string>
#include <string_view>

namespace custody::traces::formats::trace_dat {

/// The lines of `format` that declare a field as the kernel does (kernel/trace/trace_events.c, f_show), and the empty
/// line behind the common ones. Not the rest: a print format is an expression of C, which nobody needs here and a
/// parser can stumble over; and libtraceevent 1.7 leaks where a declaration is damaged. No more than 64 KiB.
[[nodiscard]] std::string field_lines(std::string_view format);

}  // namespace custody::traces::formats::trace_dat
