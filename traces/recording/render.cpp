// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/render.hpp"

#include "traces/recording/machine.hpp"

namespace custody::traces::recording {

namespace {

std::string absences(const Probes& probes) {
  std::string text;
  for (const Absent& a : probes.absent) text += "# no " + a.event + ": " + a.why + "\n";
  return text;
}

/// Those beside probes, with `between` before each but the first.
std::string tracepoints(const std::string& between, char behind_group) {
  std::string text;
  for (const Tracepoint& t : kTracepoints) {
    if (!t.beside_probes) continue;
    text += (text.empty() ? "" : between) + std::string(t.group);
    if (!t.event.empty()) text += behind_group + std::string(t.event);
  }
  return text;
}

std::string quoted_lines(const Probes& probes, const std::string& before, const std::string& after) {
  std::string text;
  for (const Probe& p : probes.probes) text += before + "'" + p.line(kGroup) + "'" + after + "\n";
  return text;
}

/// Lines of a shell function that prints the profile of the kernel it runs on.
std::string profiles() {
  std::string text;
  for (const MachineProfile& p : kMachineProfiles)
    text += "  is '" + std::string(p.machine) + "' " + std::to_string(p.version * 1000 + p.level) + " && echo " +
            std::string(p.profile) + " && return\n";
  return text;
}

constexpr std::string_view kScriptBegin = R"sh(#!/bin/sh
# Records the custody of dma-bufs: sh FILE OUTPUT [SECONDS | COMMAND...]; without either, until Ctrl-C.
# Made by `custody probes --script` for one kernel; the offsets are those of that build.
out=${1:?usage: sh FILE OUTPUT [SECONDS | COMMAND...]}
shift
for t in "$TRACEFS" /sys/kernel/tracing /sys/kernel/debug/tracing; do
  [ -n "$t" ] && [ -e "$t/kprobe_events" ] && break
  t=
done
[ -n "$t" ] || { echo "no kprobe_events: mount tracefs (mount -t tracefs nodev /sys/kernel/tracing); needs root and CONFIG_KPROBE_EVENTS" >&2; exit 2; }
[ -w "$t/kprobe_events" ] || { echo "$t/kprobe_events cannot be written: needs root" >&2; exit 2; }
i=$t/instances/custody
mkdir "$i" 2>/dev/null || { echo "$i is there: another recording runs, or ended badly; see that it is over, then: echo 0 >$i/tracing_on; rmdir $i" >&2; exit 2; }
clean_up() {
  trap '' INT TERM HUP
  echo 0 >"$i/tracing_on" 2>/dev/null
  echo 0 >"$i/events/custody/enable" 2>/dev/null
  rmdir "$i" 2>/dev/null
  for e in $events; do echo "-:custody/$e" >>"$t/kprobe_events" 2>/dev/null; done
}
refused=
set_probe() { echo "$1" >>"$t/kprobe_events" 2>/dev/null || refused="$refused
# refused: $1"; }
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
)sh";

constexpr std::string_view kScriptSetUp = R"sh(
echo "${CUSTODY_BUFFER_KB:-16384}" >"$i/buffer_size_kb"
echo 1 >"$i/events/custody/enable" || { echo "the kernel took none of the probes" >&2; exit 2; }
for e in $tracepoints; do [ -e "$i/events/$e/enable" ] && echo 1 >"$i/events/$e/enable"; done
# Is it such a machine, with a kernel before that level where one is given?
is() {
  case $(uname -m) in
  $1) [ "$2" = 0 ] || [ $level -lt "$2" ] ;;
  *) false ;;
  esac
}
# The profile of `custody list archs` that this kernel is.
arch() {
  release=$(uname -r)
  level=${release#*.}
  level=$((${release%%.*} * 1000 + ${level%%[!0-9]*}))
)sh";

constexpr std::string_view kScriptEnd = R"sh(}
missed() {
  [ -e "$t/kprobe_profile" ] || return 0
  while read -r event _ count; do
    case " $events " in *" $event "*) [ "$count" = 0 ] || echo "# custody: missed $event $count" ;; esac
  done <"$t/kprobe_profile"
}
p=
stopped=
trap 'stopped=1; kill $p 2>/dev/null' INT TERM HUP
echo 1 >"$i/tracing_on"
case $1 in
'') echo "recording until Ctrl-C" >&2; sleep 2147483647 & ;;
*[!0-9]*) "$@" & ;;
*) sleep "$1" & ;;
esac
p=$!
nap() { sleep 0.1 2>/dev/null || sleep 1; }
# Looked at, not waited for: a signal that comes before the command has begun is lost in some shells.
while [ -z "$stopped" ] && kill -0 $p 2>/dev/null; do nap; done
while [ -n "$stopped" ] && kill $p 2>/dev/null; do nap; done
trap '' INT TERM HUP
echo 0 >"$i/tracing_on"
{
  echo "# custody: kernel $(uname -srm)$refused"
  [ -z "$(arch)" ] || echo "# custody: arch $(arch): uname says $(uname -rm)"
  cat "$i/trace"
  missed
} >"$out" || exit 2
echo "$out: $(grep -c '^[^#]' "$out") records" >&2
)sh";

}  // namespace

std::string as_lines(const Probes& probes) {
  std::string text = absences(probes);
  for (const Probe& p : probes.probes) text += p.line(kGroup) + "\n";
  return text;
}

std::string as_script(const Probes& probes) {
  std::string events;
  for (const std::string& e : probes.events()) events += (events.empty() ? "" : " ") + e;
  std::string text(kScriptBegin);
  text.insert(text.find("out="),
              absences(probes) + "events='" + events + "'\ntracepoints='" + tracepoints(" ", '/') + "'\n");
  return text + quoted_lines(probes, "set_probe ", "") + std::string(kScriptSetUp) + profiles() +
         std::string(kScriptEnd);
}

std::string as_trace_cmd(const Probes& probes) {
  return absences(probes) + quoted_lines(probes, "echo ", " >>/sys/kernel/tracing/kprobe_events") +
         "tracepoints=\nfor e in " + tracepoints(" ", ':') +
         "; do\n"
         "  [ -e /sys/kernel/tracing/events/$(echo $e | tr : /) ] && tracepoints=\"$tracepoints -e $e\"\ndone\n"
         "trace-cmd record -e custody $tracepoints -o trace.dat sleep 10\n"
         "echo '-:custody/' >>/sys/kernel/tracing/kprobe_events\n";
}

std::string as_perfetto(const Probes& probes) {
  std::string text = absences(probes) + "# Set the probes first:\n" +
                     quoted_lines(probes, "#   echo ", " >>/sys/kernel/tracing/kprobe_events") +
                     "buffers { size_kb: 65536 fill_policy: DISCARD }\n"
                     "data_sources {\n  config {\n    name: \"linux.ftrace\"\n    ftrace_config {\n";
  for (const std::string& e : probes.events())
    text += "      ftrace_events: \"" + std::string(kGroup) + "/" + e + "\"\n";
  for (const Tracepoint& t : kTracepoints)
    if (t.beside_probes)
      text += "      ftrace_events: \"" + std::string(t.group) + "/" + std::string(t.event.empty() ? "*" : t.event) +
              "\"\n";
  return text + "      buffer_size_kb: 16384\n    }\n  }\n}\nduration_ms: 10000\n";
}

}  // namespace custody::traces::recording
