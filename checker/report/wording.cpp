// SPDX-License-Identifier: BSD-2-Clause
// The words of a finding.
#include "checker/report/wording.hpp"

#include <fmt/format.h>

namespace custody::checker::report {

using spec::RuleId;
using traces::EventKind;
using traces::kNoId;

namespace {

std::string_view kernel_call(EventKind kind) {
  switch (kind) {
    case EventKind::kMap: return "dma_buf_map_attachment()";
    case EventKind::kUnmap: return "dma_buf_unmap_attachment()";
    case EventKind::kBeginCpuAccess: return "dma_buf_begin_cpu_access()";
    case EventKind::kEndCpuAccess: return "dma_buf_end_cpu_access()";
    case EventKind::kAttach: return "dma_buf_attach()";
    case EventKind::kDetach: return "dma_buf_detach()";
    case EventKind::kRelease: return "dma_buf_release()";
    case EventKind::kVmap: return "dma_buf_vmap()";
    case EventKind::kVunmap: return "dma_buf_vunmap()";
    case EventKind::kMmap: return "dma_buf_mmap()";
    case EventKind::kPin: return "dma_buf_pin()";
    case EventKind::kUnpin: return "dma_buf_unpin()";
    case EventKind::kMoveNotify: return "dma_buf_move_notify()";
    case EventKind::kDmaMap: return "dma_map_sgtable()";
    case EventKind::kDmaUnmap: return "dma_unmap_sg()";
    case EventKind::kSyncForCpu: return "dma_sync_sg_for_cpu()";
    case EventKind::kSyncForDevice: return "dma_sync_sg_for_device()";
    default: return "";
  }
}

/// `in dma_buf_map_attachment(DMA_TO_DEVICE)`, or nothing.
std::string where(const Finding& f) {
  if (f.place.call == EventKind::kLost || kernel_call(f.place.call).empty()) return {};
  std::string call(kernel_call(f.place.call));
  if (f.place.call_dir != model::Direction::kNone)
    call.insert(call.size() - 1, fmt::format("DMA_{}", model::name(f.place.call_dir)));
  return " in " + call;
}

std::string operation_sentence(const Finding& f, const traces::Directory& d) {
  // Inside a call of the core that call says enough.
  std::string_view by = kernel_call(f.place.trigger.kind);
  if (by.empty()) by = "the exporter";
  const std::string place = where(f);
  const std::string operation =
      fmt::format("the {} of {} for {}{}", name(f.operation), human_bytes(f.bytes), device_name(f.device, d),
                  place.empty() ? fmt::format(" by {}", by) : place);
  if (f.effect == Effect::kUnobserved) return operation + " was never needed: nothing read the data it changed";
  // R3 is silent of buffers that only tracepoints tell of.
  const bool cleans = f.operation == model::Operation::kClean || f.also.has(RuleId::kR3) || f.rule == RuleId::kR3;
  return fmt::format("{} was not needed{}: no line of the CPU cache can be {}", operation,
                     f.proved ? "" : " if the rules are kept", cleans ? "dirty" : "stale");
}

std::string_view without_stop(std::string_view sentence) {
  if (!sentence.empty() && sentence.back() == '.') sentence.remove_suffix(1);
  return sentence;
}

/// What is wrong with a call or an access, after a colon.
std::string_view what_is_wrong(const Finding& f) {
  if (f.place.trigger.kind == EventKind::kTaskExit) return "the task ended, and its CPU access window is still open";
  switch (f.rule) {
    case RuleId::kM7: return "there is no live kernel mapping";
    case RuleId::kL1: return "its device has no live mapping of the buffer";
    case RuleId::kL2: return "the mapping was made for another device";
    case RuleId::kL3: return "its direction is not that of the mapping";
    case RuleId::kL4: return "DMA_ATTR_SKIP_CPU_SYNC was given at one end of the mapping only";
    case RuleId::kL5:
      return f.place.trigger.kind == EventKind::kRelease ? "its mapping is still there when the buffer is gone"
                                                         : "there is no such mapping to undo";
    case RuleId::kM9: return "the rest of the cache line may be stale";
    case RuleId::kL8: return "no CPU access window is open for it";
    case RuleId::kL9: return "the table is mapped already";
    case RuleId::kL10: return "the last reference is gone";
    case RuleId::kL13: return "the exporter moved the buffer, and the mapping is not valid any more";
    case RuleId::kA1: return "no CPU access window was open while this kernel mapping lived";
    case RuleId::kA2: return "this user mapping lived while a device could write, and no CPU access window ever opened";
    default: return without_stop(spec::rule(f.rule).says);
  }
}

/// `the CPU writes`, `dma_map_sgtable() for gpu.0 in dma_buf_map_attachment(...)`, `put`.
std::string what_was_done(const Finding& f, const traces::Directory& d) {
  switch (f.place.trigger.kind) {
    case EventKind::kCpuRead: return "the CPU reads";
    case EventKind::kCpuWrite: return "the CPU writes";
    case EventKind::kDeviceRead: return device_name(f.device, d) + " reads";
    case EventKind::kDeviceWrite: return device_name(f.device, d) + " writes";
    default: break;
  }
  const std::string_view call = kernel_call(f.place.trigger.kind);
  return fmt::format("{}{}{}", call.empty() ? traces::name(f.place.trigger.kind) : call,
                     f.device != kNoId ? " for " + device_name(f.device, d) : std::string(),
                     kernel_call(f.place.call) == call ? std::string() : where(f));
}

}  // namespace

std::string device_name(std::uint32_t id, const traces::Directory& d) {
  return id < d.devices.size() ? d.devices[id].name : std::string("a device");
}

std::string_view name(model::Operation op) {
  switch (op) {
    case model::Operation::kClean: return "clean";
    case model::Operation::kInvalidate: return "invalidate";
    case model::Operation::kCleanInvalidate: return "clean and invalidate";
    case model::Operation::kNone: break;
  }
  return "";
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::string_view kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  const bool exact = value == static_cast<double>(static_cast<std::uint64_t>(value));
  return exact ? fmt::format("{} {}", static_cast<std::uint64_t>(value), kUnits[unit])
               : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

void append_event(std::string& out, const ReportedEvent& e, const traces::Directory& d) {
  out += e.kind == EventKind::kCacheOperation ? "cache_operation" : traces::name(e.kind);
  if (e.phase == traces::Phase::kReturn) out += " returns";
  if (e.buffer < d.buffers.size()) (out += ' ') += d.buffers[e.buffer].name;
  if (e.device < d.devices.size()) (out += ' ') += d.devices[e.device].name;
  if (e.dir != model::Direction::kNone) (out += ' ') += model::name(e.dir);
  if (e.skips_sync) out += " skip";
  if (e.operation != model::Operation::kNone) ((out += " (") += name(e.operation)) += ')';
  if (e.phase == traces::Phase::kReturn || e.ret < 0) (out += " = ") += std::to_string(e.ret);
}

std::string event_text(const ReportedEvent& e, const traces::Directory& d) {
  std::string text;
  append_event(text, e, d);
  return text;
}

std::string_view remedy(const Finding& f) {
  const bool in_window = f.place.call == EventKind::kBeginCpuAccess || f.place.call == EventKind::kEndCpuAccess;
  if (f.rule == RuleId::kR5 && in_window) return "Do the operation once, for all attachments together.";
  if (!f.place.beside_job) return spec::rule(f.rule).fix;
  if (f.owes == spec::Owes::kCore) return spec::rule(RuleId::kM4).fix;
  return "Start the job when the CPU's window has ended, or end the window first.";
}

std::string message(const Finding& f, const traces::Directory& d) {
  const spec::RuleClass cls = spec::rule(f.rule).cls;
  if (f.refusal.row != nullptr)
    return fmt::format("{}: {}", kernel_call(f.place.call), without_stop(f.refusal.row->why));
  switch (f.rule) {
    case RuleId::kM1:
      return fmt::format("{} may read{}, but memory may miss what the CPU wrote: no clean came before it",
                         device_name(f.device, d), where(f));
    case RuleId::kM2:
      return fmt::format("{} may write{}, but dirty CPU cache lines can still be written back over its data",
                         device_name(f.device, d), where(f));
    case RuleId::kM3:
      if (f.place.beside_job)
        return fmt::format("the CPU may read stale cache lines in its window{}: a job of {} may still write", where(f),
                           device_name(f.device, d));
      if (f.device != kNoId)
        return fmt::format("{} snoops and may read stale CPU cache lines{}: no invalidate came before it",
                           device_name(f.device, d), where(f));
      return fmt::format("the CPU may read stale cache lines{}: no invalidate ran since a device could write",
                         where(f));
    case RuleId::kM4: return fmt::format("the invalidate{} came before the device's last write was complete", where(f));
    case RuleId::kM6:
      if (f.place.beside_job)
        return fmt::format("the CPU may read old data in its window{}: a job of {} may still write its bounce buffer",
                           where(f), device_name(f.device, d));
      return fmt::format("the bounce buffer of {} was not copied at the hand-over{}", device_name(f.device, d),
                         where(f));
    case RuleId::kM10:
      if (f.operation == model::Operation::kClean || f.operation == model::Operation::kCleanInvalidate)
        return fmt::format(
            "the {} of {} for {}{} writes old lines over what a device wrote: lines may be dirty and old",
            name(f.operation), human_bytes(f.bytes), device_name(f.device, d), where(f));
      return fmt::format("the invalidate of {} for {}{} destroys what the CPU wrote: lines may be dirty",
                         human_bytes(f.bytes), device_name(f.device, d), where(f));
    case RuleId::kM11:
      return fmt::format(
          "{} and {} use the buffer together and reach it in different ways: no sync can lie between their "
          "accesses",
          device_name(f.beside, d), device_name(f.device, d));
    case RuleId::kR1: return fmt::format("{} is coherent: syncs for it do nothing", device_name(f.device, d));
    case RuleId::kR7:
      return fmt::format("the {} of {} for {}{} is on memory that the CPU does not cache", name(f.operation),
                         human_bytes(f.bytes), device_name(f.device, d), where(f));
    default: break;
  }
  if (cls == spec::RuleClass::kRedundant && f.operation != model::Operation::kNone &&
      f.effect != Effect::kNotApplicable)
    return operation_sentence(f, d);
  return fmt::format("{}: {}", what_was_done(f, d), what_is_wrong(f));
}

std::string assumed(const Finding& f) {
  std::string text;
  for (unsigned a = 0; a < kAssumptions; ++a)
    if (((f.assumes >> a) & 1U) != 0) text.append(text.empty() ? "" : " and ").append(says(static_cast<Assumption>(a)));
  return text;
}

std::string responsible(const Finding& f, const traces::Directory& d) {
  const std::uint32_t task = f.place.trigger.task;
  switch (f.owes) {
    case spec::Owes::kExporter: {
      const std::string name = f.buffer < d.buffers.size() ? d.buffers[f.buffer].exporter : std::string();
      return name.empty() ? std::string("the exporter") : fmt::format("the exporter ({})", name);
    }
    case spec::Owes::kImporter:
      return f.device != kNoId ? fmt::format("the importer (the driver of {})", device_name(f.device, d))
                               : std::string("the importer");
    case spec::Owes::kClient:
      return task < d.tasks.size() ? fmt::format("the client (task {})", d.tasks[task].name)
                                   : std::string("the client");
    case spec::Owes::kCore: return "the dma-buf core";
    case spec::Owes::kArchitecture: break;
  }
  return "the architecture's DMA code";
}

}  // namespace custody::checker::report
