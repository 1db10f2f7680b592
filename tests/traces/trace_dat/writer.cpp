// SPDX-License-Identifier: BSD-2-Clause
#include "tests/traces/trace_dat/writer.hpp"

#include <zlib.h>
#include <zstd.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tests/traces/trace_dat/events.hpp"
#include "tests/traces/trace_dat/ring_buffer.hpp"
#include "traces/formats/ftrace/record.hpp"

namespace custody::traces::test {

namespace {

using formats::ftrace::Head;
using formats::trace_dat::Compression;

constexpr std::string_view kStart{"\x17\x08\x44tracing", 10};

std::string packed(Compression compression, std::string_view bytes) {
  if (compression == Compression::kZstd) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
    return out;
  }
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  ::compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  out.resize(size);
  return out;
}

/// What was recorded: all but how a file lays it out.
class Recording {
 public:
  Recording(std::string_view text, const DatShape& shape) : shape_(shape) {
    for (const bool learns : {true, false})
      for (std::string_view left = text; !left.empty();) {
        const std::string_view line = left.substr(0, left.find('\n'));
        left.remove_prefix(std::min(left.size(), line.size() + 1));
        read(line, learns);
      }
  }
  [[nodiscard]] const DatEvents& events() const { return events_; }
  [[nodiscard]] std::string command_lines() const {
    std::string lines;
    for (const auto& [pid, comm] : comms_) lines += std::to_string(pid) + " " + comm + "\n";
    return lines;
  }
  /// Of instance 0, the top one, or 1: the pages of each processor.
  [[nodiscard]] std::vector<std::string> pages(unsigned instance) {
    std::vector<std::string> all;
    for (unsigned cpu = 0; cpu < shape_.cpus; ++cpu) all.push_back(buffer(instance, cpu).finish());
    return all;
  }

 private:
  RingBuffer& buffer(unsigned instance, unsigned cpu) {
    return buffers_.try_emplace({instance, cpu}, shape_.big_endian, shape_.long_size, shape_.page_size).first->second;
  }
  void read(std::string_view line, bool learns) {
    if (const auto lost = formats::ftrace::parse_lost(line); lost && !learns) lost_ = lost;
    Head head;
    if (!formats::ftrace::parse_head(line, head)) return;
    if (learns) return events_.learn(head);
    if (head.pid != 0) comms_.try_emplace(head.pid, head.comm);
    // Where times are equal only one processor keeps the order.
    if (head.ts != last_ts_) {
      cpu_ = static_cast<unsigned>((static_cast<unsigned>(head.pid) + ++records_ / 5) % shape_.cpus);
      instance_ = shape_.instance && head.pid % 2 == 1 && head.event != "tracing_mark_write" ? 1 : 0;
    }
    last_ts_ = head.ts;
    RingBuffer& to = buffer(instance_, cpu_);
    if (lost_) to.lose(*std::exchange(lost_, std::nullopt));
    to.add(static_cast<std::uint64_t>(head.ts), events_.record(head, shape_.big_endian, shape_.sets_all_flags));
  }

  DatShape shape_;
  DatEvents events_;
  std::map<std::int64_t, std::string> comms_;
  std::map<std::pair<unsigned, unsigned>, RingBuffer> buffers_;
  std::optional<std::uint64_t> lost_;
  std::int64_t last_ts_ = -1;
  unsigned records_ = 0, cpu_ = 0, instance_ = 0;
};

/// Options and sections: their numbers are trace-cmd's.
enum : std::uint16_t {
  kDone = 0,
  kCpuStat = 2,
  kBuffer = 3,
  kCpuCount = 8,
  kHeaders = 16,
  kFtrace = 17,
  kEvents = 18,
  kComms = 21
};

class File {
 public:
  File(Recording& recording, const DatShape& shape) : recording_(recording), shape_(shape), out_(shape.big_endian) {}

  [[nodiscard]] std::string write() {
    out_.put(kStart).string(shape_.version == 6 ? "6" : "7").put(std::uint8_t{shape_.big_endian});
    out_.put(std::uint8_t{8}).put(static_cast<std::uint32_t>(shape_.page_size));
    if (shape_.version == 6) write6();
    else write7();
    return out_.bytes();
  }

 private:
  [[nodiscard]] std::string headers() const {
    const std::string size = std::to_string(shape_.long_size), at = std::to_string(8 + shape_.long_size);
    Output o(shape_.big_endian);
    o.string("header_page")
        .sized("\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:" +
               size +
               ";\tsigned:1;\n\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char data;\toffset:" +
               at + ";\tsize:" + std::to_string(shape_.page_size - 8 - shape_.long_size) + ";\tsigned:1;\n");
    return o.string("header_event")
        .sized("# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n")
        .bytes();
  }
  [[nodiscard]] std::string ftrace_formats() const {
    return Output(shape_.big_endian).put(std::uint32_t{1}).sized(DatEvents::print_format()).bytes();
  }
  [[nodiscard]] std::string event_formats() const {
    Output o(shape_.big_endian);
    o.put(static_cast<std::uint32_t>(recording_.events().all().size()));
    for (const DatEvent& event : recording_.events().all())
      o.string(event.group).put(std::uint32_t{1}).sized(DatEvents::format(event));
    return o.bytes();
  }
  [[nodiscard]] std::string comms() const {
    return Output(shape_.big_endian).sized(recording_.command_lines()).bytes();
  }
  void option(Output& to, std::uint16_t id, std::string_view data) const {
    to.put(id).put(static_cast<std::uint32_t>(data.size())).put(data);
  }
  [[nodiscard]] std::string statistics() const { return "CPU: 0\n" + shape_.cpu_statistics + std::string(1, '\0'); }
  [[nodiscard]] std::string number(std::uint64_t n) const { return Output(shape_.big_endian).put(n).bytes(); }

