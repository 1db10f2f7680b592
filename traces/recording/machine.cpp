// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/machine.hpp"

#include <sys/utsname.h>

#include <cstdio>
#include <filesystem>
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
  const std::string& m = kernel.machine;
  const std::string says = "uname says " + m;
  const bool is_x86 = m == "x86_64" || (m.size() == 4 && m[0] == 'i' && m.substr(2) == "86");
  if (is_x86) return {"x86", says + ": every device snoops there"};
  if (m == "aarch64") {
    if (is_before(kernel.release, 5, 19))
      return {"arm64-5.18", says + " " + kernel.release + ": before 5.19 a map FROM_DEVICE invalidates"};
    return {"arm64-6.1", says + " " + kernel.release + ": from 5.19 on every hand-over to a device cleans"};
  }
  if (is_arm(m)) return {"armv7", says};
  if (m == "riscv64") return {is_before(kernel.release, 6, 6) ? "riscv-6.1" : "riscv-6.6", says + " " + kernel.release};
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
