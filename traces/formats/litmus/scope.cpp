// SPDX-License-Identifier: BSD-2-Clause
// Which attachment a device stands for.
#include "traces/formats/litmus/scope.hpp"

#include <iterator>

namespace custody::traces::formats::litmus {
namespace {

std::uint64_t key(std::uint32_t buffer, std::uint32_t device) { return (std::uint64_t{buffer} << 32U) | device; }

}  // namespace

void AttachmentScope::attach(std::uint32_t buffer, std::uint32_t device, std::uint32_t attachment) {
  Entry& entry = entries_[key(buffer, device)];
  entry.live.emplace(attached_, attachment);
  entry.places.emplace(attachment, attached_++);
}

void AttachmentScope::end(std::uint32_t buffer, std::uint32_t device, std::uint32_t attachment) {
  Entry& entry = entries_[key(buffer, device)];
  // The latest of that name: one buffer can have very many.
  const auto behind = entry.places.upper_bound({attachment, attached_});
  if (behind != entry.places.begin() && std::prev(behind)->first == attachment) {
    entry.live.erase(std::prev(behind)->second);
    entry.places.erase(std::prev(behind));
  }
  entry.last_gone = attachment;
}

const AttachmentScope::Entry* AttachmentScope::find(std::uint32_t buffer, std::uint32_t device) const {
  const auto found = entries_.find(key(buffer, device));
  return found == entries_.end() ? nullptr : &found->second;
}

std::uint32_t AttachmentScope::of_call(std::uint32_t buffer, std::uint32_t device) const {
  const Entry* const entry = find(buffer, device);
  if (entry == nullptr) return kNoId;
  return entry->live.empty() ? entry->last_gone : entry->live.rbegin()->second;
}

std::uint32_t AttachmentScope::of_dma(EventKind kind, std::uint32_t buffer, std::uint32_t device,
                                      std::uint32_t enclosing, std::uint32_t enclosing_device) const {
  if (enclosing != kNoId && enclosing_device == device) return enclosing;
  const Entry* const entry = find(buffer, device);
  if (entry == nullptr) return kNoId;
  if (!entry->live.empty()) return entry->live.rbegin()->second;
  return kind == EventKind::kDmaUnmap ? entry->last_gone : kNoId;
}

bool is_attachment_call(EventKind kind) {
  return kind == EventKind::kAttach || kind == EventKind::kDetach || kind == EventKind::kMap ||
         kind == EventKind::kUnmap || kind == EventKind::kPin || kind == EventKind::kUnpin;
}

}  // namespace custody::traces::formats::litmus
