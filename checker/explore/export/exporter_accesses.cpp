// SPDX-License-Identifier: BSD-2-Clause
// What the CPU, the devices and the caches do in an exported model.
#include "checker/explore/export/exporter.hpp"

namespace custody::checker {

using model::Access;
using model::at;
using model::Direction;

std::string Exporter::any_mapped() const {
  std::string text;
  for (unsigned d = 0; d < c_.devices; ++d) text = d_.either(text, of("dir", d) + " > 0");
  return text;
}

std::string Exporter::misses_copy_of_another(unsigned device) const {
  std::string text;
  for (unsigned e = 0; e < c_.devices; ++e)
    if (c_.bounces(e) && e != device) text = d_.either(text, d_.equal(of("copy_newer", e), "1"));
  return text;
}

std::vector<std::string> Exporter::free_blocks() const {
  std::vector<std::string> out;
  for (BlockMask block = 1; block <= all(); block = static_cast<BlockMask>(block * 2)) {
    if (c_.client == Client::kVmap) {
      out.push_back(d_.equal(client_mapping(), "0"));
    } else if (c_.client == Client::kNeverBrackets || c_.client == Client::kUnpaired) {
      out.push_back(d_.truth());
    } else {
      const std::string taken = any_window([&](Direction, BlockMask r) { return (covered(r) & block) != 0; });
      out.push_back(d_.no(d_.either(taken, owned_by_mapping())));
    }
  }
  return out;
}

void Exporter::accesses() {
  const std::string lives = d_.both(alive(), d_.no(d_.equal("state", number(at(model::kStates, "Freed")))));
  if (cached_)
    for (const std::string& move : line_.moves()) rule("hardware", lives, {d_.set("line", move)});
  cpu_accesses();
  for (unsigned d = 0; d < c_.devices; ++d) {
    if (c_.bounces(d)) bounced_accesses(d);
    else device_accesses(d);
  }
}

void Exporter::cpu_accesses() {
  const bool always = c_.client == Client::kNeverBrackets || c_.client == Client::kVmap;
  std::string guard = d_.both(alive(), d_.equal(client_mapping(), "1"));
  if (c_.client == Client::kNeverBrackets || c_.client == Client::kUnpaired)
    guard = d_.both(guard, d_.no(any_mapped()));
  std::vector<std::string> reads, writes;
  for (BlockMask block = 1; block <= all(); block = static_cast<BlockMask>(block * 2)) {
    const auto in = [block](BlockMask r) { return r == 0 || (r & block) != 0; };
    const std::string read =
        any_window([&](Direction dir, BlockMask r) { return dir != Direction::kToDevice && in(r); });
    // A window for writing only overwrites whole lines.
    const std::string write = any_window([&](Direction dir, BlockMask r) {
      return dir == Direction::kToDevice ? in(covered(r)) : dir == Direction::kBidirectional && in(r);
    });
    reads.push_back(always ? d_.truth() : d_.either(read, owned_by_mapping()));
    writes.push_back(always ? d_.truth() : d_.either(write, owned_by_mapping()));
  }
  access("cpu_reads", guard, reads, Access::kCpuRead, c_.devices);
  access("cpu_writes", guard, writes, Access::kCpuWrite, c_.devices);
}

void Exporter::device_accesses(unsigned d) {
  const std::string dir = of("dir", d);
  access("reads" + number(d), d_.both(alive(), d_.either(d_.equal(dir, "1"), d_.equal(dir, "3"))), free_blocks(),
         c_.snoops(d) ? Access::kCoherentRead : Access::kDeviceRead, d);
  access("writes" + number(d), d_.both(alive(), dir + " > 1"), free_blocks(),
         c_.snoops(d) ? Access::kCoherentWrite : Access::kDeviceWrite, d);
}

void Exporter::access(const std::string& name, const std::string& guard, const std::vector<std::string>& touches,
                      Access kind, unsigned device) {
  for (BlockMask blocks = 1; blocks <= all(); ++blocks) {
    std::string exactly = guard;
    for (std::size_t i = 0; i < touches.size(); ++i)
      exactly = d_.both(exactly, ((blocks >> i) & 1U) != 0 ? "(" + touches[i] + ")" : d_.no(touches[i]));
    touch(name + "/" + number(blocks), exactly, blocks, kind, device);
  }
}

void Exporter::touch(const std::string& name, const std::string& guard, BlockMask blocks, Access kind,
                     unsigned device) {
  const bool reads = kind == Access::kCpuRead || kind == Access::kDeviceRead || kind == Access::kCoherentRead;
  const bool by_device = device < c_.devices;
  std::string line = cached_ ? line_.is_wrong(kind, blocks) : "", besides;
  // Its larger line takes the neighbour along, which the CPU may be writing.
  if (cached_ && by_device && !reads && c_.device_line == 128 && granularity_ != 0 && blocks != all())
    besides = d_.no(no_write_window());
  if (reads) besides = d_.either(besides, misses_copy_of_another(device));
  const std::string wrong = d_.either(line, besides);
  Effects effects;
  forbid("", wrong, name, effects);
  for (unsigned e = 0; e < c_.devices; ++e) {
    if (!c_.bounces(e)) continue;
    const std::string old = of("copy_old", e), newer = of("copy_newer", e);
    if (reads) {
      // What is newer elsewhere is wrong, and corrected.
      if (!wrong.empty()) set_when(wrong, old, "0", effects);
    } else {
      effects.push_back(d_.set(old, d_.choose(has_table(e), "1", "0")));
      if (!wrong.empty()) set_when(wrong, newer, "0", effects);
    }
  }
  if (cached_) {
    const std::string after = line_.accessed(kind, blocks);
    effects.push_back(
        d_.set("line", besides.empty() ? after : d_.choose(besides, line_.accessed_clean(kind, blocks), after)));
  }
  for (unsigned e = 0; e < c_.devices && reads; ++e)
    if (c_.bounces(e)) effects.push_back(d_.set(of("copy_newer", e), "0"));
  if (!reads && drops_backing()) effects.push_back(d_.set("written", "1"));
  if (!effects.empty()) rule(name, guard, effects);
}

void Exporter::bounced_accesses(unsigned d) {
  const std::string dir = of("dir", d), n = number(d);
  const std::string idle = d_.both(alive(), free_blocks().front());
  const std::string wrong = d_.either(d_.equal(of("copy_old", d), "1"), misses_copy_of_another(d));
  Effects corrected, written;
  forbid("", d_.truth(), "M6", corrected);
  corrected.push_back(d_.set("line", line_.clean()));
  for (unsigned e = 0; e < c_.devices; ++e) {
    if (!c_.bounces(e)) continue;
    corrected.push_back(d_.set(of("copy_old", e), "0"));
    corrected.push_back(d_.set(of("copy_newer", e), "0"));
  }
  const std::string may_read = d_.either(d_.equal(dir, "1"), d_.equal(dir, "3"));
  rule("reads" + n, d_.both(d_.both(idle, may_read), "(" + wrong + ")"), corrected);
  written.push_back(d_.set(of("copy_newer", d), "1"));
  written.push_back(d_.set(of("copy_old", d), "0"));
  outdate_copies(d, "", written);
  if (drops_backing()) written.push_back(d_.set("written", "1"));
  rule("writes" + n, d_.both(idle, dir + " > 1"), written);
}

}  // namespace custody::checker
