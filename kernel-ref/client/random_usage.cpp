// SPDX-License-Identifier: GPL-2.0-only
// Random legal usage, with the transfers that it permits.
#include "kernel-ref/client/random_usage.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "kernel-ref/client/usage.hpp"

namespace custody::kernel_ref::client {

namespace {

class Transfers {
 public:
  Transfers(Client& client, Usage& usage, std::uint64_t bytes) : client_(client), usage_(usage), bytes_(bytes) {}

  /// One of the transfers that are permitted now.
  void any(std::mt19937& random) {
    const bool write = random() % 2 == 0;
    if (!usage_.windows().empty()) return by_cpu(usage_.windows()[random() % usage_.windows().size()], write);
    std::vector<Usage::Importer> mapped;
    for (const auto& importer : usage_.importers())
      if (importer && importer->mapped) mapped.push_back(*importer);
    if (!mapped.empty()) by_device(mapped[random() % mapped.size()], write);
  }
  [[nodiscard]] unsigned wrong() const { return wrong_; }

 private:
  void by_cpu(model::Direction window, bool write) {
    if (write && model::device_may_read(window)) client_.cpu_write(usage_.buffer(), 0, next(), bytes_.size());
    if (write || !model::device_may_write(window)) return;
    client_.cpu_read(usage_.buffer(), 0, bytes_.data(), bytes_.size());
    check();
  }
  void by_device(const Usage::Importer& importer, bool write) {
    if (write && model::device_may_write(*importer.mapped))
      client_.device_write(importer.attachment, 0, next(), bytes_.size());
    if (write || !model::device_may_read(*importer.mapped)) return;
    client_.device_read(importer.attachment, 0, bytes_.data(), bytes_.size());
    check();
  }
  const std::uint8_t* next() {
    std::fill(bytes_.begin(), bytes_.end(), ++newest_);
    return bytes_.data();
  }
  void check() {
    const bool right = std::all_of(bytes_.begin(), bytes_.end(), [this](std::uint8_t b) { return b == newest_; });
    wrong_ += right ? 0U : 1U;
  }

  Client& client_;
  Usage& usage_;
  std::vector<std::uint8_t> bytes_;
  std::uint8_t newest_ = 0;
  unsigned wrong_ = 0;
};

}  // namespace

unsigned random_usage(Client& client, const RandomUsageOptions& options) {
  std::mt19937 random(options.seed);
  Usage usage(client, options.bytes, options.devices);
  Transfers transfers(client, usage, options.bytes);
  for (unsigned i = 0; i < options.steps; ++i) {
    usage.apply({static_cast<Step::Kind>(random() % Step::kKinds), static_cast<std::uint8_t>(random() % 3),
                 static_cast<std::uint8_t>(random() % 3)});
    transfers.any(random);
  }
  usage.finish();
  return transfers.wrong();
}

}  // namespace custody::kernel_ref::client
