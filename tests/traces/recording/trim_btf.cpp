// SPDX-License-Identifier: BSD-2-Clause
// Keeps of a kernel's types what probes need, so that a real kernel's offsets fit into a few kilobytes:
// trim_btf KERNEL OUTPUT.
#include <bpf/btf.h>

#include <array>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "traces/formats/ftrace/functions.hpp"
#include "traces/reader.hpp"
#include "traces/recording/kernel_image.hpp"

namespace {

struct Free {
  void operator()(btf* types) const { btf__free(types); }
};

constexpr std::array<std::string_view, 9> kStructures = {
    "dma_buf", "dma_buf_attachment", "dentry", "file", "inode", "device", "kobject", "sg_table", "scatterlist"};
constexpr std::array<std::string_view, 13> kMembers = {
    "dmabuf", "d_fsdata", "private_data", "kobj",  "name",     "dev", "sgl",
    "size",   "file",     "f_inode",      "i_ino", "exp_name", ""};

template <typename Names>
bool has(const Names& names, std::string_view name) {
  for (const std::string_view n : names)
    if (n == name) return true;
  return false;
}

class Trimmed {
 public:
  explicit Trimmed(const btf* from) : from_(from), to_(btf__new_empty()) {
    for (const auto& f : custody::traces::formats::ftrace::kFunctions)
      if (const int id = btf__find_by_name_kind(from, std::string(f.name).c_str(), BTF_KIND_FUNC); id > 0)
        static_cast<void>(number(static_cast<std::uint32_t>(id)));
    for (std::size_t i = 0; i < order_.size(); ++i) list_needed(order_[i]);
    for (const std::uint32_t id : order_) write(id);
  }
  [[nodiscard]] std::string_view bytes() const {
    std::uint32_t size = 0;
    const void* data = btf__raw_data(to_.get(), &size);
    return {static_cast<const char*>(data), size};
  }

 private:
  [[nodiscard]] std::string name(std::uint32_t offset) const { return btf__name_by_offset(from_, offset); }
  /// Its number in the output.
  int number(std::uint32_t id) {
    if (id == 0) return 0;
    const auto [at, added] = numbers_.try_emplace(id, static_cast<int>(order_.size()) + 1);
    if (added) order_.push_back(id);
    return at->second;
  }
  [[nodiscard]] bool is_kept(const btf_type* type) const {
    const std::string its = name(type->name_off);
    return its.empty() || has(kStructures, its);
  }
  void list_needed(std::uint32_t id) {
    const btf_type* type = btf__type_by_id(from_, id);
    if (btf_is_composite(type)) {
      for (std::uint32_t i = 0; is_kept(type) && i < btf_vlen(type); ++i)
        if (has(kMembers, name(btf_members(type)[i].name_off))) static_cast<void>(number(btf_members(type)[i].type));
    } else if (btf_is_func_proto(type)) {
      for (std::uint32_t i = 0; i < btf_vlen(type); ++i) static_cast<void>(number(btf_params(type)[i].type));
      static_cast<void>(number(type->type));
    } else if (btf_is_func(type) || btf_is_ptr(type) || btf_is_mod(type) || btf_is_typedef(type)) {
      static_cast<void>(number(type->type));
    }
  }
  void write(std::uint32_t id);
  void write_members(const btf_type* type);

  const btf* from_;
  std::unique_ptr<btf, Free> to_;
  std::map<std::uint32_t, int> numbers_;
  std::vector<std::uint32_t> order_;
};

void Trimmed::write_members(const btf_type* type) {
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i) {
    const btf_member& member = btf_members(type)[i];
    if (has(kMembers, name(member.name_off)))
      btf__add_field(to_.get(), name(member.name_off).c_str(), number(member.type), btf_member_bit_offset(type, i),
                     btf_member_bitfield_size(type, i));
  }
}

void Trimmed::write(std::uint32_t id) {
  const btf_type* type = btf__type_by_id(from_, id);
  const std::string its = name(type->name_off);
  btf* const to = to_.get();
  switch (btf_kind(type)) {
    case BTF_KIND_INT: btf__add_int(to, its.c_str(), type->size, btf_int_encoding(type)); return;
    case BTF_KIND_PTR: btf__add_ptr(to, number(type->type)); return;
    case BTF_KIND_CONST: btf__add_const(to, number(type->type)); return;
    case BTF_KIND_VOLATILE: btf__add_volatile(to, number(type->type)); return;
    case BTF_KIND_RESTRICT: btf__add_restrict(to, number(type->type)); return;
    case BTF_KIND_TYPEDEF: btf__add_typedef(to, its.c_str(), number(type->type)); return;
    case BTF_KIND_FUNC: btf__add_func(to, its.c_str(), BTF_FUNC_STATIC, number(type->type)); return;
    case BTF_KIND_ENUM: btf__add_enum(to, its.c_str(), type->size); return;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      if (!is_kept(type)) {
        btf__add_fwd(to, its.c_str(), btf_is_union(type) ? BTF_FWD_UNION : BTF_FWD_STRUCT);
        return;
      }
      if (btf_is_union(type)) btf__add_union(to, its.c_str(), type->size);
      else btf__add_struct(to, its.c_str(), type->size);
      return write_members(type);
    case BTF_KIND_FUNC_PROTO:
      btf__add_func_proto(to, number(type->type));
      for (std::uint32_t i = 0; i < btf_vlen(type); ++i)
        btf__add_func_param(to, name(btf_params(type)[i].name_off).c_str(), number(btf_params(type)[i].type));
      return;
    default: btf__add_fwd(to, its.c_str(), BTF_FWD_STRUCT); return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: trim_btf KERNEL OUTPUT\n";
    return 2;
  }
  try {
    const std::string raw = custody::traces::recording::types_of_image(argv[1]);
    const std::unique_ptr<btf, Free> types(btf__new(raw.data(), static_cast<std::uint32_t>(raw.size())));
    std::ofstream(argv[2], std::ios::binary) << Trimmed(types.get()).bytes();
  } catch (const custody::traces::InputError& e) {
    std::cerr << "trim_btf: " << e.what() << "\n";
    return 2;
  }
  return 0;
}
