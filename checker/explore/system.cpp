// SPDX-License-Identifier: BSD-2-Clause
// Compiles a contract for a search, and says who may access in which state.
#include "checker/explore/system.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "checker/explore/transitions.hpp"
#include "spec/rules.hpp"

namespace custody::checker::explore {

using model::Access;
using model::at;
using model::Direction;

LineShape line_shape(const spec::Contract& contract, const Configuration& c) {
  if (contract.has_policy("granularity", "buffer")) return {};
  for (const unsigned line : {c.cpu_line, c.device_line})
    if (line != 64 && line != 128) throw std::invalid_argument("a line has 64 or 128 bytes");
  return {2, c.cpu_line == 128, c.arch->cleans_edges};
}

std::string_view id_of(Property p) {
  constexpr std::string_view kIds[] = {"M11", "M1", "M2", "M3", "M10", "L1", "backing", "M6", "M9"};
  static_assert(std::size(kIds) == kProperties);
  return kIds[static_cast<std::size_t>(p)];
}

std::string_view says(Property p) {
  const spec::Rule* const rule = spec::find_rule(id_of(p));
  return rule != nullptr ? rule->says : "What was written must not be lost with the backing storage.";
}

std::string_view name_of(Client client) {
  constexpr std::string_view kNames[] = {"legal", "overlapping", "unpaired", "never-brackets", "vmap"};
  static_assert(std::size(kNames) == std::size(kClients));
  return kNames[static_cast<std::size_t>(client)];
}

std::string_view says(Client client) {
  constexpr std::string_view kSays[] = {
      "brackets its accesses by windows and pairs them",
      "tasks that know nothing of each other map and open windows across write windows",
      "opens windows and may leave them open", "opens no window, and accesses through mmap while no device is mapped",
      "a driver that opens no window, and accesses between vmap and vunmap"};
  static_assert(std::size(kSays) == std::size(kClients));
  return kSays[static_cast<std::size_t>(client)];
}

namespace {

Configuration checked(const Configuration& c) {
  if (c.devices > kMaxDevices || c.coherent + c.bounced > c.devices || c.windows > 2)
    throw std::invalid_argument("the configuration is beyond the bounds of the checker");
  return c;
}

Frame frame_of(const spec::Contract& contract, const Configuration& configuration) {
  LineModel lines(line_shape(contract, configuration));
  const Layout layout = layout_of(contract, configuration, lines.states());
  return {checked(configuration),
          contract.memory == "cached",
          contract.skips_implicit(),
          contract.has_policy("leaves", "release"),
          contract.has_idle_windows(),
          contract.granularity(),
          std::move(lines),
          layout};
}

/// Targets and directions for which a transition sees no more of other devices than `Layout::digest`.
bool is_separable_contract(const spec::Contract& contract) {
  const bool keeps = contract.uses_note(at(model::kFacts, "kept"));
  return std::all_of(contract.clauses.begin(), contract.clauses.end(), [keeps](const spec::Clause& clause) {
    return std::all_of(clause.syncs.begin(), clause.syncs.end(), [keeps](const model::Sync& sync) {
      return sync.targets != model::Targets::kFirst && (sync.targets != model::Targets::kAttached || !keeps) &&
             (sync.dir != model::SyncDirection::kMapping || sync.targets == model::Targets::kOwn ||
              sync.targets == model::Targets::kExporter);
    });
  });
}

model::Window window_of(unsigned code, bool idle) {
  model::Window window;
  window.dir = model::direction_of_code(code & 3U);
  window.idle = idle;
  return window;
}

}  // namespace

AgentTable::AgentTable(const Frame& frame, const Caches& caches) : f_(frame) {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const auto state = static_cast<model::Id>(i / (kWindowCodes * kWindowCodes));
    // Where begins can be without effect, a window that is open although the CPU does not own is one of those.
    const bool idle = f_.has_idle_windows && state != at(model::kStates, "CpuOwned");
    model::Custody custody;
    custody.state = state;
    std::array<unsigned, 2> codes = {static_cast<unsigned>(i / kWindowCodes % kWindowCodes),
                                     static_cast<unsigned>(i % kWindowCodes)};
    for (const unsigned code : codes)
      if (code != 0) custody.windows.push_back(window_of(code, idle));
    const model::Agents agents = model::who_may_access(custody);
    Blocks& blocks = blocks_[i];
    if (agents.devices) blocks.devices = f_.lines.all();
    if (custody.windows.empty() && agents.cpu_reads) blocks.cpu_reads = blocks.cpu_writes = f_.lines.all();
    BlockMask taken = 0;
    for (const unsigned code : codes) {
      if (code == 0 || !model::is_active(custody, window_of(code, idle))) continue;
      const BlockMask range = f_.granularity != 0 ? static_cast<BlockMask>(code >> 2U) : f_.lines.all();
      taken |= f_.granularity != 0 ? caches.covered(range) : range;
      const Direction dir = model::direction_of_code(code & 3U);
      if (model::device_may_write(dir)) blocks.cpu_reads |= range;
      // A window for writing only overwrites whole lines.
      if (dir == Direction::kToDevice) blocks.cpu_writes |= f_.granularity != 0 ? caches.covered(range) : range;
      if (dir == Direction::kBidirectional) blocks.cpu_writes |= range;
    }
    // Beside a window over a range, devices keep what it does not cover.
    if (f_.granularity != 0 && taken != 0) blocks.devices = static_cast<BlockMask>(f_.lines.all() & ~taken);
  }
}

