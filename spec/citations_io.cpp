// SPDX-License-Identifier: BSD-2-Clause
// Reads the citations that are compiled in.
#include "spec/citations.hpp"

#include <nlohmann/json.hpp>

#include "spec/citations_json.hpp"

namespace custody::spec {

namespace {

struct Cited {
  std::string release;
  std::vector<Citation> all;
};

const Cited& cited() {
  static const Cited kCited = [] {
    const auto document = nlohmann::json::parse(kCitationsJson);
    Cited read{document.at("release").get<std::string>(), {}};
    for (const auto& c : document.at("citations"))
      read.all.push_back({c.at("id").get<std::string>(), c.at("function").get<std::string>(),
                          c.at("file").get<std::string>(), c.at("shows").get<std::string>()});
    return read;
  }();
  return kCited;
}

}  // namespace

const std::vector<Citation>& citations() { return cited().all; }
const Citation* find_citation(std::string_view id) {
  for (const Citation& citation : citations())
    if (citation.id == id) return &citation;
  return nullptr;
}

const std::string& kernel_release() { return cited().release; }

}  // namespace custody::spec
