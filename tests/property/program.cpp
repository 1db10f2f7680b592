// SPDX-License-Identifier: BSD-2-Clause
// Writes programs as litmus files.
#include "tests/property/program.hpp"

namespace custody::property {

namespace {

std::string device_of_program(unsigned device) { return "D" + std::to_string(device); }

std::string words_of(const ProgramLine& line) {
  static constexpr const char* kWays[] = {" BIDI", " TO", " FROM"};
  const std::string device = " " + device_of_program(line.device), way = kWays[static_cast<std::size_t>(line.way)];
  switch (line.verb) {
    case Verb::kAttach: return "attach b" + device;
    case Verb::kDetach: return "detach b" + device;
    case Verb::kMap: return "map b" + device + way;
    case Verb::kUnmap: return "unmap b" + device + way;
    case Verb::kBegin: return "begin b" + way;
    case Verb::kEnd: return "end b" + way;
    case Verb::kMmap: return "mmap b";
    case Verb::kVmap: return "vmap b";
    case Verb::kVunmap: return "vunmap b";
    case Verb::kRelease: return "release b";
    case Verb::kExit: return "exit t" + std::to_string(line.task);
    case Verb::kMove: return "move_notify b";
    case Verb::kReturn: return "}";
    case Verb::kFence: return "fence b" + device + (device_writes(line.way) ? " write" : " read");
    case Verb::kSignal: return "fence_signaled b" + device;
    case Verb::kCpuRead: return "cpu_read b";
    case Verb::kCpuWrite: return "cpu_write b";
    case Verb::kDeviceRead: return "device_read b" + device;
    case Verb::kDeviceWrite: return "device_write b" + device;
    case Verb::kDmaMap: return "dma_map b" + device + way;
    case Verb::kDmaUnmap: return "dma_unmap b" + device + way;
    case Verb::kSyncForCpu: return "sync_for_cpu b" + device + way;
    case Verb::kSyncForDevice: return "sync_for_device b" + device + way;
  }
  return {};
}

/// An access says all of the buffer too: else it would be as wide as its window.
std::string range_of(const ProgramLine& line) {
  constexpr unsigned kBlock = kLineBytes / kLineBlocks;
  if (line.blocks.is_whole()) return is_access(line.verb) ? " 0+" + std::to_string(kExactBlocks * kBlock) : "";
  return " " + std::to_string(line.blocks.from * kBlock) + "+" +
         std::to_string((line.blocks.to - line.blocks.from) * kBlock);
}

constexpr const char* kArchs[] = {"arm64-6.1", "arm64-5.18", "armv7", "riscv-6.6"};
constexpr const char* kOrigins[] = {" system\n", " udmabuf\n", " vendor cached\n", " vendor cached\n"};

/// Title, architecture, devices, the older buffer or the line of the export, a blank line.
std::size_t lines_above(const Program& program) { return program.devices.size() + (program.exact ? 6 : 4); }

}  // namespace

std::string Program::text() const {
  std::string text = "custody litmus: a random program\narch ";
  text.append(kArchs[static_cast<std::size_t>(arch)]).append("\n");
  if (exact) text.append("accesses exact\ncpu_line ").append(std::to_string(kLineBytes)).append("\n");
  for (std::size_t d = 0; d < devices.size(); ++d)
    text.append("device D").append(std::to_string(d)).append(kKindWords[static_cast<std::size_t>(devices[d])]).append("\n");
  if (origin == Origin::kOlder) text += "older b\n\n";
  else text.append("\nexport b ").append(exact ? std::to_string(kLineBytes * kExactLines) : "4K");
  if (origin != Origin::kOlder) text += kOrigins[static_cast<std::size_t>(origin)];
  for (const ProgramLine& line : lines) {
    text.append("[t").append(std::to_string(line.task)).append(line.inside ? "]   " : "] ").append(words_of(line));
    text += line.skip ? " skip" : "";
    text += range_of(line);
    text += line.fails && !line.braced ? " = -EINTR" : "";
    text += line.braced ? " {\n" : "\n";
  }
  return text;
}

std::uint64_t Program::file_line(std::size_t index) const { return lines_above(*this) + index + 1; }

std::optional<std::size_t> Program::index_of(std::uint64_t file_line) const {
  const std::size_t above = lines_above(*this);
  if (file_line <= above || file_line - above > lines.size()) return std::nullopt;
  return static_cast<std::size_t>(file_line - above - 1);
}

std::size_t Program::call_of(std::size_t index) const {
  const unsigned task = lines[index].task;
  const auto belongs = [&](const ProgramLine& line) {
    return line.inside || line.verb == Verb::kReturn || line.task != task;
  };
  while (index > 0 && belongs(lines[index])) --index;
  return index;
}

std::size_t Program::end_of(std::size_t call) const {
  std::size_t i = lines.size() - 1;
  while (i > call && call_of(i) != call) --i;
  return i;
}

bool Program::overlaps(std::size_t index, std::size_t until) const {
  const std::size_t call = call_of(index);
  for (std::size_t i = 0; i <= until; ++i)
    if (lines[i].task != lines[call].task && lines[i].verb < Verb::kReturn && !lines[i].inside && end_of(i) > call)
      return true;
  return false;
}

Program without_line(const Program& program, std::size_t index) {
  Program less = program;
  if (program.lines[index].verb == Verb::kReturn) return less;
  less.lines.clear();
  for (std::size_t i = 0; i < program.lines.size(); ++i)
    if (i != index && (program.lines[index].inside || program.call_of(i) != index))
      less.lines.push_back(program.lines[i]);
  return less;
}

}  // namespace custody::property
