// SPDX-License-Identifier: BSD-2-Clause
#include "traces/formats/trace_dat/spool.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "traces/formats/trace_dat/reader.hpp"

namespace custody::traces::formats::trace_dat {

Spool::Spool(input::Lines& lines, const std::string& path) {
  const char* directory = std::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr && *directory != '\0' ? directory : "/tmp") + "/custody-XXXXXX";
  fd_ = ::mkstemp(name.data());
  if (fd_ < 0)
    throw InputError(path, 0,
                     "a trace.dat from a stream needs a temporary file, and '" + name +
                         "' cannot be made: " + std::strerror(errno) + "; set TMPDIR, or give the file itself");
  ::unlink(name.c_str());
  try {
    std::vector<char> piece(std::size_t{1} << 16U);
    while (const std::size_t size = lines.read_bytes(piece.data(), piece.size())) write({piece.data(), size}, path);
  } catch (...) {
    ::close(fd_);
    throw;
  }
  mapped_ = size_ == 0 ? MAP_FAILED : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd_, 0);
  ::close(fd_);
  if (mapped_ == MAP_FAILED) throw InputError(path, 0, "the temporary file of a stream cannot be mapped");
}

Spool::~Spool() { ::munmap(mapped_, size_); }

void Spool::write(std::string_view bytes, const std::string& path) {
  size_ += bytes.size();
  if (size_ > kMostBytes) throw InputError(path, 0, "a trace.dat from a stream may have at most 64 GiB; give the file");
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      throw InputError(path, 0,
                       std::string("a trace.dat from a stream needs a temporary file of its size: ") +
                           std::strerror(errno) + "; set TMPDIR, or give the file itself");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

Bytes Spool::bytes() const { return {{static_cast<const char*>(mapped_), size_}, true}; }

void read_trace_dat(input::Lines& lines, const std::string& path, EventSink& sink, ReadStatistics& statistics,
                    const std::atomic<bool>* stop, const std::vector<EventName>& own) {
  if (lines.is_whole())
    return read_trace_dat({lines.whole(), lines.mapped() != nullptr}, path, sink, statistics, stop, own);
  const Spool spool(lines, path);
  read_trace_dat(spool.bytes(), path, sink, statistics, stop, own);
}

}  // namespace custody::traces::formats::trace_dat
