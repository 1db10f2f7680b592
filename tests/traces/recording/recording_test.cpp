// SPDX-License-Identifier: BSD-2-Clause
// What a recording sets on a kernel, what it takes where something is refused, and what it leaves behind: nothing.
#include "traces/recording/recording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/traces/input_support.hpp"
#include "tests/traces/recording/fake_tracefs.hpp"
#include "traces/open.hpp"
#include "traces/recorder_notes.hpp"
#include "traces/recording/report.hpp"

namespace custody::traces::test {
namespace {

using namespace recording;  // NOLINT(google-build-using-namespace): what is tested

constexpr const char* kKernels[] = {"6.1-arm64", "6.1-x86_64", "6.12-arm64", "6.12-x86_64"};

KernelTypes types_of(const std::string& kernel) {
  return KernelTypes("tests/traces/recording/kernels/" + kernel + ".btf");
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<std::string> functions_of(const recording::Setup& setup, std::string_view event) {
  std::vector<std::string> names;
  for (const Probe& p : setup.probes.probes)
    if (p.event == event) names.push_back(p.function);
  return names;
}

TEST(Recording, SetsEveryProbeOfEveryKernelAndLeavesNothing) {
  for (const char* const kernel : kKernels) {
    const KernelTypes types = types_of(kernel);
    FakeTracefs fs;
    {
      Recording r(fs, "custody_7");
      ASSERT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
      ASSERT_EQ(r.start(), "");
      EXPECT_EQ(fs.probes().size(), probes_for(types, Registers::kArguments).probes.size());
      for (const std::string& probe : fs.probes()) EXPECT_EQ(probe.substr(1, 11), ":custody_7/") << probe;
      r.stop();
      EXPECT_EQ(fs.log.back(), "instances/custody_7/tracing_on 0");
    }
    EXPECT_TRUE(fs.is_empty());
  }
}

TEST(Recording, RecordsOnlyAfterEverythingIsSet) {
  const KernelTypes types = types_of("6.1-arm64");
  FakeTracefs fs;
  fs.tracepoints = {"dma_fence/dma_fence_init"};
  Recording r(fs, "custody_7");
  ASSERT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
  EXPECT_TRUE(has(fs.log, "instances/custody_7/tracing_on 0"));
  EXPECT_FALSE(has(fs.log, "instances/custody_7/tracing_on 1"));
  ASSERT_EQ(r.start(), "");
  EXPECT_TRUE(has(fs.log, "instances/custody_7/events/custody_7/enable 1"));
  EXPECT_TRUE(has(fs.log, "instances/custody_7/events/dma_fence/enable 1"));
  EXPECT_EQ(fs.log.back(), "instances/custody_7/tracing_on 1");
}

TEST(Recording, TakesTheNextBestProbeWhereOneIsRefused) {
  const KernelTypes types = types_of("6.12-x86_64");
  FakeTracefs fs;
  fs.refused = {"dma_buf_map_attachment", "dma_buf_dynamic_attach"};
  Recording r(fs, "custody_7");
  ASSERT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
  EXPECT_EQ(functions_of(r.setup(), "map"), std::vector<std::string>{"dma_buf_map_attachment_unlocked"});
  EXPECT_EQ(functions_of(r.setup(), "map_ret"), std::vector<std::string>{"dma_buf_map_attachment_unlocked"});
  EXPECT_EQ(functions_of(r.setup(), "attach"), std::vector<std::string>{"dma_buf_attach"});
  ASSERT_EQ(r.setup().refused.size(), 2U);
  EXPECT_NE(r.setup().refused[0].why.find("No such file or directory: Failed to register probe event"),
            std::string::npos)
      << r.setup().refused[0].why;
  // What was set before a refusal was taken away: nothing is set twice.
  std::vector<std::string> set = fs.probes();
  std::sort(set.begin(), set.end());
  EXPECT_EQ(std::adjacent_find(set.begin(), set.end()), set.end());
  EXPECT_EQ(set.size(), r.setup().probes.probes.size());
}

TEST(Recording, SaysWhatIsBlindWhereNothingElseIsThere) {
  const KernelTypes types = types_of("6.1-x86_64");
  FakeTracefs fs;
  fs.refused = {"dma_buf_release"};
  Recording r(fs, "custody_7");
  ASSERT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
  EXPECT_TRUE(has(blind_spots(r.setup()), "release: this kernel lets nobody probe dma_buf_release()"));
  EXPECT_TRUE(has(blind_spots(r.setup()), "arch_clean: this kernel has no function to probe for it"));
  const std::string head = head_of({}, r.setup());
  EXPECT_NE(head.find("\n# custody: blind release: "), std::string::npos) << head;
  EXPECT_NE(head.find("\n# custody: refused p:custody_7/release dma_buf_release"), std::string::npos) << head;
}

TEST(Recording, TakesTracepointsByWhetherThereAreProbes) {
  const KernelTypes types = types_of("6.12-x86_64");
  FakeTracefs fs;
  fs.tracepoints = {"dma/dma_map_sg", "dma/dma_map_page", "dma_fence/dma_fence_init", "iommu/map"};
  EXPECT_EQ(planned_setup(fs, "custody_7", &types, Registers::kArguments).tracepoints,
            (std::vector<std::string>{"dma/dma_map_sg", "dma_fence"}));
  EXPECT_EQ(planned_setup(fs, "custody_7", nullptr, Registers::kArguments).tracepoints,
            (std::vector<std::string>{"dma", "dma_fence", "iommu"}));
  EXPECT_TRUE(fs.is_empty());
}

TEST(Recording, LeavesAnotherOneAlone) {
  FakeTracefs fs;
  fs.add_folder("instances/custody_7");
  Recording r(fs, "custody_7");
  EXPECT_NE(r.set_up(nullptr, Registers::kArguments, 1024).find("custody record --cleanup"), std::string::npos);
  EXPECT_EQ(r.remove(), "");
  EXPECT_TRUE(fs.exists("instances/custody_7"));
}

TEST(Recording, CountsWhatItsProbesMissedAndWhatWasLost) {
  const KernelTypes types = types_of("6.1-arm64");
  FakeTracefs fs;
  fs.file("kprobe_profile") = "  map_ret    12   3\n  map    12   0\n  others    12   9\n";
  for (const char* const cpu : {"cpu0", "cpu1"})
    fs.file(std::string("instances/custody_7/per_cpu/") + cpu + "/stats") =
        "entries: 1\noverrun: 5\ncommit overrun: 1\nbytes: 3\ndropped events: 2\nread events: 9\n";
  Recording r(fs, "custody_7");
  ASSERT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
  const Losses losses = r.losses();
  ASSERT_EQ(losses.missed.size(), 1U);
  EXPECT_EQ(losses.missed[0].first, "map_ret");
  EXPECT_EQ(losses.missed[0].second, 3U);
  EXPECT_EQ(losses.overwritten, 12U);
  EXPECT_EQ(losses.dropped, 4U);
  EXPECT_NE(foot_of(losses).find("# custody: missed map_ret 3\n"), std::string::npos);
}

TEST(Recording, SaysWhereWindowsSeemNeverToEnd) {
  const KernelTypes types = types_of("6.1-x86_64");
  bool refuses_ioctl = true;
  const auto windows = [&](const char* profile) {
    FakeTracefs fs;
    if (refuses_ioctl) fs.refused = {"dma_buf_ioctl"};
    fs.file("kprobe_profile") = profile;
    Recording r(fs, "custody_7");
    EXPECT_EQ(r.set_up(&types, Registers::kArguments, 1024), "");
    return r.losses();
  };
  EXPECT_EQ(windows("begin_cpu_access 3 0\nend_cpu_access 0 0\n").windows_without_end, 3U);
  EXPECT_EQ(windows("begin_cpu_access 3 0\nend_cpu_access 1 0\n").windows_without_end, 0U);
  EXPECT_EQ(windows("begin_cpu_access 3 0\nend_cpu_access 0 2\n").windows_without_end, 0U);
  EXPECT_EQ(windows("begin_cpu_access 0 0\n").windows_without_end, 0U);
  EXPECT_NE(foot_of(windows("begin_cpu_access 3 0\n")).find("# custody: blind end_cpu_access: 3 windows began"),
            std::string::npos);
  refuses_ioctl = false;
  EXPECT_EQ(windows("begin_cpu_access 3 0\nend_cpu_access 0 0\n").windows_without_end, 0U) << "the ioctl tells them";
}

TEST(Cleanup, RemovesWhatIsOursAndNobodyUses) {
  FakeTracefs fs;
  for (const char* const name : {"custody", "custody_7", "custody_8", "custody_x", "others"})
    fs.add_folder(std::string("instances/") + name);
  fs.busy = {"instances/custody_8"};
  for (const char* const group : {"custody", "custody_7", "custody_8", "custody_9", "kprobes", "custodyx"})
    fs.add_probe(std::string("p:") + group + "/map dma_buf_map_attachment");
  EXPECT_EQ(recordings_in(fs), (std::vector<std::string>{"custody", "custody_7", "custody_8", "custody_9"}));
  for (const std::string& name : recordings_in(fs))
    EXPECT_EQ(remove_recording(fs, name).find("a recording is running") != std::string::npos, name == "custody_8")
        << name;
  EXPECT_EQ(recordings_in(fs), std::vector<std::string>{"custody_8"});
  EXPECT_EQ(fs.probes().size(), 3U);
  EXPECT_TRUE(fs.exists("instances/others"));
  EXPECT_TRUE(fs.exists("instances/custody_x"));
}

TEST(Machine, SaysItsArchitecture) {
  const auto profile = [](const char* release, const char* machine) {
    return architecture_of({"Linux", release, machine}).profile;
  };
  EXPECT_EQ(profile("6.1.0-50-amd64", "x86_64"), "x86");
  EXPECT_EQ(profile("6.1.0", "i686"), "x86");
  EXPECT_EQ(profile("5.18.19", "aarch64"), "arm64-5.18");
  EXPECT_EQ(profile("5.19.0", "aarch64"), "arm64-6.1");
  EXPECT_EQ(profile("6.12.1", "aarch64"), "arm64-6.1");
  EXPECT_EQ(profile("6.1.1", "armv7l"), "armv7");
  EXPECT_EQ(profile("6.5.0", "riscv64"), "riscv-6.1");
  EXPECT_EQ(profile("6.6.0", "riscv64"), "riscv-6.6");
  EXPECT_EQ(profile("6.6.0", "s390x"), "");
}

TEST(Machine, SaysWhichDevicesSnoopByItsDeviceTree) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("custody-sysfs-" + std::to_string(::getpid()));
  const auto device = [&](const std::string& name, const std::string& node, const std::string& property) {
    const fs::path at = root / "firmware/devicetree/base" / node;
    fs::create_directories(at);
    for (fs::path above = at; above != root / "firmware/devicetree"; above = above.parent_path())
      std::ofstream(above / "name") << "n";
    if (!property.empty()) std::ofstream(at / property) << "";
    fs::create_directories(root / "bus/platform/devices" / name);
    fs::create_symlink(at, root / "bus/platform/devices" / name / "of_node");
  };
  device("gpu.0", "soc/gpu", "dma-coherent");
  device("cam.0", "soc/cam", "");
  device("isp.0", "bus/isp", "dma-noncoherent");
  device("disp.0", "soc/gpu/disp", "");
  fs::create_directories(root / "bus/platform/devices/acpi.0");
  const auto all = [&](const char* machine) {
    std::string text;
    for (const DeviceCoherence& d : device_coherence(root.string(), {"Linux", "6.1", machine}))
      text += d.device + (d.coherent ? "+ " : "- ");
    return text;
  };
  EXPECT_EQ(all("aarch64"), "cam.0- disp.0+ gpu.0+ isp.0- ");
  EXPECT_EQ(all("riscv64"), "disp.0+ gpu.0+ isp.0- ");
  fs::remove_all(root);
}

TEST(RecorderNotes, AreReadBackAsTheyWereWritten) {
  Origin origin{{"Linux", "6.1.0\n# custody: arch armv7", "aarch64"}, {"arm64-6.1", "uname"}, {}, ""};
  origin.devices = {{"gpu.0", true}, {"cam.0", false}, {"no name", true}};
  RecorderNotes notes;
  const std::string head = head_of(origin, recording::Setup());
  for (std::size_t at = 0, end = 0; (end = head.find('\n', at)) != std::string::npos; at = end + 1)
    notes.read(std::string_view(head).substr(at, end - at));
  EXPECT_EQ(notes.arch, "arm64-6.1");
  EXPECT_EQ(notes.coherent("gpu.0"), true);
  EXPECT_EQ(notes.coherent("cam.0"), false);
  EXPECT_EQ(notes.coherent("disp.0"), std::nullopt);
  EXPECT_EQ(missed_calls("# custody: missed map 12"), 12U);
  EXPECT_EQ(missed_calls("# custody: missed map x"), 0U);
  EXPECT_EQ(missed_calls("# custody: blind map 12"), 0U);
}

/// What a reader makes of a trace with these comments: its profile, and what it says of each device.
struct Told final : EventSink {
  void on_header(const Header& header, const Directory& /*directory*/) override { arch = header.arch; }
  void on_event(const Event& /*event*/, const Directory& directory) override {
    devices.clear();
    for (const DeviceInfo& d : directory.devices) devices += d.coherent ? (*d.coherent ? "+" : "-") : "?";
  }
  std::string arch, devices;
};

TEST(RecorderNotes, AreWhatAReaderTakesForTheMachine) {
  constexpr const char* kRecord =
      " a-1 [000] ..... 1.000000: attach: (f <- g) attach=0x10 dmabuf=0x20 dev=\"gpu.0\"\n"
      " a-1 [000] ..... 1.100000: detach: (f+0x4/0x8) dmabuf=0x20 attach=0x10\n";
  const auto read = [&](const std::string& head, const std::string& foot, std::uint64_t lost) {
    const CuttableFile file("# tracer: nop\n" + head + kRecord + foot);
    Told told;
    EXPECT_EQ(read_trace(file.path(), told).lost, lost);
    return std::pair(told.arch, told.devices);
  };
  EXPECT_EQ(read("# custody: arch arm64-5.18: uname\n# custody: not-coherent gpu.0\n", "", 0),
            std::pair(std::string("arm64-5.18"), std::string("-")));
  EXPECT_EQ(read("", "# custody: missed map 3\n", 3), std::pair(std::string(), std::string("?")));
}

}  // namespace
}  // namespace custody::traces::test
