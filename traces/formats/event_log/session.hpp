// SPDX-License-Identifier: BSD-2-Clause
// The state of reading one event log: what its records mean.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "traces/formats/event_log/clocks.hpp"
#include "traces/formats/event_log/identities.hpp"
#include "traces/formats/event_log/last_calls.hpp"
#include "traces/formats/event_log/learned.hpp"
#include "traces/formats/event_log/queue.hpp"
#include "traces/formats/event_log/record.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::event_log {

/// No event that such a record tells of happens twice in one instant.
[[nodiscard]] bool happens_once(const Record& record);

/// Who the record says that its task is.
[[nodiscard]] Identities::Task task_of(const Record& record);

/// What the record says of the buffer and the attachment of its event; null: nothing.
[[nodiscard]] std::unique_ptr<Learned> learn(Identities& ids, Knowledge& knowledge, const Event& event,
                                             const Record& record);

/// Turns records into events. One object reads one log.
class Session {
 public:
  Session(EventSink& sink, ReadStatistics& statistics);

  /// The header and its devices; again where the log says again what it observes.
  /// `expected` are the buffers that its expectations name, empty where one names none.
  void header(Header header, const std::vector<DeviceInfo>& devices, const std::vector<std::string>& expected);
  [[nodiscard]] const Header& header() const { return header_; }
  void record(const Record& record, std::uint64_t line);
  /// Where `next` shows that `held`, which is not recorded yet, does not stand where it was written, it is not read:
  /// there is a gap where it stands, and where it belongs.
  [[nodiscard]] bool refuse_if_moved(const Record& held, std::uint64_t line, const Record& next);
  void warn(std::uint64_t line, std::string message);
  void malformed(std::uint64_t line, const std::string& what);
  /// The last line has no end: nothing is missing between events.
  void cut_off(std::uint64_t line, const std::string& what);
  /// Warns of a key that is not known, once a name.
  void unknown_key(std::uint64_t line, const std::string& name);
  void finish() {
    queue_.close_all();
    sink_.on_end(ids_.directory());
  }

 private:
  /// A call of the core that has not returned.
  struct Call {
    std::uint32_t id = kNoId;
    Event enter;
    bool made_attachment = false;
    bool unattributed = false;  ///< a DMA call of no known buffer
  };

  [[nodiscard]] std::string set_words(Event& event, const Record& record) const;
  [[nodiscard]] std::string missing(const Event& event, const Record& record) const;
  void set_numbers(Event& event, const Record& record);
  [[nodiscard]] bool is_open(const std::string& call);
  void set_objects(Event& event, const Record& record, const Call* returns);
  void take_gap(const Record& record, std::uint64_t line);
  /// The call must have returned before `at`, but no record says so.
  void close(const LastCalls::Call& call, const Event& at);
  /// The name is given to another call.
  void free_name(const std::string& call);
  /// A record names what only a record that is not there can have made.
  void miss(const Event& event);
  void take_return(Event& event, const Record& record, const Call& call) const;
  void add_dma(Event event, const Record& record);
  void end_dma(const Event& event, const Record& record, const std::string& call);
  void add_cache(Event event, const Record& record, model::Operation kind);
  void add_other(Event event, const Record& record);
  void end_objects(const Event& event, const Record& record);

  EventSink& sink_;
  ReadStatistics& statistics_;
  Header header_;
  Identities ids_;
  Knowledge knowledge_{ids_.directory()};
  Queue queue_;
  BoundedNames<Call> calls_;
  LastCalls last_calls_;
  std::uint32_t next_call_ = 0;
  Clocks clocks_;
  std::unordered_set<std::string> unknown_keys_;
};

}  // namespace custody::traces::formats::event_log
