// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/kernel_types.hpp"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "traces/reader.hpp"
#include "traces/recording/kernel_image.hpp"

namespace custody::traces::recording {

namespace {

struct Free {
  void operator()(btf* types) const { btf__free(types); }
};

/// Names of types, pointers and structures without name lead on at most so often: damaged types may go in circles.
constexpr int kDeepest = 32;

std::string_view name_of(const btf* types, std::uint32_t offset) {
  const char* const name = btf__name_by_offset(types, offset);
  return name != nullptr ? std::string_view(name) : std::string_view();
}

bool is_qualifier(const btf_type* type) { return btf_is_mod(type) || btf_is_type_tag(type); }

/// Behind qualifiers and other names.
const btf_type* plain(const btf* types, std::uint32_t id) {
  const btf_type* type = btf__type_by_id(types, id);
  for (int i = 0; i < kDeepest && type != nullptr && (is_qualifier(type) || btf_is_typedef(type)); ++i)
    type = btf__type_by_id(types, type->type);
  return type;
}

/// As C says it; other names of types stay, as they say what a number is.
std::string word(const btf* types, std::uint32_t id, int deepest = kDeepest) {
  const btf_type* type = btf__type_by_id(types, id);
  if (type == nullptr || id == 0 || deepest == 0) return "void";
  if (is_qualifier(type)) return word(types, type->type, deepest - 1);
  if (btf_is_ptr(type)) return word(types, type->type, deepest - 1) + " *";
  const std::string name(name_of(types, type->name_off));
  if (btf_is_struct(type) || btf_kind(type) == BTF_KIND_FWD) return "struct " + name;
  if (btf_is_union(type)) return "union " + name;
  return btf_is_any_enum(type) ? "enum " + name : name;
}

struct Member {
  std::uint32_t type = 0, offset = 0;  ///< bytes
};

/// The member of that name, also of a structure without name inside.
std::optional<Member> find_member(const btf* types, const btf_type* type, std::string_view name,
                                  int deepest = kDeepest) {
  if (type == nullptr || !btf_is_composite(type) || deepest == 0) return std::nullopt;
  const btf_member* members = btf_members(type);
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i) {
    const std::string_view its = name_of(types, members[i].name_off);
    const std::uint32_t at = btf_member_bit_offset(type, i) / 8;
    if (its == name) return Member{members[i].type, at};
    if (!its.empty()) continue;
    if (const auto inside = find_member(types, plain(types, members[i].type), name, deepest - 1))
      return Member{inside->type, at + inside->offset};
  }
  return std::nullopt;
}

std::string_view next_name(std::string_view& path) {
  const std::size_t point = path.find('.');
  const std::string_view name = path.substr(0, point);
  path = point == std::string_view::npos ? std::string_view() : path.substr(point + 1);
  return name;
}

}  // namespace

struct KernelTypes::Types {
  std::unique_ptr<btf, Free> all;
  [[nodiscard]] const btf_type* prototype(std::string_view function) const {
    const std::int32_t id = btf__find_by_name_kind(all.get(), std::string(function).c_str(), BTF_KIND_FUNC);
    return id > 0 ? btf__type_by_id(all.get(), btf__type_by_id(all.get(), static_cast<std::uint32_t>(id))->type)
                  : nullptr;
  }
};

KernelTypes::KernelTypes(const std::string& path) : types_(std::make_unique<Types>()) {
  libbpf_set_print(nullptr);
  const std::string raw = types_of_image(path);
  types_->all.reset(btf__new(raw.data(), static_cast<std::uint32_t>(raw.size())));
  if (types_->all == nullptr || libbpf_get_error(types_->all.get()) != 0) {
    static_cast<void>(types_->all.release());
    throw InputError(path, 0, "its type information (BTF) is damaged, expected that of a Linux kernel");
  }
  if (!member("dma_buf", "size"))
    throw InputError(path, 0, "its type information (BTF) knows no struct dma_buf, expected a kernel with dma-buf");
}

KernelTypes::~KernelTypes() = default;

bool KernelTypes::has_function(std::string_view name) const { return types_->prototype(name) != nullptr; }

bool KernelTypes::has_tracepoint(std::string_view name) const {
  return btf__find_by_name_kind(types_->all.get(), ("btf_trace_" + std::string(name)).c_str(), BTF_KIND_TYPEDEF) > 0;
}

std::vector<std::string> KernelTypes::parameters(std::string_view function) const {
  std::vector<std::string> words;
  const btf_type* type = types_->prototype(function);
  if (type == nullptr || !btf_is_func_proto(type)) return words;
  const btf_param* all = btf_params(type);
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i) words.push_back(word(types_->all.get(), all[i].type));
  return words;
}

std::string KernelTypes::result(std::string_view function) const {
  const btf_type* type = types_->prototype(function);
  return type != nullptr ? word(types_->all.get(), type->type) : std::string();
}

std::optional<Offsets> KernelTypes::member(std::string_view structure, std::string_view path) const {
  const btf* all = types_->all.get();
  const std::int32_t found = btf__find_by_name_kind(all, std::string(structure).c_str(), BTF_KIND_STRUCT);
  if (found <= 0) return std::nullopt;
  const btf_type* type = btf__type_by_id(all, static_cast<std::uint32_t>(found));
  Offsets offsets;
  std::uint32_t offset = 0;
  while (!path.empty()) {
    const std::optional<Member> its = find_member(all, type, next_name(path));
    if (!its) return std::nullopt;
    offset += its->offset;
    type = plain(all, its->type);
    if (path.empty() || type == nullptr || !btf_is_ptr(type)) continue;
    offsets.push_back(std::exchange(offset, 0));
    type = plain(all, type->type);
  }
  offsets.push_back(offset);
  return offsets;
}

std::size_t KernelTypes::pointer_size() const { return btf__pointer_size(types_->all.get()); }

}  // namespace custody::traces::recording
