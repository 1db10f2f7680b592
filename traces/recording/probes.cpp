// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/probes.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "traces/formats/ftrace/functions.hpp"

namespace custody::traces::recording {

namespace {

using formats::ftrace::Function;

/// Where a field is: in what of that type a function is called with or returns, and there in which member.
struct Source {
  std::string_view type, member;
};

enum class As : std::uint8_t {
  kPointer,
  kWord,
  kUnsigned32,
  kHex32,
  kSigned32,
  kString,
  kOfUser,  ///< what an address of user space points to, 64 bits
};

struct Field {
  std::string_view name;
  As as;
  std::array<Source, 4> sources;  ///< the first that is there
};

constexpr Field kDmabuf{"dmabuf",
                        As::kPointer,
                        {{{"struct dma_buf *", ""},
                          {"struct dma_buf_attachment *", "dmabuf"},
                          {"struct dentry *", "d_fsdata"},
                          {"struct file *", "private_data"}}}};
constexpr Field kAttach{"attach", As::kPointer, {{{"struct dma_buf_attachment *", ""}}}};
constexpr Field kDev{
    "dev", As::kString, {{{"struct device *", "kobj.name"}, {"struct dma_buf_attachment *", "dev.kobj.name"}}}};
constexpr Field kDir{"dir", As::kUnsigned32, {{{"enum dma_data_direction", ""}}}};
constexpr Field kSgt{"sgt", As::kPointer, {{{"struct sg_table *", ""}}}};
constexpr Field kSgl{"sgl", As::kPointer, {{{"struct scatterlist *", ""}, {"struct sg_table *", "sgl"}}}};
constexpr Field kNents{"nents", As::kUnsigned32, {{{"int", ""}}}};
constexpr Field kAttrs{"attrs", As::kPointer, {{{"long unsigned int", ""}, {"unsigned long", ""}}}};
constexpr Field kPaddr{"paddr", As::kPointer, {{{"phys_addr_t", ""}}}};
constexpr Field kSize{"size", As::kWord, {{{"size_t", ""}, {"struct dma_buf *", "size"}}}};
constexpr Field kIno{"ino", As::kWord, {{{"struct dma_buf *", "file.f_inode.i_ino"}}}};
constexpr Field kExpName{"exp_name", As::kString, {{{"struct dma_buf *", "exp_name"}}}};
constexpr Field kSyncCmd{"sync_cmd", As::kHex32, {{{"unsigned int", ""}}}};
constexpr Field kSyncFlags{"sync_flags", As::kOfUser, {{{"long unsigned int", ""}, {"unsigned long", ""}}}};
constexpr Field kRet{"ret", As::kSigned32, {{{"int", ""}}}};
constexpr Field kSyncRet{"ret", As::kSigned32, {{{"long int", ""}, {"long", ""}}}};

struct Wanted {
  std::string_view event;
  std::array<const Field*, 5> fields;
};

/// What a reader of traces knows, in the order in which a buffer lives.
constexpr Wanted kWanted[] = {
    {"export", {&kDmabuf, &kSize, &kExpName, &kIno}},
    {"release", {&kDmabuf}},
    {"attach", {&kAttach, &kDmabuf, &kDev}},
    {"detach", {&kDmabuf, &kAttach}},
    {"pin", {&kDmabuf, &kAttach}},
    {"unpin", {&kDmabuf, &kAttach}},
    {"move_notify", {&kDmabuf}},
    {"map", {&kAttach, &kDmabuf, &kDir}},
    {"map_ret", {&kSgt}},
    {"unmap", {&kAttach, &kDmabuf, &kSgt, &kDir}},
    {"unmap_ret", {}},
    {"begin_cpu_access", {&kDmabuf, &kDir}},
    {"begin_cpu_access_ret", {&kRet}},
    {"end_cpu_access", {&kDmabuf, &kDir}},
    {"end_cpu_access_ret", {&kRet}},
    {"sync_ioctl", {&kDmabuf, &kSyncCmd, &kSyncFlags}},
    {"sync_ioctl_ret", {&kSyncRet}},
    {"mmap", {&kDmabuf}},
    {"vmap", {&kDmabuf}},
    {"vmap_ret", {&kRet}},
    {"vunmap", {&kDmabuf}},
    {"dma_map", {&kDev, &kSgl, &kDir, &kAttrs}},
    {"dma_unmap", {&kDev, &kSgl, &kNents, &kDir, &kAttrs}},
    {"sync_for_cpu", {&kDev, &kSgl, &kNents, &kDir}},
    {"sync_for_device", {&kDev, &kSgl, &kNents, &kDir}},
    {"arch_clean", {&kPaddr, &kSize, &kDir}},
    {"arch_inval", {&kPaddr, &kSize, &kDir}},
};

std::string argument(Registers registers, std::size_t index) {
  static constexpr std::string_view kNames[] = {"di", "si", "dx", "cx", "r8", "r9"};
  switch (registers) {
    case Registers::kArm64: return "%x" + std::to_string(index);
    case Registers::kArm: return "%r" + std::to_string(index);
    case Registers::kRiscv: return "%a" + std::to_string(index);
    case Registers::kX86: return "%" + std::string(kNames[std::min(index, std::size(kNames) - 1)]);
    default: return "$arg" + std::to_string(index + 1);
  }
}

std::string followed(std::string from, const Offsets& offsets) {
  for (const std::uint32_t offset : offsets) from.insert(0, "+" + std::to_string(offset) + "(").append(")");
  return from;
}

/// `struct dma_buf *`: dma_buf.
std::string_view structure_of(std::string_view type) {
  type.remove_prefix(std::min(type.size(), std::string_view("struct ").size()));
  return type.substr(0, type.find(' '));
}

class Maker {
 public:
  Maker(const KernelTypes& kernel, Registers registers, const std::vector<std::string>& refused)
      : kernel_(kernel), registers_(registers), refused_(refused) {}

