// SPDX-License-Identifier: BSD-2-Clause
// What the name of an exporter tells about its memory and its syncs.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace custody::spec {

enum class MemoryKind : std::uint8_t { kCached, kWriteCombined, kCoherent, kDevice, kUnknown };
enum class ZeroedBy : std::uint8_t { kCpu, kCpuFlushed, kNone };
enum class CachesMapping : std::uint8_t { kCore, kExporter, kNo };
enum class SyncVia : std::uint8_t { kDmaSg, kDmaPage, kArch, kClflush, kNone };

struct ExporterProfile {
  std::string name;
  MemoryKind memory = MemoryKind::kUnknown;
  bool export_is_allocation = false;  ///< only then is what happened before the export known
  ZeroedBy zeroed_by = ZeroedBy::kNone;
  bool own_device = false;       ///< the exporter's device uses the buffer without an attachment
  bool memory_outlives = false;  ///< what the buffer held is somebody's after its release
  CachesMapping caches_mapping = CachesMapping::kNo;
  SyncVia sync_via = SyncVia::kDmaSg;
  std::string why;
};

/// A profile file or option that is wrong: where (file and JSON pointer), what was found, what is allowed.
class SpecError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Profiles by exporter name. A name that is not there gets `unknown()`.
class ExporterCatalogue {
 public:
  /// The profiles of spec/exporters.json, compiled in.
  [[nodiscard]] static const ExporterCatalogue& builtin();
  /// Adds or replaces the profiles of a JSON text of schema custody.exporters/1, at most 1024. Throws SpecError, also
  /// for a key that is there twice and for what a contract may not be either (kMaxContractBytes); then nothing changed.
  void load(std::string_view text, const std::string& path);
  /// Adds or changes one profile: `NAME:key=value[,key=value...]`. Throws SpecError.
  void override_with(std::string_view option);
  [[nodiscard]] const ExporterProfile& find(std::string_view name) const;
  [[nodiscard]] const std::vector<ExporterProfile>& profiles() const { return profiles_; }
  [[nodiscard]] static const ExporterProfile& unknown();

 private:
  ExporterProfile& place(std::string_view name);
  std::vector<ExporterProfile> profiles_;
};

/// The words of the JSON, for documents.
[[nodiscard]] std::string_view name(MemoryKind memory);
[[nodiscard]] std::string_view name(SyncVia via);

}  // namespace custody::spec
