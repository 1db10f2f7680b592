// SPDX-License-Identifier: GPL-2.0-only
// Usage of one buffer, step by step, that keeps the rules of a client whatever steps are asked for.
#pragma once

#include <optional>
#include <vector>

#include "kernel-ref/client/client.hpp"

namespace custody::kernel_ref::client {

/// What a client could do next. Numbers beyond what exists wrap around, so that any four numbers are a step.
struct Step {
  enum class Kind : std::uint8_t {
    kAttach,
    kDetach,
    kMap,
    kUnmap,
    kBegin,
    kEnd,
    kMapFails,
    kBeginInterrupted,
    kVmap,
    kVunmap,
  };
  static constexpr unsigned kKinds = 10;
  Kind kind = Kind::kAttach;
  std::uint8_t device = 0;
  std::uint8_t direction = 0;
};

/// A client with a buffer. It opens no window and maps and unmaps nothing across a write window, closes a window as it
/// opened it, maps an attachment once at a time, uses a kernel mapping inside windows only, and leaves nothing behind.
class Usage {
 public:
  /// Exports the buffer. `devices` may be attached, once each at a time.
  Usage(Client& client, std::uint64_t bytes, std::uint32_t devices);
  /// Does the step if a legal client may do it now; else does nothing and says false.
  bool apply(const Step& step);
  /// Closes windows, unmaps, detaches, releases.
  void finish();

  [[nodiscard]] std::uint32_t buffer() const { return buffer_; }
  struct Importer {
    std::uint32_t attachment = 0;
    std::optional<model::Direction> mapped;
  };
  /// By device; empty where it is not attached.
  [[nodiscard]] const std::vector<std::optional<Importer>>& importers() const { return importers_; }
  [[nodiscard]] const std::vector<model::Direction>& windows() const { return windows_; }

 private:
  [[nodiscard]] bool write_window() const;
  bool map(Importer& importer, model::Direction dir, bool fails);
  bool begin(model::Direction dir, bool interrupted);
  void end();
  [[nodiscard]] std::uint32_t next_task() const;

  Client& client_;
  std::uint32_t buffer_ = 0;
  std::vector<std::optional<Importer>> importers_;
  std::vector<model::Direction> windows_;
  std::vector<std::uint32_t> tasks_;  ///< whose windows they are
  bool vmapped_ = false;
};

}  // namespace custody::kernel_ref::client
