// SPDX-License-Identifier: BSD-2-Clause
// The words and numbers of one record, and which of them an event needs.
#include <limits>

#include "traces/formats/event_log/session.hpp"
#include "traces/formats/event_log/words.hpp"
#include "traces/quoting.hpp"

namespace custody::traces::formats::event_log {
namespace {

template <std::size_t N>
std::string wrong_word(std::string_view key, const std::string& found, const std::array<std::string_view, N>& words) {
  return "`" + std::string(key) + "` is " + shown(found) + ", expected one of " + list_words(words);
}

/// Numbers that an Event holds in fewer bits than a log can write.
std::string out_of_range(const Record& record) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (record.number(Key::kNents) > kMost) return "`nents` does not fit 32 bits";
  if (record.number(Key::kOrigNents) > kMost) return "`orig_nents` does not fit 32 bits";
  const std::int64_t ret = record.integer(Key::kRet);
  if (ret > std::numeric_limits<std::int32_t>::max() || ret < std::numeric_limits<std::int32_t>::min())
    return "`ret` does not fit 32 bits";
  return {};
}

}  // namespace

std::string Session::set_words(Event& event, const Record& record) const {
  for (const Key key : {Key::kBuffer, Key::kAttachment, Key::kDevice})
    if (record.has(key) && record.text(key).empty())
      return "an empty `" + std::string(kKeyWords[static_cast<std::size_t>(key)].name) + "`, expected a name";
  if (record.has(Key::kPhase)) {
    const auto phase = find_word(kPhases, record.text(Key::kPhase));
    if (!phase) return wrong_word("phase", record.text(Key::kPhase), kPhases);
    event.phase = static_cast<Phase>(*phase);
  }
  if (record.has(Key::kDir)) {
    const auto dir = model::find_direction(record.text(Key::kDir));
    if (!dir)
      return "`dir` is " + shown(record.text(Key::kDir)) +
             ", expected one of BIDIRECTIONAL, TO_DEVICE, FROM_DEVICE, NONE";
    event.dir = *dir;
  }
  if (record.has(Key::kBy)) {
    const auto by = find_word(kAttributions, record.text(Key::kBy));
    if (!by) return wrong_word("by", record.text(Key::kBy), kAttributions);
    event.by = static_cast<AttributedBy>(*by);
  }
  if (record.has(Key::kUsage)) {
    const auto usage = find_word(kUsages, record.text(Key::kUsage));
    if (!usage) return wrong_word("usage", record.text(Key::kUsage), kUsages);
    if (event.kind == EventKind::kFence) event.ret = static_cast<std::int32_t>(*usage);
  }
  if (record.has(Key::kAddresses)) {
    const auto says = find_word(kAddressEvidence, record.text(Key::kAddresses));
    if (!says) return wrong_word("addresses", record.text(Key::kAddresses), kAddressEvidence);
    event.dma.addresses = static_cast<AddressEvidence>(*says);
  }
  if (record.has(Key::kMemory) && !find_word(kMemories, record.text(Key::kMemory)))
    return wrong_word("memory", record.text(Key::kMemory), kMemories);
  if (record.has(Key::kMaintenance) && !find_word(kMaintenances, record.text(Key::kMaintenance)))
    return wrong_word("maintenance", record.text(Key::kMaintenance), kMaintenances);
  return out_of_range(record);
}

std::string Session::missing(const Event& event, const Record& record) const {
  const EventKind kind = event.kind;
  const auto lacks = [&](Key key) {
    const KeyWord& word = kKeyWords[static_cast<std::size_t>(key)];
    return "`" + std::string(name(kind)) + "` without `" + std::string(word.name) + "`";
  };
  if (kind == EventKind::kLost) return record.has(Key::kCount) ? "" : lacks(Key::kCount);
  if (kind == EventKind::kTaskExit) return event.task != kNoId ? "" : lacks(Key::kTid);
  const bool can_be_unattributed = is_dma_call(kind) || kind == EventKind::kCacheOperation;
  if (!can_be_unattributed && !record.has(Key::kBuffer)) return lacks(Key::kBuffer);
  if (has_direction(kind) && !record.has(Key::kDir)) return lacks(Key::kDir);
  if (has_device(kind) && !record.has(Key::kDevice) && !record.has(Key::kAttachment)) return lacks(Key::kDevice);
  if (kind == EventKind::kFence && !record.has(Key::kUsage)) return lacks(Key::kUsage);
  // An attach knows its attachment when it returns, and has none where it failed.
  const bool made = kind != EventKind::kAttach || (event.phase != Phase::kEnter && record.integer(Key::kRet) >= 0);
  // Of an attachment that is older than the trace, or of which it knows no pointer, it knows the device.
  const bool by_device = kind == EventKind::kPin || kind == EventKind::kUnpin ||
                         ((kind == EventKind::kAttach || kind == EventKind::kDetach) && record.has(Key::kDevice));
  if (has_attachment(kind) && made && !by_device && !record.has(Key::kAttachment)) return lacks(Key::kAttachment);
  return {};
}

void Session::set_numbers(Event& event, const Record& record) {
  if (record.has(Key::kTs)) event.at.ts = record.integer(Key::kTs);
  event.dma.attrs = record.number(Key::kAttrs);
  event.range.offset = record.number(Key::kOffset);
  event.range.length = record.number(Key::kLength);
  event.dma.nents = static_cast<std::uint32_t>(record.number(Key::kNents));
  event.dma.orig_nents = static_cast<std::uint32_t>(record.number(Key::kOrigNents));
  if (record.has(Key::kRet) && event.kind != EventKind::kFence)
    event.ret = static_cast<std::int32_t>(record.integer(Key::kRet));
  if (event.kind == EventKind::kFd) event.range.length = record.number(Key::kFd);
  if (event.kind == EventKind::kLost) statistics_.lost += event.range.length = record.number(Key::kCount);
  if (!is_dma_call(event.kind)) return;
  event.maintenance.helper_ran = record.number(Key::kHelperRan) != 0;
  event.maintenance.by_name = record.number(Key::kByName) != 0;
  event.maintenance.known = header_.observes_cache_ops;
  if (!record.has(Key::kMaintenance)) return;
  event.maintenance.known = event.maintenance.stated_none = record.text(Key::kMaintenance) == kMaintenances[0];
}

}  // namespace custody::traces::formats::event_log
