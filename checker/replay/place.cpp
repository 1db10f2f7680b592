// SPDX-License-Identifier: BSD-2-Clause
// Ranges of operations, accesses and windows against each other.
#include "checker/replay/place.hpp"

#include <algorithm>

#include "checker/replay/calls.hpp"

namespace custody::checker::replay {

using traces::Event;
using traces::EventKind;

namespace {

bool is_access(EventKind kind) {
  return kind == EventKind::kCpuRead || kind == EventKind::kCpuWrite || kind == EventKind::kDeviceRead ||
         kind == EventKind::kDeviceWrite;
}

bool is_operation(EventKind kind) {
  return kind == EventKind::kSyncForCpu || kind == EventKind::kSyncForDevice || kind == EventKind::kCacheOperation;
}

}  // namespace

OperationPlace place_of(std::uint64_t size, const Event& e, std::uint32_t mapped_entries) {
  if (e.kind == EventKind::kDmaMap) return {};  // it covers what it maps
  if (e.dma.nents != 0 && mapped_entries != 0 && e.dma.nents < mapped_entries) return {{}, false};
  const traces::Maintenance& did = e.maintenance;
  const std::uint64_t called = e.range.length != 0 ? e.range.length : size;
  const bool placed = did.offset != traces::Maintenance::kNowhere;
  if (did.known && did.bytes != 0 && placed && (did.bytes != called || did.offset != e.range.offset))
    return {{did.offset, did.bytes}, true};
  if (did.known && did.bytes != 0 && did.bytes < called) return {{0, did.bytes}, false};
  return {{e.range.offset, e.range.length}, true};
}

bool is_partial(std::uint64_t size, const OperationPlace& place, lines::ByteRange wanted) {
  if (wanted.length == 0) wanted = {0, size};
  if (!place.known) return place.range.length == 0 || place.range.length < wanted.length;
  if (place.range == lines::ByteRange{}) return false;
  if (wanted.length == 0) return place.range.offset != 0;
  const lines::Bytes done = lines::bytes_of(place.range), due = lines::bytes_of(wanted);
  return done.from > due.from || done.to < due.to;
}

bool concerns_a_part(std::uint64_t size, const Event& e) {
  // Of a buffer of unknown size nobody knows that what is touched is all of it.
  if (is_access(e.kind) && size == 0 && e.range.length != 0) return true;
  if (is_access(e.kind) || is_window_call(e.kind)) return e.is_partial(size);
  if (!is_operation(e.kind)) return false;
  const OperationPlace place = place_of(size, e, 0);
  return place.known && is_partial(size, place);
}

bool is_whole(std::uint64_t size, lines::ByteRange range) {
  return range == lines::ByteRange{} || (range.offset == 0 && size != 0 && range.length >= size);
}

lines::ByteRange range_of_access(const model::Custody& custody, const Event& e) {
  if (e.range.length != 0 || e.kind == EventKind::kDeviceRead || e.kind == EventKind::kDeviceWrite)
    return {e.range.offset, e.range.length};
  const bool reads = e.kind == EventKind::kCpuRead;
  if (model::active_window(custody, reads, true) != nullptr) return {};
  const model::Window* const oldest = model::active_window(custody, reads, false);
  return oldest != nullptr ? oldest->extent : lines::ByteRange{};
}

bool is_inside(const model::Window& window, lines::ByteRange access, std::uint64_t size, std::uint32_t largest_line) {
  if (window.extent == lines::ByteRange{} || access == lines::ByteRange{}) return true;
  const lines::Bytes open = lines::rounded(lines::bytes_of(window.extent), largest_line),
                     touched = lines::bytes_of(access);
  const bool to_end = size != 0 && open.to >= size;
  return touched.from >= open.from && (touched.to <= open.to || to_end);
}

bool spills_into_window(const model::Custody& custody, std::uint32_t device_line, lines::ByteRange written) {
  if (device_line == 0 || written == lines::ByteRange{}) return false;
  const lines::Bytes exact = lines::bytes_of(written), whole = lines::rounded(exact, device_line);
  return std::any_of(custody.windows.begin(), custody.windows.end(), [&](const model::Window& w) {
    const lines::Bytes window = lines::bytes_of(w.extent);
    return model::device_may_read(w.dir) && model::is_active(custody, w) &&
           (lines::overlap(window, {whole.from, exact.from}) || lines::overlap(window, {exact.to, whole.to}));
  });
}

}  // namespace custody::checker::replay
