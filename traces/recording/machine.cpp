// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/machine.hpp"

#include <fnmatch.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>

namespace custody::traces::recording {

namespace {

namespace fs = std::filesystem;

bool is_before(const std::string& release, int version, int level) {
  int its_version = 0, its_level = 0;
  if (std::sscanf(release.c_str(), "%d.%d", &its_version, &its_level) != 2) return false;
  return its_version != version ? its_version < version : its_level < level;
}

bool is_arm(const std::string& machine) { return machine == "aarch64" || machine.substr(0, 4) == "armv"; }

/// It takes the release to tell the profile of such a machine.
bool tells_by_release(std::string_view machine) {
  return std::any_of(std::begin(kMachineProfiles), std::end(kMachineProfiles),
                     [machine](const MachineProfile& p) { return p.machine == machine && p.version != 0; });
}

/// What the node says, or the nearest above it that says something.
std::optional<bool> snoops(fs::path node, const Kernel& kernel) {
  std::error_code error;
  for (; fs::exists(node / "name", error); node = node.parent_path()) {
    if (fs::exists(node / "dma-coherent", error)) return true;
    if (fs::exists(node / "dma-noncoherent", error)) return false;
  }
  return is_arm(kernel.machine) ? std::optional(false) : std::nullopt;
}

}  // namespace

Kernel running_kernel() {
  struct utsname its {};
  if (::uname(&its) != 0) return {};
  return {its.sysname, its.release, its.machine};
}

ArchitectureGuess architecture_of(const Kernel& kernel) {
  std::string says = "uname says " + kernel.machine;
  for (const MachineProfile& p : kMachineProfiles) {
    if (::fnmatch(std::string(p.machine).c_str(), kernel.machine.c_str(), 0) != 0) continue;
    if (tells_by_release(p.machine)) says = "uname says " + kernel.machine + " " + kernel.release;
    if (p.version != 0 && !is_before(kernel.release, p.version, p.level)) continue;
    return {std::string(p.profile), says + (p.because.empty() ? "" : ": ") + std::string(p.because)};
  }
  return {"", says + ": no profile of `custody list archs` is for it"};
}

std::vector<DeviceCoherence> device_coherence(const std::string& sysfs, const Kernel& kernel) {
  std::map<std::string, std::optional<bool>> found;
  std::error_code error;
  for (const fs::directory_entry& bus : fs::directory_iterator(fs::path(sysfs) / "bus", error)) {
    for (const fs::directory_entry& device : fs::directory_iterator(bus.path() / "devices", error)) {
      const fs::path node = fs::canonical(device.path() / "of_node", error);
      if (error) continue;
      const std::optional<bool> coherent = snoops(node, kernel);
      const auto [at, is_new] = found.try_emplace(device.path().filename(), coherent);
      if (!is_new && at->second != coherent) at->second.reset();
    }
  }
  std::vector<DeviceCoherence> all;
  for (const auto& [name, coherent] : found)
    if (coherent) all.push_back({name, *coherent});
  return all;
}

}  // namespace custody::traces::recording
