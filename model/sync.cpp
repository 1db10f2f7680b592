// SPDX-License-Identifier: BSD-2-Clause
// Syncs as text: `own:map:skip`, `buffer:clean`.
#include "model/sync.hpp"

#include <array>
#include <iterator>

namespace custody::model {

namespace {

std::string_view next_part(std::string_view& text) {
  const std::size_t end = text.find(':');
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

/// The passes over the buffer, as the calls that do them.
constexpr std::array<Sync, 3> kPassSyncs = {{
    {Targets::kBuffer, SyncCall::kForDevice, SyncDirection::kToDevice, false},
    {Targets::kBuffer, SyncCall::kForCpu, SyncDirection::kFromDevice, false},
    {Targets::kBuffer, SyncCall::kForDevice, SyncDirection::kBidirectional, false},
}};

SyncDirection usual_direction(SyncCall call) {
  return call == SyncCall::kUnmap ? SyncDirection::kMapping : SyncDirection::kCaller;
}

}  // namespace

std::optional<Sync> parse_sync(std::string_view text) {
  if (text.empty() || text.back() == ':') return std::nullopt;
  const auto targets = find_word(kTargets, next_part(text));
  const std::string_view call_word = next_part(text);
  if (!targets) return std::nullopt;
  Sync sync;
  sync.targets = static_cast<Targets>(*targets);
  if (sync.targets == Targets::kBuffer) {
    const auto pass = find_word(kPasses, call_word);
    return pass && text.empty() ? std::optional(kPassSyncs[*pass]) : std::nullopt;
  }
  const auto call = find_word(kSyncCalls, call_word);
  if (!call) return std::nullopt;
  sync.call = static_cast<SyncCall>(*call);
  sync.dir = usual_direction(sync.call);
  std::string_view part = next_part(text);
  if (const auto dir = find_word(kSyncDirections, part)) {
    sync.dir = static_cast<SyncDirection>(*dir);
    part = next_part(text);
  }
  sync.skip = part == "skip";
  const bool read = (part.empty() || sync.skip) && text.empty();
  return read ? std::optional(sync) : std::nullopt;
}

std::string name_of(const Sync& sync) {
  std::string text(kTargets[static_cast<std::size_t>(sync.targets)].name);
  for (std::size_t pass = 0; pass < kPassSyncs.size(); ++pass)
    if (kPassSyncs[pass] == sync) return text.append(":").append(kPasses[pass].name);
  text.append(":").append(kSyncCalls[static_cast<std::size_t>(sync.call)].name);
  if (sync.dir != usual_direction(sync.call))
    text.append(":").append(kSyncDirections[static_cast<std::size_t>(sync.dir)].name);
  return sync.skip ? text.append(":skip") : text;
}

std::string says(const Sync& sync) {
  for (std::size_t pass = 0; pass < kPassSyncs.size(); ++pass)
    if (kPassSyncs[pass] == sync) return std::string(kPasses[pass].says);
  std::string text(kSyncCalls[static_cast<std::size_t>(sync.call)].says);
  text.append(" for ").append(kTargets[static_cast<std::size_t>(sync.targets)].says);
  text.append(", ").append(kSyncDirections[static_cast<std::size_t>(sync.dir)].says);
  return sync.skip ? text.append(", without its sync") : text;
}

}  // namespace custody::model
