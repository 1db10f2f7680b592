// SPDX-License-Identifier: BSD-2-Clause
// Reads an event log: its header, and its lines one by one.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "traces/formats/event_log/converted.hpp"
#include "traces/formats/event_log/event_log.hpp"
#include "traces/formats/event_log/record.hpp"
#include "traces/formats/event_log/session.hpp"
#include "traces/quoting.hpp"

namespace custody::traces::formats::event_log {
namespace {

/// Devices keep the order in which the header names them.
using Json = nlohmann::ordered_json;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kExpectedHeader = R"(expected {"schema":"custody.trace/1",...})";

/// A header as it is read, and what in it is not known.
struct LogHeader {
  Header header;
  std::vector<DeviceInfo> devices;
  std::set<std::string> unknown;
};

/// What is wrong with a header; its place is added where it is caught.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_string())
    throw Wrong("`" + std::string(key) + "` of the header is a " + found->type_name() + ", expected text");
  return found->get<std::string>();
}

bool flag_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return false;
  if (!found->is_boolean())
    throw Wrong("`" + std::string(key) + "` of a device is a " + found->type_name() + ", expected true or false");
  return found->get<bool>();
}

/// The member `key`, which has to be an object; an empty one where it is absent.
const Json& object_of(const Json& object, const char* key) {
  static const Json kNothing = Json::object();
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return kNothing;
  if (!found->is_object())
    throw Wrong("`" + std::string(key) + "` of the header is a " + found->type_name() + ", expected an object");
  return *found;
}

void note_unknown(const Json& object, std::initializer_list<std::string_view> known, LogHeader& out) {
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end()) out.unknown.insert(key);
}

std::uint32_t line_size_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return 0;
  if (!found->is_number_unsigned() || !is_line_size(found->get<std::uint64_t>()))
    throw Wrong("`" + std::string(key) + "` of the header is " + shown(found->dump()) + ", expected " +
                std::string(kLineSizes));
  return found->get<std::uint32_t>();
}

void read_devices(const Json& line, LogHeader& out) {
  for (const auto& [name, info] : object_of(line, "devices").items()) {
    if (!info.is_object())
      throw Wrong("the device " + shown(name) + " of the header is a " + info.type_name() + ", expected an object");
    if (name.empty()) throw Wrong("a device of the header has an empty name");
    note_unknown(info, {"coherent", "allocates", "bounced", "reads_only", "line"}, out);
    DeviceInfo device;
    device.name = name;
    if (const auto coherent = info.find("coherent"); coherent != info.end() && !coherent->is_null())
      device.coherent = flag_of(info, "coherent");
    device.allocates = flag_of(info, "allocates");
    if (device.allocates && !device.coherent.value_or(false))
      throw Wrong("the device " + shown(name) + " of the header `allocates`, expected `coherent` to be true beside it");
    device.bounced = flag_of(info, "bounced");
    device.reads_only = flag_of(info, "reads_only");
    device.line = line_size_of(info, "line");
    out.devices.push_back(std::move(device));
  }
}

void read_observes(const Json& line, LogHeader& out) {
  const auto found = line.find("observes");
  if (found == line.end() || found->is_null()) return;
  if (!found->is_array())
    throw Wrong(std::string("`observes` of the header is a ") + found->type_name() + ", expected a list");
  out.header.observes_dma_api = false;
  for (const Json& word : *found) {
    if (!word.is_string())
      throw Wrong("`observes` of the header holds no text, expected dma_api, cache_ops, dma_tracepoints");
    out.header.observes_dma_api = out.header.observes_dma_api || word == "dma_api";
    out.header.observes_cache_ops = out.header.observes_cache_ops || word == "cache_ops";
    out.header.traced_dma = out.header.traced_dma || word == "dma_tracepoints";
    if (word != "dma_api" && word != "cache_ops" && word != "dma_tracepoints")
      out.unknown.insert(word.get<std::string>());
  }
}

/// One of two words, the first where the key is absent.
bool choice_of(const Json& line, const char* key, std::string_view no, std::string_view yes) {
  const std::string word = text_of(line, key);
  if (!word.empty() && word != no && word != yes)
    throw Wrong("`" + std::string(key) + "` of the header is " + shown(word) + ", expected " + std::string(no) +
                " or " + std::string(yes));
  return word == yes;
}

