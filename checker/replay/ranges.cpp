// SPDX-License-Identifier: BSD-2-Clause
// What concerns a part of a buffer: where an operation or an access was, and what it did to the lines there.
#include <algorithm>
#include <limits>

#include "checker/replay/engine.hpp"

namespace custody::checker {

using model::Access;
using model::AccessSet;
using model::Belief;
using model::Operation;
using traces::EventKind;

namespace {

/// From its first byte to behind its last.
struct Bytes {
  std::uint64_t from = 0, to = 0;
};

Bytes bytes_of(ByteRange r) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  return {r.offset, r.length == 0 || r.length > kMost - r.offset ? kMost : r.offset + r.length};
}

/// Rounded to whole lines.
Bytes rounded(Bytes b, std::uint64_t line) {
  const std::uint64_t beyond = b.to % line == 0 ? 0 : line - b.to % line;
  return {b.from - b.from % line, b.to > std::numeric_limits<std::uint64_t>::max() - beyond ? b.to : b.to + beyond};
}

bool overlap(Bytes a, Bytes b) { return std::max(a.from, b.from) < std::min(a.to, b.to); }

bool is_access(EventKind kind) {
  return kind == EventKind::kCpuRead || kind == EventKind::kCpuWrite || kind == EventKind::kDeviceRead ||
         kind == EventKind::kDeviceWrite;
}
bool is_operation(EventKind kind) {
  return kind == EventKind::kSyncForCpu || kind == EventKind::kSyncForDevice || kind == EventKind::kCacheOperation;
}
bool is_window_call(EventKind kind) { return kind == EventKind::kBeginCpuAccess || kind == EventKind::kEndCpuAccess; }

}  // namespace

OperationPlace Engine::place_of(const BufferState& b, const Event& e, const MappingState* m) {
  if (e.kind == EventKind::kDmaMap) return {};  // it covers what it maps
  if (m != nullptr && e.nents != 0 && m->orig_nents != 0 && e.nents < m->orig_nents) return {{}, false};
  const traces::Maintenance& did = e.maintenance;
  const std::uint64_t called = e.length != 0 ? e.length : b.size;
  const bool placed = did.offset != traces::Maintenance::kNowhere;
  if (did.known && did.bytes != 0 && placed && (did.bytes != called || did.offset != e.offset))
    return {{did.offset, did.bytes}, true};
  if (did.known && did.bytes != 0 && did.bytes < called) return {{0, did.bytes}, false};
  return {{e.offset, e.length}, true};
}

bool Engine::is_partial(const BufferState& b, const OperationPlace& place, const OpenCall* call) {
  const ByteRange wanted = call != nullptr && call->range.length != 0 ? call->range : ByteRange{0, b.size};
  if (!place.known) return place.range.length == 0 || place.range.length < wanted.length;
  if (place.range == ByteRange{}) return false;
  if (wanted.length == 0) return place.range.offset != 0;
  const Bytes done = bytes_of(place.range), due = bytes_of(wanted);
  return done.from > due.from || done.to < due.to;
}

void Engine::tell_lines_apart(BufferState& b, const Event& e) {
  if (b.lines || b.cache == CacheKind::kUncached || b.released) return;
  bool part = (is_access(e.kind) || is_window_call(e.kind)) && e.is_partial(b.size);
  if (is_operation(e.kind)) {
    const OperationPlace place = place_of(b, e, nullptr);
    part = place.known && is_partial(b, place, nullptr);
  }
  if (!part) return;
  settle_fates(b, Fate::kUndetermined);
  b.subset.unknown = true;
  b.lines.emplace(cache_lines_, b.size, b.contract);
}

void Engine::advance_lines(BufferState& b) {
  for (bool changed = true; changed;) {
    changed = b.lines->advance(b.whole_buffer_agents);
    if (header_.exact_accesses) break;
    for (const Window& w : b.windows)
      if (!w.closing && model::device_may_read(w.dir))
        changed = b.lines->advance(AccessSet().add(Access::kCpuWrite), w.range) || changed;
  }
  b.contract = b.lines->joined();
}

bool Engine::meets(BufferState& b, Access access, ByteRange range) {
  return b.lines ? b.lines->is_hazard(access, range) : model::is_hazard(access, b.contract);
}

bool Engine::can_lose(BufferState& b, Operation op, const OperationPlace& place) {
  if (!b.lines) return model::can_lose(op, b.contract);
  return b.lines->can_lose(op, place.known ? place.range : ByteRange{});
}

bool Engine::has_no_effect(BufferState& b, Operation op, const OperationPlace& place) {
  if (!b.lines) return model::has_no_effect(op, b.contract);
  return b.lines->has_no_effect(op, place.known ? place.range : ByteRange{});
}

bool Engine::is_whole(const BufferState& b, ByteRange range) {
  return range == ByteRange{} || (range.offset == 0 && b.size != 0 && range.length >= b.size);
}

void Engine::perform(BufferState& b, Access access, ByteRange range) {
  const auto after = [&](Belief before) {
    const Belief done = model::hardware_closure(model::perform(access, before));
    return is_whole(b, range) ? done : done | before;
  };
  if (b.lines) {
    b.lines->perform(access, range);
    b.contract = b.lines->joined();
  } else {
    b.contract = after(b.contract);
  }
  b.if_not_coherent = after(b.if_not_coherent);
  b.worst = after(b.worst) | b.contract;
}

void Engine::operate_on_lines(BufferState& b, Operation op, const OperationPlace& place) {
  if (place.known) b.lines->operate(op, place.range);
  else b.lines->operate_somewhere(op, {});
  b.contract = b.lines->joined();
}

ByteRange Engine::range_of_access(const BufferState& b, const Event& e) {
  if (e.length != 0 || e.kind == EventKind::kDeviceRead || e.kind == EventKind::kDeviceWrite)
    return {e.offset, e.length};
  const bool reads = e.kind == EventKind::kCpuRead;
  ByteRange found;
  for (const Window& w : b.windows) {
    if (w.closing || !(reads ? model::device_may_write(w.dir) : model::device_may_read(w.dir))) continue;
    if (w.range == ByteRange{}) return {};
    if (found == ByteRange{}) found = w.range;
  }
  return found;
}

bool Engine::is_inside(const BufferState& b, const Window& w, ByteRange access) const {
  if (w.range == ByteRange{} || access == ByteRange{}) return true;
  const Bytes window = rounded(bytes_of(w.range), largest_line_), touched = bytes_of(access);
  const bool to_end = b.size != 0 && window.to >= b.size;
  return touched.from >= window.from && (touched.to <= window.to || to_end);
}

bool Engine::spills_into_window(const BufferState& b, const DeviceState& device, ByteRange written) const {
  if (device.line == 0 || written == ByteRange{}) return false;
  const Bytes exact = bytes_of(written), whole = rounded(exact, device.line);
  return std::any_of(b.windows.begin(), b.windows.end(), [&](const Window& w) {
    if (w.closing || !model::device_may_read(w.dir)) return false;
    const Bytes window = bytes_of(w.range);
    return overlap(window, {whole.from, exact.from}) || overlap(window, {exact.to, whole.to});
  });
}

}  // namespace custody::checker
