// SPDX-License-Identifier: BSD-2-Clause
// What is written of a trace is read back equal.
#include <algorithm>
#include <set>

#include "tests/fuzz/properties.hpp"
#include "tests/traces/trace_compare.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/litmus/reader.hpp"
#include "traces/formats/litmus/writer.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::fuzz {

namespace {

using traces::formats::event_log::EventLogWriter;

/// Keeps a trace and writes it as an event log, in one pass.
class Reading final : public traces::EventSink {
 public:
  /// Reads; true where that was possible to the end.
  bool read(const Reader& reader) {
    try {
      reader(*this, statistics_);
    } catch (const traces::InputError&) {
      return false;
    }
    writer_.end(statistics_);
    return true;
  }
  void on_header(const traces::Header& header, const traces::Directory& directory) override {
    trace_.on_header(header, directory);
    writer_.on_header(header, directory);
  }
  void on_event(const traces::Event& event, const traces::Directory& directory) override {
    trace_.on_event(event, directory);
    writer_.on_event(event, directory);
  }
  void on_gap(const traces::Gap& gap, const traces::Directory& directory) override {
    ++gaps_;
    writer_.on_gap(gap, directory);
  }
  [[nodiscard]] const traces::RecordedTrace& trace() const { return trace_; }
  [[nodiscard]] const std::string& log() const { return log_; }
  /// As `custody convert --to litmus` asks.
  [[nodiscard]] bool can_be_litmus() const {
    return gaps_ == 0 && statistics_.malformed == 0 && trace_.header().observes_dma_api;
  }

 private:
  std::string log_;
  EventLogWriter writer_{[this](std::string_view line) { log_ += line; }, EventLogWriter::Purpose::kConversion};
  traces::RecordedTrace trace_;
  traces::ReadStatistics statistics_;
  std::uint64_t gaps_ = 0;
};

/// What stands for bytes that are no UTF-8, as records and as the other lines of a log write it.
constexpr std::string_view kReplaced = "\\ufffd", kReplacement = "\xef\xbf\xbd";

void require_lines_of_json(const std::string& log) {
  for (std::string_view rest = log; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    require(end != std::string_view::npos, "a line of an event log ends");
    require_json(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
}

/// A log as every reader of it writes it: mappings are numbered by each, what a return is in its entry says, the device
/// of an attachment may be known later, and what stands for bytes that are no UTF-8 is a character of its own once it
/// was read.
std::string settled(std::string log) {
  const auto drop_number = [&log](std::size_t begin, std::size_t digits) {
    log.erase(begin, log.find_first_not_of("0123456789", digits) - begin);
  };
  constexpr std::string_view kMapping = "\"mapping\":", kReturn = "\"phase\":\"return\"",
                             kIn = ",\"in\":", kDevice = ",\"device\":\"", kAttachment = "\"attachment\":";
  for (std::size_t at = 0; (at = log.find(kMapping, at)) != std::string::npos; at += kMapping.size())
    drop_number(at + kMapping.size(), at + kMapping.size());
  for (std::size_t at = 0; (at = log.find(kReturn, at)) != std::string::npos; at += kReturn.size())
    if (const std::size_t in = log.find(kIn, at); in < log.find('\n', at)) drop_number(in, in + kIn.size());
  for (std::size_t at = 0; (at = log.find(kAttachment, at)) != std::string::npos; at += kAttachment.size()) {
    const std::size_t device = log.find(kDevice, at);
    if (device >= log.find('\n', at)) continue;
    std::size_t end = device + kDevice.size();
    while (log[end] != '"') end += log[end] == '\\' ? 2 : 1;
    log.erase(device, end + 1 - device);
  }
  for (std::size_t at = 0; (at = log.find(kReplaced, at)) != std::string::npos; at += kReplacement.size())
    log.replace(at, kReplaced.size(), kReplacement);
  return log;
}

void require_event_log(const Reading& first) {
  require_lines_of_json(first.log());
  const auto& devices = first.trace().directory().devices;
  require(std::none_of(devices.begin(), devices.end(), [](const auto& device) { return device.name.empty(); }),
          "every device has a name", first.log());
  Reading again;
  const bool could = again.read(reader_of(first.log(), [](auto& lines, auto& sink, auto& statistics) {
    traces::formats::event_log::read_event_log(lines, "trace.jsonl", sink, statistics);
  }));
  require(could, "an event log that is written can be read", first.log());
  constexpr traces::test::Keeps kAll{true, true, true, false, false};
  const std::string difference =
      is_whole(first.log()) ? traces::test::first_difference(first.trace(), again.trace(), kAll) : std::string();
  require(difference.empty(), "an event log is read back equal", difference + "\n" + first.log());
  require_same(settled(first.log()), settled(again.log()), "an event log is written the same again");
}

/// Empty, or why it cannot be read.
std::string read_litmus(const std::string& text, traces::EventSink& sink) {
  try {
    traces::formats::litmus::read_litmus(text, "trace.litmus", sink);
  } catch (const traces::InputError& e) {
    return e.what();
  }
  return {};
}

/// What of a capture a litmus file keeps: its calls and operations, in order; not whether a call returned.
std::string calls_of(const traces::RecordedTrace& trace) {
  std::string out;
  std::set<std::uint32_t> open;
  for (const traces::Event& e : trace.events()) {
    if (e.phase == traces::Phase::kEnter) open.insert(e.call);
    // A return without its entry is a call.
    if (e.phase == traces::Phase::kReturn && open.erase(e.call) != 0) continue;
    out.append(traces::name(e.kind)).append(" ").append(std::to_string(e.buffer)).append(" ");
    out.append(std::to_string(static_cast<int>(e.maintenance.kind))).append("\n");
  }
  return out;
}

void require_litmus(const traces::RecordedTrace& first) {
  const std::string text = traces::formats::litmus::write_litmus(first);
  require_plain_text(text);
  traces::RecordedTrace again;
  const std::string error = read_litmus(text, again);
  require(error.empty(), "a litmus file that is written can be read", error + "\n" + text);
  // Of what it cannot say it says so, in a comment.
  if (text.find("\n# not written") != std::string::npos) return;
  require_same(calls_of(first), calls_of(again), "a litmus file is read back with its calls");
  // Of another format a litmus file does not keep everything, and of a title what prints.
  const std::string& title = first.header().title;
  if (title.empty() || text.find(title) == std::string::npos) return;
  const std::string difference = traces::test::first_difference(first, again, {});
  require(difference.empty(), "a litmus file is read back equal", difference + "\n" + text);
  const std::string written = traces::formats::litmus::write_litmus(again);
  require_same(text, written, "a litmus file is written the same again");
}

}  // namespace

bool is_whole(std::string_view log) {
  return log.find(kReplaced) == std::string_view::npos && log.find(kReplacement) == std::string_view::npos;
}

std::string event_log_of(const Reader& read) {
  Reading reading;
  return reading.read(read) ? reading.log() : std::string();
}

void require_conversions(const Reader& read) {
  Reading first;
  if (!first.read(read)) return;
  require_event_log(first);
  if (first.can_be_litmus()) require_litmus(first.trace());
}

}  // namespace custody::fuzz