const AgentTable::Blocks& AgentTable::of(Packed s) const {
  const std::size_t state = get(s, f_.layout.state);
  return blocks_[(state * kWindowCodes + get(s, f_.layout.window[0])) * kWindowCodes + get(s, f_.layout.window[1])];
}

System::System(const spec::Contract& contract, const Configuration& configuration)
    : System(DecisionTables(contract), configuration) {}

System::System(const DecisionTables& tables, const Configuration& configuration)
    : frame_(frame_of(tables.contract(), configuration)), decisions_(tables, configuration, frame_.layout),
      caches_(frame_, decisions_), agents_(frame_, caches_) {
  const Client c = configuration.client;
  separable_ = configuration.bounced == 0 && (c == Client::kLegal || c == Client::kOverlapping) &&
               is_separable_contract(tables.contract());
}

std::vector<RunSync> System::syncs_of(Packed state, const Label& label) const {
  if (is_hidden(label.kind)) return {};
  const Decision& decision = decisions_.decide(state, label);
  if (decision.program == nullptr) return {};
  return caches_.list(state, decision.program->plans[static_cast<std::size_t>(label.dir)], label);
}

bool System::spills_into_window(Packed state, const Label& label) const {
  std::vector<Successor> none;
  return Accesses(frame_, caches_, agents_, state, none).spills_into_window(label);
}

model::AccessSet System::accesses_of(unsigned device, Direction dir) const {
  model::AccessSet set;
  const Configuration& c = frame_.configuration;
  if (dir == Direction::kNone || c.bounces(device)) return set;
  if (model::device_may_read(dir)) set.add(c.snoops(device) ? Access::kCoherentRead : Access::kDeviceRead);
  if (model::device_may_write(dir)) set.add(c.snoops(device) ? Access::kCoherentWrite : Access::kDeviceWrite);
  return set;
}

model::AccessSet System::accesses_in(Packed state) const {
  model::AccessSet set;
  const AgentTable::Blocks& cpu = agents_.of(state);
  if (cpu.cpu_reads != 0) set.add(Access::kCpuRead);
  if (cpu.cpu_writes != 0) set.add(Access::kCpuWrite);
  for (unsigned d = 0; d < frame_.configuration.devices && agents_.devices_are_active(state); ++d)
    set.add(accesses_of(d, direction_of(state, d)));
  return set;
}

void System::shared_successors(Packed s, std::vector<Successor>& out) const {
  if (is_freed(s)) return;
  Calls calls(frame_, decisions_, caches_, agents_, s, out);
  if (get(s, frame_.layout.state) == at(model::kStates, "Unborn")) return calls.add_export();
  calls.add_shared();
  Accesses accesses(frame_, caches_, agents_, s, out);
  accesses.add_hardware();
  accesses.add_of_cpu();
}

void System::device_successors(Packed s, unsigned d, std::vector<Successor>& out) const {
  if (is_freed(s) || get(s, frame_.layout.state) == at(model::kStates, "Unborn")) return;
  Calls(frame_, decisions_, caches_, agents_, s, out).add_of_device(d);
  Accesses(frame_, caches_, agents_, s, out).add_of_device(d);
}

void System::successors(Packed s, std::vector<Successor>& out) const {
  out.clear();
  shared_successors(s, out);
  for (unsigned d = 0; d < frame_.configuration.devices; ++d) device_successors(s, d, out);
}

}  // namespace custody::checker::explore
