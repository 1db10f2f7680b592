// SPDX-License-Identifier: BSD-2-Clause
// A file that appears whole or not at all.
#include "checker/cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "checker/cli/interrupt.hpp"
#include "checker/cli/standard_streams.hpp"
#include "checker/cli/terminal_lines.hpp"

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

/// The open descriptor that `path` names, or -1: opened again, a file would be written from its beginning, over what is
/// there.
int descriptor_named(std::string_view path) {
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (path.substr(0, folder.size()) != folder) continue;
    int fd = -1;
    const auto [end, error] = std::from_chars(path.data() + folder.size(), path.data() + path.size(), fd);
    if (error == std::errc() && end == path.data() + path.size()) return fd;
  }
  return -1;
}

/// The end of a chain of symbolic links, whether or not there is a file: /dev/stdout is one, to a descriptor.
std::string target_of(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the kernel follows
  std::filesystem::path at = path;
  for (int i = 0; i < kMostLinks && descriptor_named(at.native()) < 0; ++i) {
    std::error_code is_no_link;
    const std::filesystem::path next = std::filesystem::read_symlink(at, is_no_link);
    if (is_no_link) break;
    at = at.parent_path() / next;
  }
  return at;
}

}  // namespace

OutputFile::~OutputFile() {
  close();
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  forget_temporary_file();
}

void OutputFile::close() {
  if (owns_ && ::close(fd_) != 0 && error_ == 0) error_ = errno;
  owns_ = false;
}

std::string OutputFile::open(const std::vector<std::string>& inputs) {
  target_ = target_of(path_);
  fd_ = path_.empty() ? 1 : descriptor_named(target_);
  struct stat info {};
  const bool is_there = fd_ >= 0 ? ::fstat(fd_, &info) == 0 : ::stat(target_.c_str(), &info) == 0;
  for (const std::string& input : inputs)
    if (is_there && reads_from(input, info)) return name() + ": is the input, expected another file";
  return fd_ >= 0 ? std::string() : open_file(is_there ? &info : nullptr);
}

std::string OutputFile::open_file(const struct stat* there) {
  std::string what = path_ + ": cannot be written: ";
  if (there != nullptr && ::access(target_.c_str(), W_OK) != 0) return what + std::strerror(errno);
  if (in_place_ || (there != nullptr && !S_ISREG(there->st_mode))) {
    fd_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | (in_place_ ? O_CREAT : 0), 0666);
  } else {
    std::string temporary = target_ + ".XXXXXX";
    what += "a file beside it: ";
    fd_ = make_temporary_file(temporary);
    if (fd_ >= 0) temporary_ = temporary;
    // mkostemp gives it to its owner alone.
    const mode_t masked = ::umask(0);
    ::umask(masked);
    if (fd_ >= 0) static_cast<void>(::fchmod(fd_, there != nullptr ? there->st_mode & 0777U : 0666U & ~masked));
  }
  owns_ = fd_ >= 0;
  return owns_ ? std::string() : what + std::strerror(errno);
}

bool OutputFile::is_terminal() const { return ::isatty(fd_) == 1; }

std::string OutputFile::as_read(std::string_view text) const { return for_reader(text, fd_); }

void OutputFile::remove_old() const {
  struct stat info {};
  if (fd_ >= 0 && owns_ && ::stat(target_.c_str(), &info) == 0 && S_ISREG(info.st_mode)) ::unlink(target_.c_str());
}

void OutputFile::flush() {
  if (in_place_ && owns_ && !buffer_.empty()) {
    // A device has no length.
    static_cast<void>(::ftruncate(fd_, 0) < 0);
    in_place_ = false;
  }
  if (error_ == 0 && !buffer_.empty() && !(fd_ == 1 ? print(buffer_) : write_all(fd_, buffer_))) {
    error_ = errno != 0 ? errno : EIO;
    end_the_work();
  }
  buffer_.clear();
}

void OutputFile::write(std::string_view text) {
  constexpr std::size_t kEnough = std::size_t{1} << 16U;
  buffer_ += text;
  if (at_once_ || buffer_.size() > kEnough) flush();
}

std::string OutputFile::keep() {
  flush();
  close();
  if (error_ == 0 && !temporary_.empty()) {
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) error_ = errno;
    else temporary_.clear();
    if (temporary_.empty()) forget_temporary_file();
  }
  return error_ == 0 || fd_ == 1 ? std::string() : name() + ": cannot be written: " + std::strerror(error_);
}

}  // namespace custody::checker::cli
