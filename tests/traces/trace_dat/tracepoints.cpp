// SPDX-License-Identifier: BSD-2-Clause
#include "tests/traces/trace_dat/tracepoints.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tests/traces/trace_dat/output.hpp"
#include "traces/formats/ftrace/tracepoint_text.hpp"

namespace custody::traces::test {

using formats::ftrace::Head;
using formats::ftrace::Tracepoint;

namespace {

struct Field {
  std::string_view type, name;
};
/// TP_STRUCT__entry of include/trace/events/{dma,dma_buf,iommu}.h in Linux 6.18 and 7.0.
struct Event {
  std::string_view group;
  std::vector<std::string_view> names;
  std::vector<Field> fields;
};

constexpr Field kDevice{"__data_loc char[]", "device"}, kSize{"size_t", "size"}, kAttrs{"unsigned long", "attrs"},
    kDir{"enum dma_data_direction", "dir"}, kExpName{"__data_loc char[]", "exp_name"}, kIno{"ino_t", "ino"};

const std::vector<Event>& events() {
  static const std::vector<Event> kEvents = {
      {"dma", {"dma_map_phys"}, {kDevice, {"u64", "phys_addr"}, {"u64", "dma_addr"}, kSize, kDir, kAttrs}},
      {"dma", {"dma_unmap_phys"}, {kDevice, {"u64", "addr"}, kSize, kDir, kAttrs}},
      {"dma",
       {"dma_map_sg"},
       {kDevice,
        {"int", "full_nents"},
        {"int", "full_ents"},
        {"bool", "truncated"},
        {"__data_loc u64[]", "phys_addrs"},
        {"__data_loc u64[]", "dma_addrs"},
        {"__data_loc unsigned int[]", "lengths"},
        kDir,
        kAttrs}},
      {"dma", {"dma_unmap_sg"}, {kDevice, {"__data_loc u64[]", "addrs"}, kDir, kAttrs}},
      {"dma", {"dma_sync_single_for_cpu", "dma_sync_single_for_device"}, {kDevice, {"u64", "dma_addr"}, kSize, kDir}},
      {"dma",
       {"dma_sync_sg_for_cpu", "dma_sync_sg_for_device"},
       {kDevice, {"__data_loc u64[]", "dma_addrs"}, {"__data_loc unsigned int[]", "lengths"}, kDir}},
      {"dma_buf", {"dma_buf_export", "dma_buf_put", "dma_buf_mmap"}, {kExpName, kSize, kIno}},
      {"dma_buf", {"dma_buf_fd", "dma_buf_get"}, {kExpName, kSize, kIno, {"int", "fd"}}},
      {"dma_buf",
       {"dma_buf_dynamic_attach", "dma_buf_detach"},
       {{"__data_loc char[]", "dev_name"},
        kExpName,
        kSize,
        kIno,
        {"struct dma_buf_attachment *", "attach"},
        {"bool", "is_dynamic"}}},
      {"iommu", {"map"}, {{"u64", "iova"}, {"u64", "paddr"}, kSize}},
      {"iommu", {"unmap"}, {{"u64", "iova"}, kSize, {"size_t", "unmapped_size"}}},
  };
  return kEvents;
}

const Event& event_of(std::string_view name) {
  for (const Event& e : events())
    if (std::find(e.names.begin(), e.names.end(), name) != e.names.end()) return e;
  throw std::runtime_error("no format of tracepoint " + std::string(name));
}

bool is_away(const Field& f) { return f.type[0] == '_'; }

std::size_t size_of(const Field& f) {
  if (f.type == "bool") return 1;
  return is_away(f) || f.type == "int" || f.type[0] == 'e' ? 4 : 8;
}

std::size_t aligned(std::size_t at, const Field& f) { return (at + size_of(f) - 1) / size_of(f) * size_of(f); }

std::uint64_t number(std::string_view name, const Tracepoint& t) {
  if (name == "phys_addr") return t.phys_addrs.at(0);
  if (name == "dma_addr" || name == "addr") return t.dma_addrs.at(0);
  if (name == "size" && !t.sizes.empty()) return t.sizes[0];
  if (name == "size" && t.iova_end != 0) return t.iova_end - t.iova_begin;
  if (name == "size" || name == "unmapped_size") return t.size;
  if (name == "dir") return static_cast<std::uint64_t>(t.dir);
  if (name == "attrs") return t.attrs;
  if (name == "full_nents") return t.nents.all;
  if (name == "full_ents") return t.ents.all;
  if (name == "truncated") return t.truncated ? 1 : 0;
  if (name == "ino") return t.ino;
  if (name == "fd") return static_cast<std::uint64_t>(t.fd);
  if (name == "attach") return t.attachment;
  if (name == "is_dynamic") return t.is_dynamic ? 1 : 0;
  return name == "iova" ? t.iova_begin : t.paddr;
}

std::string away(const Field& f, const Tracepoint& t, bool big_endian) {
  Output o(big_endian);
  if (f.name == "device" || f.name == "dev_name") return o.string(t.device).bytes();
  if (f.name == "exp_name") return o.string(t.exp_name).bytes();
  if (f.name == "lengths") {
    for (const std::uint64_t n : t.sizes) o.put(static_cast<std::uint32_t>(n));
    return o.bytes();
  }
  for (const std::uint64_t n : f.name == "dma_addrs" ? t.dma_addrs : t.phys_addrs) o.put(n);
  return o.bytes();
}

}  // namespace

std::string_view tracepoint_group(const Head& head) {
  return formats::ftrace::recognise_tracepoint(head.group, head.event, head.rest).found ? event_of(head.event).group
                                                                                        : "";
}

std::string tracepoint_fields(std::string_view event) {
  std::string text;
  std::size_t at = 8;
  for (const Field& f : event_of(event).fields) {
    at = aligned(at, f);
    text += "\tfield:" + std::string(f.type) + " " + std::string(f.name) + ";\toffset:" + std::to_string(at) +
            ";\tsize:" + std::to_string(size_of(f)) + ";\tsigned:" + (f.type == "int" ? "1" : "0") + ";\n";
    at += size_of(f);
  }
  return text + "\nprint fmt: \"%s\", __print_symbolic(REC->dir, {0, \"BIDIRECTIONAL\"})\n";
}

std::string tracepoint_bytes(const Head& head, bool big_endian) {
  Tracepoint t;
  const auto name = formats::ftrace::recognise_tracepoint(head.group, head.event, head.rest);
  if (const auto missing = formats::ftrace::parse_tracepoint(name.kind, head.rest, t); !missing.empty())
    throw std::runtime_error("cannot read " + std::string(missing) + " of: " + std::string(head.rest));
  std::size_t end = 8;
  for (const Field& f : event_of(head.event).fields) end = aligned(end, f) + size_of(f);
  Output o(big_endian);
  o.put(std::uint64_t{0});  // in place of the common fields
  std::string strings;
  for (const Field& f : event_of(head.event).fields) {
    o.align(size_of(f));
    if (is_away(f)) {
      const std::string bytes = away(f, t, big_endian);
      o.put(static_cast<std::uint32_t>(bytes.size() << 16U | (end + strings.size())));
      strings += bytes;
    } else if (size_of(f) == 8) {
      o.put(number(f.name, t));
    } else if (size_of(f) == 4) {
      o.put(static_cast<std::uint32_t>(number(f.name, t)));
    } else {
      o.put(static_cast<std::uint8_t>(number(f.name, t)));
    }
  }
  return o.put(strings).bytes().substr(8);
}

}  // namespace custody::traces::test
