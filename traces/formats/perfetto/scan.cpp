// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/scan.hpp"

#include <algorithm>
#include <utility>

#include "traces/formats/perfetto/packet.pb.h"

namespace custody::traces::formats::perfetto {

namespace {

using Is = EventPlan::Is;

std::int64_t time_of(std::uint64_t ts) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(ts, std::numeric_limits<std::int64_t>::max()));
}

/// A damaged tag makes another event of a record, which is passed over; one that names our fields is no other.
bool is_probe_misnumbered(std::string_view record) {
  constexpr char kFirstIsText = '\x0a';
  Shape shape;
  return !record.empty() && record.front() == kFirstIsText && read_shape(record, shape) &&
         (shape.by_probe || shape.has_pointer);
}

}  // namespace

void Scan::damaged(const std::string& what) {
  ++statistics_.malformed;
  statistics_.warn(0, "packet " + std::to_string(packet_) + ": " + what);
}

void Scan::take(const Packet& packet) {
  packet_ = packet.number;
  take_packet(packet.bytes, false);
}

void Scan::Envelope::take(const WireField& field) {
  using Said = proto::TracePacket;
  ++contents;
  switch (field.id) {
    case Said::kFtraceEventsFieldNumber: bundle = field.bytes, has_bundle = true; return;
    case Said::kProcessTreeFieldNumber: tree = field.bytes; return;
    case Said::kFtraceStatsFieldNumber: counts = field.bytes; return;
    case Said::kZstdCompressedPacketsFieldNumber: is_zstd = true; [[fallthrough]];
    case Said::kCompressedPacketsFieldNumber: compressed = field.bytes, has_compressed = true; return;
    default: --contents;
  }
  switch (field.id) {
    case Said::kTrustedPacketSequenceIdFieldNumber: writer = static_cast<std::uint32_t>(field.number); break;
    case Said::kPreviousPacketDroppedFieldNumber: is_behind_loss = field.number != 0; break;
    case Said::kFirstPacketOnSequenceFieldNumber: is_first = field.number != 0; break;
    case Said::kMachineIdFieldNumber: machine = static_cast<std::uint32_t>(field.number); break;
    default: break;
  }
}

void Scan::take_packet(std::string_view bytes, bool is_inner) {
  Envelope envelope;
  Wire wire(bytes);
  WireField field;
  while (wire.next(field)) envelope.take(field);
  if (wire.is_damaged() || envelope.contents > 1) {
    recording_.lose_everywhere();
    return damaged("it cannot be read; its records are taken as lost");
  }
  if (envelope.has_compressed && is_inner) {
    recording_.lose_everywhere();
    return damaged("it is compressed inside compressed packets; not read");
  }
  if (envelope.has_compressed) take_compressed(envelope);
  if (envelope.has_bundle) take_bundle(envelope);
  if (!envelope.tree.empty() && envelope.machine == 0) take_tree(envelope.tree);
  if (!envelope.counts.empty() && envelope.machine == 0) take_statistics(envelope.counts);
}

void Scan::take_compressed(const Envelope& envelope) {
  if (const std::string wrong = unpack(envelope.compressed, envelope.is_zstd, unpacked_); !wrong.empty()) {
    recording_.lose_everywhere();
    return damaged(wrong + "; its records are taken as lost");
  }
  Wire wire(unpacked_);
  WireField field;
  while (wire.next(field))
    if (field.id == proto::Trace::kPacketFieldNumber && field.is_bytes()) take_packet(field.bytes, true);
  if (!wire.is_damaged()) return;
  recording_.lose_everywhere();
  damaged("what it holds compressed cannot be read to its end; its records are taken as lost");
}

