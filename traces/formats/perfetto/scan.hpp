// SPDX-License-Identifier: BSD-2-Clause
// The first pass over a Perfetto trace: it takes the records of known events out of the packets, and notes what is
// missing. Packets are in no order of time between processors, and names and descriptors may stand behind their use.
#pragma once

#include <bitset>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "traces/formats/ftrace/observation.hpp"
#include "traces/formats/perfetto/packets.hpp"
#include "traces/formats/perfetto/plans.hpp"
#include "traces/formats/perfetto/recording.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::perfetto {

/// What the recorder counted (FtraceStats), and what was found on the way.
struct Found {
  ftrace::Observed observed;
  std::bitset<ftrace::kProbes> probes;  ///< those of which a record is there, by ftrace::Probe
  std::uint64_t known = 0;              ///< records of probes and tracepoints, with arguments or not
  std::uint64_t without_arguments = 0;  ///< of Perfetto's own probes
  std::string first_without_arguments, first_other;
  std::uint64_t overrun = 0, dropped = 0, missed = 0;
  bool tells_losses = false;         ///< some bundle says that records before it were lost
  bool tells_errors = false;         ///< some bundle says that the recorder could not read a page
  bool had_errors = false;           ///< the recorder says that it could not read something
  std::uint64_t other_machines = 0;  ///< bundles of another kernel
};

class Scan {
 public:
  Scan(EventPlans& plans, Recording& recording, ReadStatistics& statistics)
      : plans_(plans), recording_(recording), statistics_(statistics) {}

  void take(const Packet& packet);
  [[nodiscard]] const Found& found() const { return found_; }

 private:
  /// Of a packet, besides its bundle.
  struct Envelope {
    std::string_view bundle, compressed, tree, counts;
    bool has_bundle = false, has_compressed = false, is_zstd = false, is_behind_loss = false, is_first = false;
    std::uint32_t writer = 0, machine = 0;
    unsigned contents = 0;  ///< of which a packet has one
    void take(const WireField& field);
  };
  /// Of an event: when, who, and its one message.
  struct Payload {
    Record record;
    WireField message;
    bool has_time = false;
    unsigned messages = 0;
    void take(const WireField& field);
  };
  struct Bundle {
    std::uint32_t cpu = 0;
    bool lost = false, has_error = false, has_other = false;
    std::uint64_t previous_end = 0;
  };
  void take_packet(std::string_view bytes, bool is_inner);
  void take_compressed(const Envelope& envelope);
  void take_bundle(const Envelope& envelope);
  [[nodiscard]] bool read_bundle(std::string_view bytes, Bundle& bundle);
  void begin_bundle(const Bundle& bundle, Stream& stream);
  void take_event(std::string_view bytes, const Bundle& bundle, Stream& stream);
  static void pass_time(std::int64_t ts, const Bundle& bundle, Stream& stream);
  [[nodiscard]] std::uint32_t plan_of(const WireField& payload);
  void keep(const Record& record, Stream& stream);
  void take_tree(std::string_view bytes);
  void take_statistics(std::string_view bytes);
  void damaged(const std::string& what);

  EventPlans& plans_;
  Recording& recording_;
  ReadStatistics& statistics_;
  Found found_;
  struct Counters {
    std::uint64_t overrun = 0, dropped = 0, missed = 0;
  };
  Counters at_start_;
  bool has_start_ = false;
  boost::unordered_flat_set<std::uint32_t> writers_;
  std::string unpacked_;
  std::uint64_t packet_ = 0;
};

}  // namespace custody::traces::formats::perfetto
