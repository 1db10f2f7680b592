// SPDX-License-Identifier: BSD-2-Clause
#include "traces/recording/kernel_image.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "traces/input/file_source.hpp"
#include "traces/input/memory.hpp"
#include "traces/input/unpack.hpp"
#include "traces/reader.hpp"

namespace custody::traces::recording {

namespace {

/// No kernel is larger, nor what is packed in one.
constexpr std::size_t kMostBytes = std::size_t{1} << 30U;

/// Fewer bytes of types are those of a module.
constexpr std::size_t kLeastTypes = 1024;

/// All that `source` gives until it ends or is damaged: behind what is packed in a kernel there is more of the kernel.
std::string all_of(input::ByteSource& source, const std::string& path) {
  std::string all;
  try {
    for (std::string piece(std::size_t{1} << 20U, '\0');;) {
      const std::size_t count = source.read(piece.data(), piece.size());
      if (count == 0) return all;
      if (all.size() + count > kMostBytes)
        throw InputError(path, 0, "is larger than 1 GiB, expected a kernel or its BTF");
      all.append(piece, 0, count);
    }
  } catch (const input::Damage&) {
    return all;
  }
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (unsigned i = 4; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

/// The longest BTF that begins anywhere in `bytes`; empty: none does. Its header has magic, version and flags, then its
/// own length, and offset and length of the types and of the names, which come behind.
std::string_view find_types(std::string_view bytes) {
  constexpr std::string_view kMagic("\x9f\xeb\x01\x00", 4);
  constexpr std::uint32_t kHeader = 24;
  std::string_view longest;
  for (std::size_t at = bytes.find(kMagic); at != std::string_view::npos; at = bytes.find(kMagic, at + 1)) {
    if (bytes.size() - at < kHeader || number_at(bytes, at + 4) != kHeader) continue;
    const std::uint64_t types = number_at(bytes, at + 12), names = number_at(bytes, at + 20);
    const std::uint64_t size = kHeader + types + names;
    if (number_at(bytes, at + 8) == 0 && number_at(bytes, at + 16) == types && size <= bytes.size() - at &&
        size > longest.size())
      longest = bytes.substr(at, size);
  }
  return longest.size() < kLeastTypes ? std::string_view() : longest;
}

/// The same of what is packed in `bytes`.
std::string find_packed_types(std::string_view bytes, const std::string& path) {
  using namespace std::string_view_literals;
  for (const std::string_view magic : {"\x28\xb5\x2f\xfd"sv,
                                       "\xfd"
                                       "7zXZ\0"sv,
                                       "\x1f\x8b\x08"sv, "BZh9"sv, "\x04\x22\x4d\x18"sv, "\x02\x21\x4c\x18"sv})
    for (std::size_t at = bytes.find(magic); at != std::string_view::npos; at = bytes.find(magic, at + 1)) {
      const input::Unpacked unpacked = input::unpack(std::make_unique<input::Memory>(bytes.substr(at)), 1);
      const std::string plain = all_of(*unpacked.source, path);
      if (const std::string_view types = find_types(plain); !types.empty()) return std::string(types);
    }
  return {};
}

}  // namespace

std::string types_of_image(const std::string& path) {
  input::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    throw InputError(path, 0,
                     std::string("cannot be opened: ") + std::strerror(errno) +
                         ", expected type information (BTF) of a kernel, or a kernel that has it");
  input::FileSource source(std::move(file), nullptr);
  const std::string bytes = all_of(source, path);
  if (const std::string_view types = find_types(bytes); !types.empty()) return std::string(types);
  if (std::string types = find_packed_types(bytes, path); !types.empty()) return types;
  throw InputError(path, 0,
                   "has no type information (BTF), expected that of a kernel (/sys/kernel/btf/vmlinux), or a kernel "
                   "with it; `pahole -J vmlinux` adds it where debug information is");
}

}  // namespace custody::traces::recording
