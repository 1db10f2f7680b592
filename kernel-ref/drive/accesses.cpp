// SPDX-License-Identifier: GPL-2.0-only
// What the compiler makes of each access of the drivers: calls of these functions.
#include <unordered_map>

#include "kernel-ref/drive/kernel.hpp"
#include "kernel-ref/drive/tasks.hpp"
#include "kernel-ref/drive/watched.hpp"

namespace custody::kernel_ref::drive {

namespace {

std::string file_now;
const int* marked = nullptr;
std::unordered_map<std::uintptr_t, bool> is_watched;

bool watches(std::uintptr_t pc) {
  const auto it = is_watched.find(pc);
  if (it != is_watched.end()) return it->second;
  const Symbol* s = the_kernel()->symbol(pc);
  return is_watched[pc] = s != nullptr && s->file == file_now;
}

void check(std::uintptr_t at, std::size_t n, bool writes, std::uintptr_t pc) {
  Kernel* const kernel = the_kernel();
  if (kernel == nullptr) return;
  end_loops();
  if (std::string wrong = kernel->arena().check(at, n); !wrong.empty())
    stop_now({Stop::Kind::kMemory, wrong + (writes ? " (write)" : " (read)"), pc});
  Tasks* const tasks = the_tasks();
  if (tasks == nullptr || (marked != nullptr && *marked != 0) || !watches(pc)) return;
  if (kernel->arena().has(at) || kernel->is_static(at)) tasks->access(at, n, writes, pc);
}

}  // namespace

const std::string& watched_file() { return file_now; }

void watch_races(const std::string& file, const int* marks) {
  file_now = file;
  marked = marks;
  is_watched.clear();
}

}  // namespace custody::kernel_ref::drive

#define CUSTODY_PC reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))
#define CUSTODY_ACCESS(n)                                                                                           \
  void __asan_load##n##_noabort(std::uintptr_t at) { custody::kernel_ref::drive::check(at, n, false, CUSTODY_PC); } \
  void __asan_store##n##_noabort(std::uintptr_t at) { custody::kernel_ref::drive::check(at, n, true, CUSTODY_PC); }

#pragma GCC diagnostic ignored "-Wbuiltin-declaration-mismatch"
extern "C" {
CUSTODY_ACCESS(1)
CUSTODY_ACCESS(2)
CUSTODY_ACCESS(4)
CUSTODY_ACCESS(8)
CUSTODY_ACCESS(16)
void __asan_loadN_noabort(std::uintptr_t at, std::size_t n) {
  custody::kernel_ref::drive::check(at, n, false, CUSTODY_PC);
}
void __asan_storeN_noabort(std::uintptr_t at, std::size_t n) {
  custody::kernel_ref::drive::check(at, n, true, CUSTODY_PC);
}
void __asan_handle_no_return(void) {}
}
