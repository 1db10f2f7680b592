// SPDX-License-Identifier: BSD-2-Clause
// What the records of a log say of buffers and attachments.
#include "traces/formats/event_log/learned.hpp"

#include <algorithm>
#include <array>

#include "traces/formats/event_log/words.hpp"

namespace custody::traces::formats::event_log {
namespace {

constexpr std::array kBufferKeys{Key::kBufferName, Key::kExporter,  Key::kSize,      Key::kIno,
                                 Key::kMemory,     Key::kByAddress, Key::kHidesSyncs};

/// Of what is said twice the first is kept, but for the name.
void add(BufferInfo& info, const Record& record) {
  if (record.has(Key::kBufferName)) info.name = record.text(Key::kBufferName);
  if (info.exporter.empty() && record.has(Key::kExporter)) info.exporter = record.text(Key::kExporter);
  if (info.size == 0) info.size = record.number(Key::kSize);
  if (info.ino == 0) info.ino = record.number(Key::kIno);
  info.by_address = info.by_address || record.number(Key::kByAddress) != 0;
  info.hides_syncs = info.hides_syncs || record.number(Key::kHidesSyncs) != 0;
  if (info.memory == MemoryKind::kUnsaid && record.has(Key::kMemory))
    info.memory = static_cast<MemoryKind>(find_word(kMemories, record.text(Key::kMemory)).value_or(0));
}

}  // namespace

const BufferInfo& Knowledge::latest(std::uint32_t buffer) const {
  const auto kept = kept_back_.find(buffer);
  return kept == kept_back_.end() ? directory_.buffers[buffer] : kept->second;
}

std::unique_ptr<Learned> Knowledge::learn(const Event& event, const Record& record) {
  if (event.buffer == kNoId) return {};
  const bool names_attachment = event.attachment != kNoId && record.has(Key::kAttachmentName);
  const bool tells = std::any_of(kBufferKeys.begin(), kBufferKeys.end(), [&](Key key) { return record.has(key); });
  if (!tells && !names_attachment) return {};
  auto learned = std::make_unique<Learned>();
  learned->buffer = event.buffer;
  learned->info = latest(event.buffer);
  add(learned->info, record);
  if (names_attachment) {
    learned->attachment = event.attachment;
    learned->attachment_name = record.text(Key::kAttachmentName);
  }
  kept_back_[event.buffer] = learned->info;
  ++undelivered_;
  return learned;
}

void Knowledge::deliver(const Learned& learned) {
  BufferInfo& info = directory_.buffers[learned.buffer];
  const bool export_seen = info.export_seen;
  const std::uint32_t generation = info.generation;
  info = learned.info;
  info.export_seen = export_seen;
  info.generation = generation;
  if (learned.attachment_name) directory_.attachments[learned.attachment].name = *learned.attachment_name;
  if (--undelivered_ == 0) kept_back_.clear();
}

}  // namespace custody::traces::formats::event_log