LogHeader parse_header(const Json& line) {
  if (!line.is_object())
    throw Wrong(std::string("the first line is a ") + line.type_name() + ", " + std::string(kExpectedHeader));
  const auto schema = line.find("schema");
  if (schema == line.end()) throw Wrong("the first line has no `schema`, " + std::string(kExpectedHeader));
  if (*schema != kEventLogSchema)
    throw Wrong("the schema is " + (schema->is_string() ? shown(schema->get<std::string>()) : std::string("no text")) +
                ", expected `" + std::string(kEventLogSchema) + "`");
  LogHeader out;
  note_unknown(line,
               {"schema", "source", "title", "arch", "cpu_line", "contract", "policies", "accesses", "trust", "devices",
                "observes", "by_probes", "expectations", "pending"},
               out);
  out.header.source = text_of(line, "source");
  out.header.title = text_of(line, "title");
  out.header.arch = text_of(line, "arch");
  out.header.cpu_line = line_size_of(line, "cpu_line");
  out.header.contract = text_of(line, "contract");
  if (const auto probes = line.find("by_probes"); probes != line.end()) out.header.by_probes = *probes == true;
  out.header.exact_accesses = choice_of(line, "accesses", "may", "exact");
  out.header.trust_mappings = choice_of(line, "trust", "windows", "mappings");
  for (const auto& [name, value] : object_of(line, "policies").items()) {
    if (!value.is_string()) throw Wrong("the policy " + shown(name) + " is a " + value.type_name() + ", expected text");
    out.header.policies.push_back({name, value.get<std::string>(), 1});
  }
  read_devices(line, out);
  read_observes(line, out);
  return out;
}

/// `wrong` is what `parse_record` said of the line: it knows how deep the line nests before anything is built.
void take_header(event_log::Session& session, std::string_view text, std::uint64_t number, const std::string& wrong) {
  if (!wrong.empty()) throw Wrong(wrong + "; " + std::string(kExpectedHeader));
  LogHeader read = parse_header(Json::parse(text.begin(), text.end()));
  LogExpectations expected;
  if (std::string bad = parse_expectations(text, expected); !bad.empty()) throw Wrong(bad);
  read.header.expectations = std::move(expected.expectations);
  read.header.pending = std::move(expected.pending);
  for (Header::Policy& policy : read.header.policies) policy.line = number;
  for (const std::string& name : read.unknown)
    session.warn(number, "unknown word " + shown(name) + " in the header is ignored");
  session.header(std::move(read.header), read.devices, expected.buffers);
}

/// The last record: the next one may show that it does not stand where it was written.
class Held {
 public:
  explicit Held(event_log::Session& session) : session_(session) {}
  /// Keeps `next`, which then holds something else.
  void take(event_log::Record& next, std::uint64_t line) {
    if (is_there_ && session_.refuse_if_moved(record_, line_, next)) is_there_ = false;
    release();
    std::swap(record_, next);
    line_ = line;
    is_there_ = true;
  }
  void release() {
    if (std::exchange(is_there_, false)) session_.record(record_, line_);
  }

 private:
  event_log::Session& session_;
  event_log::Record record_;
  std::uint64_t line_ = 0;
  bool is_there_ = false;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

void read_event_log(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics) {
  event_log::Session session(sink, statistics);
  event_log::Record record;
  Held held(session);
  std::vector<std::string> unknown;
  std::string before;
  bool has_header = false;
  std::uint64_t cut = 0;
  statistics.bytes_total = lines.whole().size();
  const auto next = [&](std::string_view& line) {
    if (lines.would_wait()) held.release();
    return lines.next(line);
  };
  for (std::string_view line; next(line);) {
    statistics.lines = lines.number();
    statistics.bytes = lines.offset();
    if (lines.number() == 1 && line.substr(0, kByteOrderMark.size()) == kByteOrderMark)
      line.remove_prefix(kByteOrderMark.size());
    const bool is_cut = std::exchange(cut, lines.cut()) != lines.cut();
    if (is_blank(line) && !is_cut) continue;
    std::string wrong = event_log::parse_record(line, record, unknown);
    if (is_cut) wrong = "the line is longer than " + std::to_string(input::Lines::kLongestLine) + " bytes";
    if (!wrong.empty() || !record.has(event_log::Key::kEvent)) held.release();
    const bool is_header = wrong.empty() && record.has(event_log::Key::kSchema) && !record.has(event_log::Key::kEvent);
    if (!has_header || is_header) {
      try {
        take_header(session, line, lines.number(), wrong);
      } catch (const Wrong& error) {
        if (!has_header) throw InputError(path, lines.number(), error.what());
        session.malformed(lines.number(), error.what());
      }
      has_header = true;
    } else if (wrong.empty() && record.has(event_log::Key::kEnd) && !record.has(event_log::Key::kEvent)) {
      if (const std::string bad = parse_end(line, statistics); !bad.empty()) session.malformed(lines.number(), bad);
    } else if (!wrong.empty() && lines.truncated()) {
      statistics.truncated = true;
      session.cut_off(lines.number(), wrong);
    } else if (!wrong.empty()) {
      session.malformed(lines.number(), wrong);
    } else if (line == before && event_log::happens_once(record)) {
      held.release();
      session.malformed(lines.number(), "the line before it again; one of them is not what happened");
    } else {
      before.assign(line);
      for (const std::string& name : unknown) session.unknown_key(lines.number(), name);
      held.take(record, lines.number());
    }
  }
  held.release();
  session.finish();
  if (!has_header) throw InputError(path, 0, "the log is empty, " + std::string(kExpectedHeader));
}

}  // namespace custody::traces::formats::event_log
