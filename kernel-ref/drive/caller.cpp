// SPDX-License-Identifier: GPL-2.0-only
// The client that is explored: which calls it may make next, and what it has after them.
#include "kernel-ref/drive/caller.hpp"

#include <algorithm>
#include <array>

namespace custody::kernel_ref::drive {

using model::Direction;
using Kind = Call::Kind;

namespace {

constexpr std::array<std::string_view, kConducts> kConductNames{"legal", "maps-twice", "ends-twice", "maps-in-windows",
                                                                "overlapping"};
constexpr std::array<std::string_view, kConducts> kConductWords{
    "a legal client", "a client that maps an attachment twice", "a client that ends a window that it did not open",
    "a client that maps and unmaps inside a window for writing",
    "tasks that map, unmap and open windows across each other's windows for writing"};
constexpr std::array<std::string_view, Call::kKinds> kKindNames{
    "export", "attach", "detach", "map", "unmap", "begin_cpu_access", "end_cpu_access", "vmap", "vunmap", "release"};
constexpr std::uint8_t kMostFails = 60;
constexpr Direction kWays[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};

std::string_view way(Direction dir) {
  constexpr std::string_view kNames[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"};
  return dir == Direction::kNone ? "" : kNames[static_cast<std::size_t>(dir)];
}

bool is_for_writing(Direction window) { return window != Direction::kFromDevice; }

bool has_write_window(const Situation& s) { return std::any_of(s.windows.begin(), s.windows.end(), is_for_writing); }

/// One that reaches memory in another way is mapped, and they do not both only read through memory or the cache.
bool meets_other_kind(const Situation& s, const Call& call, const std::vector<machine::Device>& devices) {
  const machine::Device& own = devices[call.device];
  for (std::size_t i = 0; i < s.importers.size(); ++i) {
    if (s.importers[i].maps.empty()) continue;
    const bool read = s.importers[i].maps[0] == Direction::kToDevice && call.dir == Direction::kToDevice;
    if (devices[i].bounced != own.bounced || (devices[i].coherent != own.coherent && !read)) return true;
  }
  return false;
}

}  // namespace

std::string_view name(Conduct conduct) { return kConductNames[static_cast<std::size_t>(conduct)]; }
std::string_view says(Conduct conduct) { return kConductWords[static_cast<std::size_t>(conduct)]; }
std::string_view name(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

Call call_of(std::uint32_t code) {
  return {static_cast<Kind>(code & 15U), static_cast<std::uint8_t>(code >> 4U & 15U),
          static_cast<Direction>(code >> 8U & 15U), static_cast<std::uint8_t>(code >> 12U)};
}

std::string text_of(const Call& call, const std::vector<machine::Device>& devices) {
  std::string text(name(call.kind));
  if (call.kind >= Kind::kAttach && call.kind <= Kind::kUnmap) text += " " + devices[call.device].name;
  if (call.dir != Direction::kNone) text.append(" ").append(way(call.dir));
  if (call.fails == Call::kInterrupted) return text + ", interrupted while it waits for a fence";
  if (call.fails != 0) text += ", its request number " + std::to_string(call.fails) + " fails";
  return text;
}

std::optional<Call> parse_call(const std::string& text, const std::vector<machine::Device>& devices) {
  for (std::uint8_t fails = 0; fails <= kMostFails; ++fails)
    for (Call call : all_calls(devices.size())) {
      if (text.rfind(std::string(name(call.kind)), 0) != 0) continue;
      call.fails = fails;
      if (text_of(call, devices) == text) return call;
      call.fails = Call::kInterrupted;
      if (text_of(call, devices) == text) return call;
    }
  for (Call call{Kind::kExport, 0, Direction::kNone, 0}; call.fails <= kMostFails; ++call.fails)
    if (text_of(call, devices) == text) return call;
  return std::nullopt;
}

std::uint32_t Situation::next_task() const {
  std::uint32_t task = 0;
  while (std::find(tasks.begin(), tasks.end(), task) != tasks.end()) ++task;
  return task;
}

bool Situation::may(const Call& call, const Limits& limits, const std::vector<machine::Device>& devices) const {
  const bool overlaps = limits.conduct == Conduct::kOverlapping;
  const bool loose = limits.conduct == Conduct::kMapsInWindows || overlaps;
  const bool shut = has_write_window(*this) && !loose;
  const bool is_of_device = call.kind >= Kind::kAttach && call.kind <= Kind::kUnmap;
  if (is_of_device && call.device >= importers.size()) return false;
  switch (call.kind) {
    case Kind::kAttach: return !importers[call.device].attached;
    case Kind::kDetach: return importers[call.device].attached && importers[call.device].maps.empty() && !shut;
    case Kind::kMap: {
      const Importer& i = importers[call.device];
      const std::size_t most = limits.conduct == Conduct::kMapsTwice ? 2 : 1;
      if (!i.attached || i.maps.size() >= most || shut) return false;
      if (!i.maps.empty() && i.maps[0] != call.dir) return false;
      return !limits.in_turn || !meets_other_kind(*this, call, devices);
    }
    case Kind::kUnmap: {
      const Importer& i = importers[call.device];
      return !i.maps.empty() && i.maps.back() == call.dir && !shut;
    }
    case Kind::kBegin:
      if (windows.size() >= limits.windows) return false;
      return overlaps || (!has_write_window(*this) && (!is_for_writing(call.dir) || windows.empty()));
    case Kind::kEnd:
      if (windows.empty()) return limits.conduct == Conduct::kEndsTwice && broken == 0;
      return windows.back() == call.dir && !(vmapped && windows.size() == 1);
    case Kind::kVmap: return !vmapped && !windows.empty();
    case Kind::kVunmap: return vmapped;
    default: return false;
  }
}

std::string Situation::bytes() const {
  std::string out;
  for (const Importer& i : importers) {
    out += i.attached ? 'a' : '-';
    for (const Direction d : i.maps) out += static_cast<char>('0' + static_cast<int>(d));
  }
  out += '/';
  for (std::size_t w = 0; w < windows.size(); ++w) {
    out += static_cast<char>('0' + static_cast<int>(windows[w]));
    out += static_cast<char>('0' + tasks[w]);
  }
  return out + (vmapped ? 'v' : '-') + static_cast<char>('0' + failed) + static_cast<char>('0' + broken);
}

std::vector<Call> all_calls(std::size_t devices) {
  std::vector<Call> calls;
  const auto each_device = [&](Kind kind, bool directed) {
    for (std::size_t d = 0; d < devices; ++d)
      for (const Direction dir : kWays) {
        calls.push_back({kind, static_cast<std::uint8_t>(d), directed ? dir : Direction::kNone, 0});
        if (!directed) break;
      }
  };
  each_device(Kind::kAttach, false);
  each_device(Kind::kMap, true);
  each_device(Kind::kUnmap, true);
  each_device(Kind::kDetach, false);
  for (const Direction dir : kWays) calls.push_back({Kind::kBegin, 0, dir, 0});
  for (const Direction dir : kWays) calls.push_back({Kind::kEnd, 0, dir, 0});
  calls.push_back({Kind::kVmap, 0, Direction::kNone, 0});
  calls.push_back({Kind::kVunmap, 0, Direction::kNone, 0});
  return calls;
}

namespace {

int begin(client::Client& client, Situation& s, const Call& call) {
  const std::uint32_t task = s.pinned != 0 ? s.pinned : s.next_task();
  if (s.pinned == 0) client.recorder().as_task(task);
  const int ret = call.fails == Call::kInterrupted ? client.begin_interrupted(s.buffer, call.dir)
                                                   : client.begin_cpu_access(s.buffer, call.dir);
  if (ret == 0) {
    s.windows.push_back(call.dir);
    s.tasks.push_back(task);
  }
  if (s.pinned == 0) client.recorder().as_task(0);
  return ret;
}

int end(client::Client& client, Situation& s, const Call& call) {
  if (s.windows.empty()) {
    ++s.broken;
    return client.end_cpu_access(s.buffer, call.dir);
  }
  if (s.pinned == 0) client.recorder().as_task(s.tasks.back());
  s.windows.pop_back();
  s.tasks.pop_back();
  const int ret = client.end_cpu_access(s.buffer, call.dir);
  if (s.pinned == 0) client.recorder().as_task(0);
  return ret;
}

}  // namespace

int make(client::Client& client, Situation& s, const Call& call) {
  int ret = 0;
  switch (call.kind) {
    case Kind::kAttach: {
      std::uint32_t attachment = 0;
      ret = client.attach(s.buffer, call.device, attachment);
      if (ret == 0) s.importers[call.device] = {true, attachment, {}};
      return ret;
    }
    case Kind::kDetach:
      s.importers[call.device].attached = false;
      client.detach(s.importers[call.device].attachment);
      return 0;
    case Kind::kMap:
      ret = client.map(s.importers[call.device].attachment, call.dir);
      if (ret == 0) s.importers[call.device].maps.push_back(call.dir);
      return ret;
    case Kind::kUnmap:
      s.importers[call.device].maps.pop_back();
      client.unmap(s.importers[call.device].attachment, call.dir);
      return 0;
    case Kind::kBegin: return begin(client, s, call);
    case Kind::kEnd: return end(client, s, call);
    case Kind::kVmap:
      ret = client.vmap(s.buffer);
      s.vmapped = s.vmapped || ret == 0;
      return ret;
    case Kind::kVunmap:
      s.vmapped = false;
      client.vunmap(s.buffer);
      return 0;
    case Kind::kFinish: client.release(s.buffer); return 0;
    default: return 0;
  }
}

std::vector<Call> closing_calls(const Situation& s) {
  std::vector<Call> calls;
  if (s.vmapped) calls.push_back({Kind::kVunmap, 0, Direction::kNone, 0});
  for (auto w = s.windows.rbegin(); w != s.windows.rend(); ++w) calls.push_back({Kind::kEnd, 0, *w, 0});
  for (std::size_t i = 0; i < s.importers.size(); ++i) {
    const auto d = static_cast<std::uint8_t>(i);
    for (auto m = s.importers[d].maps.rbegin(); m != s.importers[d].maps.rend(); ++m)
      calls.push_back({Kind::kUnmap, d, *m, 0});
    if (s.importers[d].attached) calls.push_back({Kind::kDetach, d, Direction::kNone, 0});
  }
  calls.push_back({Kind::kFinish, 0, Direction::kNone, 0});
  return calls;
}

}  // namespace custody::kernel_ref::drive
