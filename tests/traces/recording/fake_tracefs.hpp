// SPDX-License-Identifier: BSD-2-Clause
// A tracefs in memory that answers as a kernel does: instances come with their files, probes are taken or refused.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "traces/recording/tracefs.hpp"

namespace custody::traces::test {

class FakeTracefs final : public recording::Tracefs {
 public:
  FakeTracefs() : Tracefs("/tracefs") {
    files_["kprobe_events"];
    files_["error_log"];
  }

  // What the kernel is like.
  std::set<std::string> refused;      ///< functions that nobody may probe
  std::set<std::string> tracepoints;  ///< `dma/dma_map_sg`
  std::set<std::string> busy;         ///< instances that somebody reads
  int fails_folders = 0;              ///< errno of every new instance

  // What was done.
  std::vector<std::string> log;

  [[nodiscard]] std::vector<std::string> probes() const { return probes_; }
  void add_probe(const std::string& line) { probes_.push_back(line); }
  void add_folder(const std::string& path) { folders_.insert(path); }
  std::string& file(const std::string& path) { return files_[path]; }
  [[nodiscard]] bool is_empty() const { return probes_.empty() && folders_.empty(); }

  [[nodiscard]] bool exists(const std::string& path) const override {
    if (folders_.count(path) != 0 || files_.count(path) != 0) return true;
    const std::size_t events = path.find("events/");
    if (events == std::string::npos) return false;
    const std::string event = path.substr(events + 7, path.rfind("/enable") - events - 7);
    return std::any_of(tracepoints.begin(), tracepoints.end(),
                       [&](const std::string& t) { return t == event || t.substr(0, t.find('/')) == event; });
  }
  [[nodiscard]] bool is_writable(const std::string& path) const override { return exists(path); }
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override {
    if (path == "kprobe_events") {
      std::string text;
      for (const std::string& p : probes_) text += p + "\n";
      return text;
    }
    const auto at = files_.find(path);
    return at == files_.end() ? std::nullopt : std::optional(at->second);
  }
  [[nodiscard]] std::vector<std::string> list(const std::string& folder) const override {
    std::set<std::string> names;
    for (const std::string& f : folders_) add_name(folder, f, names);
    for (const auto& [path, text] : files_) add_name(folder, path, names);
    return {names.begin(), names.end()};
  }
  [[nodiscard]] int write(const std::string& path, std::string_view text, bool /*appends*/) override {
    log.push_back(path + " " + std::string(text.substr(0, text.find('\n'))));
    if (path == "kprobe_events") return command(std::string(text.substr(0, text.find('\n'))));
    return 0;
  }
  [[nodiscard]] int make_folder(const std::string& path) override {
    if (fails_folders != 0) return fails_folders;
    return folders_.insert(path).second ? 0 : EEXIST;
  }
  [[nodiscard]] int remove_folder(const std::string& path) override {
    if (busy.count(path) != 0) return EBUSY;
    log.push_back("rmdir " + path);
    return folders_.erase(path) != 0 ? 0 : ENOENT;
  }
  [[nodiscard]] int open_stream(const std::string& /*path*/) override { return ::open("/dev/null", O_RDONLY); }

 private:
  static void add_name(const std::string& folder, const std::string& path, std::set<std::string>& names) {
    if (path.substr(0, folder.size() + 1) == folder + "/")
      names.insert(path.substr(folder.size() + 1, path.find('/', folder.size() + 1) - folder.size() - 1));
  }
  int command(const std::string& line) {
    if (line.substr(0, 2) == "-:") {
      const auto is_its = [&](const std::string& p) { return p.substr(2, p.find(' ') - 2) == line.substr(2); };
      // As in the kernel: what is enabled in an instance cannot be removed.
      const std::string group = line.substr(2, line.find('/') - 2);
      if (folders_.count("instances/" + group) != 0 && enabled(group)) return EBUSY;
      const auto end = std::remove_if(probes_.begin(), probes_.end(), is_its);
      if (end == probes_.end()) return ENOENT;
      probes_.erase(end, probes_.end());
      return 0;
    }
    const std::size_t begin = line.find(' ') + 1;
    const std::string function = line.substr(begin, line.find(' ', begin) - begin);
    if (refused.count(function) != 0) {
      files_["error_log"] += "[ 1.0] trace_kprobe: error: Failed to register probe event\n  Command: " + line + "\n";
      return ENOENT;
    }
    probes_.push_back(line);
    return 0;
  }
  [[nodiscard]] bool enabled(const std::string& group) const {
    return std::find(log.begin(), log.end(), "instances/" + group + "/events/" + group + "/enable 1") != log.end();
  }

  std::map<std::string, std::string> files_;
  std::set<std::string> folders_;
  std::vector<std::string> probes_;
};

}  // namespace custody::traces::test
