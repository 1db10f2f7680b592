// SPDX-License-Identifier: GPL-2.0-only
// Records the drivers anew: record_drivers ROOT writes the recordings below ROOT.
#include <fmt/core.h>

#include <fstream>

#include "kernel-ref/record/corpus.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: record_drivers ROOT_OF_THE_SOURCES\n");
    return 2;
  }
  for (const auto& recording : custody::kernel_ref::record::make_corpus()) {
    const std::string path = std::string(argv[1]) + "/" + recording.path;
    std::ofstream out(path, std::ios::binary);
    out << recording.text;
    if (!out.flush()) {
      fmt::print(stderr, "record_drivers: {} cannot be written\n", path);
      return 2;
    }
    fmt::print("{}: {} bytes\n", recording.path, recording.text.size());
  }
  return 0;
}
