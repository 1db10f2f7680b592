// SPDX-License-Identifier: BSD-2-Clause
// What the CPU, the devices and the caches do in an exported model.
#include "checker/explore/translate/exporter.hpp"

namespace custody::checker::explore::translate {

using model::Access;
using model::at;
using model::Direction;

std::vector<std::string> Exporter::free_blocks() const {
  std::vector<std::string> out;
  for (BlockMask block = 1; block <= f_.all(); block = static_cast<BlockMask>(block * 2)) {
    if (f_.c.client == Client::kVmap) {
      out.push_back(f_.d.equal(f_.client_mapping(), "0"));
    } else if (f_.c.client == Client::kNeverBrackets || f_.c.client == Client::kUnpaired) {
      out.push_back(f_.d.truth());
    } else {
      // Custody decides: devices where they own it; beside windows over ranges, what those do not cover.
      const std::string taken = f_.any_window([&](Direction, BlockMask r) { return (f_.covered(r) & block) != 0; });
      const std::string beside = f_.d.both(f_.windows_are_active(), f_.d.both(f_.d.no(f_.no_window()), f_.d.no(taken)));
      out.push_back(
          "(" + f_.d.either("(" + f_.devices_are_active() + ")", f_.granularity == 0 ? "" : "(" + beside + ")") + ")");
    }
  }
  return out;
}

void Exporter::accesses() {
  const std::string in_use = f_.d.both(f_.alive(), f_.d.no(f_.d.equal("state", number(at(model::kStates, "Freed")))));
  if (f_.cached)
    for (const std::string& move : line_.moves()) text_.rule("hardware", in_use, {f_.d.set("line", move)});
  cpu_accesses();
  for (unsigned d = 0; d < f_.c.devices; ++d) {
    if (f_.c.bounces(d)) bounced_accesses(d);
    else device_accesses(d);
  }
}

void Exporter::cpu_accesses() {
  const bool always = f_.c.client == Client::kNeverBrackets || f_.c.client == Client::kVmap;
  std::string guard = f_.d.both(f_.alive(), f_.d.equal(f_.client_mapping(), "1"));
  if (f_.c.client == Client::kNeverBrackets || f_.c.client == Client::kUnpaired)
    guard = f_.d.both(guard, f_.d.no(f_.any_mapped()));
  std::vector<std::string> reads, writes;
  for (BlockMask block = 1; block <= f_.all(); block = static_cast<BlockMask>(block * 2)) {
    const auto in = [block](BlockMask r) { return r == 0 || (r & block) != 0; };
    const std::string read =
        f_.any_window([&](Direction dir, BlockMask r) { return dir != Direction::kToDevice && in(r); });
    // A window for writing only overwrites whole lines.
    const std::string write = f_.any_window([&](Direction dir, BlockMask r) {
      return dir == Direction::kToDevice ? in(f_.covered(r)) : dir == Direction::kBidirectional && in(r);
    });
    const auto active = [&](const std::string& windows) {
      const std::string text = f_.d.both(f_.windows_are_active(), windows);
      return f_.d.either("(" + text + ")", f_.owned_by_mapping());
    };
    reads.push_back(always ? f_.d.truth() : active(read));
    writes.push_back(always ? f_.d.truth() : active(write));
  }
  access("cpu_reads", guard, reads, Access::kCpuRead, f_.c.devices);
  access("cpu_writes", guard, writes, Access::kCpuWrite, f_.c.devices);
}

void Exporter::device_accesses(unsigned d) {
  const std::string dir = of("dir", d);
  access("reads" + number(d), f_.d.both(f_.alive(), f_.d.either(f_.d.equal(dir, "1"), f_.d.equal(dir, "3"))),
         free_blocks(), f_.c.snoops(d) ? Access::kCoherentRead : Access::kDeviceRead, d);
  access("writes" + number(d), f_.d.both(f_.alive(), dir + " > 1"), free_blocks(),
         f_.c.snoops(d) ? Access::kCoherentWrite : Access::kDeviceWrite, d);
}

void Exporter::access(const std::string& name, const std::string& guard, const std::vector<std::string>& touches,
                      Access kind, unsigned device) {
  for (BlockMask blocks = 1; blocks <= f_.all(); ++blocks) {
    std::string exactly = guard;
    for (std::size_t i = 0; i < touches.size(); ++i)
      exactly = f_.d.both(exactly, ((blocks >> i) & 1U) != 0 ? "(" + touches[i] + ")" : f_.d.no(touches[i]));
    touch(name + "/" + number(blocks), exactly, blocks, kind, device);
  }
}

void Exporter::touch(const std::string& name, const std::string& guard, BlockMask blocks, Access kind,
                     unsigned device) {
  const bool reads = kind == Access::kCpuRead || kind == Access::kDeviceRead || kind == Access::kCoherentRead;
  const bool by_device = device < f_.c.devices;
  std::string line = f_.cached ? line_.is_wrong(kind, blocks) : "", besides;
  // Its larger line takes the neighbour along, which the CPU may be writing.
  if (f_.cached && by_device && !reads && f_.c.device_line == 128 && f_.granularity != 0 && blocks != f_.all())
    besides = f_.d.no(f_.no_write_window());
  if (reads) besides = f_.d.either(besides, f_.misses_copy_of_another(device));
  const std::string wrong = f_.d.either(line, besides);
  Effects effects;
  f_.forbid("", wrong, name, effects);
  for (unsigned e = 0; e < f_.c.devices; ++e) {
    if (!f_.c.bounces(e)) continue;
    const std::string old = of("copy_old", e), newer = of("copy_newer", e);
    if (reads) {
      // What is newer elsewhere is wrong, and corrected.
      if (!wrong.empty()) f_.set_when(wrong, old, "0", effects);
    } else {
      effects.push_back(f_.d.set(old, f_.d.choose(f_.has_table(e), "1", "0")));
      if (!wrong.empty()) f_.set_when(wrong, newer, "0", effects);
    }
  }
  if (f_.cached) {
    const std::string after = line_.accessed(kind, blocks);
    effects.push_back(
        f_.d.set("line", besides.empty() ? after : f_.d.choose(besides, line_.accessed_clean(kind, blocks), after)));
  }
  for (unsigned e = 0; e < f_.c.devices && reads; ++e)
    if (f_.c.bounces(e)) effects.push_back(f_.d.set(of("copy_newer", e), "0"));
  if (!reads && f_.drops_backing()) effects.push_back(f_.d.set("written", "1"));
  if (!effects.empty()) text_.rule(name, guard, effects);
}

void Exporter::bounced_accesses(unsigned d) {
  const std::string dir = of("dir", d), n = number(d);
  const std::string idle = f_.d.both(f_.alive(), free_blocks().front());
  const std::string wrong = f_.d.either(f_.d.equal(of("copy_old", d), "1"), f_.misses_copy_of_another(d));
  Effects corrected, written;
  f_.forbid("", f_.d.truth(), "M6", corrected);
  corrected.push_back(f_.d.set("line", line_.clean()));
  for (unsigned e = 0; e < f_.c.devices; ++e) {
    if (!f_.c.bounces(e)) continue;
    corrected.push_back(f_.d.set(of("copy_old", e), "0"));
    corrected.push_back(f_.d.set(of("copy_newer", e), "0"));
  }
  const std::string may_read = f_.d.either(f_.d.equal(dir, "1"), f_.d.equal(dir, "3"));
  text_.rule("reads" + n, f_.d.both(f_.d.both(idle, may_read), "(" + wrong + ")"), corrected);
  written.push_back(f_.d.set(of("copy_newer", d), "1"));
  written.push_back(f_.d.set(of("copy_old", d), "0"));
  f_.outdate_copies(d, "", written);
  if (f_.drops_backing()) written.push_back(f_.d.set("written", "1"));
  text_.rule("writes" + n, f_.d.both(idle, dir + " > 1"), written);
}

}  // namespace custody::checker::explore::translate
