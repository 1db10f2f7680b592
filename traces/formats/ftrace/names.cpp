// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/names.hpp"

#include "traces/formats/ftrace/functions.hpp"
#include "traces/formats/ftrace/scan.hpp"

namespace custody::traces::formats::ftrace {

namespace {

/// Groups of the kernel's own events that share a name with a probe. Others are the user's.
constexpr std::string_view kKernelGroups[] = {"dma", "dma_buf", "dma_fence", "fence", "iommu", "mmap", "xdp", "kvm"};

/// Beginnings of names of events that people record beside the probes; the kernel's and its tracers'.
constexpr std::string_view kForeign[] = {"tracing_mark_write",
                                         "print",
                                         "bprint",
                                         "bputs",
                                         "kernel_stack",
                                         "user_stack",
                                         "funcgraph_",
                                         "function",
                                         "sched_",
                                         "irq_",
                                         "softirq_",
                                         "ipi_",
                                         "timer_",
                                         "hrtimer_",
                                         "itimer_",
                                         "tick_stop",
                                         "workqueue_",
                                         "cpu_",
                                         "cpuhp_",
                                         "clock_",
                                         "clk_",
                                         "power_",
                                         "suspend_",
                                         "rpm_",
                                         "rcu_",
                                         "mm_",
                                         "kmalloc",
                                         "kfree",
                                         "kmem_",
                                         "page_",
                                         "sys_",
                                         "raw_syscalls",
                                         "signal_",
                                         "task_",
                                         "block_",
                                         "ext4_",
                                         "f2fs_",
                                         "writeback_",
                                         "net_",
                                         "netif_",
                                         "napi_",
                                         "binder_",
                                         "thermal_",
                                         "gpu_",
                                         "drm_",
                                         "i2c_",
                                         "spi_",
                                         "regulator_",
                                         "wakeup",
                                         "context_switch",
                                         "mmap_lock_",
                                         "contention_",
                                         "android_",
                                         "ion_",
                                         "v4l2_",
                                         "vb2_"};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Takes `suffix` off the end of `text`, and says whether it was there.
bool take_end(std::string_view& text, std::string_view suffix) {
  if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return false;
  text.remove_suffix(suffix.size());
  return true;
}

/// `_0`, as kprobe_events puts the offset behind a name and perf probe the number of the probe.
void take_number(std::string_view& name) {
  const std::size_t mark = name.rfind('_');
  if (mark != std::string_view::npos && mark != 0 && is_digits(name.substr(mark + 1))) name = name.substr(0, mark);
}

bool is_kernel_group(std::string_view group) {
  for (const std::string_view known : kKernelGroups)
    if (known == group) return true;
  return false;
}

std::size_t first_of(std::string_view text) {
  const std::size_t at = text.find_first_not_of(' ');
  return at == std::string_view::npos ? text.size() : at;
}

/// A record of a probe begins with where it hit, or names its fields raw.
bool is_by_probe(std::string_view rest) {
  rest = rest.substr(first_of(rest));
  return starts_with(rest, "(") || starts_with(rest, "__probe_") || starts_with(rest, "[FAILED");
}

/// `map: IOMMU: iova=...`: the kernel's iommu events have the names of probes.
bool is_of_iommu(const Head& head) { return starts_with(head.rest.substr(first_of(head.rest)), "IOMMU:"); }

/// Is there a field of a probe in the record?
bool has_field(std::string_view rest) {
  for (std::size_t mark = rest.find_first_of("=:"); mark != std::string_view::npos;
       mark = rest.find_first_of("=:", mark + 1)) {
    const std::string_view before = rest.substr(0, mark);
    const std::size_t begin = before.find_last_of(" (,");
    if (field_of(before.substr(begin == std::string_view::npos ? 0 : begin + 1)) != Fields::kCount) return true;
  }
  return false;
}

}  // namespace

const ProbeName* find_alias(std::string_view name) {
  bool at_return = false;
  if (starts_with(name, "p_")) {
    name.remove_prefix(2);
  } else if (starts_with(name, "r_")) {
    name.remove_prefix(2);
    at_return = true;
  }
  take_number(name);
  if (take_end(name, "__return") || take_end(name, "__exit")) at_return = true;
  else take_end(name, "__entry");
  for (const Function& f : kFunctions) {
    if (f.name != name) continue;
    const ProbeName* probe = find_probe(at_return ? f.at_return : f.at_entry);
    return f.wraps ? wrapping(probe) : probe;
  }
  return nullptr;
}

bool is_foreign(const Head& head) {
  // Where a trace_printk or a marker has a name that is an address, the kernel knew no function there.
  if (starts_with(head.event, "0x") || is_digits(head.event)) return true;
  if (is_kernel_group(head.group) || is_of_iommu(head)) return true;
  for (const std::string_view known : kForeign)
    if (starts_with(head.event, known) || (head.group.size() > 2 && starts_with(known, head.group))) return true;
  return false;
}

const ProbeName* Names::find_any(const Head& head) const {
  for (const EventName& own : own_)
    if (own.name == head.event && (own.group.empty() || own.group == head.group)) return find_probe(own.kind);
  if (is_kernel_group(head.group) || is_of_iommu(head)) return nullptr;
  const bool by_probe = is_by_probe(head.rest);
  if (const ProbeName* probe = find_probe(head.event)) {
    const bool is_ours = head.group.empty() || head.group == "custody" || by_probe || has_field(head.rest);
    return is_ours ? probe : nullptr;
  }
  return by_probe ? find_alias(head.event) : nullptr;
}

}  // namespace custody::traces::formats::ftrace
