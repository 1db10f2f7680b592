// SPDX-License-Identifier: BSD-2-Clause
// Version 6 of trace.dat: one part after the other, without a directory.
#include <string>
#include <utility>

#include "traces/formats/trace_dat/sections.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::trace_dat {

namespace {

struct Instance {
  std::uint64_t offset = 0;
  std::string_view name;
};

/// What stands before the pages: options, the kind of trace, and where each processor's pages are.
class Tail {
 public:
  Tail(std::string_view file, const std::string& path, Layout& layout) : file_(file), path_(path), layout_(layout) {}

  void read(Cursor& at, std::string_view name, std::uint32_t cpus) {
    constexpr std::size_t kWord = 10;
    std::string_view word = at.take(kWord);
    if (word.substr(0, 7) == "options") {
      read_options(at, name.empty(), cpus);
      word = at.take(kWord);
    }
    if (word.substr(0, 7) == "latency")
      throw InputError(path_, 0,
                       "holds a latency trace, which is text; expected ring-buffer pages. Print it with "
                       "`trace-cmd report`");
    if (word.substr(0, 9) != "flyrecord") {
      at.skip(~std::uint64_t{0});
      return;
    }
    Buffer buffer;
    buffer.name = name;
    buffer.page_size = layout_.page_size;
    for (std::uint32_t cpu = 0; cpu < cpus && !at.failed(); ++cpu) {
      const auto offset = at.number<std::uint64_t>();
      const auto size = at.number<std::uint64_t>();
      if (!at.failed()) buffer.cpus.push_back({cpu, offset, size});
    }
    layout_.buffers.push_back(std::move(buffer));
  }

  void read_instances(std::uint32_t cpus) {
    for (const Instance& instance : instances_) {
      if (instance.name.empty()) continue;  // the top instance, which has been read
      Cursor at(file_, layout_.swapped);
      at.skip(instance.offset);
      read(at, instance.name, cpus);
      if (!at.failed()) continue;
      layout_.is_incomplete = true;
      layout_.damages.push_back("the instance '" + std::string(instance.name) + "' is cut off");
    }
  }

 private:
  /// Only the top instance's options say which other instances there are.
  void read_options(Cursor& at, bool is_top, std::uint32_t& cpus) {
    while (!at.failed()) {
      const auto option = static_cast<Option>(at.number<std::uint16_t>());
      if (option == Option::kDone) return;
      Cursor data(at.take(at.number<std::uint32_t>()), layout_.swapped);
      if (option == Option::kCpuStat) read_cpu_statistics(data.take(data.left()), layout_);
      if (option == Option::kCpuCount)
        if (const auto count = data.number<std::uint32_t>(); !data.failed()) cpus = count;
      if (option == Option::kBuffer && is_top) {
        const auto offset = data.number<std::uint64_t>();
        const std::string_view name = data.string();
        layout_.is_incomplete = layout_.is_incomplete || data.failed();
        instances_.push_back({offset, name});
      }
    }
  }

  std::string_view file_;
  const std::string& path_;
  Layout& layout_;
  std::vector<Instance> instances_;
};

}  // namespace

void read_version6(std::string_view file, Cursor& at, const std::string& path, Layout& layout) {
  read_header_files(at, layout);
  read_ftrace_formats(at, layout);
  read_event_formats(at, layout);
  at.skip(at.number<std::uint32_t>());  // kallsyms
  at.skip(at.number<std::uint32_t>());  // printk formats
  read_command_lines(at, layout);
  const auto cpus = at.number<std::uint32_t>();
  Tail tail(file, path, layout);
  tail.read(at, {}, cpus);
  if (at.failed()) throw InputError(path, 0, "is a trace.dat that is cut off or damaged before its first page");
  tail.read_instances(cpus);
}

}  // namespace custody::traces::formats::trace_dat
