// SPDX-License-Identifier: GPL-2.0-only
#include "kernel-ref/drive/workplace.hpp"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <new>
#include <vector>

#include "kernel-ref/drive/source.hpp"

namespace custody::kernel_ref::drive {

namespace {

constexpr int kInterrupted = 3;
constexpr std::size_t kWatcherStack = std::size_t{256} << 10U;

/// Of this process. A child has a copy, of which it uses nothing.
struct KeptPlace {
  std::mutex lock;
  std::string folder;
  std::vector<pid_t> children;
};

KeptPlace& place() {
  static KeptPlace here;
  return here;
}

sigset_t signals_that_end() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) {
    struct sigaction action {};
    sigaction(number, nullptr, &action);
    if (number != SIGHUP || action.sa_handler != SIG_IGN) sigaddset(&set, number);
  }
  return set;
}

void remove(const std::string& folder) {
  std::error_code error;
  if (!folder.empty()) std::filesystem::remove_all(folder, error);
}

void begin_child() {
  const sigset_t set = signals_that_end();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  setpgid(0, 0);
}

void* wait_for_the_end(void*) {
  const sigset_t set = signals_that_end();
  int number = 0;
  while (sigwait(&set, &number) != 0) continue;
  KeptPlace& here = place();
  const std::lock_guard<std::mutex> held(here.lock);
  for (const pid_t child : here.children) {
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  remove(here.folder);
  _exit(kInterrupted);
}

}  // namespace

void end_on_signals() {
  const sigset_t set = signals_that_end();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  pthread_attr_t attributes;
  pthread_t thread{};
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kWatcherStack);
  const int error = pthread_create(&thread, &attributes, wait_for_the_end, nullptr);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw std::bad_alloc();
}

pid_t fork_child() {
  KeptPlace& here = place();
  const std::lock_guard<std::mutex> held(here.lock);
  here.children.reserve(here.children.size() + 1);
  const pid_t child = fork();
  if (child == 0) begin_child();
  if (child > 0) here.children.push_back(child);
  return child;
}

pid_t wait_for(pid_t child, int& status, int options) {
  const pid_t ended = waitpid(child, &status, options);
  if (ended != child) return ended;
  KeptPlace& here = place();
  const std::lock_guard<std::mutex> held(here.lock);
  here.children.erase(std::remove(here.children.begin(), here.children.end(), child), here.children.end());
  return ended;
}

Folder::Folder() {
  const char* base = std::getenv("TMPDIR");
  path_ = std::string(base != nullptr && *base != 0 ? base : "/tmp") + "/custody-drive-XXXXXX";
  KeptPlace& here = place();
  const std::lock_guard<std::mutex> held(here.lock);
  if (mkdtemp(path_.data()) == nullptr) throw InputProblem(path_ + ": cannot be made");
  here.folder = path_;
  setenv("TMPDIR", path_.c_str(), 1);
}

Folder::~Folder() {
  KeptPlace& here = place();
  const std::lock_guard<std::mutex> held(here.lock);
  remove(path_);
  here.folder.clear();
}

std::string Folder::sub(const std::string& name) const {
  std::filesystem::create_directories(path_ + "/" + name);
  return path_ + "/" + name;
}

}  // namespace custody::kernel_ref::drive
