// SPDX-License-Identifier: BSD-2-Clause
// What the records of a log say of buffers and attachments; it is known from the event on that says it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "traces/directory.hpp"
#include "traces/event.hpp"
#include "traces/formats/event_log/record.hpp"

namespace custody::traces::formats::event_log {

/// What the objects of one event are known to be once it is delivered.
struct Learned {
  std::uint32_t buffer = kNoId;
  BufferInfo info;
  std::uint32_t attachment = kNoId;
  std::optional<std::string> attachment_name;
};

/// Keeps what is learned from the directory until its event is delivered: what an event that waits is delivered with
/// would else depend on how long it waited.
class Knowledge {
 public:
  explicit Knowledge(Directory& directory) : directory_(directory) {}

  /// What `record` says of the objects of `event`; null where it says nothing. Each is given to `deliver`.
  [[nodiscard]] std::unique_ptr<Learned> learn(const Event& event, const Record& record);
  /// Makes it known.
  void deliver(const Learned& learned);
  /// Bytes of a buffer, by all records that are read; 0: unknown.
  [[nodiscard]] std::uint64_t size_of(std::uint32_t buffer) const { return latest(buffer).size; }

 private:
  [[nodiscard]] const BufferInfo& latest(std::uint32_t buffer) const;

  Directory& directory_;
  std::unordered_map<std::uint32_t, BufferInfo> kept_back_;  ///< by buffer, what the last of its records made of it
  std::size_t undelivered_ = 0;
};

}  // namespace custody::traces::formats::event_log
