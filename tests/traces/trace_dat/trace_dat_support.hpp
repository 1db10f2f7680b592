// SPDX-License-Identifier: BSD-2-Clause
// A trace.dat read into memory.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/traces/interrupted_read.hpp"
#include "tests/traces/trace_dat/writer.hpp"
#include "traces/formats/trace_dat/reader.hpp"
#include "traces/recorded_trace.hpp"

namespace custody::traces::test {

/// Of the bytes of a file.
struct DatRead : InterruptedRead {
  explicit DatRead(std::string_view bytes)
      : InterruptedRead([&](EventSink& sink, ReadStatistics& counts) {
          formats::trace_dat::read_trace_dat({bytes, false}, "a.dat", sink, counts);
        }) {}
};

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The recorded captures that are ftrace text.
inline std::vector<std::string> captures() {
  std::vector<std::string> all;
  for (const auto& file : std::filesystem::directory_iterator("traces/recorded"))
    if (file.path().extension() == ".txt") all.push_back(contents(file.path()));
  return all;
}

/// One shape of each kind that differs for a reader.
inline std::vector<DatShape> shapes() {
  using formats::trace_dat::Compression;
  std::vector<DatShape> all;
  for (const int version : {6, 7})
    for (const Compression c : {Compression::kNone, Compression::kZlib, Compression::kZstd})
      for (const unsigned cpus : {1U, 3U}) {
        if (version == 6 && c != Compression::kNone) continue;
        DatShape shape;
        shape.version = version;
        shape.compression = c;
        shape.cpus = cpus;
        shape.instance = cpus == 3;
        all.push_back(shape);
        shape.big_endian = true;
        shape.long_size = 4;
        shape.page_size = 1024;
        all.push_back(shape);
      }
  return all;
}

}  // namespace custody::traces::test
