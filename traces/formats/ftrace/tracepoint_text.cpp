// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/ftrace/tracepoint_text.hpp"

#include <algorithm>

#include "traces/formats/ftrace/cleaning.hpp"
#include "traces/formats/ftrace/tracepoint_raw.hpp"
#include "traces/formats/ftrace/tracepoint_values.hpp"

namespace custody::traces::formats::ftrace {

namespace {

constexpr std::string_view kIommu = "IOMMU:";

bool parse_entries(std::string_view text, Tracepoint::Entries& out) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && parse_number(text.substr(0, slash), 10, out.shown) &&
         parse_number(text.substr(slash + 1), 10, out.all);
}

/// A field of the group dma. False: its value cannot be read. What is not known is passed over.
bool parse_dma_field(TracepointKind kind, std::string_view key, std::string_view value, Tracepoint& out) {
  std::uint64_t number = 0;
  const auto one = [&](std::vector<std::uint64_t>& array, int base) {
    array.clear();
    if (!parse_number(value, base, number)) return false;
    array.push_back(number);
    return true;
  };
  const bool fails = kind == TracepointKind::kMapSgError;
  if (key == "dir") return parse_direction(value, out.dir);
  if (key == "dma_addr") return one(out.dma_addrs, 16);
  if (key == "phys_addr") return one(out.phys_addrs, 16);
  if (key == "size") return one(out.sizes, 10);
  // The error's record prints physical addresses under the other name.
  if (key == "dma_addrs") return parse_array(value, 8, fails ? out.phys_addrs : out.dma_addrs);
  if (key == "phys_addrs") return parse_array(value, 8, out.phys_addrs);
  if (key == "sizes") return parse_array(value, 4, out.sizes);
  if (key == "attrs") return parse_attributes(value, out.attrs, out.unknown_attribute);
  if (key == "nents") return parse_entries(value, out.nents);
  if (key == "ents") return parse_entries(value, out.ents);
  if (key != "err") return true;
  std::int64_t err = 0;
  if (!parse_signed(value, err)) return false;
  out.err = static_cast<std::int32_t>(err);
  return true;
}

std::string_view parse_dma(TracepointKind kind, std::string_view rest, Tracepoint& out) {
  bool has_dir = false, has_attrs = !has_attributes(kind);
  std::size_t at = rest.find(" dir=");
  if (at == std::string_view::npos) return "dir";
  out.device = trimmed(rest.substr(0, at));
  while (at < rest.size()) {
    const std::string_view word = next_word(rest, at);
    if (word == "[TRUNCATED]") out.truncated = true;
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = word.substr(0, equals);
    if (!parse_dma_field(kind, key, trimmed(word.substr(equals + 1)), out)) return key;
    has_dir = has_dir || key == "dir";
    has_attrs = has_attrs || key == "attrs";
  }
  if (!has_dir) return "dir";
  out.truncated = out.truncated || out.nents.all > out.phys_addrs.size() || out.ents.all > out.dma_addrs.size();
  const std::string_view missing = missing_dma_field(kind, out);
  // Whether a call skipped its sync decides what happened.
  return missing.empty() && !has_attrs ? "attrs" : missing;
}

/// Cuts the last ` key=value` off the end of `text`; the value may hold anything that does not look like it.
bool cut(std::string_view& text, std::string_view key, std::string_view& value) {
  const std::size_t at = text.rfind(key);
  if (at == std::string_view::npos) return false;
  value = trimmed(text.substr(at + key.size()));
  text = text.substr(0, at);
  return true;
}

bool cut_number(std::string_view& text, std::string_view key, int base, std::uint64_t& number) {
  std::string_view value;
  return cut(text, key, value) && parse_number(value, base, number);
}

std::string_view parse_buffer(TracepointKind kind, std::string_view text, Tracepoint& out) {
  std::string_view value;
  std::uint64_t number = 0;
  if (kind == TracepointKind::kAttach || kind == TracepointKind::kDetach) {
    if (!cut(text, " dev_name=", out.device) || out.device.empty()) return "dev_name";
    if (!cut_number(text, " is_dynamic=", 10, number)) return "is_dynamic";
    out.is_dynamic = number != 0;
    // `(null)` and `(____ptrval____)` are no identity.
    if (!cut(text, " attachment:", value)) return "attachment";
    if (!parse_number(value, 16, out.attachment)) out.attachment = 0;
  }
  if ((kind == TracepointKind::kFd || kind == TracepointKind::kGet) &&
      (!cut(text, " fd=", value) || !parse_signed(value, out.fd)))
    return "fd";
  if (!cut_number(text, " ino=", 10, out.ino)) return "ino";
  if (!cut_number(text, " size=", 10, out.size)) return "size";
  text = trimmed(text);
  if (!take(text, "exp_name=")) return "exp_name";
  out.exp_name = text;
  return {};
}

std::string_view parse_fence(std::string_view text, Tracepoint& out) {
  if (!cut_number(text, " seqno=", 10, out.seqno)) return "seqno";
  if (!cut_number(text, " context=", 10, out.context)) return "context";
  if (!cut(text, " timeline=", out.timeline)) return "timeline";
  text = trimmed(text);
  if (!take(text, "driver=")) return "driver";
  out.driver = text;
  return {};
}

std::string_view parse_iommu(TracepointKind kind, std::string_view text, Tracepoint& out) {
  std::uint64_t size = 0;
  if (kind == TracepointKind::kIommuUnmap && !cut_number(text, " unmapped_size=", 10, size)) return "unmapped_size";
  if (!cut_number(text, " size=", 10, size)) return "size";
  if (kind == TracepointKind::kIommuMap && !cut_number(text, " paddr=", 16, out.paddr)) return "paddr";
  std::string_view range;
  if (!cut(text, " iova=", range)) return "iova";
  const std::size_t dash = range.find(" - ");
  if (!parse_number(range.substr(0, dash), 16, out.iova_begin)) return "iova";
  if (dash == std::string_view::npos) out.iova_end = out.iova_begin + size;
  else if (!parse_number(range.substr(dash + 3), 16, out.iova_end)) return "iova";
  return {};
}

/// Its first field has its name, which in the kernel's words stands without.
bool is_raw(TracepointKind kind, std::string_view rest) {
  constexpr std::string_view kOfGroup[] = {"device=", "dev_name=", "", "iova="};
  const std::string_view first = kOfGroup[static_cast<std::size_t>(group_of(kind))];
  return !first.empty() && starts_with(rest, first);
}

}  // namespace