  void write6() {
    out_.put(headers()).put(ftrace_formats()).put(event_formats());
    out_.put(std::uint32_t{0}).put(std::uint32_t{0}).put(comms());
    out_.put(static_cast<std::uint32_t>(shape_.cpus)).string("options  ");
    if (!shape_.cpu_statistics.empty()) option(out_, kCpuStat, statistics());
    const std::size_t instance_at = out_.size() + 6;
    if (shape_.instance) option(out_, kBuffer, number(0) + std::string("custody\0", 8));
    out_.put(std::uint16_t{kDone});
    write6_pages(0);
    if (!shape_.instance) return;
    out_.patch(instance_at, std::uint64_t{out_.size()});
    write6_pages(1);
  }
  void write6_pages(unsigned instance) {
    out_.string("flyrecord");
    std::size_t table = out_.size();
    const std::vector<std::string> pages = recording_.pages(instance);
    out_.put(std::string(pages.size() * 16, '\0'));
    for (const std::string& cpu : pages) {
      out_.align(shape_.page_size);
      out_.patch(table, std::uint64_t{out_.size()});
      out_.patch(table + 8, std::uint64_t{cpu.size()});
      table += 16;
      out_.put(cpu);
    }
  }

  [[nodiscard]] bool packs() const { return shape_.compression != Compression::kNone; }
  std::uint64_t section(std::uint16_t id, std::string_view bytes, bool packs) {
    const std::uint64_t at = out_.size();
    Output body(shape_.big_endian);
    if (packs) {
      const std::string small = packed(shape_.compression, bytes);
      body.put(static_cast<std::uint32_t>(small.size())).put(static_cast<std::uint32_t>(bytes.size())).put(small);
    } else {
      body.put(bytes);
    }
    out_.put(id).put(static_cast<std::uint16_t>(packs ? 1 : 0)).put(std::uint32_t{0}).sized(body.bytes());
    return at;
  }
  void write7() {
    out_.string(!packs() ? "none" : shape_.compression == Compression::kZlib ? "zlib" : "zstd");
    out_.string(!packs() ? "" : shape_.compression == Compression::kZlib ? zlibVersion() : ZSTD_versionString());
    const std::size_t options_at = out_.size();
    out_.put(std::uint64_t{0});
    Output options(shape_.big_endian);
    option(options, kHeaders, number(section(kHeaders, headers(), packs())));
    option(options, kFtrace, number(section(kFtrace, ftrace_formats(), packs())));
    option(options, kEvents, number(section(kEvents, event_formats(), packs())));
    option(options, kComms, number(section(kComms, comms(), packs())));
    option(options, kCpuCount, Output(shape_.big_endian).put(static_cast<std::uint32_t>(shape_.cpus)).bytes());
    if (!shape_.cpu_statistics.empty()) option(options, kCpuStat, statistics());
    option(options, kBuffer, write7_pages(0));
    if (shape_.instance) option(options, kBuffer, write7_pages(1));
    option(options, kDone, number(0));
    out_.patch(options_at, section(kDone, options.bytes(), packs()));
  }
  /// The data of the option that tells of them.
  [[nodiscard]] std::string write7_pages(unsigned instance) {
    Output told(shape_.big_endian);
    const std::vector<std::string> pages = recording_.pages(instance);
    const std::size_t at = out_.size();
    told.put(std::uint64_t{at}).string(instance == 0 ? "" : "custody").string("local");
    told.put(static_cast<std::uint32_t>(shape_.page_size)).put(static_cast<std::uint32_t>(pages.size()));
    out_.put(std::uint16_t{kBuffer})
        .put(static_cast<std::uint16_t>(packs() ? 1 : 0))
        .put(std::uint32_t{0})
        .put(std::uint64_t{0});
    for (std::uint32_t cpu = 0; cpu < pages.size(); ++cpu) {
      out_.align(shape_.page_size);
      const std::string bytes = packs() && !pages[cpu].empty() ? in_pieces(pages[cpu]) : pages[cpu];
      told.put(cpu).put(std::uint64_t{out_.size()}).put(std::uint64_t{bytes.size()});
      out_.put(bytes);
    }
    out_.patch(at + 8, std::uint64_t{out_.size() - at - 16});
    return told.bytes();
  }
  [[nodiscard]] std::string in_pieces(std::string_view pages) const {
    const std::size_t most = 3 * shape_.page_size;
    Output o(shape_.big_endian);
    o.put(static_cast<std::uint32_t>((pages.size() + most - 1) / most));
    for (; !pages.empty(); pages.remove_prefix(std::min(most, pages.size()))) {
      const std::string_view piece = pages.substr(0, most);
      const std::string small = packed(shape_.compression, piece);
      o.put(static_cast<std::uint32_t>(small.size())).put(static_cast<std::uint32_t>(piece.size())).put(small);
    }
    return o.bytes();
  }

  Recording& recording_;
  DatShape shape_;
  Output out_;
};

}  // namespace

std::string make_trace_dat(std::string_view text, const DatShape& shape) {
  Recording recording(text, shape);
  return File(recording, shape).write();
}

}  // namespace custody::traces::test
