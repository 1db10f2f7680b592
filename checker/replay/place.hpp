// SPDX-License-Identifier: BSD-2-Clause
// Where in a buffer an operation or an access was.
#pragma once

#include "checker/lines/byte_range.hpp"
#include "model/coherence.hpp"
#include "model/custody.hpp"
#include "traces/event.hpp"

namespace custody::checker::replay {

/// Which bytes an operation covered.
struct OperationPlace {
  lines::ByteRange range;
  bool known = true;  ///< false: `range.length` bytes, and nothing says where
};

[[nodiscard]] constexpr bool cleans(model::Operation op) {
  return op == model::Operation::kClean || op == model::Operation::kCleanInvalidate;
}
[[nodiscard]] constexpr bool invalidates(model::Operation op) {
  return op == model::Operation::kInvalidate || op == model::Operation::kCleanInvalidate;
}

/// Where the operation of a DMA call, or of a cache operation, was. `mapped_entries`: of the mapping that it concerns;
/// 0: unknown. `size`: of the buffer, in bytes; 0: unknown.
[[nodiscard]] OperationPlace place_of(std::uint64_t size, const traces::Event& e, std::uint32_t mapped_entries);

/// The operation left a part of `wanted` out, which without length is the whole buffer.
[[nodiscard]] bool is_partial(std::uint64_t size, const OperationPlace& place, lines::ByteRange wanted = {});

/// The event is an access, a window or an operation that concerns a part of the buffer only.
[[nodiscard]] bool concerns_a_part(std::uint64_t size, const traces::Event& e);

/// The range covers the buffer.
[[nodiscard]] bool is_whole(std::uint64_t size, lines::ByteRange range);

/// The bytes of an access: without range, those of the CPU windows that it may have come through, if all are of parts.
[[nodiscard]] lines::ByteRange range_of_access(const model::Custody& custody, const traces::Event& e);

/// The access lies in the window, whose ends are rounded to lines of `largest_line` bytes.
[[nodiscard]] bool is_inside(const model::Window& window, lines::ByteRange access, std::uint64_t size,
                             std::uint32_t largest_line);

/// What a device writes is rounded to its line of `device_line` bytes (0: it is not), and reaches into a window in
/// which the CPU may write.
[[nodiscard]] bool spills_into_window(const model::Custody& custody, std::uint32_t device_line,
                                      lines::ByteRange written);

}  // namespace custody::checker::replay
