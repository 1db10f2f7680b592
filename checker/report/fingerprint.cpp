// SPDX-License-Identifier: BSD-2-Clause
// Hashes what identifies a finding: FNV-1a, 64 bits, which is the same on every machine.
#include "checker/report/fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "checker/report/wording.hpp"

namespace custody::checker::report {

namespace {

class Hash {
 public:
  /// A word, and that it ends: `ab` `c` is not `a` `bc`.
  Hash& add(std::string_view word) {
    for (const char c : word) mix(static_cast<unsigned char>(c));
    mix(kEnd);
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  static constexpr unsigned kEnd = 0x100;
  void mix(unsigned value) {
    value_ ^= value;
    value_ *= 0x100000001b3U;
  }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// A name that is an address or a running number is another one in the next capture.
std::string_view lasting(std::string_view name) {
  if (name.substr(0, 2) == "0x") name.remove_prefix(2);
  const bool number = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  const bool digits = std::any_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number && digits ? std::string_view() : name;
}

std::string_view device_in(const traces::Directory& d, std::uint32_t id) {
  return id < d.devices.size() ? lasting(d.devices[id].name) : std::string_view();
}

}  // namespace

std::string fingerprint_of(const Finding& f, const traces::Directory& d) {
  const Place& at = f.place;
  Hash hash;
  hash.add(spec::rule(f.rule).id);
  hash.add(at.call == traces::EventKind::kLost ? "" : traces::name(at.call)).add(model::name(at.call_dir));
  hash.add(traces::name(at.trigger.kind)).add(at.trigger.phase == traces::Phase::kReturn ? "returns" : "");
  hash.add(name(f.operation)).add(f.effect == Effect::kUnobserved ? "unobserved" : "");
  hash.add(f.refusal.row != nullptr ? f.refusal.row->id : std::string_view()).add(at.beside_job ? "job" : "");
  hash.add(device_in(d, f.device)).add(device_in(d, f.beside));
  hash.add(f.buffer < d.buffers.size() ? lasting(d.buffers[f.buffer].exporter) : std::string_view());
  return fmt::format("{:016x}", hash.value());
}

}  // namespace custody::checker::report
