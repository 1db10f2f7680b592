// SPDX-License-Identifier: BSD-2-Clause
// Probes in the forms in which they are set: lines of tracefs, a shell script, commands of trace-cmd, a Perfetto
// configuration.
#pragma once

#include <string>

#include "traces/recording/probes.hpp"

namespace custody::traces::recording {

/// The group of our events; the instance of tracefs in which the script records has the same name.
inline constexpr std::string_view kGroup = "custody";

/// For kprobe_events, one a line. What the kernel does not give stands in comments.
[[nodiscard]] std::string as_lines(const Probes& probes);

/// A script for any POSIX shell with tracefs (busybox, adb): `sh FILE OUTPUT [SECONDS | COMMAND...]`. It records into
/// an instance of its own and leaves nothing behind, also when it is interrupted; a probe that the kernel refuses is
/// named in the trace's first lines.
[[nodiscard]] std::string as_script(const Probes& probes);

/// Commands for a shell: the probes, then trace-cmd.
[[nodiscard]] std::string as_trace_cmd(const Probes& probes);

/// A configuration in text form, which lists the events; the probes have to be set before.
[[nodiscard]] std::string as_perfetto(const Probes& probes);

}  // namespace custody::traces::recording
