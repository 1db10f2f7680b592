// SPDX-License-Identifier: BSD-2-Clause
// Line after line of ftrace text, told apart and handed to a session.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traces/formats/ftrace/enclosed.hpp"
#include "traces/formats/ftrace/known_records.hpp"
#include "traces/formats/ftrace/layouts.hpp"
#include "traces/formats/ftrace/session.hpp"
#include "traces/formats/ftrace/unfinished.hpp"
#include "traces/formats/ftrace/window.hpp"
#include "traces/reader.hpp"

namespace custody::traces::formats::ftrace {

/// What a line is: a record, a loss, a comment, the rest of the record above it, foreign, or damage. Damage is counted
/// and named; where it may have been a record of a known event, it is a gap of the session.
class TextReader {
 public:
  /// `stays`: the lines that are fed stay valid until `keep`; `in_ticks`: TextForm.
  TextReader(const std::string& path, const Names& names, const KnownRecords& records, Session& session,
             ReadStatistics& statistics, bool stays, bool in_ticks)
      : path_(path), records_(records), session_(session), statistics_(statistics), window_(session, statistics),
        layouts_(in_ticks), unfinished_(names, in_ticks), stays_(stays) {}

  /// `truncated`: the line has no end. Throws InputError where no line of this kind can be read.
  void feed(std::string_view line, std::uint64_t number, bool truncated) {
    ++statistics_.lines;
    if (!may_be_enclosed(line) && parse_head(line, head_)) take(line, number, truncated, !stays_);
    else feed_other(line, number, truncated);
  }
  /// The lines that were fed are valid no longer than this call.
  void keep() {
    window_.keep();
    unfinished_.keep_record();
  }
  /// Nothing more may come for a while.
  void pause() { window_.drain(); }
  [[nodiscard]] bool has_waiting() const { return !window_.empty(); }
  /// The text ends. Throws InputError, which says what the text seems to be, where no known event is in it.
  void finish();

 private:
  void take(std::string_view line, std::uint64_t number, bool truncated, bool copies) {
    if (unfinished_.has_broken()) give_up_broken();
    statistics_.truncated = truncated;
    ++counts_.records;
    if (truncated && is_cut(line, number)) return cut_off(line);
    window_.push(head_, number, copies);
    unfinished_.begin(line, number, stays_ && !copies);
  }
  /// The last line has no end and is not read: a part of one line of text, or what became of others.
  void cut_off(std::string_view line);
  [[nodiscard]] bool is_cut(std::string_view line, std::uint64_t number);
  void feed_other(std::string_view line, std::uint64_t number, bool truncated);
  [[nodiscard]] bool read_comment(std::string_view text, std::uint64_t number);
  [[nodiscard]] Continues continues(std::string_view text);
  void give_up_broken();
  void strange(std::string_view text, std::uint64_t number, bool truncated, bool may_be_rest);
  void warn(std::uint64_t number, std::string message);
  [[nodiscard]] std::string what_it_seems() const;

  const std::string& path_;
  const KnownRecords& records_;
  Session& session_;
  ReadStatistics& statistics_;
  Window window_;
  Layouts layouts_;
  Unfinished unfinished_;
  bool stays_;
  bool is_html_ = false;
  Head head_;
  std::string inside_;
  struct Counts {
    std::uint64_t records = 0, strange = 0;
    std::string first_strange;
  } counts_;
};

}  // namespace custody::traces::formats::ftrace
