// SPDX-License-Identifier: BSD-2-Clause
// What the name of an exporter tells about its memory and its syncs.
#include <nlohmann/json.hpp>

#include "spec/exporter_profile.hpp"
#include "spec/exporters_json.hpp"

namespace custody::spec {

namespace {

using nlohmann::json;

template <class E>
struct Named {
  std::string_view name;
  E value;
};
constexpr Named<MemoryKind> kMemory[] = {{"cached", MemoryKind::kCached},
                                         {"write_combined", MemoryKind::kWriteCombined},
                                         {"coherent", MemoryKind::kCoherent},
                                         {"device", MemoryKind::kDevice},
                                         {"unknown", MemoryKind::kUnknown}};
constexpr Named<bool> kBool[] = {{"true", true}, {"false", false}};
constexpr Named<ZeroedBy> kZeroed[] = {
    {"cpu", ZeroedBy::kCpu}, {"cpu_flushed", ZeroedBy::kCpuFlushed}, {"none", ZeroedBy::kNone}};
constexpr Named<CachesMapping> kCaches[] = {
    {"core", CachesMapping::kCore}, {"exporter", CachesMapping::kExporter}, {"no", CachesMapping::kNo}};
constexpr Named<SyncVia> kSync[] = {{"dma_sg", SyncVia::kDmaSg},
                                    {"dma_page", SyncVia::kDmaPage},
                                    {"arch", SyncVia::kArch},
                                    {"clflush", SyncVia::kClflush},
                                    {"none", SyncVia::kNone}};

template <class E, std::size_t N>
E parse(const Named<E> (&words)[N], std::string_view found, const std::string& where) {
  std::string allowed;
  for (const auto& word : words) {
    if (word.name == found) return word.value;
    allowed += (allowed.empty() ? "" : ", ") + std::string(word.name);
  }
  throw SpecError(where + ": found '" + std::string(found) + "', expected one of: " + allowed);
}

/// Sets one property by name; the JSON reader and the option share it.
void set(ExporterProfile& p, std::string_view key, std::string_view value, const std::string& where) {
  if (key == "memory") p.memory = parse(kMemory, value, where);
  else if (key == "export_is_allocation") p.export_is_allocation = parse(kBool, value, where);
  else if (key == "zeroed_by") p.zeroed_by = parse(kZeroed, value, where);
  else if (key == "own_device") p.own_device = parse(kBool, value, where);
  else if (key == "memory_outlives") p.memory_outlives = parse(kBool, value, where);
  else if (key == "caches_mapping") p.caches_mapping = parse(kCaches, value, where);
  else if (key == "sync_via") p.sync_via = parse(kSync, value, where);
  else if (key == "why") p.why = value;
  else if (key != "name")
    throw SpecError(where + ": unknown key '" + std::string(key) +
                    "', expected one of: name, memory, export_is_allocation, zeroed_by, own_device, "
                    "memory_outlives, caches_mapping, sync_via, why");
}

ExporterProfile read_profile(const json& entry, const std::string& where) {
  if (!entry.is_object()) throw SpecError(where + ": found " + entry.type_name() + ", expected an object");
  if (!entry.contains("name") || !entry["name"].is_string())
    throw SpecError(where + "/name: expected a string, the exporter's name");
  ExporterProfile p;
  p.name = entry["name"].get<std::string>();
  for (const auto& [key, value] : entry.items()) {
    const std::string at = std::string(where).append("/").append(key);
    if (!value.is_string() && !value.is_boolean())
      throw SpecError(at + ": found " + value.type_name() + ", expected a string or a boolean");
    set(p, key, value.is_string() ? value.get<std::string>() : value.get<bool>() ? "true" : "false", at);
  }
  return p;
}

template <class E, std::size_t N>
std::string_view name_in(const Named<E> (&words)[N], E value) {
  for (const auto& word : words)
    if (word.value == value) return word.name;
  return "unknown";
}

}  // namespace

std::string_view name(MemoryKind memory) { return name_in(kMemory, memory); }
std::string_view name(SyncVia via) { return name_in(kSync, via); }

ExporterProfile& ExporterCatalogue::place(std::string_view name) {
  for (ExporterProfile& p : profiles_)
    if (p.name == name) return p;
  profiles_.emplace_back().name = std::string(name);
  return profiles_.back();
}

void ExporterCatalogue::load(std::string_view text, const std::string& path) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) throw SpecError(path + ": not valid JSON");
  if (!document.is_object() || document.value("schema", std::string()) != "custody.exporters/1")
    throw SpecError(path + ":/schema: expected \"custody.exporters/1\"");
  const auto list = document.find("exporters");
  if (list == document.end() || !list->is_array()) throw SpecError(path + ":/exporters: expected an array");
  std::vector<ExporterProfile> read;
  for (std::size_t i = 0; i < list->size(); ++i)
    read.push_back(read_profile((*list)[i], path + ":/exporters/" + std::to_string(i)));
  for (ExporterProfile& p : read) {
    const std::string name = p.name;
    place(name) = std::move(p);
  }
}

void ExporterCatalogue::override_with(std::string_view option) {
  const std::size_t colon = option.rfind(':');
  const std::string where = "--exporter '" + std::string(option) + "'";
  if (colon == std::string_view::npos || colon == 0) throw SpecError(where + ": expected NAME:key=value[,key=value]");
  ExporterProfile changed = find(option.substr(0, colon));
  changed.name = std::string(option.substr(0, colon));
  for (std::string_view rest = option.substr(colon + 1); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view pair = rest.substr(0, comma);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) throw SpecError(where + ": expected key=value");
    set(changed, pair.substr(0, equals), pair.substr(equals + 1), where);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  place(changed.name) = changed;
}

const ExporterProfile& ExporterCatalogue::find(std::string_view name) const {
  for (const ExporterProfile& p : profiles_)
    if (p.name == name) return p;
  return unknown();
}

const ExporterProfile& ExporterCatalogue::unknown() {
  static const ExporterProfile kUnknown = [] {
    ExporterProfile p;
    p.why = "Nothing is known of an exporter of this name.";
    return p;
  }();
  return kUnknown;
}

const ExporterCatalogue& ExporterCatalogue::builtin() {
  static const ExporterCatalogue kBuiltin = [] {
    ExporterCatalogue catalogue;
    catalogue.load(kExportersJson, "spec/exporters.json");
    return catalogue;
  }();
  return kBuiltin;
}

}  // namespace custody::spec
