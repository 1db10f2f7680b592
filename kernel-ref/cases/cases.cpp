// SPDX-License-Identifier: GPL-2.0-only
// Historical faults, made to happen on the drivers that have them.
#include "kernel-ref/cases/cases.hpp"

#include <array>

#include "traces/formats/litmus/writer.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::kernel_ref::cases {

namespace {

using model::Direction;
using Line = std::array<std::uint8_t, 64>;

Line line_of(std::uint8_t byte) {
  Line line;
  line.fill(byte);
  return line;
}

/// The sync of a table that was never mapped works on address 0, where somebody else's data is.
bool sync_on_never_mapped(machine::Machine& machine, client::Client& client) {
  std::uint32_t buffer = 0, attachment = 0;
  machine.memory().store(0, line_of(7).data(), 64);
  if (client.export_buffer(machine::kPageBytes, buffer) != 0 || client.attach(buffer, 0, attachment) != 0) return false;
  static_cast<void>(client.begin_cpu_access(buffer, Direction::kBidirectional));
  static_cast<void>(client.end_cpu_access(buffer, Direction::kBidirectional));
  client.detach(attachment);
  client.release(buffer);
  Line read{};
  machine.memory().load(0, read.data(), 64);
  return read != line_of(7);
}

/// The first of two unmaps clears the flag; the device is still mapped and writes, and the window does not invalidate.
bool two_maps_one_flag(machine::Machine& machine, client::Client& client) {
  std::uint32_t buffer = 0, attachment = 0;
  constexpr Direction kFrom = Direction::kFromDevice;
  if (client.export_buffer(machine::kPageBytes, buffer) != 0 || client.attach(buffer, 0, attachment) != 0) return false;
  if (client.map(attachment, kFrom) != 0 || client.map(attachment, kFrom) != 0) return false;
  client.unmap(attachment, kFrom);
  machine.memory().speculate(client.page(buffer, 0));
  client.device_write(attachment, 0, line_of(7).data(), 64);
  static_cast<void>(client.begin_cpu_access(buffer, kFrom));
  Line read{};
  client.cpu_read(buffer, 0, read.data(), 64);
  static_cast<void>(client.end_cpu_access(buffer, kFrom));
  client.unmap(attachment, kFrom);
  client.detach(attachment);
  client.release(buffer);
  return read != line_of(7);
}

/// An end too many: the next begin makes no kernel mapping, and a user of it gets NULL.
bool unpaired_end(machine::Machine&, client::Client& client) {
  std::uint32_t buffer = 0;
  if (client.export_buffer(machine::kPageBytes, buffer) != 0) return false;
  static_cast<void>(client.end_cpu_access(buffer, Direction::kBidirectional));
  static_cast<void>(client.begin_cpu_access(buffer, Direction::kBidirectional));
  try {
    static_cast<void>(client.vmap(buffer));
    client.vunmap(buffer);
  } catch (const machine::KernelBug&) {
    return true;
  }
  return false;
}

/// The CPU writes through the memfd, the map skips its sync, the device reads what was there before.
bool dirty_hand_off(machine::Machine&, client::Client& client) {
  std::uint32_t buffer = 0, attachment = 0;
  constexpr Direction kTo = Direction::kToDevice;
  if (client.export_buffer(machine::kPageBytes, buffer) != 0) return false;
  client.cpu_write(buffer, 0, line_of(7).data(), 64);
  if (client.attach(buffer, 0, attachment) != 0 || client.map(attachment, kTo) != 0) return false;
  Line read{};
  client.device_read(attachment, 0, read.data(), 64);
  client.unmap(attachment, kTo);
  client.detach(attachment);
  client.release(buffer);
  return read != line_of(7);
}

constexpr Case kCases[] = {
    {"T01", "heap_helpers_2019", "heap_helpers_2019 syncs an attachment that was never mapped",
     "expect L1 at \"sync_for_cpu\"\nexpect R2\nexpect L1 at \"sync_for_device\"\n", sync_on_never_mapped},
    {"T06", "system", "system_heap keeps one flag for two maps",
     "expect L9 at \"dma_map\" #2\nexpect M3 at \"cpu_read\"\n", two_maps_one_flag},
    {"T08", "heap_helpers_2019", "heap_helpers_2019 counts an end that nobody began", "expect L7 at \"end b1 BIDI\"\n",
     unpaired_end},
    {"T14", "udmabuf", "udmabuf maps with SKIP what the CPU wrote through the memfd",
     "expect M1 at \"device_read\"\nexpect L8 at \"cpu_write\"\n", dirty_hand_off},
};

}  // namespace

std::span<const Case> cases() { return kCases; }

std::string litmus_of(const Case& c, bool& wrong) {
  traces::RecordedTrace trace;
  {
    machine::Machine machine({model::find_arch("arm64-6.1"), {{"D"}}, 64, 64});
    client::Client client(machine, trace, {std::string(c.driver), 0, true});
    wrong = c.run(machine, client);
  }
  std::string text = traces::formats::litmus::write_litmus(trace);
  const std::size_t end = text.find('\n');
  text.replace(0, end, "custody litmus: " + std::string(c.title) + "\n# Recorded: " + trace.header().source + ".");
  return text.insert(text.find("\n\n") + 1, c.expect);
}

}  // namespace custody::kernel_ref::cases
