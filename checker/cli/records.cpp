// SPDX-License-Identifier: BSD-2-Clause
// Writes records as JSON.
#include "checker/cli/records.hpp"

#include "model/escape.hpp"

namespace custody::checker::cli {

namespace {

void append_text(std::string& out, std::string_view text) {
  out += '"';
  model::append_json(out, text);
  out += '"';
}

std::string object_of(const Record& record) {
  std::string out = "{";
  for (const auto& [key, value] : record) {
    if (out.size() > 1) out += ',';
    append_text(out, key);
    out += ':';
    append_text(out, value);
  }
  return out + "}";
}

}  // namespace

std::string records_json(std::string_view schema, std::string_view what, const std::vector<Record>& records) {
  std::string out = object_of({{"schema", std::string(schema)}, {"what", std::string(what)}});
  out.back() = ',';
  out += "\"entries\":[";
  for (std::size_t i = 0; i < records.size(); ++i) out += (i == 0 ? "\n" : ",\n") + object_of(records[i]);
  return out + "]}\n";
}

std::string records_text(const std::vector<Record>& records) {
  std::string out;
  for (const Record& record : records)
    for (const auto& field : record) out.append(field.second).append(&field == &record.back() ? "\n" : "\t");
  return out;
}

}  // namespace custody::checker::cli
