// SPDX-License-Identifier: BSD-2-Clause
// The event lines of a litmus file: which call each line is inside, and the events that they become.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/event.hpp"
#include "traces/formats/litmus/header.hpp"
#include "traces/formats/litmus/line.hpp"
#include "traces/formats/litmus/names.hpp"
#include "traces/formats/litmus/statement.hpp"

namespace custody::traces::formats::litmus {

/// Takes event lines one by one. How indentation, braces and tasks nest is in traces/formats/litmus/reader.hpp. Throws
/// InputError, located.
class EventParser {
 public:
  /// `path` must outlive this, and the text of the header and of the lines too.
  EventParser(const ParsedHeader& header, const std::string& path);

  /// A line that is neither blank nor a comment, without its line end.
  void add(std::string_view text, std::uint64_t number);
  /// The end of the text: closes what indentation left open.
  void finish();

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const Directory& directory() const { return names_.directory(); }
  /// True where a `cache_*` line was read.
  [[nodiscard]] bool has_cache_lines() const { return has_cache_lines_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// A line that the next lines can be indented under.
  struct Frame {
    enum class Kind : std::uint8_t { kPlain, kCall, kBraced, kDma } kind = Kind::kPlain;
    std::size_t indent = 0;
    std::uint32_t task = kNoId;
    std::uint64_t line = 0;
    std::size_t event = kNone;  ///< index of the call's entry, or of the DMA call
    std::size_t braces = 0;     ///< how many of the task were open when it began
    std::int32_t ret = 0;
    bool whole = false;         ///< a cache line of this DMA call named no range
    std::vector<Range> ranges;  ///< those that the others named
  };
  struct Brace {
    std::size_t event = kNone;
    std::uint64_t line = 0;
    bool fails = false;    ///< the call can have a result
    bool has_ret = false;  ///< the opening line gave it
    std::int32_t ret = 0;
  };
  /// Where a line stands.
  struct Place {
    std::uint32_t task = kNoId;
    std::size_t parent = kNone;  ///< index of the event that it is inside
    bool in_dma = false;         ///< that event is a DMA call
    bool indented = false;       ///< inside by indentation, not by braces
  };

  Place place(const Line& line, const Words& words);
  void pop(const Words& words);
  void close_brace(const Line& line, Words& words);
  void end_call(std::size_t entry, std::uint64_t line, std::int32_t ret);
  void end_dma(const Frame& frame);
  [[nodiscard]] std::vector<Brace>& braces(std::uint32_t task);

  Event make_event(const Statement& s, const Place& where, const Words& words);
  void resolve(Event& event, const Statement& s, const Place& where, const Words& words);
  void add_call(Event event, const Statement& s, const Line& line);
  void add_cache(const Statement& s, const Place& where, const Words& words);
  void exit_task(const Statement& s, const Place& where, const Line& line, const Words& words);

  const std::string& path_;
  Names names_;
  std::vector<Event> events_;
  std::vector<Frame> chain_;
  std::vector<std::vector<Brace>> braces_;  ///< by task
  std::uint32_t calls_ = 0;
  bool has_cache_lines_ = false;
};

}  // namespace custody::traces::formats::litmus
