// SPDX-License-Identifier: BSD-2-Clause
// A file that appears whole or not at all.
#include "checker/cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "checker/cli/cli.hpp"

namespace custody::checker::cli {

namespace {

bool is_same_file(const struct stat& a, const struct stat& b) {
  return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Whether `input`, or standard input where it is `-`, is the file that `output` describes.
bool reads_from(const std::string& input, const struct stat& output) {
  struct stat info {};
  const bool known = input == "-" ? ::fstat(0, &info) == 0 : ::stat(input.c_str(), &info) == 0;
  return known && is_same_file(info, output);
}

}  // namespace

OutputFile::~OutputFile() {
  if (!path_.empty() && fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

std::string OutputFile::open(const std::vector<std::string>& inputs) {
  struct stat info {};
  const bool is_there = path_.empty() ? ::fstat(1, &info) == 0 : ::stat(path_.c_str(), &info) == 0;
  for (const std::string& input : inputs)
    if (is_there && reads_from(input, info)) return name() + ": is the input, expected another file";
  if (path_.empty()) return {};
  if (is_there && !S_ISREG(info.st_mode)) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    std::string temporary = path_ + ".XXXXXX";
    fd_ = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd_ >= 0) temporary_ = temporary;
    // mkostemp gives it to its owner alone.
    const mode_t masked = ::umask(0);
    ::umask(masked);
    if (fd_ >= 0) static_cast<void>(::fchmod(fd_, is_there ? info.st_mode & 0777U : 0666U & ~masked));
  }
  return fd_ >= 0 ? std::string() : path_ + ": cannot be written: " + std::strerror(errno);
}

bool OutputFile::is_terminal() const { return ::isatty(fd_) == 1; }

void OutputFile::remove_old() const {
  struct stat info {};
  if (!path_.empty() && ::stat(path_.c_str(), &info) == 0 && S_ISREG(info.st_mode)) ::unlink(path_.c_str());
}

void OutputFile::flush() {
  if (error_ == 0 && !write_all(fd_, buffer_)) error_ = errno != 0 ? errno : EIO;
  buffer_.clear();
}

void OutputFile::write(std::string_view text) {
  constexpr std::size_t kEnough = std::size_t{1} << 16U;
  buffer_ += text;
  if (at_once_ || buffer_.size() > kEnough) flush();
}

std::string OutputFile::keep() {
  flush();
  if (!path_.empty() && ::close(fd_) != 0 && error_ == 0) error_ = errno;
  if (!path_.empty()) fd_ = -1;
  if (error_ == 0 && !temporary_.empty()) {
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) error_ = errno;
    else temporary_.clear();
  }
  return error_ == 0 ? std::string() : name() + ": cannot be written: " + std::strerror(error_);
}

}  // namespace custody::checker::cli
