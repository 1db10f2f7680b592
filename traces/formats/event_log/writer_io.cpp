// SPDX-License-Identifier: BSD-2-Clause
// Writes an event log.
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/escape.hpp"
#include "traces/formats/event_log/converted.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/event_log/log_names.hpp"
#include "traces/formats/event_log/words.hpp"

namespace custody::traces::formats::event_log {
namespace {

using namespace event_log;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  model::append_json(out, text);
  return out + "\"";
}

/// One object of a line, key by key.
class Object {
 public:
  Object& text(std::string_view key, const std::string& value) {
    return value.empty() ? *this : raw(key, quoted(value));
  }
  Object& word(std::string_view key, std::string_view value) { return text(key, std::string(value)); }
  /// Left out where it is 0.
  Object& number(std::string_view key, std::uint64_t value) {
    return value == 0 ? *this : raw(key, std::to_string(value));
  }
  Object& flag(std::string_view key, bool value) { return value ? raw(key, "true") : *this; }
  Object& raw(std::string_view key, const std::string& value) {
    body_.append(body_.empty() ? "\"" : ",\"").append(key).append("\":").append(value);
    return *this;
  }
  [[nodiscard]] std::string braces() const { return "{" + body_ + "}"; }

 private:
  std::string body_;
};

std::string seconds(std::int64_t ns) {
  std::string fraction = std::to_string(ns % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (fraction.size() > 6 && fraction.back() == '0') fraction.pop_back();
  return std::to_string(ns / 1'000'000'000) + "." + fraction;
}

std::string devices_text(const std::vector<std::uint32_t>& order, const Directory& directory) {
  Object devices;
  for (const std::uint32_t id : order) {
    const DeviceInfo& device = directory.devices[id];
    Object info;
    if (device.coherent) info.raw("coherent", *device.coherent ? "true" : "false");
    info.flag("allocates", device.allocates);
    info.flag("bounced", device.bounced).flag("reads_only", device.reads_only).number("line", device.line);
    std::string key = quoted(device.name);
    devices.raw(std::string_view(key).substr(1, key.size() - 2), info.braces());
  }
  return devices.braces();
}

std::string attributes_text(std::uint64_t attrs) {
  if (attrs == kAttrSkipCpuSync) return "[\"DMA_ATTR_SKIP_CPU_SYNC\"]";
  return std::to_string(attrs);
}

}  // namespace

struct EventLogWriter::State {
  std::function<void(std::string_view)> write;
  Header header;
  LogNames buffers, attachments;
  std::vector<std::uint32_t> devices;  ///< in the order in which the log names them, which readers number them in
  std::vector<bool> names_device;      ///< by id
  std::uint32_t dma_calls = 0;
  bool converts = false;
  std::unordered_map<std::string, std::uint32_t> task_holders;  ///< of a conversion: who has a `tid` or `comm`
  std::unordered_map<std::uint32_t, std::size_t>
      task_numbers;                            ///< of a conversion: in the order in which it tells them
  std::unordered_set<std::uint32_t> mappings;  ///< of a conversion: those made and not undone

  void line(const Object& object) const { write(object.braces() + "\n"); }
  void meet_device(std::uint32_t id);
  void add_objects(Object& out, const Event& event, const Directory& directory);
  void add_values(Object& out, const Event& event);
  void write_dma(Object out, const Event& event, const Directory& directory);
  void add_task(Object& out, std::uint32_t id, const Directory& directory);
  void add_buffer(Object& out, std::uint32_t id, bool exports, const Directory& directory);
  void add_told_name(Object& out, std::string_view key, LogNames::Named& named, const std::string& name) const;
  [[nodiscard]] Object begin_line(const Event& event, std::uint64_t line, const Directory& directory);
};

void EventLogWriter::State::add_task(Object& out, std::uint32_t id, const Directory& directory) {
  if (id >= directory.tasks.size()) return;
  const TaskInfo& task = directory.tasks[id];
  if (task.tid >= 0) out.raw("tid", std::to_string(task.tid));
  out.text("comm", task.name);
  if (!converts) return;
  const std::size_t number = task_numbers.try_emplace(id, task_numbers.size()).first->second;
  const std::string known_by = task.tid >= 0 ? std::to_string(task.tid) : "comm " + task.name;
  if (task_holders.try_emplace(known_by, id).first->second != id) out.raw("task", std::to_string(number));
}

/// When it happened, and in which task.
Object EventLogWriter::State::begin_line(const Event& event, std::uint64_t line, const Directory& directory) {
  Object out;
  if (event.at.ts >= 0) out.raw("ts", seconds(event.at.ts));
  if (converts) out.raw("line", std::to_string(line));
  add_task(out, event.task, directory);
  return out;
}

/// The name that a reader is to know, where it is another than that of the log, or than it was.
void EventLogWriter::State::add_told_name(Object& out, std::string_view key, LogNames::Named& named,
                                          const std::string& name) const {
  if (!converts || named.told == name) return;
  out.raw(key, quoted(name));
  named.told = name;
}

void EventLogWriter::State::add_buffer(Object& out, std::uint32_t id, bool exports, const Directory& directory) {
  const BufferInfo& info = directory.buffers[id];
  LogNames::Named& named = buffers.name(id, info.generation, info.name, "b");
  out.text("buffer", named.name);
  add_told_name(out, "buffer_name", named, info.name);
  if (exports) named.facts = 0;  // readers begin it anew
  // What is known by now and was not when it was named before.
  const auto is_due = [&facts = named.facts](unsigned fact, bool known) {
    const bool was_told = (facts & fact) != 0;
    if (known) facts |= fact;
    return known && !was_told;
  };
  if (is_due(1U << 0U, !info.exporter.empty())) out.text("exporter", info.exporter);
  if (is_due(1U << 1U, info.size != 0)) out.number("size", info.size);
  if (is_due(1U << 2U, info.ino != 0)) out.number("ino", info.ino);
  if (is_due(1U << 3U, info.memory != MemoryKind::kUnsaid))
    out.word("memory", kMemories[static_cast<std::size_t>(info.memory)]);
  if (is_due(1U << 4U, info.by_address)) out.flag("by_address", true);
  if (is_due(1U << 5U, info.hides_syncs)) out.flag("hides_syncs", true);
}

void EventLogWriter::State::meet_device(std::uint32_t id) {
  if (names_device.size() <= id) names_device.resize(id + std::size_t{1});
  if (names_device[id]) return;
  names_device[id] = true;
  devices.push_back(id);
}

void EventLogWriter::State::add_objects(Object& out, const Event& event, const Directory& directory) {
  out.word("event", event.kind == EventKind::kCacheOperation
                        ? kCacheEvents[static_cast<std::size_t>(event.maintenance.kind)]
                        : name(event.kind));
  out.word("phase", is_dma_call(event.kind) ? "" : kPhases[static_cast<std::size_t>(event.phase)]);
  if (event.buffer < directory.buffers.size()) {
    add_buffer(out, event.buffer, event.kind == EventKind::kExport, directory);
  } else if (is_dma_call(event.kind) || event.kind == EventKind::kCacheOperation) {
    out.flag("unattributed", true);
  }
  if (event.attachment < directory.attachments.size()) {
    const AttachmentInfo& info = directory.attachments[event.attachment];
    LogNames::Named& named = attachments.name(event.attachment, info.generation, info.name, "a");
    out.text("attachment", named.name);
    add_told_name(out, "attachment_name", named, info.name);
  }
  if (event.device >= directory.devices.size()) return;
  out.text("device", directory.devices[event.device].name);
  meet_device(event.device);
}

void EventLogWriter::State::add_values(Object& out, const Event& event) {
  const bool has_more = converts && event.dir != model::Direction::kNone;
  if (has_direction(event.kind) || has_more) out.word("dir", model::name(event.dir));
  if (event.dma.attrs != 0) out.raw("attrs", attributes_text(event.dma.attrs));
  out.number("offset", event.range.offset);
  if (event.kind == EventKind::kFd) out.number("fd", event.range.length);
  else if (event.kind == EventKind::kLost) out.raw("count", std::to_string(event.range.length));
  else out.number("length", event.range.length);
  out.number("nents", event.dma.nents).number("orig_nents", event.dma.orig_nents);
  if (event.kind == EventKind::kFence) out.word("usage", kUsages[event.ret == 1 ? 1 : 0]);
  else if (event.ret != 0 || event.phase == Phase::kReturn) out.raw("ret", std::to_string(event.ret));
  if (event.dma.mapping != kNoId) out.raw("mapping", std::to_string(event.dma.mapping));
  if (converts && event.dma.mapping != kNoId) {
    if (event.kind == EventKind::kDmaMap) mappings.insert(event.dma.mapping);
    else if (!mappings.contains(event.dma.mapping)) out.raw("mapping_seen", "false");
    if (event.kind == EventKind::kDmaUnmap) mappings.erase(event.dma.mapping);
  }
  if (event.in != kNoId) out.raw("in", std::to_string(event.in));
  out.word("addresses", kAddressEvidence[static_cast<std::size_t>(event.dma.addresses)]);
  if (event.by != AttributedBy::kNamed) out.word("by", kAttributions[static_cast<std::size_t>(event.by)]);
}

/// A DMA call and what it did. Its `call` is text, so that it is none of the numbers that calls of the core have.
void EventLogWriter::State::write_dma(Object out, const Event& event, const Directory& directory) {
  const Maintenance& did = event.maintenance;
  out.flag("helper_ran", did.helper_ran).flag("by_name", converts && did.by_name);
  const bool operates = did.known && did.kind != model::Operation::kNone;
  if (!operates) {
    if (did.known != header.observes_cache_ops || (converts && did.stated_none))
      out.word("maintenance", kMaintenances[did.known ? 0 : 1]);
    return line(out);
  }
  const std::string call = "\"dma-" + std::to_string(dma_calls++) + "\"";
  line(out.raw("call", call));
  Object operation = begin_line(event, did.line, directory);
  operation.word("event", kCacheEvents[static_cast<std::size_t>(did.kind)]).raw("in", call);
  const bool nowhere = did.offset == Maintenance::kNowhere;
  if (!converts) operation.number("offset", nowhere ? event.range.offset : did.offset);
  else if (!nowhere) operation.raw("offset", std::to_string(did.offset));
  operation.raw(nowhere && converts ? "bytes" : "length", std::to_string(did.bytes));
  line(operation);
}

EventLogWriter::EventLogWriter(std::function<void(std::string_view)> write, Purpose purpose)
    : state_(std::make_unique<State>()) {
  state_->converts = purpose == Purpose::kConversion;
  state_->write = std::move(write);
}

EventLogWriter::~EventLogWriter() = default;

void EventLogWriter::on_header(const Header& header, const Directory& directory) {
  state_->header = header;
  Object policies;
  for (const Header::Policy& policy : header.policies) {
    const std::string key = quoted(policy.name);
    policies.raw(std::string_view(key).substr(1, key.size() - 2), quoted(policy.value));
  }
  Object out;
  out.word("schema", kEventLogSchema).text("source", header.source).text("title", header.title);
  out.text("arch", header.arch).number("cpu_line", header.cpu_line).text("contract", header.contract);
  if (!header.policies.empty()) out.raw("policies", policies.braces());
  if (header.exact_accesses) out.word("accesses", "exact");
  if (header.trust_mappings) out.word("trust", "mappings");
  for (std::uint32_t id = 0; id < directory.devices.size(); ++id) state_->meet_device(id);
  out.raw("devices", devices_text(state_->devices, directory));
  std::string observes;
  for (const auto& [word, is] :
       {std::pair{"dma_api", header.observes_dma_api}, std::pair{"cache_ops", header.observes_cache_ops},
        std::pair{"dma_tracepoints", header.traced_dma}})
    if (is) observes.append(observes.empty() ? "" : ",").append(quoted(word));
  out.raw("observes", "[" + observes + "]");
  if (!state_->converts) return state_->line(out);
  const std::string known = out.flag("by_probes", header.by_probes).braces();
  state_->write(known.substr(0, known.size() - 1) + expectations_text(header, directory) + "}\n");
}

void EventLogWriter::on_event(const Event& event, const Directory& directory) {
  Object out = state_->begin_line(event, event.at.line, directory);
  state_->add_objects(out, event, directory);
  if (!is_dma_call(event.kind) && event.call != kNoId) out.raw("call", std::to_string(event.call));
  state_->add_values(out, event);
  if (is_dma_call(event.kind)) return state_->write_dma(std::move(out), event, directory);
  if (event.kind == EventKind::kCacheOperation) {
    const Maintenance& did = event.maintenance;
    const bool named = event.buffer < directory.buffers.size();
    const std::uint64_t whole = named ? directory.buffers[event.buffer].size : 0;
    const bool nowhere = state_->converts && did.offset == Maintenance::kNowhere;
    if (nowhere || did.bytes != (event.range.length != 0 ? event.range.length : whole))
      out.raw("bytes", std::to_string(did.bytes));
    out.flag("helper_ran", did.helper_ran).flag("by_name", state_->converts && did.by_name);
  }
  state_->line(out);
}

void EventLogWriter::on_gap(const Gap& gap, const Directory& directory) {
  if (!state_->converts) return;
  Object out;
  out.word("event", "gap").word("gap", kGaps[static_cast<std::size_t>(gap.kind)]);
  if (gap.event != EventKind::kLost) out.word("of", name(gap.event));
  if (gap.buffer < directory.buffers.size()) state_->add_buffer(out, gap.buffer, false, directory);
  state_->add_task(out, gap.task, directory);
  state_->line(out);
}

void EventLogWriter::end(const ReadStatistics& statistics) { state_->write(end_text(statistics)); }

}  // namespace custody::traces::formats::event_log
