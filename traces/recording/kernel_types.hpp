// SPDX-License-Identifier: BSD-2-Clause
// What a kernel's type information (BTF) says of its functions and structures.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace custody::traces::recording {

/// How a value is reached from another one: for each pointer on the way, the byte offset that is added before it is
/// followed. Empty: it is the value itself.
using Offsets = std::vector<std::uint32_t>;

/// The functions, structures and tracepoints of one kernel. BTF is what the kernel itself shows in
/// /sys/kernel/btf/vmlinux (Documentation/bpf/btf.rst); offsets are those of that build.
class KernelTypes {
 public:
  /// Reads BTF alone, or a kernel that holds it: an ELF file with a section .BTF, or a boot image (Image, vmlinuz).
  /// Throws InputError, which says what was expected.
  explicit KernelTypes(const std::string& path);
  ~KernelTypes();
  KernelTypes(const KernelTypes&) = delete;
  KernelTypes& operator=(const KernelTypes&) = delete;

  /// Is there a function of that name, not inlined everywhere?
  [[nodiscard]] bool has_function(std::string_view name) const;
  [[nodiscard]] bool has_tracepoint(std::string_view name) const;
  /// Types as C says them, without qualifiers: `struct dma_buf *`, `enum dma_data_direction`, `int`. Of the parameters,
  /// in order; of what the function returns. Empty where there is none of that name.
  [[nodiscard]] std::vector<std::string> parameters(std::string_view function) const;
  [[nodiscard]] std::string result(std::string_view function) const;
  /// The way from a `struct structure *` to its member `path` (names with points between; a pointer is followed where a
  /// name comes behind it). nullopt: this kernel has no such member.
  [[nodiscard]] std::optional<Offsets> member(std::string_view structure, std::string_view path) const;
  /// Bytes of a pointer.
  [[nodiscard]] std::size_t pointer_size() const;

 private:
  struct Types;
  std::unique_ptr<Types> types_;
};

}  // namespace custody::traces::recording