std::string_view missing_dma_field(TracepointKind kind, const Tracepoint& t) {
  if (t.device.empty()) return "device";
  const bool by_memory = kind == TracepointKind::kUnmapSg || kind == TracepointKind::kMapSgError;
  if (!by_memory && t.dma_addrs.empty()) return "dma_addr";
  if (!by_memory && t.sizes.size() != t.dma_addrs.size()) return "size";
  const bool has_memory = by_memory || kind == TracepointKind::kMap || kind == TracepointKind::kMapSg;
  return has_memory && t.phys_addrs.empty() ? "phys_addr" : "";
}

TracepointName recognise_tracepoint(std::string_view group, std::string_view event, std::string_view rest) {
  rest = trimmed(rest);
  if (rest.substr(0, 1) == "(") return {};
  if (!group.empty()) return find_tracepoint(group, event);
  return find_tracepoint(starts_with(rest, kIommu) || starts_with(rest, "iova=") ? "iommu" : "", event);
}

std::string_view parse_tracepoint(TracepointKind kind, std::string_view rest, Tracepoint& out) {
  out.clear();
  out.kind = kind;
  rest = trimmed(rest);
  const bool raw = take(rest, kFailedToParse);
  if (has_no_fields(kind)) return {};
  if (raw || is_raw(kind, trimmed(rest))) return parse_raw_tracepoint(trimmed(rest), out);
  switch (group_of(kind)) {
    case RecordSource::kBufferTracepoints: return parse_buffer(kind, rest, out);
    case RecordSource::kFenceTracepoints: return parse_fence(rest, out);
    case RecordSource::kIommuTracepoints: return parse_iommu(kind, rest, out);
    case RecordSource::kDmaTracepoints: break;
  }
  return parse_dma(kind, rest, out);
}

std::string_view parse_odd_tracepoint(TracepointKind kind, std::string_view rest, std::string& text, Tracepoint& out) {
  const std::string_view unreadable = parse_tracepoint(kind, rest, out);
  const bool is_odd = !unreadable.empty() || needs_cleaning(out.device) || needs_cleaning(out.exp_name);
  if (!is_odd || !needs_cleaning(rest)) return unreadable;
  clean(rest, text);
  return parse_tracepoint(kind, text, out);
}

}  // namespace custody::traces::formats::ftrace
