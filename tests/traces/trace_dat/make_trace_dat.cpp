// SPDX-License-Identifier: BSD-2-Clause
// Makes a trace.dat out of ftrace text: make_trace_dat TEXT DAT [VERSION COMPRESSION CPUS INSTANCE]
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/traces/trace_dat/writer.hpp"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  custody::traces::test::DatShape shape;
  if (argc > 3) shape.version = std::atoi(argv[3]);
  if (argc > 4) shape.compression = custody::traces::formats::trace_dat::find_compression(argv[4]).value();
  if (argc > 5) shape.cpus = static_cast<unsigned>(std::atoi(argv[5]));
  if (argc > 6) shape.instance = std::string(argv[6]) == "1";
  std::ifstream in(argv[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::ofstream(argv[2], std::ios::binary) << custody::traces::test::make_trace_dat(text, shape);
}
