// SPDX-License-Identifier: BSD-2-Clause
// Who pays for cache maintenance: sums for each device, exporter and call site.
#include "checker/hindsight/ledger.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace custody::checker::hindsight {

namespace {

std::string_view words_of(model::Operation op) {
  constexpr std::string_view kWords[] = {"no operation", "clean", "invalidate", "clean and invalidate"};
  return kWords[static_cast<std::size_t>(op)];
}

std::uint32_t code_of(const CostPlace& p) {
  return static_cast<std::uint32_t>(p.call) << 24U | static_cast<std::uint32_t>(p.trigger) << 16U |
         static_cast<std::uint32_t>(p.dir) << 8U | static_cast<std::uint32_t>(p.operation);
}

std::string site_name(std::uint32_t code) {
  constexpr std::uint32_t kByte = 0xffU;
  const auto call = static_cast<traces::EventKind>(code >> 24U);
  const auto dir = static_cast<model::Direction>(code >> 8U & kByte);
  std::string out(call == traces::EventKind::kLost ? "no call" : traces::name(call));
  out.append(" > ").append(traces::name(static_cast<traces::EventKind>(code >> 16U & kByte)));
  if (dir != model::Direction::kNone) out.append(" ").append(model::name(dir));
  return out.append(": ").append(words_of(static_cast<model::Operation>(code & kByte)));
}

}  // namespace

void CostSums::add(const CostSums& other) {
  for (std::size_t i = 0; i < kFates; ++i) {
    operations[i] += other.operations[i];
    bytes[i] += other.bytes[i];
  }
}

std::uint64_t CostSums::total_operations() const {
  return std::accumulate(std::begin(operations), std::end(operations), std::uint64_t{0});
}
std::uint64_t CostSums::total_bytes() const {
  return std::accumulate(std::begin(bytes), std::end(bytes), std::uint64_t{0});
}
std::uint64_t CostSums::bytes_to_save() const {
  return bytes[static_cast<std::size_t>(Fate::kNoEffect)] + bytes[static_cast<std::size_t>(Fate::kUnobserved)];
}

std::string_view name(Payer p) {
  constexpr std::string_view kNames[] = {"device", "exporter", "site"};
  return kNames[static_cast<std::size_t>(p)];
}

CostPlace Ledger::know(CostPlace place, std::uint32_t buffer, const traces::Directory& directory) {
  if (place.device >= directory.devices.size()) place.device = traces::kNoId;
  if (place.device != traces::kNoId) {
    if (place.device >= devices_.size()) devices_.resize(place.device + std::size_t{1});
    if (devices_[place.device].name.empty()) devices_[place.device].name = directory.devices[place.device].name;
  }
  const std::string_view exporter =
      buffer < directory.buffers.size() ? std::string_view(directory.buffers[buffer].exporter) : std::string_view();
  auto it = exporter_ids_.find(exporter);
  if (it == exporter_ids_.end()) {
    it = exporter_ids_.emplace(exporter, static_cast<std::uint32_t>(exporters_.size())).first;
    exporters_.push_back({exporter.empty() ? "unknown" : std::string(exporter), {}});
  }
  place.exporter = it->second;
  return place;
}

void Ledger::book(const CostPlace& place, Fate fate, std::uint64_t passes, std::uint64_t bytes) {
  CostSums* const sums[] = {place.device == traces::kNoId ? &no_device_ : &devices_[place.device].sums,
                            &exporters_[place.exporter].sums, &sites_[code_of(place)]};
  for (CostSums* s : sums) {
    s->operations[static_cast<std::size_t>(fate)] += passes;
    s->bytes[static_cast<std::size_t>(fate)] += bytes;
  }
}

std::vector<CostEntry> Ledger::entries() const {
  std::vector<CostEntry> out;
  const auto add = [&out](Payer payer, const std::string& of, const CostSums& sums) {
    if (sums.total_operations() != 0) out.push_back({payer, of, sums});
  };
  for (const Named& d : devices_) add(Payer::kDevice, d.name, d.sums);
  add(Payer::kDevice, "no device", no_device_);
  for (const Named& e : exporters_) add(Payer::kExporter, e.name, e.sums);
  for (const auto& [code, sums] : sites_) add(Payer::kSite, site_name(code), sums);
  sort_costs(out);
  return out;
}

void sort_costs(std::vector<CostEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const CostEntry& a, const CostEntry& b) {
    return std::tie(a.payer, a.name) < std::tie(b.payer, b.name);
  });
  std::vector<CostEntry> merged;
  for (CostEntry& e : entries) {
    if (!merged.empty() && merged.back().payer == e.payer && merged.back().name == e.name)
      merged.back().sums.add(e.sums);
    else merged.push_back(std::move(e));
  }
  std::stable_sort(merged.begin(), merged.end(), [](const CostEntry& a, const CostEntry& b) {
    return std::make_tuple(a.payer, ~a.sums.bytes_to_save(), ~a.sums.total_bytes()) <
           std::make_tuple(b.payer, ~b.sums.bytes_to_save(), ~b.sums.total_bytes());
  });
  entries = std::move(merged);
}

}  // namespace custody::checker::hindsight
