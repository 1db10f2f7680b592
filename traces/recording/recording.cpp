// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/recording.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sstream>

namespace custody::traces::recording {

namespace {

constexpr const char* kProbes = "kprobe_events";

bool is_ours(std::string_view name) {
  if (name.substr(0, kPrefix.size()) != kPrefix) return false;
  name.remove_prefix(kPrefix.size());
  if (name.empty()) return true;
  return name.size() > 1 && name[0] == '_' && name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// `GROUP/EVENT` of the probes that are set, each once. A line is `r8:GROUP/EVENT FUNCTION ...`.
std::set<std::string> set_probes_in(const Tracefs& fs) {
  std::set<std::string> names;
  std::istringstream lines(fs.read(kProbes).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos) names.insert(line.substr(colon + 1, line.find(' ') - colon - 1));
  }
  return names;
}

/// What the kernel said last of a command that it refused; empty: nothing.
std::string last_error(const Tracefs& fs) {
  const std::string log = fs.read("error_log").value_or("");
  constexpr std::string_view kMark = ": error: ";
  const std::size_t at = log.rfind(kMark);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kMark.size();
  return log.substr(begin, log.find('\n', begin) - begin);
}

std::string reason(const Tracefs& fs, int error, const std::string& before) {
  const std::string said = last_error(fs);
  std::string why = std::strerror(error);
  if (!said.empty() && fs.read("error_log").value_or("") != before) why += ": " + said;
  if (error == EPERM || error == EACCES) why += " (needs root, and a kernel that is not locked down)";
  return why;
}

std::uint64_t number_behind(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + key.size(), nullptr, 10);
}

void count_buffers(const Tracefs& fs, const std::string& instance, Losses& losses) {
  for (const std::string& cpu : fs.list(instance + "/per_cpu")) {
    const std::string stats = fs.read(instance + "/per_cpu/" + cpu + "/stats").value_or("");
    losses.overwritten += number_behind(stats, "\noverrun:") + number_behind(stats, "commit overrun:");
    losses.dropped += number_behind(stats, "dropped events:");
  }
}

std::vector<std::string> tracepoints_beside(const Tracefs& fs, const std::string& events, bool has_probes) {
  std::vector<std::string> found;
  for (const Tracepoint& t : kTracepoints) {
    const std::string path = std::string(t.group) + (t.event.empty() ? "" : "/") + std::string(t.event);
    if ((has_probes ? t.beside_probes : t.alone) && fs.exists(events + path + "/enable")) found.push_back(path);
  }
  return found;
}

}  // namespace

std::string name_of_recording(std::int64_t pid) { return std::string(kPrefix) + "_" + std::to_string(pid); }

Setup planned_setup(const Tracefs& fs, std::string name, const KernelTypes* types, Registers registers) {
  Setup setup{std::move(name), types != nullptr ? probes_for(*types, registers) : Probes(), {}, {}};
  setup.tracepoints = tracepoints_beside(fs, "events/", !setup.probes.probes.empty());
  return setup;
}

std::string Recording::set_up(const KernelTypes* types, Registers registers, std::uint64_t buffer_kb) {
  if (const int error = fs_.make_folder(instance()); error != 0)
    return fs_.root() + "/" + instance() + ": cannot be made: " + std::strerror(error) +
           (error == EEXIST ? ", an earlier recording left it: `custody record --cleanup`" : "");
  is_set_ = true;
  // While it is open nobody else can take the instance for one that was left over.
  records_ = fs_.open_stream(instance() + "/trace_pipe");
  if (records_ < 0) return fs_.root() + "/" + instance() + "/trace_pipe: cannot be read: " + std::strerror(errno);
  static_cast<void>(fs_.write(instance() + "/tracing_on", "0"));
  // One clock for all processors, where the kernel has it: the records of two of them are put into order by it.
  static_cast<void>(fs_.write(instance() + "/trace_clock", "mono"));
  if (const int error = fs_.write(instance() + "/buffer_size_kb", std::to_string(buffer_kb)); error != 0)
    return fs_.root() + "/" + instance() + "/buffer_size_kb: " + std::to_string(buffer_kb) +
           " cannot be set: " + std::strerror(error);
  std::vector<std::string> functions;
  while (types != nullptr && !set_probes(probes_for(*types, registers, functions)))
    functions.push_back(setup_.refused.back().probe.function);
  setup_.tracepoints = tracepoints_beside(fs_, instance() + "/events/", !setup_.probes.probes.empty());
  return {};
}

