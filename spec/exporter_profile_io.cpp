// SPDX-License-Identifier: BSD-2-Clause
// What the name of an exporter tells about its memory and its syncs.
#include "spec/exporter_profile.hpp"

#include "model/suggestion.hpp"
#include "spec/contract_json.hpp"
#include "spec/exporters_json.hpp"

namespace custody::spec {

namespace {

/// A catalogue is looked through from its beginning.
constexpr std::size_t kMaxProfiles = 1024;

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

constexpr std::string_view kProfileKeys[] = {"name",      "memory",         "export_is_allocation",
                                             "zeroed_by", "own_device",     "memory_outlives",
                                             "sync_via",  "caches_mapping", "why"};

template <class E, std::size_t N>
E parse(const Named<E> (&words)[N], std::string_view found, const std::string& where) {
  std::string allowed;
  for (const auto& word : words) {
    if (word.name == found) return word.value;
    allowed += (allowed.empty() ? "" : ", ") + std::string(word.name);
  }
  throw SpecError(where + ": found '" + std::string(found) + "', expected one of: " + allowed +
                  model::did_you_mean(found, model::names_of(words)));
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
                    "memory_outlives, caches_mapping, sync_via, why" +
                    model::did_you_mean(key, kProfileKeys));
}

ExporterProfile read_profile(const Json& entry, const Place& place) {
  if (!entry.is_object()) place.fail("found " + shown(entry) + ", expected an object");
  if (!entry.contains("name") || !entry["name"].is_string())
    (place / "name").fail("expected a string, the exporter's name");
  ExporterProfile p;
  p.name = entry["name"].get<std::string>();
  for (const auto& [key, value] : entry.items()) {
    const Place at = place / key;
    if (!value.is_string() && !value.is_boolean())
      at.fail("found " + shown(value) + ", expected a string or a boolean");
    set(p, key,
        value.is_string()   ? value.get<std::string>()
        : value.get<bool>() ? "true"
                            : "false",
        at.path + ": " + at.pointer);
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
  const Json document = parse_contract_json(text, path);
  const Place root{path, ""}, exporters = root / "exporters";
  if (!document.is_object() || !document.contains("schema") || document["schema"] != "custody.exporters/1")
    (root / "schema").fail("expected \"custody.exporters/1\"");
  const auto list = document.find("exporters");
  if (list == document.end() || !list->is_array()) exporters.fail("expected an array");
  if (list->size() > kMaxProfiles)
    exporters.fail("found " + std::to_string(list->size()) + " profiles, expected at most " +
                   std::to_string(kMaxProfiles));
  std::vector<ExporterProfile> read;
  for (std::size_t i = 0; i < list->size(); ++i)
    read.push_back(read_profile((*list)[i], exporters / std::to_string(i)));
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
