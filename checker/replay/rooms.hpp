// SPDX-License-Identifier: BSD-2-Clause
// The rooms of a replay that all buffers of a trace share, and what is fixed for the whole trace.
#pragma once

#include <optional>
#include <unordered_set>

#include "checker/lines/line_map.hpp"
#include "checker/replay/accounts.hpp"
#include "checker/replay/buffer_lists.hpp"
#include "checker/replay/buffer_state.hpp"
#include "checker/replay/device_table.hpp"
#include "checker/replay/held.hpp"
#include "checker/replay/judge.hpp"
#include "checker/replay/options.hpp"
#include "checker/replay/repeated_pass.hpp"
#include "checker/replay/rules.hpp"
#include "model/architecture.hpp"

namespace custody::checker::replay {

/// The trace's header and the user's options, put together.
struct TraceTerms {
  traces::Header header;
  const model::ArchProfile* arch = model::find_arch(model::kDefaultArch);
  lines::CacheLines cache_lines;
  std::uint32_t largest_line = 0;  ///< bytes, of the CPU cache or a device
  model::Lifetime lifetime;
};

/// Options win over the header. A name that does not exist is passed over: `check_options` and `check_header` refuse
/// it.
[[nodiscard]] TraceTerms terms_of(const traces::Header& header, const Options& options,
                                  const traces::Directory& directory);

/// An event passes custody, belief and evidence of its buffer, then the rules, the accounts, the judge; none reaches
/// back. `options` must outlive it. Not thread safe.
struct Rooms {
  Rooms(const Options& replay_options, Judge::Report report)
      : options(replay_options), judge(std::move(report), summary),
        accounts(replay_options.price, summary.maintenance, judge) {}
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  const Options& options;
  Summary summary;
  TraceTerms terms;
  std::optional<DeviceTable> devices;  ///< from the header on
  Judge judge;
  Accounts accounts;
  HeldFindings held;
  UnplacedFindings unplaced;
  Buffers buffers;
  News news;
  BufferLists with_windows;                  ///< by task: those on which it opened a window
  BufferLists of_device;                     ///< by device: those that it mapped
  std::unordered_set<std::uint32_t> forked;  ///< buffers whose belief was forked
  std::uint32_t devices_settled = 0;         ///< how often it was settled whether a device snoops
  PassesByTask passes;
};

/// A buffer appears in the trace, or another one under the id of a buffer that is gone: every room begins anew with it.
void meet(Rooms& rooms, std::uint32_t id, const traces::BufferInfo& info);

/// Who may do what to the buffer now. `waits`: at this place is an importer that may sync for itself before its device
/// starts.
[[nodiscard]] Agents agents_now(Rooms& rooms, BufferState& b, std::optional<std::size_t> waits = {});

/// Of a finding on this buffer.
[[nodiscard]] Circumstances circumstances(BufferState& b, const traces::Event& e, const OpenCall* call);

/// Says what is left of a suspicion when the buffer's evidence took away what it cannot bear out.
void report_audible(Rooms& rooms, BufferState& b, const traces::Event& e, const OpenCall* call, Suspicion s);

/// After a finding: belief and forks as a correct sync would have left them. Without rules nothing changes.
void settle(BufferState& b, const RuleSet& rules, lines::ByteRange range = {});

}  // namespace custody::checker::replay
