// SPDX-License-Identifier: BSD-2-Clause
// Starts custody-learn and talks with it, a line each way.
#include "checker/cli/driver_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <utility>

#include "checker/cli/spawn.hpp"
#include "checker/cli/standard_streams.hpp"
#include "checker/learn/wire.hpp"
#include "model/escape.hpp"

namespace custody::checker::cli {

namespace {

constexpr int kPatience = 10'000;          ///< milliseconds for one program
constexpr int kPatienceToStart = 120'000;  ///< it may have to build the driver
constexpr int kBadInput = 2,
              kOutOfMemory = 3;  ///< statuses of a child that cannot run the driver; whose memory ran out
constexpr std::size_t kMostLine = std::size_t{1} << 20U;

}  // namespace

DriverProcess::DriverProcess(std::vector<std::string> words) {
  const std::string program = words.front();
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0) throw learn::SubjectError(std::string("no pipe: ") + std::strerror(errno));
  if (::pipe2(out.data(), O_CLOEXEC) != 0) {
    const int error = errno;
    ::close(in[0]);
    ::close(in[1]);
    throw learn::SubjectError(std::string("no pipe: ") + std::strerror(error));
  }
  const int error = spawn(std::move(words), {.input = in[0], .output = out[1]}, child_);
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  if (error != 0) {
    child_ = -1;
    close();
    throw learn::SubjectError(program + ": cannot be started: " + std::strerror(error));
  }
  greeting_ = read_line("its start", kPatienceToStart);
  if (greeting_.rfind("custody-learn 1 ", 0) == 0) return;
  const std::string said = greeting_;
  close();
  throw learn::SubjectError(said.rfind("bad driver: ", 0) == 0
                                ? model::escape_text(said.substr(12))
                                : program + " says \"" + model::escape_text(said.substr(0, 200)) +
                                      "\", expected custody-learn 1");
}

DriverProcess::~DriverProcess() { close(); }

void DriverProcess::close() {
  if (to_ >= 0) ::close(to_);
  if (from_ >= 0) ::close(from_);
  to_ = from_ = -1;
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

std::optional<int> DriverProcess::end_of_child() {
  int status = 0;
  for (int tenths = 0; child_ >= 0 && tenths < 10; ++tenths) {
    if (waitpid(child_, &status, WNOHANG) == child_) {
      child_ = -1;
      return status;
    }
    ::poll(nullptr, 0, 100);  // its output is closed before it is gone
  }
  return std::nullopt;
}

void DriverProcess::fail(const std::string& what, const std::string& doing) {
  std::string how = what;
  if (const std::optional<int> ended = end_of_child()) {
    const int status = *ended;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory) {
      close();
      throw std::bad_alloc();
    }
    if (greeting_.empty() && WIFEXITED(status) && WEXITSTATUS(status) == kBadInput) {
      close();
      throw learn::SubjectError("the driver cannot be run: its program says why, above");
    }
    how = WIFSIGNALED(status) ? std::string("it ended by ") + strsignal(WTERMSIG(status))
                              : "it ended with status " + std::to_string(WEXITSTATUS(status));
  }
  close();
  throw learn::SubjectError("the driver's process: " + how + ", at " + doing);
}

std::string DriverProcess::read_line(const std::string& doing, int patience) {
  for (;;) {
    if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    if (pending_.size() > kMostLine) fail("its line does not end", doing);
    pollfd wait{from_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, patience);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) fail("it does not answer for " + std::to_string(patience / 1000) + " s", doing);
    std::array<char, 65536> part{};
    const ssize_t n = ::read(from_, part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("it ended", doing);
    pending_.append(part.data(), static_cast<std::size_t>(n));
  }
}

std::vector<learn::Answer> DriverProcess::run(const learn::World& world, std::span<const learn::Step> program) {
  const std::string doing = "the program: " + learn::text_of(program);
  if (!write_all(to_, learn::request_of(world, program) + "\n")) fail("it ended", doing);
  return learn::parse_answers(read_line(doing, kPatience), world, program);
}

}  // namespace custody::checker::cli
