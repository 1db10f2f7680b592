// SPDX-License-Identifier: BSD-2-Clause
// A whole small trace in memory, with the names that its ids had when they were used.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "traces/reader.hpp"

namespace custody::traces {

/// A sink that keeps everything. Memory follows the trace: not for long ones.
///
/// Ids are given anew, so that one id is one object: devices of the header keep theirs, everything else is numbered
/// in the order in which events name it, and generations are 0. Two recordings of the same events are equal, whatever
/// ids their readers used. The names, sizes and so on are the last that the reader knew while an event named the
/// object.
class RecordedTrace : public EventSink {
 public:
  void on_header(const Header& header, const Directory& directory) override;
  void on_event(const Event& event, const Directory& directory) override;

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const Directory& directory() const { return directory_; }
  [[nodiscard]] std::span<const Event> events() const { return events_; }

 private:
  std::uint32_t device(std::uint32_t id, const Directory& from);
  std::uint32_t task(std::uint32_t id, const Directory& from);
  std::uint32_t buffer(std::uint32_t id, const Directory& from);
  std::uint32_t attachment(std::uint32_t id, const Directory& from);

  Header header_;
  Directory directory_;
  std::vector<Event> events_;
  std::unordered_map<std::uint64_t, std::uint32_t> devices_, tasks_, buffers_, attachments_, calls_, mappings_;
};

/// Delivers the recording as a reader would.
void replay(const RecordedTrace& trace, EventSink& sink);

}  // namespace custody::traces
