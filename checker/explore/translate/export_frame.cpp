// SPDX-License-Identifier: BSD-2-Clause
// Texts that all parts of an exported model share: windows, copies, what must never be.
#include "checker/explore/translate/exporter.hpp"

namespace custody::checker::explore::translate {

using model::at;
using model::code_of;
using model::Direction;

bool ExportFrame::is_noted(model::Id fact) const {
  return model::kFacts[fact].source == model::Source::kNote && contract.uses_note(fact);
}

void ExportFrame::set_when(const std::string& when, const std::string& variable, const std::string& value,
                           Effects& effects) const {
  effects.push_back(d.set(variable, when.empty() ? value : d.choose(when, value, variable)));
}

void ExportFrame::forbid(const std::string& when, const std::string& wrong, std::string_view name,
                         Effects& effects) const {
  if (!asserts || wrong.empty()) return;
  effects.push_back(d.demand(d.no(when.empty() ? wrong : d.both(when, "(" + wrong + ")")), name));
}

std::string ExportFrame::has_table(unsigned device) const {
  const std::string mapped = of("dir", device) + " > 0";
  return "(" + (keeps_tables() ? d.either(mapped, of("kept", device) + " > 0") : mapped) + ")";
}

void ExportFrame::outdate_copies(unsigned writer, const std::string& when, Effects& effects) const {
  for (unsigned e = 0; e < c.devices; ++e)
    if (c.bounces(e) && e != writer) set_when(d.both(when, has_table(e)), of("copy_old", e), "1", effects);
}

std::string ExportFrame::any_mapped() const {
  std::string text;
  for (unsigned e = 0; e < c.devices; ++e) text = d.either(text, of("dir", e) + " > 0");
  return text;
}

std::string ExportFrame::mixed() const {
  std::string text;
  for (unsigned a = 0; a < c.devices; ++a)
    for (unsigned b = a + 1; b < c.devices; ++b) {
      if (c.reach_of(a, cached) == c.reach_of(b, cached)) continue;
      const std::string both = d.both(of("dir", a) + " > 0", of("dir", b) + " > 0");
      const std::string writes = d.either(of("dir", a) + " > 1", of("dir", b) + " > 1");
      text = d.either(text, "(" + d.both(both, writes) + ")");
    }
  return text;
}

std::string ExportFrame::misses_copy_of_another(unsigned device) const {
  std::string text;
  for (unsigned e = 0; e < c.devices; ++e)
    if (c.bounces(e) && e != device) text = d.either(text, d.equal(of("copy_newer", e), "1"));
  return text;
}

std::vector<BlockMask> ExportFrame::ranges() const {
  if (granularity == 0) return {0};
  std::vector<BlockMask> out;
  for (BlockMask range = 1; range <= all(); ++range) out.push_back(range);
  return out;
}

BlockMask ExportFrame::covered(BlockMask range) const {
  if (range == 0) return all();
  const bool wide = c.cpu_line == 128 || c.device_line == 128;
  return granularity == 2 && wide ? all() : range;
}

std::string ExportFrame::any_window(const std::function<bool(Direction, BlockMask)>& which) const {
  std::string text;
  for (unsigned w = 0; w < c.windows; ++w)
    for (const BlockMask range : ranges())
      for (const Direction dir : kExportedDirections)
        if (which(dir, range)) text = d.either(text, d.equal(of("w", w), number(code_of(dir) + range * 4U)));
  return text;
}

std::string ExportFrame::no_window() const {
  std::string text;
  for (unsigned w = 0; w < c.windows; ++w) text = d.both(text, d.equal(of("w", w), "0"));
  return text;
}

std::string ExportFrame::no_write_window() const {
  return d.no(any_window([](Direction dir, BlockMask) { return dir != Direction::kFromDevice; }));
}

std::string ExportFrame::devices_are_active() const {
  const std::string owned = d.equal("state", number(at(model::kStates, "DeviceOwned")));
  return contract.has_idle_windows() ? d.both(owned, no_window()) : owned;
}

std::string ExportFrame::owned_by_mapping() const {
  if (!owns_by_mapping()) return "";
  return "(" + d.both(d.equal("state", number(at(model::kStates, "CpuOwned"))), no_window()) + ")";
}

}  // namespace custody::checker::explore::translate
