// SPDX-License-Identifier: BSD-2-Clause
#include "tests/checker/damage/samples.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tests/checker/replay_support.hpp"
#include "tests/traces/trace_dat/writer.hpp"

namespace custody::checker::test {

namespace {

using std::filesystem::path;

std::vector<path> files_in(const path& folder, const std::string& extension) {
  std::vector<path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().string().ends_with(extension)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  return files;
}

Format files_of(const std::string& name, const path& folder, const std::string& extension) {
  Format format{name, 0, {}};
  for (const path& file : files_in(folder, extension))
    format.samples.push_back({file.filename().string(), read_file(file.string())});
  return format;
}

/// The capture of a driver whose windows do not sync: there is a fault to be missed.
Sample without_syncs(const Sample& capture) {
  std::istringstream in(capture.bytes);
  Sample out{capture.name + " without syncs", {}};
  for (std::string line; std::getline(in, line);)
    if (line.find(": sync_for_cpu:") == std::string::npos && line.find(": arch_inval:") == std::string::npos)
      out.bytes += line + "\n";
  return out;
}

Format trace_dats(const Format& ftrace, const Format& tracepoints) {
  using traces::formats::trace_dat::Compression;
  Format format{"trace.dat", 0, {}};
  for (const Format* of : {&ftrace, &tracepoints})
    for (const Sample& text : of->samples) {
      // The writer knows no format of fences.
      if (text.bytes.find("dma_fence_") != std::string::npos) continue;
      for (const auto& [version, compression] : {std::pair(6, Compression::kNone),
                                                 {7, Compression::kNone},
                                                 {7, Compression::kZlib},
                                                 {7, Compression::kZstd}})
        for (const bool other : {false, true}) {
          traces::test::DatShape shape;
          shape.version = version;
          shape.compression = compression;
          shape.cpus = other ? 3 : 1;
          shape.big_endian = other;
          if (other) shape.page_size = 1024;
          format.samples.push_back({text.name + " v" + std::to_string(version), make_trace_dat(text.bytes, shape)});
        }
    }
  return format;
}

void add_folder(std::vector<Format>& formats, const path& folder) {
  for (const path& of : files_in(folder, "")) {
    Format format = files_of(of.filename().string(), of, "");
    for (Sample& sample : format.samples) sample.has_checksum = format.name == "checksum";
    formats.push_back(std::move(format));
  }
}

}  // namespace

std::vector<Format> formats_to_damage() {
  Format ftrace = files_of("ftrace", "traces/recorded", ".txt"),
         log = files_of("event log", "traces/recorded", ".jsonl");
  Format tracepoints = files_of("tracepoints", "tests/traces/samples", ".txt");
  Format litmus = files_of("litmus", "traces/litmus", ".litmus");
  constexpr std::uint64_t kWindow = 64;
  ftrace.waits = tracepoints.waits = kWindow + 2;
  log.waits = 2;
  const std::size_t captures = ftrace.samples.size();
  for (std::size_t i = 0; i < captures; ++i) ftrace.samples.push_back(without_syncs(ftrace.samples[i]));
  Format dat = trace_dats(ftrace, tracepoints);
  std::vector<Format> formats{ftrace, tracepoints, log, litmus, dat};
  if (const char* folder = std::getenv("CUSTODY_DAMAGE_SAMPLES"); folder != nullptr) add_folder(formats, folder);
  return formats;
}

}  // namespace custody::checker::test
