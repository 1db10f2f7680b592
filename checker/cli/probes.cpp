// SPDX-License-Identifier: BSD-2-Clause
// custody probes: what to set on a kernel so that its trace can be replayed.
#include <memory>
#include <string>

#include "checker/cli/cli.hpp"
#include "checker/cli/complaint.hpp"
#include "checker/cli/output_file.hpp"
#include "checker/cli/value_names.hpp"
#include "traces/reader.hpp"
#include "traces/recording/render.hpp"

namespace custody::checker::cli {

namespace {

namespace recording = traces::recording;

struct ProbesArguments {
  std::string types = "/sys/kernel/btf/vmlinux", arch, output;
  bool script = false, perfetto = false, trace_cmd = false;
};

recording::Registers registers_of(const std::string& arch) {
  if (arch == "arm64") return recording::Registers::kArm64;
  if (arch == "x86_64") return recording::Registers::kX86;
  if (arch == "arm") return recording::Registers::kArm;
  return arch == "riscv64" ? recording::Registers::kRiscv : recording::Registers::kArguments;
}

std::string text_of(const ProbesArguments& a) {
  const recording::KernelTypes kernel(a.types);
  const recording::Probes probes = recording::probes_for(kernel, registers_of(a.arch));
  if (a.script) return recording::as_script(probes);
  if (a.perfetto) return recording::as_perfetto(probes);
  return a.trace_cmd ? recording::as_trace_cmd(probes) : recording::as_lines(probes);
}

int run(const ProbesArguments& a) {
  OutputFile output(a.output);
  std::string wrong = output.open({a.types});
  if (wrong.empty()) {
    try {
      output.write(text_of(a));
      wrong = output.keep();
    } catch (const traces::InputError& e) {
      wrong = e.what();
    }
  }
  if (wrong.empty()) return kHolds;
  complain("probes", wrong);
  return kUsage;
}

}  // namespace

void add_probes(CLI::App& app, int& status) {
  const auto a = std::make_shared<ProbesArguments>();
  CLI::App* c = app.add_subcommand("probes", "Print the kprobe events that record custody on a kernel.");
  c->footer(
      "Functions, arguments and offsets are those of the kernel's own type information (BTF, CONFIG_DEBUG_INFO_BTF), "
      "of\n"
      "this machine or of another one's file. What the kernel has no function for is named in a comment.\n"
      "Exit status: 0 printed, 2 bad input.\n"
      "Examples:\n"
      "  custody probes >>/sys/kernel/tracing/kprobe_events\n"
      "  custody probes --script -o record.sh; sh record.sh trace.txt 10\n"
      "  adb pull /sys/kernel/btf/vmlinux phone.btf; custody probes --btf phone.btf --script -o record.sh");
  CLI::Option* btf =
      c->add_option("--btf", a->types, "type information of the kernel; else of this one")->type_name(kFile);
  c->add_option("--vmlinux", a->types, "a kernel that has it: vmlinux, Image, vmlinuz")
      ->type_name(kFile)
      ->default_str("")
      ->excludes(btf);
  c->add_option("--arch", a->arch, "name the registers of this architecture instead of $arg1, $arg2")
      ->check(CLI::IsMember({"arm64", "x86_64", "arm", "riscv64"}));
  CLI::Option* script = c->add_flag("--script", a->script, "a POSIX shell script that records with them and cleans up");
  CLI::Option* perfetto = c->add_flag("--perfetto", a->perfetto, "a configuration of Perfetto")->excludes(script);
  c->add_flag("--trace-cmd", a->trace_cmd, "commands that record with trace-cmd")->excludes(script)->excludes(perfetto);
  c->add_option("--output,-o", a->output, "write to this file")->type_name(kFile);
  c->callback([a, &status] { status = run(*a); });
}

}  // namespace custody::checker::cli
