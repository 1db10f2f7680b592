// SPDX-License-Identifier: BSD-2-Clause
// Version 7 of trace.dat: sections, which may be compressed, and options that say where they are.
#include <algorithm>
#include <string>
#include <utility>

#include "traces/formats/trace_dat/sections.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::trace_dat {

namespace {

constexpr std::uint16_t kCompressed = 1;
constexpr std::size_t kMostUnpacked = std::size_t{1} << 26U;
/// Damaged options can lead round in a circle.
constexpr unsigned kMostOptionSections = 256;

class Sections {
 public:
  Sections(std::string_view file, const std::string& path, Layout& layout)
      : file_(file), path_(path), layout_(layout) {}

  void read_options(std::uint64_t offset) {
    for (unsigned n = 0; offset != 0; ++n) {
      std::string_view section;
      const bool opened = n < kMostOptionSections && open(offset, Option::kDone, section);
      Cursor at(section, layout_.swapped);
      offset = opened ? read_options(at) : 0;
      if (opened && !at.failed()) continue;
      // It may have told of more pages.
      layout_.is_incomplete = true;
      return is_damaged("options");
    }
  }

  void read_sections() {
    if (!read(header_info_, Option::kHeaderInfo, read_header_files)) is_damaged("header info");
    if (!read(ftrace_events_, Option::kFtraceEvents, read_ftrace_formats)) is_damaged("ftrace event formats");
    if (!read(command_lines_, Option::kCommandLines, read_command_lines)) is_damaged("command lines");
    if (event_formats_ == 0 || !read(event_formats_, Option::kEventFormats, read_event_formats))
      throw InputError(path_, 0, "is a trace.dat whose event formats are damaged or not there");
    if (layout_.buffers.empty() && holds_text_)
      throw InputError(path_, 0,
                       "holds a latency trace, which is text; expected ring-buffer pages. Print it with "
                       "`trace-cmd report`");
  }

 private:
  void is_damaged(const std::string& what) { layout_.damages.push_back("the section of " + what + " cannot be read"); }

  /// The bytes of the section at `offset`, unpacked.
  [[nodiscard]] bool open(std::uint64_t offset, Option id, std::string_view& bytes) {
    Cursor at(file_, layout_.swapped);
    at.skip(offset);
    const auto found = static_cast<Option>(at.number<std::uint16_t>());
    const auto flags = at.number<std::uint16_t>();
    at.skip(sizeof(std::uint32_t));
    const auto size = at.number<std::uint64_t>();
    if (at.failed() || found != id) return false;
    if ((flags & kCompressed) == 0) {
      bytes = at.take(std::min(size, at.left()));
      return true;
    }
    const auto packed_size = at.number<std::uint32_t>();
    const auto whole_size = at.number<std::uint32_t>();
    const std::string_view packed = at.take(packed_size);
    if (at.failed() || whole_size > kMostUnpacked || !can_hold(layout_.compression, packed, whole_size)) return false;
    std::string whole(whole_size, '\0');
    if (!unpack(layout_.compression, packed, whole)) return false;
    bytes = layout_.unpacked.emplace_back(std::move(whole));
    return true;
  }

  template <typename Reader>
  [[nodiscard]] bool read(std::uint64_t offset, Option id, Reader reader) {
    if (offset == 0) return true;
    std::string_view section;
    if (!open(offset, id, section)) return false;
    Cursor at(section, layout_.swapped);
    reader(at, layout_);
    return !at.failed();
  }

  /// Where the next options are; 0: nowhere.
  [[nodiscard]] std::uint64_t read_options(Cursor& at) {
    for (;;) {
      const auto option = static_cast<Option>(at.number<std::uint16_t>());
      Cursor data(at.take(at.number<std::uint32_t>()), layout_.swapped);
      if (at.failed()) return 0;
      switch (option) {
        case Option::kDone: return data.number<std::uint64_t>();
        case Option::kCpuStat: read_cpu_statistics(data.take(data.left()), layout_); break;
        case Option::kHeaderInfo: header_info_ = data.number<std::uint64_t>(); break;
        case Option::kFtraceEvents: ftrace_events_ = data.number<std::uint64_t>(); break;
        case Option::kEventFormats: event_formats_ = data.number<std::uint64_t>(); break;
        case Option::kCommandLines: command_lines_ = data.number<std::uint64_t>(); break;
        case Option::kBuffer: read_buffer(data); break;
        case Option::kBufferText: holds_text_ = true; break;
        case Option::kCpuCount: break;
      }
    }
  }

  void read_buffer(Cursor& data) {
    Cursor section(file_, layout_.swapped);
    section.skip(data.number<std::uint64_t>());
    section.skip(sizeof(std::uint16_t));
    Buffer buffer;
    buffer.compressed = (section.number<std::uint16_t>() & kCompressed) != 0;
    buffer.name = data.string();
    buffer.clock = data.string();
    buffer.page_size = data.number<std::uint32_t>();
    for (auto left = data.number<std::uint32_t>(); left > 0 && !data.failed(); --left) {
      const auto cpu = data.number<std::uint32_t>();
      const auto offset = data.number<std::uint64_t>();
      const auto size = data.number<std::uint64_t>();
      if (!data.failed()) buffer.cpus.push_back({cpu, offset, size});
    }
    if (data.failed() || section.failed()) {
      layout_.is_incomplete = true;
      layout_.damages.emplace_back("where an instance's pages are cannot be read");
    }
    if (!buffer.cpus.empty()) layout_.buffers.push_back(std::move(buffer));
  }

  std::string_view file_;
  const std::string& path_;
  Layout& layout_;
  std::uint64_t header_info_ = 0, ftrace_events_ = 0, event_formats_ = 0, command_lines_ = 0;
  bool holds_text_ = false;
};

}  // namespace

void read_version7(std::string_view file, Cursor& at, const std::string& path, Layout& layout) {
  const std::string_view name = at.string();
  static_cast<void>(at.string());  // the version of the compressing library
  const auto options = at.number<std::uint64_t>();
  if (at.failed()) throw InputError(path, 0, "is a trace.dat that is cut off in its head");
  const std::optional<Compression> compression = find_compression(name);
  if (!compression)
    throw InputError(path, 0, "is compressed with '" + std::string(name.substr(0, 32)) + "', expected zlib or zstd");
  layout.compression = *compression;
  Sections sections(file, path, layout);
  sections.read_options(options);
  sections.read_sections();
}

}  // namespace custody::traces::formats::trace_dat
