// SPDX-License-Identifier: GPL-2.0-only
// The kernel's side as a loaded object: its functions, its static memory, what can be saved of it and put back.
#include "kernel-ref/drive/kernel.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "kernel-ref/drive/process.hpp"
#include "kernel-ref/shim/machine_abi.h"

namespace custody::kernel_ref::drive {

namespace {
Kernel* loaded = nullptr;
}  // namespace

void* loaded_handle = nullptr;

namespace {
template <class Function>
Function* shim(const char* name) {
  void* at = dlsym(loaded_handle, name);
  if (at == nullptr) throw std::runtime_error(std::string("the shim has no ") + name);
  Function* f = nullptr;
  std::memcpy(&f, &at, sizeof f);
  return f;
}
}  // namespace

Kernel* the_kernel() { return loaded; }

Kernel::Kernel(const std::string& path) : path_(path), handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw std::runtime_error(dlerror());
  loaded = this;
  loaded_handle = handle_;
  find_ranges();
  symbols_ = functions_of(path);
}

Kernel::~Kernel() {
  loaded = nullptr;
  dlclose(handle_);
}

void Kernel::find_ranges() {
  const auto* map = static_cast<const link_map*>(handle_);
  base_ = map->l_addr;
  const auto visit = [](dl_phdr_info* info, std::size_t, void* data) {
    auto* k = static_cast<Kernel*>(data);
    if (info->dlpi_addr != k->base_) return 0;
    std::uintptr_t protected_end = 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const ElfW(Phdr)& p = info->dlpi_phdr[i];
      if (p.p_type == PT_GNU_RELRO) protected_end = (k->base_ + p.p_vaddr + p.p_memsz) & ~std::uintptr_t{4095};
    }
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const ElfW(Phdr)& p = info->dlpi_phdr[i];
      if (p.p_type != PT_LOAD) continue;
      const std::uintptr_t begin = k->base_ + p.p_vaddr, end = begin + p.p_memsz;
      if ((p.p_flags & PF_X) != 0) k->code_begin_ = begin, k->code_end_ = end;
      if ((p.p_flags & PF_W) == 0) continue;
      const std::uintptr_t from = std::max(begin, protected_end);
      if (from < end) k->statics_.push_back({reinterpret_cast<unsigned char*>(from), end - from});
    }
    return 1;
  };
  dl_iterate_phdr(visit, this);
}

Kernel::Saved Kernel::save() const {
  Saved saved;
  for (const Range& r : statics_) saved.statics.emplace_back(r.at, r.at + r.size);
  saved.arena = arena_.save();
  return saved;
}

void Kernel::restore(const Saved& saved) {
  for (std::size_t i = 0; i < statics_.size(); ++i)
    std::memcpy(statics_[i].at, saved.statics[i].data(), statics_[i].size);
  arena_.restore(saved.arena);
}

void Kernel::add_to(Digest& digest) const {
  for (const Range& r : statics_) digest.add(r.at, r.size);
  arena_.add_to(digest);
}

bool Kernel::is_static(std::uintptr_t at) const {
  return std::any_of(statics_.begin(), statics_.end(), [&](const Range& r) {
    const auto begin = reinterpret_cast<std::uintptr_t>(r.at);
    return at >= begin && at < begin + r.size;
  });
}

const Symbol* Kernel::symbol(std::uintptr_t pc) const {
  if (!has_code(pc)) return nullptr;
  const std::uintptr_t at = pc - base_;
  const auto it = std::upper_bound(symbols_.begin(), symbols_.end(), at,
                                   [](std::uintptr_t place, const Symbol& s) { return place < s.at; });
  if (it == symbols_.begin()) return nullptr;
  const Symbol& s = *std::prev(it);
  return at < s.at + s.size ? &s : nullptr;
}

std::string Kernel::place(std::uintptr_t pc) const {
  const Symbol* s = symbol(pc);
  if (s == nullptr) return "unknown code";
  std::string& known = places_[pc];
  if (!known.empty()) return known;
  std::array<char, 64> number{};
  std::snprintf(number.data(), number.size(), "0x%zx", static_cast<std::size_t>(pc - base_ - 1));
  const Ran ran = run_program({"addr2line", "-s", "-e", path_, number.data()});
  std::string where = ran.status == 0 ? ran.output : "";
  where = where.substr(0, where.find_first_of(" \n"));
  if (where.empty() || where[0] == '?') where = s->file;
  std::string name = s->name.substr(0, s->name.find('.'));
  return known = name + "()" + (where.empty() ? "" : " (" + where + ")");
}

