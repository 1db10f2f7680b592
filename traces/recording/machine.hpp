// SPDX-License-Identifier: BSD-2-Clause
// What a machine says of its caches: its architecture, and which devices snoop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace custody::traces::recording {

/// As uname says it.
struct Kernel {
  std::string system, release, machine;  ///< Linux, 6.1.0-50-arm64, aarch64
};
[[nodiscard]] Kernel running_kernel();

/// Kernels that behave as a profile of `custody list archs`.
struct MachineProfile {
  std::string_view machine;  ///< of uname, a pattern as fnmatch(3) and the shell have it
  int version, level;        ///< releases before this one; 0, 0: all
  std::string_view profile, because;
};
/// The first that a kernel is of holds.
inline constexpr MachineProfile kMachineProfiles[] = {
    {"x86_64", 0, 0, "x86", "every device snoops there"},
    {"i?86", 0, 0, "x86", "every device snoops there"},
    {"aarch64", 5, 19, "arm64-5.18", "before 5.19 a map FROM_DEVICE invalidates"},
    {"aarch64", 0, 0, "arm64-6.1", "from 5.19 on every hand-over to a device cleans"},
    {"armv*", 0, 0, "armv7", ""},
    {"riscv64", 6, 6, "riscv-6.1", ""},
    {"riscv64", 0, 0, "riscv-6.6", ""},
};

/// The profile of `custody list archs` that a kernel behaves as, and how that is known; no profile: none is known.
struct ArchitectureGuess {
  std::string profile, evidence;
};
[[nodiscard]] ArchitectureGuess architecture_of(const Kernel& kernel);

/// A device whose firmware says whether it snoops, by the name that traces have.
struct DeviceCoherence {
  std::string device;
  bool coherent = false;
};
/// Of the devices in `sysfs` that a device tree describes: `dma-coherent` and `dma-noncoherent`, their own or of a node
/// above, say it, and on Arm nothing means not (of_dma_is_coherent()). Where the firmware says nothing a device is left
/// out, and so is a name that two devices share which differ. In order of the names.
[[nodiscard]] std::vector<DeviceCoherence> device_coherence(const std::string& sysfs, const Kernel& kernel);

}  // namespace custody::traces::recording
