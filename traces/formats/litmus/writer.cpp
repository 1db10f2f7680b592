// SPDX-License-Identifier: BSD-2-Clause
// Writes a recorded trace as a litmus file.
#include "traces/formats/litmus/writer.hpp"

#include <map>
#include <set>
#include <utility>

#include "traces/formats/litmus/expectations.hpp"
#include "traces/formats/litmus/layout.hpp"
#include "traces/formats/litmus/text.hpp"
#include "traces/formats/litmus/words.hpp"

namespace custody::traces::formats::litmus {
namespace {

using litmus::Layout;

class Writer {
 public:
  Writer(const Header& header, const Directory& directory, std::span<const Event> events)
      : header_(header), directory_(directory), events_(events), layout_(events),
        names_(litmus::spell(directory, events, layout_)) {}

  std::string text() {
    for (std::size_t i = 0; i < events_.size(); ++i) write(i);
    for (auto& [task, open] : open_)
      while (!open.empty()) close(task, 0);
    std::string out = litmus::header_text(header_, directory_, names_);
    for (const Expectation& expectation : header_.expectations) out += expectation_line(expectation) + "\n";
    out += "\n";
    for (const std::string& line : lines_) out += line + "\n";
    return out;
  }

 private:
  /// The lead of a line at the place of event `i`: indentation, and the task where it is not clear from above.
  [[nodiscard]] std::string lead(std::size_t i, bool closes) const {
    const std::size_t around = call_around(i);
    const std::string blanks(2 * depth(i), ' ');
    const std::string& task = task_name(events_[i].task);
    const bool clear = around == Layout::kNone ? task == litmus::kMainTask : !closes && !layout_.has_braces(around);
    return clear ? blanks : blanks + "[" + task + "] ";
  }

  [[nodiscard]] const std::string& task_name(std::uint32_t task) const {
    static const std::string main(litmus::kMainTask);
    return task == kNoId ? main : names_.tasks[task];
  }

  /// The nearest of the calls around event `i` that is written.
  [[nodiscard]] std::size_t call_around(std::size_t i) const {
    std::size_t around = layout_.parent(i);
    while (around != Layout::kNone && left_out_.count(around) != 0) around = layout_.parent(around);
    return around;
  }
  /// How many of them there are.
  [[nodiscard]] std::size_t depth(std::size_t i) const {
    if (left_out_.empty()) return layout_.depth(i);
    std::size_t calls = 0;
    for (std::size_t around = call_around(i); around != Layout::kNone; around = call_around(around)) ++calls;
    return calls;
  }

  void write(std::size_t i) {
    const Event& event = events_[i];
    const std::size_t entry = layout_.entry(i);
    if (event.phase == Phase::kReturn && entry != Layout::kNone) {
      if (layout_.has_braces(entry) && left_out_.count(entry) == 0) close_through(event.task, entry, event.at.line);
      return;
    }
    const bool whole_line = event.kind == EventKind::kTaskExit || event.kind == EventKind::kLost;
    const bool is_dma = event.maintenance.known && event.kind != EventKind::kCacheOperation;
    std::string text = litmus::statement_text(event, directory_, names_, inherits(i), result(i));
    if (text.empty()) {
      left_out_.insert(i);
      lines_.push_back("# not written: " + std::string(name(event.kind)) + " of line " + std::to_string(event.at.line));
      return;
    }
    if (layout_.has_braces(i)) text += " {";
    add_line(whole_line ? text : lead(i, false) + text, event.at.line);
    if (layout_.has_braces(i)) open_[event.task].push_back(i);
    if (event.kind == EventKind::kTaskExit) open_.erase(event.task);
    if (!is_dma) return;
    const std::string blanks(2 * depth(i) + 2, ' ');
    // The last line says the operation; one above it says that a helper ran.
    const std::vector<std::string> did = litmus::maintenance_text(event, directory_);
    for (const std::string& line : did) add_line(blanks + line, &line == &did.back() ? event.maintenance.line : 0);
  }

  [[nodiscard]] bool inherits(std::size_t i) const {
    const std::size_t around = call_around(i);
    return around != Layout::kNone && events_[around].buffer == events_[i].buffer;
  }

  [[nodiscard]] std::int32_t result(std::size_t i) const {
    const std::size_t back = layout_.return_of(i);
    return back == Layout::kNone ? events_[i].ret : events_[back].ret;
  }

  void close(std::uint32_t task, std::uint64_t line) {
    std::vector<std::size_t>& open = open_[task];
    add_line(lead(open.back(), true) + "}", line);
    open.pop_back();
  }

  /// Closes the call that `entry` entered, and first what is left open inside it.
  void close_through(std::uint32_t task, std::size_t entry, std::uint64_t line) {
    std::vector<std::size_t>& open = open_[task];
    while (!open.empty()) {
      const bool last = open.back() == entry;
      close(task, line);
      if (last) return;
    }
  }

  void add_line(std::string line, std::uint64_t old_number) {
    if (old_number != 0) places_.try_emplace(old_number, lines_.size());
    lines_.push_back(std::move(line));
  }

  [[nodiscard]] std::string expectation_line(const Expectation& expectation) const {
    const auto place = places_.find(expectation.at);
    if (expectation.at == 0 || place == places_.end()) {
      std::string out = litmus::expectation_text(expectation, "", names_);
      // Without its place it would forbid the finding everywhere.
      const bool forbids_more = expectation.at != 0 && expectation.kind == Expectation::Kind::kNoFinding;
      return forbids_more ? "# not written, its line is not: " + out : out;
    }
    const std::string& line = lines_[place->second];
    std::string text = line.substr(line.find_first_not_of(' '));
    if (text.size() > 2 && text.substr(text.size() - 2) == " {") text.resize(text.size() - 2);
    std::size_t nth = 0;
    for (std::size_t i = 0; i <= place->second; ++i)
      if (litmus::line_begins(lines_[i].substr(lines_[i].find_first_not_of(' ')), text)) ++nth;
    const std::string at = "\"" + text + "\"";
    return litmus::expectation_text(expectation, nth == 1 ? at : at + " #" + std::to_string(nth), names_);
  }

  const Header& header_;
  const Directory& directory_;
  std::span<const Event> events_;
  Layout layout_;
  litmus::Spelling names_;
  std::vector<std::string> lines_;
  std::set<std::size_t> left_out_;                          ///< events that no statement says
  std::map<std::uint64_t, std::size_t> places_;             ///< line number in the old file -> index in lines_
  std::map<std::uint32_t, std::vector<std::size_t>> open_;  ///< entries of calls with `{`, by task
};

}  // namespace

std::string write_litmus(const Header& header, const Directory& directory, std::span<const Event> events) {
  return Writer(header, directory, events).text();
}

}  // namespace custody::traces::formats::litmus
