// SPDX-License-Identifier: BSD-2-Clause
// Says where two recorded traces differ.
#include "tests/traces/trace_compare.hpp"

#include <sstream>

namespace custody::traces::test {
namespace {

std::string id_text(std::uint32_t id) { return id == kNoId ? "-" : std::to_string(id); }

std::string describe_kept(Event event, const Keeps& keeps) {
  event.at.line = 0;
  // A cache operation of its own is its own first record.
  event.maintenance.line = event.maintenance.line != 0 || event.kind == EventKind::kCacheOperation ? 1 : 0;
  if (!keeps.time) event.at.ts = -1;
  const bool is_return = event.phase == Phase::kReturn;
  if (!keeps.repeats && (is_return || event.attachment != kNoId)) event.device = kNoId;
  if (!keeps.repeats && is_return) event.in = kNoId;
  return describe(event);
}

std::string describe(const BufferInfo& info, const Keeps& keeps) {
  std::ostringstream out;
  out << info.name.substr(0, info.name.find('~')) << " exporter=" << info.exporter << " size=" << info.size
      << " memory=" << static_cast<int>(info.memory) << " export_seen=" << info.export_seen
      << " by_address=" << info.by_address << " hides_syncs=" << info.hides_syncs;
  if (keeps.ino) out << " ino=" << info.ino;
  return out.str();
}

std::string describe(const AttachmentInfo& info, const Keeps& keeps) {
  std::ostringstream out;
  out << "device=" << (keeps.repeats ? id_text(info.device) : "") << " buffer=" << id_text(info.buffer)
      << " attach_seen=" << info.attach_seen;
  if (keeps.attachment_names) out << " name=" << info.name;
  return out.str();
}

std::string describe(const DeviceInfo& info, const Keeps&) {
  std::ostringstream out;
  out << info.name << " coherent=" << (info.coherent ? (*info.coherent ? "yes" : "no") : "unsaid")
      << " allocates=" << info.allocates << " bounced=" << info.bounced << " reads_only=" << info.reads_only
      << " line=" << info.line;
  return out.str();
}

std::string describe(const TaskInfo& info, const Keeps& keeps) {
  return info.name + (keeps.tid ? " tid=" + std::to_string(info.tid) : "");
}

std::string describe(const Header& header) {
  std::ostringstream out;
  out << header.title << " arch=" << header.arch << " contract=" << header.contract
      << " exact=" << header.exact_accesses << " trust=" << header.trust_mappings
      << " dma_api=" << header.observes_dma_api << " cache_ops=" << header.observes_cache_ops
      << " traced=" << header.traced_dma;
  for (const Header::Policy& policy : header.policies) out << " " << policy.name << "=" << policy.value;
  return out.str();
}

template <typename Info>
std::string compare(const std::string& what, const std::vector<Info>& a, const std::vector<Info>& b,
                    const Keeps& keeps) {
  if (a.size() != b.size()) return what + ": " + std::to_string(a.size()) + " against " + std::to_string(b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (describe(a[i], keeps) != describe(b[i], keeps))
      return what + " " + std::to_string(i) + ": " + describe(a[i], keeps) + " against " + describe(b[i], keeps);
  return {};
}

}  // namespace

std::string describe(const Event& e) {
  std::ostringstream out;
  out << name(e.kind) << " phase=" << static_cast<int>(e.phase) << " dir=" << model::name(e.dir)
      << " by=" << static_cast<int>(e.by) << " ret=" << e.ret << " buffer=" << id_text(e.buffer)
      << " attachment=" << id_text(e.attachment) << " device=" << id_text(e.device) << " task=" << id_text(e.task)
      << " mapping=" << id_text(e.dma.mapping) << " call=" << id_text(e.call) << " in=" << id_text(e.in)
      << " nents=" << e.dma.nents << " orig=" << e.dma.orig_nents << " attrs=" << e.dma.attrs
      << " addresses=" << static_cast<int>(e.dma.addresses) << " range=" << e.range.offset << "+" << e.range.length
      << " line=" << e.at.line << " ts=" << e.at.ts << " did=" << e.maintenance.known << "/"
      << static_cast<int>(e.maintenance.kind) << "/" << e.maintenance.helper_ran << "/" << e.maintenance.bytes << "/"
      << e.maintenance.line;
  return out.str();
}

std::string first_difference(const RecordedTrace& a, const RecordedTrace& b, const Keeps& keeps) {
  if (describe(a.header()) != describe(b.header()))
    return "header: " + describe(a.header()) + " against " + describe(b.header());
  for (std::size_t i = 0; i < a.events().size() && i < b.events().size(); ++i) {
    const std::string one = describe_kept(a.events()[i], keeps);
    const std::string other = describe_kept(b.events()[i], keeps);
    if (one != other)
      return std::string("event ")
          .append(std::to_string(i))
          .append(": ")
          .append(one)
          .append("\n      against ")
          .append(other);
  }
  if (a.events().size() != b.events().size())
    return std::to_string(a.events().size()) + " events against " + std::to_string(b.events().size());
  std::string found = compare("device", a.directory().devices, b.directory().devices, keeps);
  if (found.empty()) found = compare("task", a.directory().tasks, b.directory().tasks, keeps);
  if (found.empty()) found = compare("buffer", a.directory().buffers, b.directory().buffers, keeps);
  if (found.empty()) found = compare("attachment", a.directory().attachments, b.directory().attachments, keeps);
  return found;
}

}  // namespace custody::traces::test
