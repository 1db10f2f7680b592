// SPDX-License-Identifier: GPL-2.0-only
// Runs programs of a learner on a driver: a line with calls in, a line with what each came to out.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel-ref/client/client.hpp"
#include "kernel-ref/learn/kernel_side.hpp"

namespace custody::kernel_ref::learn {

/// A driver that the reference harness runs: a heap, udmabuf, or the ownership heap with policies behind its name,
/// `ownership_heap-end_sync-until_last_detach`.
struct Driver {
  std::string name;                             ///< as the client knows it; empty: what is registered first
  std::optional<ownership_policy> policy = {};  ///< of the ownership heap; nothing: what its source says
};
/// Throws std::invalid_argument, which says what there is instead.
[[nodiscard]] Driver find_driver(std::string_view name);

/// One driver, and a machine with the devices of the latest request. One host at a time.
class DriverHost {
 public:
  DriverHost(Driver driver, std::unique_ptr<KernelSide> kernel)
      : driver_(std::move(driver)), kernel_(std::move(kernel)) {}

  /// `plain,snoops; attach 0; map 0 TO_DEVICE; begin FROM_DEVICE` is answered by
  /// `ok 0; 0 map:0:TO_DEVICE:-:system_heap_map_dma_buf; 0 for_cpu:0:FROM_DEVICE:-:...`: for each call its result and
  /// its operations, with device (`x`: the exporter's own), direction, `skip` or `-`, and the C function. A pass
  /// outside the DMA API is `flush`. The answer ends before the first call for which the client holds nothing. Of a
  /// driver that can be put back, `stop` and words are in the place of a call that crashes or does not come back. `bad`
  /// and a reason answers what is no request, `bug` a BUG of the driver, after which the host is of no use.
  /// Throws std::bad_alloc.
  [[nodiscard]] std::string answer(std::string_view request);
  /// Greets, and answers each line until there is none, or a BUG. False: of a BUG. Throws std::bad_alloc.
  bool serve(std::istream& in, std::ostream& out);

 private:
  /// Nobody reads a trace of what is run here.
  struct Ignored final : traces::EventSink {
    void on_header(const traces::Header& /*header*/, const traces::Directory& /*directory*/) override {}
    void on_event(const traces::Event& /*event*/, const traces::Directory& /*directory*/) override {}
  };
  struct Machinery {
    machine::Machine machine;
    Ignored sink;
    std::optional<client::Client> client;
    explicit Machinery(std::vector<machine::Device> devices);
  };
  void boot(std::string_view devices);
  void make_client();
  void note(std::string_view call, std::uint32_t device, model::Direction dir, bool skip);
  std::string run(const std::vector<std::string_view>& calls);

  Driver driver_;
  std::unique_ptr<KernelSide> kernel_;
  std::string devices_;  ///< of the machine
  std::uint32_t importers_ = 0;
  std::unique_ptr<Machinery> machinery_;
  std::string made_;    ///< inside the call that runs
  std::string answer_;  ///< to the calls before it
};

}  // namespace custody::kernel_ref::learn
