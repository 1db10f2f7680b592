// SPDX-License-Identifier: GPL-2.0-only
// A finding's schedule as a file, written, read and made again.
#include "kernel-ref/drive/script.hpp"

#include <algorithm>
#include <sstream>

#include "kernel-ref/drive/notes.hpp"
#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

using Kind = Call::Kind;

namespace {

constexpr std::string_view kFirst = "custody schedule 1";
constexpr std::string_view kUndo = "undo everything and release", kBeside = " | ";
constexpr std::size_t kMostCalls = 4096, kMostDevices = 8;

std::string device_line(const machine::Device& d) {
  return "device " + d.name + (d.coherent ? " snoops" : "") + (d.bounced ? " bounced" : "") +
         (d.iommu ? " merges" : "") + "\n";
}

/// Reads the lines of a file, one by one.
class Reader {
 public:
  Reader(const std::string& text, const std::string& path) : text_(text), path_(path) {}

  Script run() {
    std::string line;
    if (!next(line) || line != kFirst) fail("expected \"" + std::string(kFirst) + "\"");
    while (next(line))
      if (!line.empty() && line[0] != '#') take(line);
    ++line_;
    if (script_.configuration.devices.empty() || model::find_arch(script_.configuration.arch) == nullptr)
      fail("expected an arch and a device before the end");
    if (script_.pair && script_.schedule.empty()) fail("expected choices of the two tasks before the end");
    return std::move(script_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw InputProblem(path_ + ":" + std::to_string(line_) + ": " + what);
  }
  bool next(std::string& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    at_ = end + 1;
    ++line_;
    return true;
  }

  void take(const std::string& line) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string word = line.substr(0, blank), rest = blank < line.size() ? line.substr(blank + 1) : "";
    Configuration& c = script_.configuration;
    if (word == "finding") script_.key = rest;
    else if (word == "configuration") c.name = rest;
    else if (word == "driver") c.driver = rest;
    else if (word == "arch" && model::find_arch(rest) != nullptr) c.arch = rest;
    else if (word == "client") c.limits.conduct = conduct_of(rest);
    else if (word == "windows" && rest.size() == 1 && rest[0] >= '1' && rest[0] <= '9')
      c.limits.windows = static_cast<unsigned>(rest[0] - '0');
    else if (word == "device" && c.devices.size() < kMostDevices) c.devices.push_back(device_of(rest));
    else if (word == "call" && script_.path.size() < kMostCalls) script_.path.push_back(call_of(rest));
    else if (word == "together") script_.pair = pair_of(rest);
    else if (word == "choices") script_.schedule = schedule_of(rest);
    else
      fail("found \"" + line.substr(0, 60) +
           "\", expected finding, configuration, driver, arch, client, windows, device, call, together or choices");
  }

  Conduct conduct_of(const std::string& word) const {
    if (const std::optional<Conduct> known = drive::conduct_of(word)) return *known;
    fail("found \"" + word + "\", expected one of " + conduct_names());
  }
  machine::Device device_of(const std::string& rest) const {
    std::istringstream in(rest);
    machine::Device d;
    in >> d.name;
    for (std::string word; in >> word;)
      if (word == "snoops") d.coherent = true;
      else if (word == "bounced") d.bounced = true;
      else if (word == "merges") d.iommu = true;
      else fail("found \"" + word + "\", expected snoops, bounced or merges");
    if (d.name.empty()) fail("expected a device's name");
    return d;
  }
  Call call_of(const std::string& text) const {
    if (text == kUndo) return {Kind::kFinish, 0, model::Direction::kNone, 0};
    const std::optional<Call> call = parse_call(text, script_.configuration.devices);
    if (!call) fail("found \"" + text.substr(0, 60) + "\", expected a call of one of the devices above");
    return *call;
  }
  std::array<Call, 2> pair_of(const std::string& text) const {
    const std::size_t bar = text.find(kBeside);
    if (bar == std::string::npos) fail("expected two calls with | between them");
    return {call_of(text.substr(0, bar)), call_of(text.substr(bar + kBeside.size()))};
  }
  Schedule schedule_of(const std::string& text) const {
    Schedule out;
    for (const char c : text) {
      if (c != '0' && c != '1') fail("expected 0 and 1");
      out.push_back(c == '1' ? 1 : 0);
    }
    return out;
  }

