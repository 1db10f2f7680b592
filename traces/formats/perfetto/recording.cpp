// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/perfetto/recording.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace custody::traces::formats::perfetto {

namespace {

/// Before the fields of a record.
struct Stored {
  std::int64_t ts;
  std::uint64_t line;
  std::int32_t pid;
  std::uint32_t plan;
  std::uint32_t size;
  std::uint32_t unused;
};

}  // namespace

Stream* Recording::stream(std::uint64_t writer, std::uint32_t cpu) {
  // More than the kernel supports of any machine (CONFIG_NR_CPUS), for each of a few writers.
  constexpr std::size_t kMost = 32768;
  const std::uint64_t key = writer << 32U | cpu;
  if (const auto found = by_processor_.find(key); found != by_processor_.end()) return &streams_[found->second];
  if (streams_.size() >= kMost) return nullptr;
  by_processor_.emplace(key, streams_.size());
  Stream& added = streams_.emplace_back();
  added.writer = writer;
  added.cpu = cpu;
  added.owes_loss = is_behind_loss_;
  added.last_ts = std::numeric_limits<std::int64_t>::min();
  return &added;
}

void Recording::mark(Stream& stream, std::int64_t ts, std::uint64_t what) {
  const std::int64_t key = stream.entries.empty() ? ts : std::max(ts, stream.entries.back().key);
  stream.entries.push_back({key, what});
}

void Recording::add(Stream& stream, const Record& record) {
  Stored stored{record.ts,
                record.line,
                static_cast<std::int32_t>(record.pid),
                record.plan,
                static_cast<std::uint32_t>(record.fields.size()),
                0};
  char head[sizeof(Stored)];
  std::memcpy(head, &stored, sizeof(stored));
  mark(stream, record.ts, spill_.size());
  spill_.append({head, sizeof(head)});
  spill_.append(record.fields);
}

void Recording::lose_everywhere() {
  is_behind_loss_ = true;
  for (Stream& s : streams_) s.owes_loss = true;
}

void Recording::close() {
  spill_.close();
  for (Stream& s : streams_) {
    if (!s.owes_loss) continue;
    if (!s.is_blind) mark(s, s.last_ts, Entry::kBlind);
    mark(s, std::numeric_limits<std::int64_t>::max(), Entry::kLoss);
  }
}

Record Recording::record(const Entry& entry) const {
  Stored stored{};
  const std::string_view from = spill_.from(entry.place);
  std::memcpy(&stored, from.data(), sizeof(stored));
  return {stored.ts, stored.pid, stored.plan, stored.line, from.substr(sizeof(stored), stored.size)};
}

}  // namespace custody::traces::formats::perfetto