bool Scan::read_bundle(std::string_view bytes, Bundle& bundle) {
  using Said = proto::FtraceEventBundle;
  Wire wire(bytes);
  WireField field;
  while (wire.next(field)) {
    switch (field.id) {
      case Said::kCpuFieldNumber: bundle.cpu = static_cast<std::uint32_t>(field.number); break;
      case Said::kLostEventsFieldNumber: bundle.lost = field.number != 0; break;
      case Said::kCompactSchedFieldNumber: bundle.has_other = true; break;
      case Said::kErrorFieldNumber: bundle.has_error = true; break;
      case Said::kPreviousBundleEndTimestampFieldNumber: bundle.previous_end = field.number; break;
      case Said::kEventFieldNumber:
        if (!field.is_bytes()) return false;
        break;
      case Said::kGenericEventDescriptorsFieldNumber:
        if (!field.is_bytes()) return false;
        if (!plans_.describe(field.bytes)) damaged("the descriptor of an event cannot be read");
        break;
      default: break;
    }
  }
  return !wire.is_damaged();
}

/// Says where records are missing before the bundle, and in it.
void Scan::begin_bundle(const Bundle& bundle, Stream& stream) {
  found_.tells_losses = found_.tells_losses || bundle.lost;
  found_.tells_errors = found_.tells_errors || bundle.has_error;
  // What was recorded before the first bundle of a ring buffer is overwritten, and a bundle that is gone leaves a step.
  const bool has_step = bundle.previous_end != 0 &&
                        (!stream.has_begun || (!stream.had_other && time_of(bundle.previous_end) > stream.last_ts));
  if (bundle.lost || bundle.has_error || has_step) stream.owes_loss = true;
  stream.has_begun = true;
  stream.had_other = bundle.has_other;
  if (!stream.owes_loss || stream.is_blind) return;
  Recording::mark(stream, stream.last_ts, Entry::kBlind);
  stream.is_blind = true;
}

void Scan::take_bundle(const Envelope& envelope) {
  // A writer's first packet says so of what may have been before it.
  const bool is_new = writers_.insert(envelope.writer).second;
  if (envelope.is_behind_loss && !is_new && !envelope.is_first) recording_.lose_everywhere();
  if (envelope.machine != 0) {
    if (++found_.other_machines == 1)
      statistics_.warn(0, "packet " + std::to_string(packet_) + ": events of another machine, number " +
                              std::to_string(envelope.machine) + "; not read");
    return;
  }
  Bundle bundle;
  if (!read_bundle(envelope.bundle, bundle)) {
    recording_.lose_everywhere();
    return damaged("its events cannot be read; taken as lost");
  }
  Stream* const stream = recording_.stream(envelope.writer, bundle.cpu);
  if (stream == nullptr) {
    recording_.lose_everywhere();
    return damaged("processor " + std::to_string(bundle.cpu) + ", and there are too many others; not read");
  }
  begin_bundle(bundle, *stream);
  Wire wire(envelope.bundle);
  WireField field;
  while (wire.next(field))
    if (field.id == proto::FtraceEventBundle::kEventFieldNumber && field.is_bytes())
      take_event(field.bytes, bundle, *stream);
}

/// What the recorder could not read of a bundle may lie anywhere in it.
void Scan::pass_time(std::int64_t ts, const Bundle& bundle, Stream& stream) {
  if (stream.is_blind && !bundle.has_error) {
    Recording::mark(stream, ts, Entry::kLoss);
    stream.is_blind = stream.owes_loss = false;
  }
  stream.last_ts = std::max(stream.last_ts, ts);
}

std::uint32_t Scan::plan_of(const WireField& payload) {
  using Said = proto::FtraceEvent;
  if (payload.id >= EventPlans::kFirstDescribed) return plans_.of_described(payload.id);
  if (payload.id == Said::kGenericFieldNumber) {
    Shape shape;
    return read_shape(payload.bytes, shape) ? plans_.of_generic(shape) : plans_.of_described(payload.id);
  }
  if (payload.id != Said::kKprobeEventFieldNumber) {
    const std::uint32_t fence = plans_.of_fence(payload.id);
    return fence == EventPlans::kNone && is_probe_misnumbered(payload.bytes) ? plans_.of_described(payload.id) : fence;
  }
  Wire wire(payload.bytes);
  WireField field;
  std::string_view name;
  while (wire.next(field))
    if (field.id == proto::KprobeEvent::kNameFieldNumber && field.is_bytes()) name = field.bytes;
  return plans_.of_kprobe(name);
}

