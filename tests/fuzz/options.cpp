// SPDX-License-Identifier: BSD-2-Clause
// Target: the command line, a word a line, in this process. No word leads out of a temporary folder, and a search ends
// after a moment.
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <vector>

#include "checker/cli/interrupt.hpp"
#include "spec/contract.hpp"
#include "tests/fuzz/bytes_file.hpp"
#include "tests/fuzz/scratch_folder.hpp"
#include "tests/fuzz/targets.hpp"

/// `main` of the tool, whose objects are linked here with another name for it.
extern "C" int custody_main(int argc, char** argv);

namespace custody::fuzz {

namespace {

constexpr std::size_t kMostWords = 24;

constexpr std::string_view kLitmus =
    "custody litmus: a sync is missing\ndevice D\n\nexport b 64K\nattach b D\nmap b D FROM\n  dma_map D FROM\n"
    "begin b FROM\nend b FROM\nunmap b D FROM\n  dma_unmap D FROM\ndetach b D\nrelease b\n";
constexpr std::string_view kFtrace =
    "# tracer: nop\n#\n"
    "  cam-7 [000] ..... 1.000001: export: (dma_buf_export+0x0/0x1) dmabuf=0xffffff8001ae6400 size=4096 "
    "exp_name=\"system\"\n"
    "  cam-7 [000] ..... 1.000002: release: (dma_buf_release+0x0/0x1) dmabuf=0xffffff8001ae6400\n";
constexpr std::string_view kMergePatch = R"({"policies": {"cpu_unattached": "no_effect"}})";
constexpr std::string_view kExporters =
    R"({"schema": "custody.exporters/1", "exporters": [{"name": "x", "memory": "cached", "why": "a test"}]})";

ScratchFolder& folder() {
  static ScratchFolder made({{"l.litmus", std::string(kLitmus)},
                             {"t.txt", std::string(kFtrace)},
                             {"c.json", spec::write_contract(*spec::find_contract("udmabuf-after"))},
                             {"p.json", std::string(kMergePatch)},
                             {"e.json", std::string(kExporters)}});
  return made;
}

std::vector<std::string> words_of(std::string_view bytes) {
  std::vector<std::string> words = {"custody"};
  while (words.size() < kMostWords) {
    const std::size_t end = bytes.find('\n');
    std::string word(bytes.substr(0, end));
    std::replace_if(
        word.begin(), word.end(), [](char c) { return c == '/' || c == '\0'; }, '_');
    // A search of two contracts takes seconds, and nothing stops it: only its options are read.
    if (word == "diff" || word == "review") word += "\n--no-such-option";
    const std::size_t more = word.find('\n');
    words.push_back(word.substr(0, more));
    if (more != std::string::npos) words.push_back(word.substr(more + 1));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  return words;
}

std::atomic<bool>* stop = nullptr;
extern "C" void end_search(int /*signal*/) { stop->store(true); }

/// So that a search ends as an interrupt ends it.
void stop_in(long microseconds) {
  struct itimerval after {};
  after.it_value.tv_usec = microseconds;
  ::setitimer(ITIMER_VIRTUAL, &after, nullptr);
}

/// The descriptors that a command has in place of those of the engine, as long as it lives; its signals end with it.
class Streams {
 public:
  Streams() {
    for (std::size_t n = 0; n < kSignals.size(); ++n) ::sigaction(kSignals[n], nullptr, &actions_[n]);
    for (int fd = 0; fd < 3; ++fd) before_[static_cast<std::size_t>(fd)] = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    here_ = ::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    require(::chdir(folder().path().c_str()) == 0, "the folder is there");
    in().hold(kFtrace);
    in().become(0);
    out().hold("");
    out().become(1);
    err().hold("");
    err().become(2);
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  ~Streams() {
    std::cout.flush();
    std::fflush(nullptr);
    for (int fd = 0; fd < 3; ++fd) {
      ::dup2(before_[static_cast<std::size_t>(fd)], fd);
      ::close(before_[static_cast<std::size_t>(fd)]);
    }
    if (::fchdir(here_) != 0) std::abort();
    ::close(here_);
    for (std::size_t n = 0; n < kSignals.size(); ++n) ::sigaction(kSignals[n], &actions_[n], nullptr);
  }
  static BytesFile& in() {
    static BytesFile file;
    return file;
  }
  static BytesFile& out() {
    static BytesFile file;
    return file;
  }
  static BytesFile& err() {
    static BytesFile file;
    return file;
  }

 private:
  static constexpr std::array kSignals{SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGXCPU};
  std::array<struct sigaction, kSignals.size()> actions_{};
  std::array<int, 3> before_{};
  int here_ = -1;
};

int run_command(std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const Streams streams;
  stop->store(false);
  stop_in(100'000);
  const int status = custody_main(static_cast<int>(words.size()), argv.data());
  stop_in(0);
  return status;
}

/// One document, or one a line.
void require_json_in(std::string_view text) {
  if (text.substr(0, 1) != "{") return;
  const std::size_t end = text.find('\n');
  if (end + 1 == text.size() || text.substr(end + 1, 1) != "{") return require_json(text);
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) require_json(text.substr(0, text.find('\n')));
}

/// Text may begin as JSON does, with the name of a file.
bool may_be_json(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.rfind("--f", 0) == 0 || word == "convert" || word == "export";
  });
}

void require_output(const std::vector<std::string>& words) {
  const std::string out = Streams::out().contents(), err = Streams::err().contents();
  if (may_be_json(words)) require_json_in(out);
  const auto is_colour = [](const std::string& word) { return word.rfind("--colo", 0) == 0; };
  if (std::none_of(words.begin(), words.end(), is_colour)) require_plain_text(out);
  require_plain_text(err);
}

}  // namespace

void prepare_options() {
  // What the sanitizers find is said on the engine's stream.
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(::fcntl(2, F_DUPFD_CLOEXEC, 3))));
  // The flag is no constant, only not ours to set.
  stop = const_cast<std::atomic<bool>*>(&checker::cli::end_with_a_summary());
  struct sigaction action {};
  action.sa_handler = end_search;
  action.sa_flags = SA_RESTART;
  require(::sigaction(SIGVTALRM, &action, nullptr) == 0, "a search can be ended");
}

void options(std::string_view bytes) {
  std::vector<std::string> words = words_of(bytes);
  const int status = run_command(words);
  folder().restore();
  require(status >= 0 && status <= 3, "the exit status is one of those that are described", std::to_string(status));
  require_output(words);
}

}  // namespace custody::fuzz
