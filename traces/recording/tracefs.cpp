// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/tracefs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace custody::traces::recording {

namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

constexpr const char* kPlaces[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

/// Empty: tracefs is there and can be used.
std::string missing_at(const std::string& root) {
  struct stat info {};
  if (::stat(root.c_str(), &info) != 0)
    return root + ": " + std::strerror(errno) +
           ", expected tracefs: a kernel with CONFIG_TRACING, and `mount -t tracefs nodev " + root + "`";
  if (::access(root.c_str(), R_OK | X_OK) != 0)
    return root + ": " + std::strerror(errno) + ": to record needs root (`sudo custody record ...`)";
  const Tracefs there(root);
  if (!there.exists("tracing_on"))
    return root + ": is no tracefs, expected it there: `mount -t tracefs nodev " + root + "`";
  if (!there.is_writable("tracing_on"))
    return root + "/tracing_on: cannot be written: to record needs root (`sudo custody record ...`)";
  return {};
}

}  // namespace

bool Tracefs::exists(const std::string& path) const {
  struct stat info {};
  return ::stat(at(path).c_str(), &info) == 0;
}

bool Tracefs::is_writable(const std::string& path) const { return ::access(at(path).c_str(), W_OK) == 0; }

std::optional<std::string> Tracefs::read(const std::string& path) const {
  const Descriptor file(at(path), O_RDONLY);
  std::string text;
  char part[4096];
  for (ssize_t count = 1; count > 0; text.append(part, static_cast<std::size_t>(std::max<ssize_t>(count, 0))))
    if (count = file.get() < 0 ? -1 : ::read(file.get(), part, sizeof part); count < 0) return std::nullopt;
  return text;
}

std::vector<std::string> Tracefs::list(const std::string& folder) const {
  std::vector<std::string> names;
  DIR* const all = ::opendir(at(folder).c_str());
  if (all == nullptr) return names;
  while (const dirent* const one = ::readdir(all))
    if (one->d_name[0] != '.') names.emplace_back(one->d_name);
  ::closedir(all);
  std::sort(names.begin(), names.end());
  return names;
}

int Tracefs::write(const std::string& path, std::string_view text, bool appends) {
  const Descriptor file(at(path), O_WRONLY | (appends ? O_APPEND : O_TRUNC));
  if (file.get() < 0) return errno;
  // The rest of a write that was cut would be another command.
  const ssize_t count = ::write(file.get(), text.data(), text.size());
  if (count < 0) return errno;
  return static_cast<std::size_t>(count) == text.size() ? 0 : EIO;
}

int Tracefs::make_folder(const std::string& path) { return ::mkdir(at(path).c_str(), 0755) == 0 ? 0 : errno; }

int Tracefs::remove_folder(const std::string& path) { return ::rmdir(at(path).c_str()) == 0 ? 0 : errno; }

int Tracefs::open_stream(const std::string& path) {
  return ::open(at(path).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

TracefsPlace find_tracefs(const std::string& given) {
  if (!given.empty()) return {given, missing_at(given)};
  TracefsPlace first;
  for (const char* const place : kPlaces) {
    TracefsPlace here{place, missing_at(place)};
    if (here.missing.empty()) return here;
    if (first.root.empty()) first = std::move(here);
  }
  return first;
}

}  // namespace custody::traces::recording
