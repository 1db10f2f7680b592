// SPDX-License-Identifier: BSD-2-Clause
// What the records of an event log mean.
#include "traces/formats/event_log/session.hpp"

#include <utility>

#include "traces/formats/event_log/words.hpp"
#include "traces/quoting.hpp"

namespace custody::traces::formats::event_log {
namespace {

using Kinds = std::unordered_map<std::string_view, EventKind>;

Kinds make_kinds() {
  Kinds kinds;
  for (unsigned i = 0; i < kEventKinds; ++i) kinds.emplace(name(static_cast<EventKind>(i)), static_cast<EventKind>(i));
  kinds.erase(name(EventKind::kCacheOperation));  // a log spells the operation
  return kinds;
}

constexpr std::string_view kGapEvent = "gap";

std::optional<EventKind> find_kind(std::string_view word) {
  static const Kinds kinds = make_kinds();
  const auto found = kinds.find(word);
  return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

/// Two words of the record that cannot both be true; empty where there are none.
std::string contradiction(const Identities& ids, EventKind kind, const Record& record) {
  const bool makes_it = kind == EventKind::kAttach || kind == EventKind::kExport;
  if (makes_it || !record.has(Key::kBuffer) || !record.has(Key::kAttachment)) return {};
  const std::string& buffer = record.text(Key::kBuffer);
  const std::string& attachment = record.text(Key::kAttachment);
  if (!ids.is_of_another(attachment, buffer)) return {};
  return "the attachment " + shown(attachment) + " is not one of buffer " + shown(buffer);
}

}  // namespace

Identities::Task task_of(const Record& record) {
  return {record.has(Key::kTask) ? record.text(Key::kTask) : std::string(),
          record.has(Key::kTid) ? record.integer(Key::kTid) : -1,
          record.has(Key::kComm) ? record.text(Key::kComm) : std::string()};
}

Session::Session(EventSink& sink, ReadStatistics& statistics)
    : sink_(sink), statistics_(statistics), queue_([this](const Event& event, const Learned* learned) {
        if (learned != nullptr) knowledge_.deliver(*learned);
        ++statistics_.events;
        sink_.on_event(event, ids_.directory());
      }) {}

void Session::header(Header header, const std::vector<DeviceInfo>& devices, const std::vector<std::string>& expected) {
  queue_.close_all();
  header_ = std::move(header);
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!expected[i].empty()) header_.expectations[i].buffer = ids_.announce_buffer(expected[i]);
  for (const DeviceInfo& device : devices) ids_.directory().devices[ids_.device(device.name)] = device;
  sink_.on_header(header_, ids_.directory());
}

bool Session::is_open(const std::string& call) {
  return queue_.waiting(call) != nullptr || calls_.find(call) != nullptr;
}

void Session::set_objects(Event& event, const Record& record, const Call* returns) {
  // What the entry of a call made is not made again by its return.
  const bool keeps_buffer = returns != nullptr && (event.kind == EventKind::kExport || !record.has(Key::kBuffer));
  const bool keeps_attachment = returns != nullptr && (returns->made_attachment || !record.has(Key::kAttachment));
  if (keeps_buffer) {
    event.buffer = returns->enter.buffer;
  } else if (record.has(Key::kBuffer)) {
    const std::string& buffer = record.text(Key::kBuffer);
    event.buffer = event.kind == EventKind::kExport ? ids_.export_buffer(buffer) : ids_.buffer(buffer);
  }
  if (record.has(Key::kDevice)) event.device = ids_.device(record.text(Key::kDevice));
  else if (returns != nullptr) event.device = returns->enter.device;
  if (keeps_attachment) {
    event.attachment = returns->enter.attachment;
  } else if (record.has(Key::kAttachment) && event.buffer != kNoId) {
    const std::string& attachment = record.text(Key::kAttachment);
    event.attachment = event.kind == EventKind::kAttach ? ids_.attach(attachment, event.buffer, event.device)
                                                        : ids_.attachment(attachment, event.buffer, event.device);
    if (event.device == kNoId) event.device = ids_.directory().attachments[event.attachment].device;
  }
  if (returns == nullptr && record.has(Key::kIn) && !is_open(record.text(Key::kIn))) miss(event);
  if (record.has(Key::kMapping) && is_dma_call(event.kind)) {
    // No warning: a fault of the driver can look like this, and what is delivered is as it was written.
    const bool said_unseen = record.has(Key::kMappingSeen) && record.number(Key::kMappingSeen) == 0;
    if (event.kind != EventKind::kDmaMap && !said_unseen && !ids_.knows_mapping(record.text(Key::kMapping)))
      miss(event);
    event.dma.mapping = ids_.mapping(record.text(Key::kMapping));
    if (event.kind == EventKind::kDmaUnmap) ids_.unmap(record.text(Key::kMapping));
  }
}

void Session::end_objects(const Event& event, const Record& record) {
  if (event.kind == EventKind::kTaskExit) ids_.exit_task(task_of(record));
  if (event.phase == Phase::kEnter) return;
  if (event.kind == EventKind::kRelease || (event.kind == EventKind::kExport && !event.ok()))
    ids_.release_buffer(event.buffer);
  const bool no_attach = event.kind == EventKind::kAttach && !event.ok();
  if ((event.kind == EventKind::kDetach || no_attach) && event.attachment != kNoId) ids_.detach(event.attachment);
}

bool happens_once(const Record& record) {
  if (!record.has(Key::kTs) || !record.has(Key::kEvent)) return false;
  const auto kind = find_kind(record.text(Key::kEvent));
  return record.has(Key::kCall) ||
         (kind && (*kind <= EventKind::kMoveNotify || *kind == EventKind::kDmaMap || *kind == EventKind::kDmaUnmap));
}

bool Session::refuse_if_moved(const Record& held, std::uint64_t line, const Record& next) {
  if (!Clocks::has_own_time(held) || !Clocks::has_own_time(next)) return false;
  if (held.integer(Key::kTs) <= next.integer(Key::kTs)) return false;
  const std::uint32_t task = ids_.task(task_of(next));
  if (task == kNoId || task != ids_.task(task_of(held)) || !clocks_.is_moved(held, next, task)) return false;
  malformed(line, "a record that does not stand where its time is; not read");
  clocks_.miss(held);
  return true;
}

void Session::record(const Record& record, std::uint64_t line) {
  if (!record.has(Key::kEvent)) return malformed(line, "a line without `event`");
  const std::string& word = record.text(Key::kEvent);
  if (word == kGapEvent) return take_gap(record, line);
  const auto operation = find_word(kCacheEvents, word);
  const auto kind = operation ? EventKind::kCacheOperation : find_kind(word);
  if (!kind) {
    ++statistics_.unknown_events;
    return warn(line, "unknown event " + shown(word));
  }
  ++statistics_.known_events;
  Event event;
  event.kind = *kind;
  event.at.line = record.has(Key::kLine) ? record.number(Key::kLine) : line;
  event.task = ids_.task(task_of(record));
  if (clocks_.passes_missing(record)) {
    queue_.close_all();
    sink_.on_gap({}, ids_.directory());
  }
  if (clocks_.take(record, event.task))
    return malformed(line, "a record that is older than the one before it of its task");
  const bool in_call = record.has(Key::kIn) && queue_.waiting(record.text(Key::kIn)) != nullptr;
  if (!in_call) queue_.close_records_of(event.task);
  std::string wrong = set_words(event, record);
  if (wrong.empty()) wrong = contradiction(ids_, event.kind, record);
  if (!wrong.empty()) return malformed(line, wrong);
  if (in_call) event.in = queue_.waiting(record.text(Key::kIn))->in;
  else if (const Call* const around = record.has(Key::kIn) ? calls_.find(record.text(Key::kIn)) : nullptr)
    event.in = around->id;
  set_numbers(event, record);
  if (operation) return add_cache(event, record, static_cast<model::Operation>(*operation));
  if (is_dma_call(event.kind)) return add_dma(event, record);
  add_other(event, record);
}

std::unique_ptr<Learned> learn(Identities& ids, Knowledge& knowledge, const Event& event, const Record& record) {
  if (event.buffer == kNoId) return {};
  if (record.has(Key::kBufferName)) ids.keep_name_of_buffer(event.buffer);
  if (event.attachment != kNoId && record.has(Key::kAttachmentName)) ids.keep_name_of_attachment(event.attachment);
  return knowledge.learn(event, record);
}

void Session::add_cache(Event event, const Record& record, model::Operation kind) {
  const std::string in = record.has(Key::kIn) ? record.text(Key::kIn) : std::string();
  if (const Event* const call = in.empty() ? nullptr : queue_.waiting(in)) {
    std::uint64_t bytes = call->range.length;
    if (bytes == 0 && call->buffer != kNoId) bytes = knowledge_.size_of(call->buffer);
    if (record.has(Key::kLength)) bytes = record.number(Key::kLength);
    if (record.has(Key::kBytes)) bytes = record.number(Key::kBytes);
    const bool placed = record.has(Key::kOffset) || !record.has(Key::kBytes);
    queue_.merge(in, kind, {record.has(Key::kOffset) ? event.range.offset : call->range.offset, bytes, placed},
                 event.at.line);
    return;
  }
  const Call* const around = in.empty() ? nullptr : calls_.find(in);
  if (around != nullptr && around->unattributed) return;  // a part of what was counted
  if (!in.empty() && around == nullptr) {
    warn(event.at.line, "cache operation of a call " + shown(in) + " that is not open, taken as one outside any call");
    miss(event);
  }
  if (!record.has(Key::kBuffer)) {
    ++statistics_.unattributed;
    return;
  }
  set_objects(event, record, nullptr);
  auto learned = learn(ids_, knowledge_, event, record);
  Maintenance& did = event.maintenance;
  did = {true,
         kind,
         record.number(Key::kHelperRan) != 0,
         record.number(Key::kByName) != 0,
         false,
         event.range.length,
         event.at.line};
  if (did.bytes == 0) did.bytes = knowledge_.size_of(event.buffer);
  if (record.has(Key::kBytes)) did.bytes = record.number(Key::kBytes);
  if (record.has(Key::kOffset) || !record.has(Key::kBytes)) did.offset = event.range.offset;
  queue_.add(event, std::move(learned));
}

void Session::add_dma(Event event, const Record& record) {
  const std::string call = record.has(Key::kCall) ? record.text(Key::kCall) : std::string();
  const Phase phase = std::exchange(event.phase, Phase::kWhole);
  if (phase == Phase::kReturn) return end_dma(event, record, call);
  if (const std::string lacks = missing(event, record); !lacks.empty()) return malformed(event.at.line, lacks);
  set_objects(event, record, nullptr);
  if (event.buffer == kNoId) {
    ++statistics_.unattributed;
    Call nobodys;
    nobodys.unattributed = true;
    free_name(call);
    if (!call.empty()) calls_.add(call, nobodys);
    return;
  }
  auto learned = learn(ids_, knowledge_, event, record);
  if (call.empty()) return queue_.add(event, std::move(learned));
  free_name(call);
  queue_.add_call(event, std::move(learned), call, phase == Phase::kEnter);
}

void Session::end_dma(const Event& event, const Record& record, const std::string& call) {
  Event* const waiting = queue_.waiting(call);
  if (waiting == nullptr) {
    const Call* const known = calls_.find(call);
    if (known == nullptr || !known->unattributed)
      malformed(event.at.line, "the return of a `" + std::string(name(event.kind)) +
                                   "` whose entry is not in the log, or " + std::to_string(Queue::kMostWaiting) +
                                   " events back");
    return calls_.erase(call);
  }
  if (record.has(Key::kRet)) waiting->ret = event.ret;
  if (record.has(Key::kNents)) waiting->dma.nents = event.dma.nents;
  if (record.has(Key::kOrigNents)) waiting->dma.orig_nents = event.dma.orig_nents;
  if (record.has(Key::kMapping)) waiting->dma.mapping = ids_.mapping(record.text(Key::kMapping));
  if (record.has(Key::kHelperRan)) waiting->maintenance.helper_ran = event.maintenance.helper_ran;
  queue_.close(call);
}

void Session::take_return(Event& event, const Record& record, const Call& call) const {
  const Event& enter = call.enter;
  event.call = call.id;
  if (!record.has(Key::kDir)) event.dir = enter.dir;
  if (!record.has(Key::kOffset)) event.range.offset = enter.range.offset;
  if (!record.has(Key::kLength)) event.range.length = enter.range.length;
  if (!record.has(Key::kAttrs)) event.dma.attrs = enter.dma.attrs;
  event.in = enter.in;
  if (!record.has(Key::kBy)) event.by = enter.by;
  if (!record.has(Key::kTid) && !record.has(Key::kComm)) event.task = enter.task;
}

void Session::add_other(Event event, const Record& record) {
  const std::string call = record.has(Key::kCall) ? record.text(Key::kCall) : std::string();
  const Call* const found = event.phase == Phase::kReturn && !call.empty() ? calls_.find(call) : nullptr;
  if (found != nullptr && found->enter.kind == event.kind) {
    if (event.kind != EventKind::kExport && record.has(Key::kBuffer) &&
        !ids_.is_buffer(record.text(Key::kBuffer), found->enter.buffer))
      return malformed(event.at.line,
                       "the return of a call of another buffer than " + shown(record.text(Key::kBuffer)));
    set_objects(event, record, found);
    take_return(event, record, *found);
    calls_.erase(call);
  } else {
    if (const std::string lacks = missing(event, record); !lacks.empty()) return malformed(event.at.line, lacks);
    set_objects(event, record, nullptr);
    // Whoever converted records of probes has said of each call what the records show. Before this one takes its name.
    if (!header_.by_probes) {
      const LastCalls::Call open = last_calls_.take_left_open_at(event);
      if (!open.name.empty()) close(open, event);
    }
    if (!call.empty() && event.phase != Phase::kReturn) free_name(call);
    if (!call.empty()) event.call = next_call_++;
    if (next_call_ == kNoId) next_call_ = 0;
    const bool made_attachment = event.kind == EventKind::kAttach && event.attachment != kNoId;
    if (!call.empty() && event.phase != Phase::kReturn) calls_.add(call, {event.call, event, made_attachment, false});
  }
  last_calls_.note(event, call);
  queue_.add(event, learn(ids_, knowledge_, event, record));
  end_objects(event, record);
}

}  // namespace custody::traces::formats::event_log
