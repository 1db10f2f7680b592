// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/report.hpp"

#include "traces/recorder_notes.hpp"

namespace custody::traces::recording {

namespace {

/// A line of its own, whatever it says: what the kernel or a device is called may hold anything.
std::string note(std::string_view key, std::string_view value) {
  std::string line(kNoteMark);
  line += key;
  line += ' ';
  for (const char c : value) line += c >= ' ' && c != 127 ? c : '?';
  return line + "\n";
}

}  // namespace

Origin origin_here(const std::string& types) {
  Origin origin{running_kernel(), {}, {}, types};
  origin.architecture = architecture_of(origin.kernel);
  origin.devices = device_coherence("/sys", origin.kernel);
  return origin;
}

std::vector<std::string> blind_spots(const Setup& setup) {
  std::vector<std::string> all;
  if (setup.probes.probes.empty()) all.push_back("all calls of the dma-buf core: there are no probes");
  for (const Absent& a : setup.probes.absent) all.push_back(a.event + ": " + a.why);
  return all;
}

std::string head_of(const Origin& origin, const Setup& setup) {
  std::string text = "# tracer: nop\n";
  text += note("kernel", origin.kernel.system + " " + origin.kernel.release + " " + origin.kernel.machine);
  const ArchitectureGuess& arch = origin.architecture;
  text += note(arch.profile.empty() ? "no-arch" : kNoteArch,
               arch.profile + (arch.profile.empty() ? "" : ": ") + arch.evidence);
  for (const DeviceCoherence& d : origin.devices)
    if (d.device.find(' ') == std::string::npos) text += note(d.coherent ? kNoteCoherent : kNoteNotCoherent, d.device);
  if (!origin.types.empty()) text += note("offsets-of", origin.types);
  for (const Probe& p : setup.probes.probes) text += note("probe", p.line(setup.name));
  for (const std::string& t : setup.tracepoints) text += note("tracepoint", t);
  for (const Refusal& r : setup.refused) text += note("refused", r.probe.line(setup.name) + ": " + r.why);
  for (const std::string& spot : blind_spots(setup)) text += note("blind", spot);
  return text;
}

std::string foot_of(const Losses& losses) {
  std::string text;
  for (const auto& [event, count] : losses.missed) text += note("missed", event + " " + std::to_string(count));
  if (losses.windows_without_end != 0)
    text +=
        note("blind", "end_cpu_access: " + std::to_string(losses.windows_without_end) +
                          " windows began and none ended; dma_buf_ioctl() of this kernel seems to hold a copy of it");
  text += note("overwritten", std::to_string(losses.overwritten));
  text += note("dropped", std::to_string(losses.dropped));
  return text + note("end", "the recording was ended by the recorder");
}

}  // namespace custody::traces::recording
