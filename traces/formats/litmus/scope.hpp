// SPDX-License-Identifier: BSD-2-Clause
// Which attachment a device stands for in a litmus line. The reader resolves with it, and the writer asks it whether a
// plain device name would be read back as the attachment that it means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "traces/event.hpp"

namespace custody::traces::formats::litmus {

/// The attachments of every (buffer, device), live and gone.
class AttachmentScope {
 public:
  /// `attachment` is live from now on, and the latest.
  void attach(std::uint32_t buffer, std::uint32_t device, std::uint32_t attachment);
  /// `attachment` is gone: detached, or its attach failed.
  void end(std::uint32_t buffer, std::uint32_t device, std::uint32_t attachment);

  /// What `device` means in a call of the dma-buf core: the latest live attachment, else the one that went last
  /// (a use after detach), else kNoId (older than the trace).
  [[nodiscard]] std::uint32_t of_call(std::uint32_t buffer, std::uint32_t device) const;

  /// What `device` means in a DMA call, an access or a fence on `buffer`: `enclosing`, the attachment of the call
  /// around it, where `enclosing_device` is the same; else the latest live attachment; else, for a `dma_unmap`, the
  /// one that went last, because the core unmaps a cached table late; else kNoId, the exporter's own use of it.
  [[nodiscard]] std::uint32_t of_dma(EventKind kind, std::uint32_t buffer, std::uint32_t device,
                                     std::uint32_t enclosing, std::uint32_t enclosing_device) const;

 private:
  struct Entry {
    std::map<std::uint64_t, std::uint32_t> live;               ///< by the order in which they came
    std::set<std::pair<std::uint32_t, std::uint64_t>> places;  ///< the same, by attachment
    std::uint32_t last_gone = kNoId;
  };
  [[nodiscard]] const Entry* find(std::uint32_t buffer, std::uint32_t device) const;

  std::unordered_map<std::uint64_t, Entry> entries_;  ///< by (buffer, device)
  std::uint64_t attached_ = 0;
};

/// True for the calls that name an attachment: `attach`, `detach`, `map`, `unmap`, `pin`, `unpin`.
[[nodiscard]] bool is_attachment_call(EventKind kind);

}  // namespace custody::traces::formats::litmus
