// SPDX-License-Identifier: BSD-2-Clause
// The three streams that a process is given.
#include "checker/cli/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "checker/cli/interrupt.hpp"

namespace custody::checker::cli {

namespace {

/// Of the first write to standard output that failed.
int output_error = 0;
bool has_printed = false;

}  // namespace

void prepare_standard_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest number that is free is this one. What is read from a closed input is no empty input, and what is
    // written to a closed output is lost: neither is to succeed.
    static_cast<void>(::open("/dev/null", fd == 1 ? O_RDONLY : O_WRONLY));
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) {  // somebody who shares the pipe has made it so that it does not wait
      struct pollfd p {
        fd, POLLOUT, 0
      };
      static_cast<void>(::poll(&p, 1, -1));
      continue;
    }
    if (wrote == 0) errno = EIO;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

bool print(std::string_view text) {
  has_printed = true;
  if (output_error == 0 && !write_all(1, text)) {
    output_error = errno;
    end_the_work();
  }
  return output_error == 0;
}

int close_output() {
  if (has_printed && output_error == 0 && ::close(1) != 0) output_error = errno;
  return output_error;
}

}  // namespace custody::checker::cli
