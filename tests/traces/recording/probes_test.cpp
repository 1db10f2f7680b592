// SPDX-License-Identifier: BSD-2-Clause
// Probes of real kernels (tests/traces/recording/kernels/), and of types that are none of a kernel's.
#include <bpf/btf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "tests/traces/input_support.hpp"
#include "traces/formats/ftrace/probes.hpp"
#include "traces/reader.hpp"
#include "traces/recording/render.hpp"

namespace custody::traces::test {
namespace {

using namespace recording;  // NOLINT(google-build-using-namespace): what is tested

constexpr const char* kFolder = "tests/traces/recording/kernels/";

std::string text_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> kernels() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".btf") all.push_back(entry.path());
  return all;
}

Probes probes_in(const std::string& bytes) {
  const CuttableFile file(bytes);
  return probes_for(KernelTypes(file.path()), Registers::kArguments);
}

std::string refusal_of(const std::string& bytes) {
  try {
    static_cast<void>(probes_in(bytes));
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}

struct Free {
  void operator()(btf* types) const { btf__free(types); }
};
using Types = std::unique_ptr<btf, Free>;

std::string bytes_of(const Types& types) {
  std::uint32_t size = 0;
  const auto* data = static_cast<const char*>(btf__raw_data(types.get(), &size));
  std::string bytes(data, size);
  return bytes.append(2048, '\0');  // as in an image: something comes behind
}

/// A kernel of 32 bits with one function; its header says sizes of a kilobyte of names.
Types small_types() {
  Types types(btf__new_empty());
  btf__set_pointer_size(types.get(), 4);
  const int word = btf__add_int(types.get(), "unsigned int", 4, 0);
  const int size = btf__add_typedef(types.get(), "size_t", word);
  btf__add_struct(types.get(), "dma_buf", 8);
  btf__add_field(types.get(), "size", size, 32, 0);
  const int pointer = btf__add_ptr(types.get(), 3);
  const int direction = btf__add_enum(types.get(), "dma_data_direction", 4);
  const int number = btf__add_int(types.get(), "int", 4, BTF_INT_SIGNED);
  const int prototype = btf__add_func_proto(types.get(), number);
  btf__add_func_param(types.get(), "dmabuf", pointer);
  btf__add_func_param(types.get(), "direction", direction);
  btf__add_func(types.get(), "dma_buf_begin_cpu_access", BTF_FUNC_GLOBAL, prototype);
  btf__add_int(types.get(), std::string(1500, 'x').c_str(), 4, 0);
  return types;
}

TEST(Probes, OfRealKernelsAreThoseOfTheirTypes) {
  std::size_t compared = 0;
  for (const auto& kernel : kernels()) {
    const Probes probes = probes_for(KernelTypes(kernel.string()), Registers::kArguments);
    EXPECT_EQ(as_lines(probes), text_in(kernel.string().substr(0, kernel.string().size() - 4) + ".probes.txt"))
        << kernel;
    ++compared;
  }
  EXPECT_EQ(compared, 4U);
}

TEST(Probes, HaveWhatAReaderNeedsOfThem) {
  for (const auto& kernel : kernels()) {
    const Probes probes = probes_for(KernelTypes(kernel.string()), Registers::kArm64);
    ASSERT_GT(probes.probes.size(), 20U);
    for (const Probe& probe : probes.probes) {
      const formats::ftrace::ProbeName* known = formats::ftrace::find_probe(probe.event);
      ASSERT_NE(known, nullptr) << probe.event;
      for (const auto field : formats::ftrace::required(known->probe))
        EXPECT_NE(probe.fields.find(" " + std::string(formats::ftrace::field_name(field)) + "="), std::string::npos)
            << probe.line("custody");
    }
  }
}

TEST(Probes, OfOneEventHaveTheSameFields) {
  for (const auto& kernel : kernels()) {
    const Probes probes = probes_for(KernelTypes(kernel.string()), Registers::kArguments);
    const auto maps =
        std::count_if(probes.probes.begin(), probes.probes.end(), [](const Probe& p) { return p.event == "dma_map"; });
    EXPECT_EQ(maps, 2) << "dma_map_sgtable() and dma_map_sg_attrs() call neither the other";
  }
}

TEST(Probes, NameWhatAKernelDoesNotGive) {
  const Probes probes = probes_in(bytes_of(small_types()));
  EXPECT_NE(as_lines(probes).find("p:custody/begin_cpu_access dma_buf_begin_cpu_access dmabuf=$arg1:x32 dir=$arg2:u32\n"
                                  "r:custody/begin_cpu_access_ret dma_buf_begin_cpu_access ret=$retval:s32\n"),
            std::string::npos)
      << as_lines(probes);
  EXPECT_EQ(probes.probes.size(), 2U);
  EXPECT_NE(as_lines(probes).find("# no release: this kernel has no function to probe for it\n"), std::string::npos);
}

TEST(Probes, NameAFieldThatNoArgumentLeadsTo) {
  Types types = small_types();
  const int none = btf__add_func_proto(types.get(), 0);
  btf__add_func(types.get(), "dma_buf_release", BTF_FUNC_STATIC, none);
  EXPECT_NE(as_lines(probes_in(bytes_of(types)))
                .find("# no release: dma_buf_release() leads to no 'dmabuf' in this kernel\n"),
            std::string::npos);
}

TEST(Probes, OfTypesThatGoInCirclesEnd) {
  Types types = small_types();
  const auto first = static_cast<int>(btf__type_cnt(types.get()));
  btf__add_typedef(types.get(), "a", first + 1);
  btf__add_typedef(types.get(), "b", first);
  btf__add_ptr(types.get(), first + 2);
  btf__add_struct(types.get(), "dma_buf_attachment", 8);
  btf__add_field(types.get(), "", first + 3, 0, 0);
  btf__add_field(types.get(), "dmabuf", first, 0, 0);
  const int pointer = btf__add_ptr(types.get(), first + 3);
  const int prototype = btf__add_func_proto(types.get(), first + 2);
  btf__add_func_param(types.get(), "attach", pointer);
  btf__add_func_param(types.get(), "direction", first);
  btf__add_func(types.get(), "dma_buf_map_attachment", BTF_FUNC_GLOBAL, prototype);
  EXPECT_NE(as_lines(probes_in(bytes_of(types))).find("# no map: "), std::string::npos);
}

TEST(Probes, OfWhatIsNoKernelAreRefused) {
  EXPECT_NE(refusal_of("no kernel").find("has no type information (BTF), expected"), std::string::npos);
  EXPECT_NE(refusal_of("").find("has no type information (BTF), expected"), std::string::npos);
  std::string bytes = bytes_of(small_types());
  Types other(btf__new_empty());
  for (int i = 0; i < 200; ++i) btf__add_int(other.get(), ("number" + std::to_string(i)).c_str(), 4, 0);
  EXPECT_NE(refusal_of(bytes_of(other)).find("knows no struct dma_buf, expected a kernel with dma-buf"),
            std::string::npos);
  for (std::size_t at = 24; at < 120; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    static_cast<void>(refusal_of(damaged));
  }
}

}  // namespace
}  // namespace custody::traces::test
