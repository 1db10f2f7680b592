// SPDX-License-Identifier: GPL-2.0-only
// The client that is explored: which calls it may make next, and what it has after them.
#include "kernel-ref/drive/caller.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace custody::kernel_ref::drive {

using model::Direction;
using Kind = Call::Kind;

namespace {

constexpr std::array<std::string_view, kConducts> kConductNames{
    "legal", "maps-twice", "ends-twice", "maps-in-windows", "overlapping", "unpaired", "never-brackets", "vmap"};
constexpr std::array<std::string_view, kConducts> kConductWords{
    "a legal client",
    "a client that maps an attachment twice",
    "a client that ends a window that it did not open",
    "a client that maps and unmaps inside a window for writing",
    "tasks that map, unmap and open windows across each other's windows for writing",
    "a client that may leave a window open, and accesses through mmap while no device is mapped",
    "a client that opens no window, and accesses through mmap while no device is mapped",
    "a client that opens no window, and accesses between vmap and vunmap"};
constexpr std::array<std::string_view, Call::kKinds> kKindNames{
    "export", "attach", "detach",  "map",  "unmap",           "begin_cpu_access", "end_cpu_access",
    "vmap",   "vunmap", "release", "mmap", "read by the CPU", "write by the CPU"};
constexpr std::uint8_t kMostFails = 60;
constexpr Direction kWays[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};

std::string_view way(Direction dir) {
  constexpr std::string_view kNames[] = {"BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE"};
  return dir == Direction::kNone ? "" : kNames[static_cast<std::size_t>(dir)];
}

bool is_for_writing(Direction window) { return window != Direction::kFromDevice; }

bool is_open_to_cpu(const Situation& s, Conduct conduct) {
  if (conduct == Conduct::kVmap) return s.vmapped;
  return accesses_without_window(conduct) && s.mmapped &&
         std::all_of(s.importers.begin(), s.importers.end(), [](const auto& i) { return i.maps.empty(); });
}

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
std::optional<Conduct> conduct_of(std::string_view word) {
  const auto* const it = std::find(kConductNames.begin(), kConductNames.end(), word);
  if (it == kConductNames.end()) return std::nullopt;
  return static_cast<Conduct>(it - kConductNames.begin());
}
std::string conduct_names() {
  std::string text;
  for (const std::string_view name : kConductNames) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}
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

namespace {

/// Takes `word` and a blank off the front of `text`, where it is the whole of it or begins it.
bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || (text.size() > word.size() && text[word.size()] != ' ')) return false;
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return true;
}

/// Takes what fails off the end of `text`.
std::uint8_t take_failure(std::string_view& text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return 0;
  const std::string_view rest = text.substr(comma);
  text = text.substr(0, comma);
  unsigned fails = Call::kInterrupted;
  const bool counted = std::sscanf(std::string(rest).c_str(), ", its request number %u", &fails) == 1;
  return counted && fails > kMostFails ? 0 : static_cast<std::uint8_t>(fails);
}

}  // namespace

std::optional<Call> parse_call(const std::string& text, const std::vector<machine::Device>& devices) {
  std::string_view rest = text;
  Call call;
  call.fails = take_failure(rest);
  unsigned kind = 0;
  while (kind < Call::kKinds && !take_word(rest, kKindNames[kind])) ++kind;
  if (kind == Call::kKinds) return std::nullopt;
  call.kind = static_cast<Kind>(kind);
  for (std::size_t d = 0; d < devices.size(); ++d)
    if (take_word(rest, devices[d].name)) {
      call.device = static_cast<std::uint8_t>(d);
      break;
    }
  for (const Direction dir : kWays)
    if (rest == way(dir)) call.dir = dir;
  const std::vector<Call> all = all_calls(devices.size());
  Call without_failure = call;
  without_failure.fails = 0;
  const bool is_call = call.kind == Kind::kExport || std::find(all.begin(), all.end(), without_failure) != all.end();
  return is_call && text_of(call, devices) == text ? std::optional<Call>(call) : std::nullopt;
}

std::uint32_t Situation::next_task() const {
  std::uint32_t task = 0;
  while (std::find(tasks.begin(), tasks.end(), task) != tasks.end()) ++task;
  return task;
}

bool Situation::may(const Call& call, const Limits& limits, const std::vector<machine::Device>& devices) const {
  const bool overlaps = limits.conduct == Conduct::kOverlapping;
  const bool loose = limits.conduct == Conduct::kMapsInWindows || limits.conduct == Conduct::kUnpaired || overlaps;
  const bool opens_none = limits.conduct == Conduct::kNeverBrackets || limits.conduct == Conduct::kVmap;
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
      if (windows.size() >= limits.windows || opens_none) return false;
      return overlaps || (!has_write_window(*this) && (!is_for_writing(call.dir) || windows.empty()));
    case Kind::kEnd:
      if (windows.empty()) return limits.conduct == Conduct::kEndsTwice && broken == 0;
      return windows.back() == call.dir && !(vmapped && windows.size() == 1);
    case Kind::kVmap: return !vmapped && (!windows.empty() || limits.conduct == Conduct::kVmap);
    case Kind::kVunmap: return vmapped;
    case Kind::kMmap:
      return !mmapped && (limits.conduct == Conduct::kUnpaired || limits.conduct == Conduct::kNeverBrackets);
    case Kind::kRead:
    case Kind::kWrite: return is_open_to_cpu(*this, limits.conduct);
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
  return out + (vmapped ? 'v' : '-') + (mmapped ? 'm' : '-') + static_cast<char>('0' + failed) +
         static_cast<char>('0' + broken);
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
  for (const Kind kind : {Kind::kVunmap, Kind::kMmap, Kind::kRead, Kind::kWrite})
    calls.push_back({kind, 0, Direction::kNone, 0});
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
    case Kind::kMmap:
      ret = client.mmap(s.buffer);
      s.mmapped = s.mmapped || ret == 0;
      return ret;
    case Kind::kRead:
    case Kind::kWrite: client.tell_cpu_access(s.buffer, call.kind == Kind::kWrite); return 0;
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
