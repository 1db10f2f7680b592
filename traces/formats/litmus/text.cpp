// SPDX-License-Identifier: BSD-2-Clause
// The text of single litmus lines.
#include "traces/formats/litmus/text.hpp"

#include <algorithm>
#include <string_view>

#include "model/escape.hpp"
#include "traces/errno_words.hpp"
#include "traces/formats/litmus/tokens.hpp"
#include "traces/formats/litmus/words.hpp"

namespace custody::traces::formats::litmus {
namespace {

const Verb* find_verb(EventKind kind, model::Operation operation) {
  const auto* const found = std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const Verb& v) {
    return v.kind == kind && (kind != EventKind::kCacheOperation || v.operation == operation);
  });
  return found == std::end(kVerbs) ? nullptr : found;
}

std::string direction_text(model::Direction direction) {
  for (const DirectionWord& word : kDirections)
    if (word.direction == direction) return std::string(word.word);
  return "NONE";
}

std::string range_text(std::uint64_t offset, std::uint64_t length) {
  return length == 0 ? "" : " " + size_text(offset) + "+" + size_text(length);
}

std::string result_text(std::int32_t ret) {
  if (ret >= 0 || ret < -kMaxErrno) return "";
  const std::string_view known = errno_name(-ret);
  return " = " + (known.empty() ? std::to_string(ret) : "-" + std::string(known));
}

std::string attributes_text(std::uint64_t attrs) {
  std::string out = (attrs & kAttrSkipCpuSync) != 0 ? " skip" : "";
  const std::uint64_t others = attrs & ~kAttrSkipCpuSync;
  if (others == 0) return out;
  std::string digits;
  for (std::uint64_t left = others; left != 0; left /= 16) digits += "0123456789abcdef"[left % 16];
  return out + " attrs 0x" + std::string(digits.rbegin(), digits.rend());
}

std::string nents_text(const Event& event) {
  const bool maps = event.kind == EventKind::kDmaMap;
  if (event.dma.nents == 0 && (!maps || event.dma.orig_nents == 0)) return "";
  if (!maps || event.dma.nents == event.dma.orig_nents) return " nents " + std::to_string(event.dma.nents);
  return " nents " + std::to_string(event.dma.orig_nents) + "->" + std::to_string(event.dma.nents);
}

std::string export_text(const BufferInfo& info) {
  std::string out = " " + size_text(info.size);
  std::string exporter = info.exporter.empty() ? std::string(kUnknownExporter) : info.exporter;
  for (char& c : exporter)
    if (!is_name(std::string_view(&c, 1)) && c != '-') c = '_';
  if (exporter.front() == '-') exporter.front() = '_';
  if (exporter == "cached" || exporter == "wc" || exporter == "coherent" || is_reserved(exporter)) exporter += '_';
  if (exporter != kDefaultExporter) out += " " + exporter;
  switch (info.memory) {
    case MemoryKind::kUnsaid: break;
    case MemoryKind::kCached: return out + " cached";
    case MemoryKind::kWriteCombined: return out + " wc";
    case MemoryKind::kCoherent: return out + " coherent";
  }
  return out;
}

bool wants_device(Shape shape) {
  return shape == Shape::kAttach || shape == Shape::kAttachmentCall || shape == Shape::kMap || shape == Shape::kFence ||
         shape == Shape::kDeviceEvent || shape == Shape::kDeviceAccess || shape == Shape::kBounce ||
         shape == Shape::kDma;
}

/// Bytes that an operation without a range covers.
std::uint64_t default_bytes(const Event& event, const Directory& directory) {
  if (event.range.length != 0 || event.buffer == kNoId) return event.range.length;
  return directory.buffers[event.buffer].size;
}

std::string one_line(const std::string& text) { return std::string(trimmed(model::plain_line(text, ' '))); }

std::string flags_text(const DeviceInfo& device) {
  std::string out;
  if (!device.coherent) out += " coherence_unknown";
  if (device.coherent.value_or(false)) out += device.allocates ? " coherent allocates" : " coherent";
  if (device.bounced) out += " bounced";
  if (device.reads_only) out += " reads_only";
  if (device.line != 0) out += " line " + std::to_string(device.line);
  return out;
}

}  // namespace