  const std::string &text_, &path_;
  std::size_t at_ = 0, line_ = 0;
  Script script_;
};

}  // namespace

std::string script_text(const Finding& f, const Configuration& c) {
  if (f.configuration.empty()) return {};
  std::string text = std::string(kFirst) + "\nfinding " + f.key + "\nconfiguration " + c.name + "\narch " + c.arch +
                     "\nclient " + std::string(name(c.limits.conduct)) + "\nwindows " +
                     std::to_string(c.limits.windows) + "\n";
  if (!c.driver.empty()) text += "driver " + c.driver + "\n";
  for (const machine::Device& d : c.devices) text += device_line(d);
  for (const std::string& call : f.calls) text += "call " + call + "\n";
  if (f.together.empty()) return text;
  text += "together " + f.together[0] + std::string(kBeside) + f.together[1] + "\nchoices " + f.choices + "\n";
  for (const std::string& line : f.schedule) text += "# " + line + "\n";
  return text;
}

Script parse_script(const std::string& text, const std::string& path) { return Reader(text, path).run(); }

namespace {

/// The path alone, as one task makes it.
std::string play_path(Stage& stage, FindingBook& book, const Script& script, const Progress& progress) {
  const Configuration& c = stage.configuration();
  const bool export_fails = !script.path.empty() && script.path[0].kind == Kind::kExport && script.path[0].fails != 0;
  const Call exports{Kind::kExport, 0, model::Direction::kNone, export_fails ? script.path[0].fails : std::uint8_t{0}};
  Notes notes(stage, book);
  std::vector<Call> made;
  std::string cannot;
  {
    Run run(stage, book);
    Observation o = run.export_buffer(exports.fails);
    bool goes_on = !o.stop && o.ret == 0;
    if (export_fails && !goes_on) notes.take_failing_export(o, exports);
    else notes.take(o, {}, exports);
    if (!export_fails && o.ret != 0) notes.add_failed_export(o.ret);
    for (std::size_t i = 0; goes_on && i < script.path.size(); ++i) {
      const Call& call = script.path[i];
      if (call.kind == Kind::kExport || call.kind == Kind::kFinish) continue;
      if (!run.situation().may(call, c.limits, c.devices)) {
        cannot = text_of(call, c.devices);
        break;
      }
      progress.at(text_of(call, c.devices));
      o = run.make(call);
      notes.take(o, made, call);
      made.push_back(call);
      goes_on = !o.stop;
    }
    if (goes_on) notes.take_end(run.finish(), made);
  }
  notes.write_litmus();
  return cannot;
}

/// The first call of the path that the client cannot make; empty: it can make all. No run is under way then.
std::string impossible_call(Stage& stage, FindingBook& book, const std::vector<Call>& path) {
  const Configuration& c = stage.configuration();
  Run run(stage, book);
  if (run.export_buffer().stop) return "export";
  for (const Call& call : path)
    if (!run.situation().may(call, c.limits, c.devices) || run.make(call).stop) return text_of(call, c.devices);
  return {};
}

}  // namespace

std::string play(Stage& stage, FindingBook& book, const Script& script, const Progress& progress) {
  book.begin(script.configuration.name, std::string(name(script.configuration.limits.conduct)));
  if (!script.pair) return play_path(stage, book, script, progress);
  std::vector<Call> path;
  for (const Call& call : script.path)
    if (call.kind != Kind::kExport && call.kind != Kind::kFinish) path.push_back(call);
  if (std::string cannot = impossible_call(stage, book, path); !cannot.empty()) return cannot;
  Graph graph;
  Pairs pairs(stage, book, graph, progress);
  return pairs.play(path, *script.pair, script.schedule) ? "" : "the two calls side by side";
}

}  // namespace custody::kernel_ref::drive