  [[nodiscard]] Probes all() {
    for (const Wanted& wanted : kWanted) take(wanted);
    return std::move(made_);
  }

 private:
  void take(const Wanted& wanted);
  [[nodiscard]] bool is_refused(std::string_view function) const {
    return std::find(refused_.begin(), refused_.end(), function) != refused_.end();
  }
  [[nodiscard]] std::vector<const Function*> functions_of(std::string_view event, bool& at_return) const;
  /// The probe's fields; where one is not to be had, `missing` says it.
  [[nodiscard]] std::string fields_of(const Wanted& wanted, const std::string& function, bool at_return,
                                      std::string& missing) const;
  [[nodiscard]] std::string fetch(const Field& field, const std::string& function, bool at_return) const;
  [[nodiscard]] std::string_view suffix(As as) const;

  const KernelTypes& kernel_;
  Registers registers_;
  const std::vector<std::string>& refused_;
  Probes made_;
};

/// Those of the kernel that do the event: where one of them does nothing but call another, only that one. `__name` is
/// what `name` became where that is no function any more.
std::vector<const Function*> Maker::functions_of(std::string_view event, bool& at_return) const {
  std::vector<const Function*> inner, outer;
  for (const Function& f : formats::ftrace::kFunctions) {
    if ((f.at_entry != event && f.at_return != event) || !kernel_.has_function(f.name) || is_refused(f.name)) continue;
    at_return = f.at_return == event;
    const bool is_again = std::any_of(inner.begin(), inner.end(), [&](const Function* other) {
      return f.name.substr(0, 2) == "__" && f.name.substr(2) == other->name;
    });
    if (!is_again) (f.wraps ? outer : inner).push_back(&f);
  }
  return inner.empty() ? outer : inner;
}

std::string_view Maker::suffix(As as) const {
  const bool is_64 = kernel_.pointer_size() == 8;
  switch (as) {
    case As::kPointer: return is_64 ? ":x64" : ":x32";
    case As::kWord: return is_64 ? ":u64" : ":u32";
    case As::kUnsigned32: return ":u32";
    case As::kHex32: return ":x32";
    case As::kOfUser: return ":u64";
    case As::kSigned32: return ":s32";
    default: return ":string";
  }
}

std::string Maker::fetch(const Field& field, const std::string& function, bool at_return) const {
  const std::vector<std::string> types =
      at_return ? std::vector<std::string>{kernel_.result(function)} : kernel_.parameters(function);
  for (const Source& source : field.sources) {
    const auto at = std::find(types.begin(), types.end(), source.type);
    if (source.type.empty() || at == types.end()) continue;
    std::optional<Offsets> way = Offsets{};
    if (!source.member.empty()) way = kernel_.member(structure_of(source.type), source.member);
    if (!way) continue;
    if (field.as == As::kString) way->push_back(0);
    const auto index = static_cast<std::size_t>(at - types.begin());
    std::string from = followed(at_return ? "$retval" : argument(registers_, index), *way);
    if (field.as == As::kOfUser) from.insert(0, "+u0(").append(")");
    return " " + std::string(field.name) + "=" + from + std::string(suffix(field.as));
  }
  return {};
}

std::string Maker::fields_of(const Wanted& wanted, const std::string& function, bool at_return,
                             std::string& missing) const {
  std::string fields;
  for (const Field* field : wanted.fields) {
    if (field == nullptr) break;
    const std::string fetched = fetch(*field, function, at_return);
    if (fetched.empty()) missing = function + "() leads to no '" + std::string(field->name) + "' in this kernel";
    fields += fetched;
  }
  return fields;
}

void Maker::take(const Wanted& wanted) {
  bool at_return = false;
  const std::vector<const Function*> functions = functions_of(wanted.event, at_return);
  std::string why = functions.empty() ? "this kernel has no function to probe for it" : "";
  for (const Function& f : formats::ftrace::kFunctions)
    if ((f.at_entry == wanted.event || f.at_return == wanted.event) && is_refused(f.name))
      why = "this kernel lets nobody probe " + std::string(f.name) + "()";
  bool any = false;
  for (const Function* f : functions) {
    std::string missing;
    Probe probe{std::string(wanted.event), std::string(f->name), at_return, {}};
    probe.fields = fields_of(wanted, probe.function, at_return, missing);
    if (missing.empty()) made_.probes.push_back(std::move(probe));
    else why = missing;
    any = any || missing.empty();
  }
  if (!any) made_.absent.push_back({std::string(wanted.event), why});
}

}  // namespace

std::vector<std::string> Probes::events() const {
  std::vector<std::string> names;
  for (const Probe& p : probes)
    if (std::find(names.begin(), names.end(), p.event) == names.end()) names.push_back(p.event);
  return names;
}

Probes probes_for(const KernelTypes& kernel, Registers registers, const std::vector<std::string>& refused) {
  return Maker(kernel, registers, refused).all();
}

}  // namespace custody::traces::recording