std::string statement_text(const Event& event, const Directory& directory, const Spelling& names, bool inherits,
                           std::int32_t ret) {
  const Verb* const verb = find_verb(event.kind, event.maintenance.kind);
  if (verb == nullptr || verb->shape == Shape::kCacheNone) return {};
  std::string out(verb->word);
  if (verb->shape == Shape::kLost) return event.range.length == 0 ? "" : out + " " + std::to_string(event.range.length);
  if (verb->shape == Shape::kExit) return event.task == kNoId ? "" : out + " " + names.tasks[event.task];
  if (event.buffer == kNoId || (wants_device(verb->shape) && event.device == kNoId)) return {};
  if (event.kind == EventKind::kExport)
    return event.ok() ? out + " " + names.buffers[event.buffer] + export_text(directory.buffers[event.buffer]) : "";
  const bool can_inherit = verb->shape == Shape::kDma || verb->shape == Shape::kCache || verb->shape == Shape::kAlias ||
                           verb->shape == Shape::kBounce;
  if (!can_inherit || !inherits || event.by != AttributedBy::kNesting) out += " " + names.buffers[event.buffer];
  const bool has_alias = event.attachment != kNoId && !names.aliases[event.attachment].empty();
  if (event.kind == EventKind::kAttach) {
    out += " " + names.devices[event.device];
    if (has_alias) out += " as " + names.aliases[event.attachment];
  } else if (wants_device(verb->shape)) {
    out += " " + (has_alias ? names.aliases[event.attachment] : names.devices[event.device]);
  }
  if (verb->shape == Shape::kMap || verb->shape == Shape::kWindow || verb->shape == Shape::kDma)
    out += " " + direction_text(event.dir);
  if (verb->shape == Shape::kDma) out += attributes_text(event.dma.attrs);
  if (event.kind == EventKind::kFd && event.range.length != 0) out += " " + std::to_string(event.range.length);
  if (event.kind == EventKind::kFence) out += event.ret == 1 ? " write" : " read";
  if (verb->shape == Shape::kWindow || verb->shape == Shape::kCpuAccess || verb->shape == Shape::kDeviceAccess ||
      can_inherit)
    out += range_text(event.range.offset, event.range.length);
  if (verb->shape == Shape::kDma) out += nents_text(event);
  return verb->fails ? out + result_text(ret) : out;
}

std::vector<std::string> maintenance_text(const Event& event, const Directory& directory) {
  const Maintenance& did = event.maintenance;
  std::vector<std::string> out;
  if (!did.known) return out;
  if (did.helper_ran) out.emplace_back("cache_none helper");
  if (did.kind == model::Operation::kNone) {
    if (out.empty()) out.emplace_back("cache_none");
    return out;
  }
  std::string text(find_verb(EventKind::kCacheOperation, did.kind)->word);
  const std::uint64_t offset = did.offset != Maintenance::kNowhere ? did.offset : event.range.offset;
  if (did.bytes != default_bytes(event, directory) || offset != event.range.offset)
    text += range_text(offset, did.bytes);
  out.push_back(std::move(text));
  return out;
}

std::string header_text(const Header& header, const Directory& directory, const Spelling& names) {
  std::string title = one_line(header.title);
  if (title.empty()) title = header.source.empty() ? "a trace" : "a trace recorded by " + one_line(header.source);
  std::string out = "custody litmus: " + title + "\n";
  if (is_name(header.arch)) out += "arch " + header.arch + "\n";
  if (header.cpu_line != 0) out += "cpu_line " + std::to_string(header.cpu_line) + "\n";
  if (is_name(header.contract)) out += "contract " + header.contract + "\n";
  for (const Header::Policy& policy : header.policies)
    if (is_name(policy.name) && is_name(policy.value)) out += "policy " + policy.name + " " + policy.value + "\n";
  if (header.trust_mappings) out += "trust mappings\n";
  if (header.exact_accesses) out += "accesses exact\n";
  if (header.by_probes) out += "by_probes\n";
  for (std::size_t i = 0; i < directory.devices.size(); ++i)
    out += "device " + names.devices[i] + flags_text(directory.devices[i]) + "\n";
  for (const std::string& buffer : names.older) out += "older " + buffer + "\n";
  for (const std::string& pending : header.pending) out += "# pending " + one_line(pending) + "\n";
  return out;
}

}  // namespace custody::traces::formats::litmus
