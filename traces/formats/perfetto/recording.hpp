// SPDX-License-Identifier: BSD-2-Clause
// What is kept of a trace: its records of known events, by processor, and where some are missing.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/formats/perfetto/spill.hpp"

namespace custody::traces::formats::perfetto {

/// A record of an event, as it stands in the trace.
struct Record {
  std::int64_t ts = 0;  ///< nanoseconds
  std::int64_t pid = 0;
  std::uint32_t plan = 0;
  std::uint64_t line = 0;  ///< of a text; 0: no text
  std::string_view fields;
};

/// What stands in the order of one processor's time.
struct Entry {
  static constexpr std::uint64_t kBlind = ~std::uint64_t{0};  ///< from here to its next loss records are missing
  static constexpr std::uint64_t kLoss = kBlind - 1;          ///< up to here
  static constexpr std::uint64_t kUnread = kBlind - 2;        ///< something that cannot be read
  static constexpr std::uint64_t kLargestPlace = kUnread - 1;
  std::int64_t key = 0;     ///< its time, never less than that of the entry before it
  std::uint64_t place = 0;  ///< of a record in the store, or one of these
};

/// What one writer told of one processor.
struct Stream {
  std::uint64_t writer = 0;
  std::uint32_t cpu = 0;
  bool has_begun = false;
  bool is_blind = false;     ///< a kBlind is the last of these entries that is no record
  bool owes_loss = false;    ///< records are missing after `last_ts`, of which no entry tells yet
  bool had_other = false;    ///< its last bundle had records whose times were not read
  std::int64_t last_ts = 0;  ///< of any record, read or passed over
  std::vector<Entry> entries;
};

/// 16 bytes a record; the records themselves are in a `Spill`.
class Recording {
 public:
  /// The stream of a processor, made where it is new. Null: there are more than a machine has.
  [[nodiscard]] Stream* stream(std::uint64_t writer, std::uint32_t cpu);
  [[nodiscard]] std::vector<Stream>& streams() { return streams_; }
  void add(Stream& stream, const Record& record);
  static void mark(Stream& stream, std::int64_t ts, std::uint64_t what);
  /// What comes next may come after something that is missing, on whatever processor.
  void lose_everywhere();
  /// No more is added: what is owed is told at the end, and records can be read.
  void close();
  [[nodiscard]] Record record(const Entry& entry) const;

  boost::unordered_flat_map<std::int64_t, std::string> comms;  ///< names of threads, by number

 private:
  std::vector<Stream> streams_;
  boost::unordered_flat_map<std::uint64_t, std::size_t> by_processor_;
  Spill spill_;
  bool is_behind_loss_ = false;  ///< a processor that is new had records before
};

}  // namespace custody::traces::formats::perfetto
