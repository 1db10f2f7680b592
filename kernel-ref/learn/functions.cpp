// SPDX-License-Identifier: GPL-2.0-only
// Looks functions up in the symbol tables of loaded files, with libelf.
#include "kernel-ref/learn/functions.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <map>
#include <string>

namespace custody::kernel_ref::learn {

namespace {

struct Function {
  std::uint64_t end = 0;
  std::string name;
};
/// By first address in the file.
using Functions = std::map<std::uint64_t, Function>;

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, Functions& out) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  for (std::size_t i = 0; data != nullptr && header.sh_entsize != 0 && i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Sym symbol{};
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
      continue;
    const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name != nullptr && symbol.st_size != 0) out[symbol.st_value] = {symbol.st_value + symbol.st_size, name};
  }
}

Functions functions_of(const char* path) {
  Functions out;
  elf_version(EV_CURRENT);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  Elf* const elf = file < 0 ? nullptr : elf_begin(file, ELF_C_READ, nullptr);
  for (Elf_Scn* section = nullptr; elf != nullptr && (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header{};
    if (gelf_getshdr(section, &header) != nullptr && header.sh_type == SHT_SYMTAB)
      read_symbols(elf, section, header, out);
  }
  if (elf != nullptr) elf_end(elf);
  if (file >= 0) close(file);
  return out;
}

std::string look_up(const void* address) {
  Dl_info info{};
  if (address == nullptr || dladdr(address, &info) == 0) return {};
  static std::map<std::string, Functions> files;
  const auto [place, is_new] = files.try_emplace(info.dli_fname);
  if (is_new) place->second = functions_of(access(info.dli_fname, R_OK) == 0 ? info.dli_fname : "/proc/self/exe");
  // A return address may lie behind the function, where its call is the last thing in it.
  const auto offset =
      static_cast<std::uint64_t>(static_cast<const char*>(address) - static_cast<const char*>(info.dli_fbase)) - 1;
  const auto next = place->second.upper_bound(offset);
  if (next == place->second.begin()) return {};
  const Function& found = std::prev(next)->second;
  // What the compiler made of a part or a copy of it: `name.isra.0`.
  return offset < found.end ? found.name.substr(0, found.name.find('.')) : std::string();
}

}  // namespace

std::string_view function_at(const void* address) {
  static std::map<const void*, std::string> known;
  const auto [place, is_new] = known.try_emplace(address);
  if (is_new) place->second = look_up(address);
  return place->second;
}

}  // namespace custody::kernel_ref::learn
