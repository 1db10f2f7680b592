// SPDX-License-Identifier: GPL-2.0-only
// Turns what happens on the machine into events of a trace.
#pragma once

#include <string>
#include <vector>

#include "kernel-ref/machine/machine.hpp"
#include "traces/reader.hpp"

namespace custody::kernel_ref::client {

/// Keeps the directory of a trace and delivers its events to a sink, as a reader would. Ids of released buffers and of
/// detached attachments are used again.
class Recorder {
 public:
  Recorder(const machine::Machine& machine, traces::EventSink& sink) : machine_(machine), sink_(sink) {}

  void start(traces::Header header);
  void finish() { sink_.on_end(directory_); }

  std::uint32_t new_buffer(const std::string& exporter, std::uint64_t size, std::uint64_t ino);
  std::uint32_t new_attachment(std::uint32_t buffer, std::uint32_t device);
  void free_buffer(std::uint32_t id) { free_buffers_.push_back(id); }
  void free_attachment(std::uint32_t id) { free_attachments_.push_back(id); }

  /// The entry of a call; DMA calls until its return are inside it. Returns the event to give back to `leave`.
  traces::Event enter(traces::EventKind kind, std::uint32_t buffer, std::uint32_t attachment, model::Direction dir);
  void leave(traces::Event call, int ret);
  /// One record without duration.
  void say(traces::Event event);
  /// Who calls from now on.
  void as_task(std::uint32_t task);
  void dma(const machine::DmaCall& call);
  /// A pass outside the DMA API that cleaned and invalidated.
  void flush(std::uint64_t bytes);
  void alias(bool flush, std::uint64_t bytes);
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  struct Mapping {
    const void* table;
    std::uint32_t device, id, buffer, attachment;
  };
  void deliver(traces::Event event);

  const machine::Machine& machine_;
  traces::EventSink& sink_;
  traces::Directory directory_;
  std::vector<std::uint32_t> free_buffers_, free_attachments_;
  std::vector<Mapping> mappings_;
  std::uint32_t task_ = 0;
  std::vector<traces::Event> inside_ = std::vector<traces::Event>(1);  ///< the innermost call of each task
  std::uint32_t calls_ = 0, mapping_count_ = 0;
  std::uint64_t buffer_names_ = 0, attachment_names_ = 0, lines_ = 1;
};

}  // namespace custody::kernel_ref::client