void Scan::Payload::take(const WireField& field) {
  using Said = proto::FtraceEvent;
  if (field.id == Said::kTimestampFieldNumber && field.is_number()) {
    record.ts = time_of(field.number);
    has_time = true;
  } else if (field.id == Said::kPidFieldNumber && field.is_number()) {
    record.pid = static_cast<std::int32_t>(field.number);
  } else if (field.id == Said::kLineFieldNumber) {
    record.line = field.number;
  } else if (field.is_bytes()) {
    message = field;
    ++messages;
  }
}

void Scan::take_event(std::string_view bytes, const Bundle& bundle, Stream& stream) {
  Payload payload;
  WireField field;
  Wire wire(bytes);
  while (wire.next(field)) payload.take(field);
  ++statistics_.lines;
  if (wire.is_damaged() || !payload.has_time || payload.messages > 1 || payload.record.pid < 0) {
    damaged("an event that cannot be read");
    return Recording::mark(stream, stream.last_ts, Entry::kUnread);
  }
  pass_time(payload.record.ts, bundle, stream);
  const std::uint32_t plan = payload.messages == 0 ? EventPlans::kNone : plan_of(payload.message);
  if (plan == EventPlans::kNone) {
    ++statistics_.passed_over.foreign;
    return;
  }
  payload.record.plan = plan;
  payload.record.fields = payload.message.bytes;
  keep(payload.record, stream);
}

void Scan::keep(const Record& record, Stream& stream) {
  const EventPlan& plan = plans_[record.plan];
  if (plan.is == Is::kForeign) {
    ++statistics_.passed_over.foreign;
    return;
  }
  if (plan.is == Is::kUnknown) {
    if (found_.first_other.empty()) found_.first_other = plan.event;
    // The first is kept, to be named.
    if (!plans_.note_first(record.plan)) {
      ++statistics_.unknown_events;
      return;
    }
  }
  if (plan.is == Is::kProbe) {
    found_.observed.note(*plan.probe);
    found_.probes.set(static_cast<std::size_t>(plan.probe->probe));
  }
  if (plan.is == Is::kTracepoint) found_.observed.note(plan.tracepoint);
  if (plan.is == Is::kNoArguments) {
    if (found_.without_arguments++ == 0) found_.first_without_arguments = plan.event;
  } else if (plan.is != Is::kUnknown) {
    ++found_.known;
  }
  recording_.add(stream, record);
}

void Scan::take_tree(std::string_view bytes) {
  constexpr std::size_t kLongestComm = 15;  // TASK_COMM_LEN without its zero
  proto::ProcessTree tree;
  if (!tree.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return damaged("the names of its processes cannot be read");
  for (const auto& process : tree.processes()) {
    if (process.cmdline_size() == 0) continue;
    const std::string& command = process.cmdline(0);
    recording_.comms.try_emplace(process.pid(), command.substr(command.rfind('/') + 1, kLongestComm));
  }
  for (const auto& thread : tree.threads())
    if (!thread.name().empty()) recording_.comms[thread.tid()] = thread.name();
}

void Scan::take_statistics(std::string_view bytes) {
  proto::FtraceStats said;
  if (!said.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return damaged("the recorder's counts of lost events cannot be read");
  Counters counters;
  for (const auto& cpu : said.cpu_stats()) {
    counters.overrun += cpu.overrun();
    counters.dropped += cpu.dropped_events() + cpu.commit_overrun();
  }
  counters.missed = static_cast<std::uint64_t>(std::max<std::int64_t>(said.kprobe_stats().misses(), 0));
  if (said.phase() == proto::FtraceStats::START_OF_TRACE && !std::exchange(has_start_, true)) at_start_ = counters;
  const auto since = [](std::uint64_t now, std::uint64_t then) { return now > then ? now - then : 0; };
  found_.overrun = since(counters.overrun, at_start_.overrun);
  found_.dropped = since(counters.dropped, at_start_.dropped);
  found_.missed = since(counters.missed, at_start_.missed);
  found_.had_errors = found_.had_errors || said.ftrace_parse_errors_size() != 0;
}

}  // namespace custody::traces::formats::perfetto
