// SPDX-License-Identifier: BSD-2-Clause
// Traces of Perfetto made from messages, and read into memory.
#pragma once

#include <string>
#include <string_view>

#include "tests/traces/interrupted_read.hpp"
#include "traces/formats/perfetto/packet.pb.h"
#include "traces/formats/perfetto/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

namespace proto = formats::perfetto::proto;

/// Of the bytes of a trace.
struct PerfettoRead : InterruptedRead {
  explicit PerfettoRead(std::string_view bytes, bool is_text = false)
      : InterruptedRead([&](EventSink& sink, ReadStatistics& counts) {
          input::Lines lines = input::Lines::of_text(bytes);
          if (is_text) formats::perfetto::read_perfetto_text(lines, "a", sink, counts);
          else formats::perfetto::read_perfetto(lines, "a", sink, counts);
        }) {}
};

inline constexpr std::uint64_t kBuffer = 0xffffff8001ae6400, kAttachment = 0xffffff8004328c00;

/// Events of one processor, as messages.
class Bundle {
 public:
  explicit Bundle(std::uint32_t cpu = 0) { message().set_cpu(cpu); }
  [[nodiscard]] proto::FtraceEventBundle& message() { return *packet_.mutable_ftrace_events(); }
  [[nodiscard]] proto::TracePacket& packet() { return packet_; }
  proto::GenericFtraceEvent& add(std::uint64_t ts, const std::string& name) {
    proto::FtraceEvent& event = *message().add_event();
    event.set_timestamp(ts);
    event.set_pid(7);
    event.mutable_generic()->set_event_name(name);
    return with(*event.mutable_generic(), "__probe_ip", 0xffffffc008000000);
  }
  static proto::GenericFtraceEvent& with(proto::GenericFtraceEvent& event, const std::string& name,
                                         std::uint64_t value) {
    auto& field = *event.add_field();
    field.set_name(name);
    field.set_uint_value(value);
    return event;
  }
  static proto::GenericFtraceEvent& with_text(proto::GenericFtraceEvent& event, const std::string& name,
                                              const std::string& value) {
    auto& field = *event.add_field();
    field.set_name(name);
    field.set_str_value(value);
    return event;
  }
  Bundle& exports(std::uint64_t ts, std::uint64_t pointer = kBuffer) {
    with_text(with(with(add(ts, "export"), "dmabuf", pointer), "size", 4096), "exp_name", "system");
    return *this;
  }
  Bundle& releases(std::uint64_t ts, std::uint64_t pointer = kBuffer) {
    with(add(ts, "release"), "dmabuf", pointer);
    return *this;
  }

 private:
  proto::TracePacket packet_;
};

/// The bytes of a trace with these packets.
template <typename... Packets>
std::string trace_of(Packets&... bundles) {
  proto::Trace trace;
  (trace.add_packet()->CopyFrom(bundles.packet()), ...);
  return trace.SerializeAsString();
}

}  // namespace custody::traces::test
