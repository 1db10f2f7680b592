// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/sections.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "traces/reader.hpp"

namespace custody::traces::formats::trace_dat {

void read_header_files(Cursor& at, Layout& layout) {
  at.skip(sizeof "header_page");
  layout.header_page = at.take(at.number<std::uint64_t>());
  at.skip(sizeof "header_event");
  at.skip(at.number<std::uint64_t>());
}

void read_ftrace_formats(Cursor& at, Layout& layout) {
  for (auto left = at.number<std::uint32_t>(); left > 0 && !at.failed(); --left) {
    const std::string_view text = at.take(at.number<std::uint64_t>());
    if (!at.failed()) layout.formats.push_back({"ftrace", text});
  }
}

void read_event_formats(Cursor& at, Layout& layout) {
  for (auto systems = at.number<std::uint32_t>(); systems > 0 && !at.failed(); --systems) {
    const std::string_view system = at.string();
    for (auto left = at.number<std::uint32_t>(); left > 0 && !at.failed(); --left) {
      const std::string_view text = at.take(at.number<std::uint64_t>());
      if (!at.failed()) layout.formats.push_back({system, text});
    }
  }
}

void read_command_lines(Cursor& at, Layout& layout) { layout.command_lines = at.take(at.number<std::uint64_t>()); }

void read_cpu_statistics(std::string_view text, Layout& layout) {
  std::uint64_t cpu = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    std::uint64_t value = 0;
    std::from_chars(line.data() + colon + 2, line.data() + line.size(), value);
    const std::string_view key = line.substr(0, colon);
    if (key == "CPU") cpu = value;
    if (cpu >= kMostCpus || value == 0) continue;
    if (key != "overrun" && key != "commit overrun" && key != "dropped events") continue;
    if (layout.losses.size() <= cpu) layout.losses.resize(cpu + 1);
    (key == "dropped events" ? layout.losses[cpu].dropped : layout.losses[cpu].overrun) += value;
  }
}

namespace {

void check_buffers(const Layout& layout, const std::string& path) {
  std::size_t cpus = 0;
  for (const Buffer& buffer : layout.buffers) {
    constexpr std::uint64_t kSmallestPage = 64, kLargestPage = std::uint64_t{1} << 22U;
    if (buffer.page_size < kSmallestPage || buffer.page_size > kLargestPage || !std::has_single_bit(buffer.page_size))
      throw InputError(
          path, 0,
          "says that a page has " + std::to_string(buffer.page_size) + " bytes, expected a power of two up to 4 MiB");
    cpus += buffer.cpus.size();
  }
  if (cpus > kMostCpus)
    throw InputError(path, 0,
                     "claims " + std::to_string(cpus) + " processors, expected at most " + std::to_string(kMostCpus));
}

}  // namespace

Layout read_layout(std::string_view file, const std::string& path) {
  Layout layout;
  constexpr bool kBigHere = std::endian::native == std::endian::big;
  const std::size_t before_numbers = kMagic.size() + sizeof "6";
  layout.swapped = file.size() > before_numbers && (file[before_numbers] != 0) != kBigHere;
  Cursor at(file, layout.swapped);
  if (at.take(kMagic.size()) != kMagic) throw InputError(path, 0, "is no trace.dat");
  const std::string_view version = at.string();
  at.skip(1);
  layout.long_size = at.number<std::uint8_t>();
  layout.page_size = at.number<std::uint32_t>();
  if (at.failed()) throw InputError(path, 0, "is a trace.dat that is cut off in its head");
  if (version == "6") read_version6(file, at, path, layout);
  else if (version == "7") read_version7(file, at, path, layout);
  else
    throw InputError(path, 0,
                     "is a trace.dat of version '" + std::string(version.substr(0, 16)) + "', expected version 6 or 7");
  check_buffers(layout, path);
  return layout;
}

}  // namespace custody::traces::formats::trace_dat
