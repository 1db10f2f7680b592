// SPDX-License-Identifier: BSD-2-Clause
// A folder with a few files for a command to work in, which is the same before each run.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/fuzz/properties.hpp"

namespace custody::fuzz {

class ScratchFolder {
 public:
  explicit ScratchFolder(std::map<std::string, std::string> files) : files_(std::move(files)) {
    std::string path = (std::filesystem::temp_directory_path() / "custody-fuzz-XXXXXX").string();
    require(::mkdtemp(path.data()) != nullptr, "there is a temporary folder");
    path_ = path;
    for (const auto& [name, text] : files_) put(name, text);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Takes out what a run left there, and puts back what it wrote over.
  void restore() {
    std::size_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      const auto file = files_.find(entry.path().filename().string());
      if (file == files_.end()) std::filesystem::remove_all(entry.path());
      else if (entry.last_write_time() == times_[file->first]) ++kept;
    }
    if (kept == files_.size()) return;
    for (const auto& [name, text] : files_) put(name, text);
  }

 private:
  void put(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    times_[name] = std::filesystem::last_write_time(path_ / name);
  }

  std::map<std::string, std::string> files_;
  std::map<std::string, std::filesystem::file_time_type> times_;
  std::filesystem::path path_;
};

}  // namespace custody::fuzz