void* Kernel::find(const char* name) const { return dlsym(handle_, name); }

std::string Kernel::first_exporter() const {
  const auto name = shim<const char*()>("shim_first_exporter");
  return name();
}

std::vector<Symbol> functions_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::vector<Symbol> out;
  Elf64_Ehdr header{};
  if (bytes.size() < sizeof header) return out;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  if (header.e_shoff + sections.size() * sizeof(Elf64_Shdr) > bytes.size()) return out;
  std::memcpy(sections.data(), bytes.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
  for (const Elf64_Shdr& s : sections) {
    if (s.sh_type != SHT_SYMTAB || s.sh_offset + s.sh_size > bytes.size()) continue;
    const char* names = bytes.data() + sections[s.sh_link].sh_offset;
    std::string file;
    for (std::size_t at = 0; at + sizeof(Elf64_Sym) <= s.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol{};
      std::memcpy(&symbol, bytes.data() + s.sh_offset + at, sizeof symbol);
      const bool local = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL;
      if (ELF64_ST_TYPE(symbol.st_info) == STT_FILE) file = names + symbol.st_name;
      if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_value != 0)
        out.push_back({symbol.st_value, symbol.st_size, names + symbol.st_name, local ? file : std::string()});
    }
  }
  std::sort(out.begin(), out.end(), [](const Symbol& a, const Symbol& b) { return a.at < b.at; });
  return out;
}

}  // namespace custody::kernel_ref::drive

// What the client calls is in the loaded object.
using custody::kernel_ref::drive::shim;
// clang-format off
#define CUSTODY_SHIM(name) static auto* const f = shim<decltype(name)>(#name)
extern "C" {
void shim_boot(unsigned char* ram, unsigned long pages) { CUSTODY_SHIM(shim_boot); f(ram, pages); }
unsigned long shim_live_allocations(void) { CUSTODY_SHIM(shim_live_allocations); return f(); }
unsigned long shim_live_pages(void) { CUSTODY_SHIM(shim_live_pages); return f(); }
unsigned long shim_warnings(void) { CUSTODY_SHIM(shim_warnings); return f(); }
void shim_set_signal_pending(int pending) { CUSTODY_SHIM(shim_set_signal_pending); f(pending); }
int shim_export(const char* d, unsigned long n, shim_buffer* out) { CUSTODY_SHIM(shim_export); return f(d, n, out); }
void shim_put(void* b) { CUSTODY_SHIM(shim_put); f(b); }
int shim_attach(void* b, unsigned d, void** a) { CUSTODY_SHIM(shim_attach); return f(b, d, a); }
void shim_detach(void* b, void* a) { CUSTODY_SHIM(shim_detach); f(b, a); }
int shim_map(void* a, int dir, void** t) { CUSTODY_SHIM(shim_map); return f(a, dir, t); }
void shim_unmap(void* a, void* t, int dir) { CUSTODY_SHIM(shim_unmap); f(a, t, dir); }
int shim_begin_cpu_access(void* b, int dir) { CUSTODY_SHIM(shim_begin_cpu_access); return f(b, dir); }
int shim_end_cpu_access(void* b, int dir) { CUSTODY_SHIM(shim_end_cpu_access); return f(b, dir); }
int shim_vmap(void* b) { CUSTODY_SHIM(shim_vmap); return f(b); }
void shim_vunmap(void* b) { CUSTODY_SHIM(shim_vunmap); f(b); }
int shim_mmap(void* b, unsigned long long* p, unsigned long n) { CUSTODY_SHIM(shim_mmap); return f(b, p, n); }
void shim_importer_sync(void* a, void* t, int dir, int cpu) { CUSTODY_SHIM(shim_importer_sync); f(a, t, dir, cpu); }
const void* shim_list_of(void* t) { CUSTODY_SHIM(shim_list_of); return f(t); }
int shim_add_fence(void* b, int w, void** fence) { CUSTODY_SHIM(shim_add_fence); return f(b, w, fence); }
void shim_signal_fence(void* fence) { CUSTODY_SHIM(shim_signal_fence); f(fence); }
}
// clang-format on
