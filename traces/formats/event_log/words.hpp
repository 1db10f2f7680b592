// SPDX-License-Identifier: BSD-2-Clause
// The words of an event log, for its reader and its writer.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/coherence.hpp"
#include "model/direction.hpp"
#include "traces/directory.hpp"
#include "traces/event.hpp"

namespace custody::traces::formats::event_log {

/// Indexed by Phase; an event that is one record has no `phase`.
inline constexpr std::array<std::string_view, 3> kPhases{"", "enter", "return"};
/// Indexed by AttributedBy.
inline constexpr std::array<std::string_view, 4> kAttributions{"named", "nesting", "scatterlist", "address"};
/// Indexed by MemoryKind.
inline constexpr std::array<std::string_view, 4> kMemories{"", "cached", "write_combined", "coherent"};
/// Indexed by model::Operation.
inline constexpr std::array<std::string_view, 4> kCacheEvents{"cache_none", "cache_clean", "cache_invalidate",
                                                              "cache_clean_invalidate"};
/// Of a fence: whether it waits for a writer.
inline constexpr std::array<std::string_view, 2> kUsages{"read", "write"};
/// What a DMA call without cache records did: nothing, or who knows.
inline constexpr std::array<std::string_view, 2> kMaintenances{"none", "unknown"};

/// Indexed by AddressEvidence.
inline constexpr std::array<std::string_view, 5> kAddressEvidence{"", "mapped", "not_mapped", "mapped_unless_older",
                                                                  "not_mapped_unless_older"};

/// Indexed by Gap::Kind: what a `gap` is.
inline constexpr std::array<std::string_view, 3> kGaps{"unread_record", "open_call", "missing_record"};

/// The index of `word`; empty where it is none of them. The empty word is none.
template <std::size_t N>
[[nodiscard]] std::optional<std::size_t> find_word(const std::array<std::string_view, N>& words,
                                                   std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (!word.empty() && words[i] == word) return i;
  return std::nullopt;
}

/// The words, for a message.
template <std::size_t N>
[[nodiscard]] std::string list_words(const std::array<std::string_view, N>& words) {
  std::string all;
  for (const std::string_view word : words)
    if (!word.empty()) all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

/// The events that say which way data goes.
[[nodiscard]] constexpr bool has_direction(EventKind kind) {
  return is_dma_call(kind) || kind == EventKind::kMap || kind == EventKind::kUnmap ||
         kind == EventKind::kBeginCpuAccess || kind == EventKind::kEndCpuAccess;
}

/// The events of a device.
[[nodiscard]] constexpr bool has_device(EventKind kind) {
  return is_dma_call(kind) || kind == EventKind::kDeviceRead || kind == EventKind::kDeviceWrite ||
         kind == EventKind::kFence || kind == EventKind::kFenceSignaled || kind == EventKind::kBounceIn ||
         kind == EventKind::kBounceOut;
}

/// The calls that need an attachment.
[[nodiscard]] constexpr bool has_attachment(EventKind kind) {
  return kind == EventKind::kAttach || kind == EventKind::kDetach || kind == EventKind::kMap ||
         kind == EventKind::kUnmap || kind == EventKind::kPin || kind == EventKind::kUnpin;
}

}  // namespace custody::traces::formats::event_log