bool Recording::set_probes(const Probes& probes) {
  setup_.probes = probes;
  for (std::size_t i = 0; i < probes.probes.size(); ++i) {
    const std::string before = fs_.read("error_log").value_or("");
    const int error = fs_.write(kProbes, probes.probes[i].line(setup_.name) + "\n", true);
    if (error == 0) continue;
    setup_.refused.push_back({probes.probes[i], reason(fs_, error, before)});
    for (const std::string& event : probes.events())
      static_cast<void>(fs_.write(kProbes, "-:" + setup_.name + "/" + event + "\n", true));
    setup_.probes.probes.clear();
    return false;
  }
  return true;
}

std::string Recording::start() {
  std::vector<std::string> events = setup_.tracepoints;
  if (!setup_.probes.probes.empty()) events.insert(events.begin(), setup_.name);
  for (const std::string& event : events)
    if (const int error = fs_.write(instance() + "/events/" + event + "/enable", "1"); error != 0)
      return fs_.root() + "/" + instance() + "/events/" + event + ": cannot be enabled: " + std::strerror(error);
  const int error = fs_.write(instance() + "/tracing_on", "1");
  return error == 0 ? std::string() : fs_.root() + "/" + instance() + "/tracing_on: " + std::strerror(error);
}

void Recording::stop() { static_cast<void>(fs_.write(instance() + "/tracing_on", "0")); }

Losses Recording::losses() const {
  Losses losses;
  count_buffers(fs_, instance(), losses);
  const std::vector<std::string> ours = setup_.probes.events();
  std::istringstream lines(fs_.read("kprobe_profile").value_or(""));
  std::uint64_t hits = 0, missed = 0, begins = 0, ends = 0;
  for (std::string event; lines >> event >> hits >> missed;) {
    if (event == "begin_cpu_access") begins += hits;
    if (event == "end_cpu_access") ends += hits + missed;
    if (missed != 0 && std::find(ours.begin(), ours.end(), event) != ours.end())
      losses.missed.push_back({event, missed});
  }
  const auto is_probed = [&](std::string_view event) {
    return std::find(ours.begin(), ours.end(), event) != ours.end();
  };
  if (ends == 0 && is_probed("end_cpu_access") && !is_probed("sync_ioctl")) losses.windows_without_end = begins;
  return losses;
}

std::string Recording::remove() {
  if (!is_set_) return {};
  is_set_ = false;
  if (records_ >= 0) ::close(std::exchange(records_, -1));
  return remove_recording(fs_, setup_.name);
}

std::string remove_recording(Tracefs& fs, const std::string& name) {
  const std::string instance = "instances/" + name;
  // The kernel itself knows whether somebody reads it; without it the probes are nobody's.
  if (fs.exists(instance)) {
    if (const int error = fs.remove_folder(instance); error != 0)
      return fs.root() + "/" + instance + ": cannot be removed: " + std::strerror(error) +
             (error == EBUSY ? ", a recording is running" : "");
  }
  std::string left;
  for (const std::string& probe : set_probes_in(fs)) {
    if (probe.substr(0, probe.find('/')) != name) continue;
    if (const int error = fs.write(kProbes, "-:" + probe + "\n", true); error != 0)
      left += (left.empty() ? "" : "; ") + fs.root() + "/" + kProbes + ": " + probe +
              " cannot be removed: " + std::strerror(error);
  }
  return left;
}

std::vector<std::string> recordings_in(const Tracefs& fs) {
  std::set<std::string> names;
  for (const std::string& instance : fs.list("instances")) names.insert(instance);
  for (const std::string& probe : set_probes_in(fs)) names.insert(probe.substr(0, probe.find('/')));
  std::vector<std::string> ours;
  for (const std::string& name : names)
    if (is_ours(name)) ours.push_back(name);
  return ours;
}

}  // namespace custody::traces::recording
