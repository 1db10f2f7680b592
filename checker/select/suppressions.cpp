// SPDX-License-Identifier: BSD-2-Clause
// Reads suppressions and matches findings against them.
#include "checker/select/suppressions.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "checker/report/fingerprint.hpp"
#include "model/suggestion.hpp"
#include "spec/exporter_profile.hpp"
#include "traces/input/lines.hpp"

namespace custody::checker::select {

namespace {

constexpr std::array<std::string_view, 8> kKeys = {"rule", "exporter", "device",    "buffer",
                                                   "task", "call",     "direction", "fingerprint"};

/// Where in a file something is wrong.
struct Spot {
  const std::string& path;
  std::uint64_t line;
  [[noreturn]] void fail(std::size_t column, const std::string& what) const {
    throw spec::SpecError(path + ":" + std::to_string(line) + ":" + std::to_string(column + 1) + ": " + what);
  }
};

std::vector<std::string_view> calls() {
  std::vector<std::string_view> names;
  for (unsigned k = 0; k <= static_cast<unsigned>(traces::EventKind::kMoveNotify); ++k)
    names.push_back(traces::name(static_cast<traces::EventKind>(k)));
  return names;
}

/// The values that a key can have; none: any.
std::vector<std::string_view> values_of(std::string_view key) {
  if (key == "rule") {
    std::vector<std::string_view> ids;
    for (const spec::Rule& r : spec::kRules) ids.push_back(r.id);
    return ids;
  }
  if (key == "call") return calls();
  if (key == "direction") return {"TO_DEVICE", "FROM_DEVICE", "BIDIRECTIONAL"};
  return {};
}

std::string refused(std::string_view what, std::string_view found, const std::vector<std::string_view>& allowed) {
  const std::string meant = model::did_you_mean(found, allowed);
  return std::string("found the ").append(what).append(" '").append(found).append("', expected ") +
         model::alternatives(allowed) + meant;
}

std::pair<std::string, std::string> read_word(std::string_view word, std::size_t column, const Spot& at) {
  const std::size_t equals = word.find('=');
  const std::vector<std::string_view> keys(kKeys.begin(), kKeys.end());
  if (equals == std::string_view::npos || equals + 1 == word.size())
    at.fail(column, "found '" + std::string(word) + "', expected KEY=VALUE, and ': REASON' after the last");
  const std::string_view key = word.substr(0, equals), value = word.substr(equals + 1);
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) at.fail(column, refused("key", key, keys));
  const std::vector<std::string_view> allowed = values_of(key);
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    at.fail(column + equals + 1, refused(key, value, allowed));
  return {std::string(key), std::string(value)};
}

Suppression read_line(std::string_view text, const Spot& at) {
  Suppression s;
  s.line = at.line;
  const std::size_t end = text.find(": ");
  const std::size_t reason = end == std::string_view::npos ? end : text.find_first_not_of(' ', end + 1);
  if (reason == std::string_view::npos)
    at.fail(text.size(), "a suppression without a reason, expected KEY=VALUE [KEY=VALUE...]: REASON");
  s.reason = text.substr(reason);
  for (std::size_t from = text.find_first_not_of(' '); from < end;) {
    const std::size_t to = std::min(text.find(' ', from), end);
    s.words.push_back(read_word(text.substr(from, to - from), from, at));
    from = std::min(text.find_first_not_of(' ', to), end);
  }
  if (s.words.empty()) at.fail(0, "a suppression of everything, expected KEY=VALUE before the reason");
  return s;
}

bool is_one(std::string_view key, std::string_view value, const Finding& f, const traces::Directory& d) {
  const auto named = [&](const auto& all, std::uint32_t id) { return id < all.size() && all[id].name == value; };
  if (key == "rule") return spec::rule(f.rule).id == value;
  if (key == "device") return named(d.devices, f.device) || named(d.devices, f.beside);
  if (key == "buffer") return named(d.buffers, f.buffer);
  if (key == "task") return named(d.tasks, f.place.trigger.task);
  if (key == "exporter") return f.buffer < d.buffers.size() && d.buffers[f.buffer].exporter == value;
  if (key == "call") return f.place.call != traces::EventKind::kLost && traces::name(f.place.call) == value;
  if (key == "direction") return model::name(f.place.call_dir) == value;
  return report::fingerprint_of(f, d) == value;
}

}  // namespace

void Suppressions::read(std::string_view text, const std::string& path) {
  traces::input::Lines lines = traces::input::Lines::of_text(text);
  for (std::string_view line; lines.next(line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    const Spot at{path, lines.number()};
    if (line.empty() || line.front() == '#') continue;
    if (all_.size() == kMost) at.fail(0, "more than " + std::to_string(kMost) + " suppressions, expected at most that");
    all_.push_back(read_line(line, at));
  }
}

bool Suppressions::match(const Finding& f, const traces::Directory& d) {
  for (Suppression& s : all_) {
    const bool matches =
        std::all_of(s.words.begin(), s.words.end(), [&](const auto& w) { return is_one(w.first, w.second, f, d); });
    if (!matches) continue;
    ++s.matched;
    return true;
  }
  return false;
}

}  // namespace custody::checker::select
