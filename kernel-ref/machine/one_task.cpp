// SPDX-License-Identifier: GPL-2.0-only
// What the machine gives the drivers where one task runs: the process's own memory, and locks that nobody waits for.
#include <cstdlib>

#include "kernel-ref/shim/machine_abi.h"

extern "C" {

void* machine_allocate(unsigned long n) { return std::malloc(n); }
void* machine_reallocate(void* p, unsigned long n) { return std::realloc(p, n); }
void machine_free(void* p) { std::free(p); }
void machine_warn(const char* /*what*/, const char* /*file*/, int /*line*/) {}
void machine_before_take(const int* /*held*/) {}
void machine_after_take(const int* /*held*/) {}
void machine_after_drop(const int* /*held*/) {}
}
