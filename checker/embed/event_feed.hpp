// SPDX-License-Identifier: BSD-2-Clause
// Turns the events of an embedder, which name things, into those of a reader, which number them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/embed/include/custody/custody.hpp"
#include "traces/formats/litmus/scope.hpp"
#include "traces/reader.hpp"

namespace custody::checker::embed {

/// Delivers to one sink. The line of an event is its index and 1.
class EventFeed {
 public:
  /// Both must outlive it. Throws custody::Error where a device is said to be what none can be.
  EventFeed(const Options& options, traces::EventSink& sink);
  /// Throws custody::Error where the event lacks what its kind needs, or returns from no call.
  void deliver(const Event& event);
  /// After the last one.
  void end() { sink_.on_end(directory_); }

 private:
  struct OpenCall {
    traces::Event entry;
    Kind kind;
  };

  [[noreturn]] void fail(const std::string& what) const;
  std::uint32_t device(const std::string& name);
  std::uint32_t task(const std::string& name);
  std::uint32_t buffer(const Event& event, const std::vector<OpenCall>& open);
  std::uint32_t export_buffer(const Event& event);
  std::uint32_t attach(std::uint32_t buffer, std::uint32_t device, bool seen);
  void resolve(const Event& from, const std::vector<OpenCall>& open, traces::Event& into);
  void enter(const Event& event, traces::Event& into, std::vector<OpenCall>& open);
  void leave(const Event& event, traces::Event& into, std::vector<OpenCall>& open);
  void after(const traces::Event& event);

  traces::EventSink& sink_;
  traces::Directory directory_;
  std::map<std::string, std::uint32_t, std::less<>> devices_, tasks_, buffers_;
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> attachments_;  ///< that have a name
  std::vector<std::vector<OpenCall>> open_;                                     ///< by task
  traces::formats::litmus::AttachmentScope scope_;
  std::size_t count_ = 0;
  std::uint32_t calls_ = 0;
};

}  // namespace custody::checker::embed
