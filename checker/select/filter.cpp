// SPDX-License-Identifier: BSD-2-Clause
// Matches findings against what is asked for.
#include "checker/select/filter.hpp"

#include <algorithm>
#include <charconv>

namespace custody::checker::select {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_rule(const std::vector<std::string>& ids, const Finding& f) {
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    const spec::Rule* rule = spec::find_rule(id);
    return rule != nullptr && (f.rule == spec::id_of(*rule) || f.also.has(spec::id_of(*rule)));
  });
}

bool has_task(const std::vector<std::string>& tasks, const Finding& f, const traces::Directory& d) {
  if (f.place.trigger.task >= d.tasks.size()) return false;
  const traces::TaskInfo& task = d.tasks[f.place.trigger.task];
  return holds(tasks, task.name) || (task.tid >= 0 && holds(tasks, std::to_string(task.tid)));
}

bool has_device(const std::vector<std::string>& devices, const Finding& f, const traces::Directory& d) {
  return (f.device < d.devices.size() && holds(devices, d.devices[f.device].name)) ||
         (f.beside < d.devices.size() && holds(devices, d.devices[f.beside].name));
}

}  // namespace

bool Filter::is_open() const {
  return rules.empty() && buffers.empty() && tasks.empty() && devices.empty() && !since && !until;
}

bool Filter::asks_for(const Finding& f, const traces::Directory& d) const {
  if (!rules.empty() && !has_rule(rules, f)) return false;
  if (!buffers.empty() && !(f.buffer < d.buffers.size() && holds(buffers, d.buffers[f.buffer].name))) return false;
  if (!tasks.empty() && !has_task(tasks, f, d)) return false;
  if (!devices.empty() && !has_device(devices, f, d)) return false;
  const std::int64_t at = f.place.trigger.at.ts;
  return at < 0 || ((!since || at >= *since) && (!until || at <= *until));
}

std::optional<std::int64_t> time_of(const std::string& text) {
  constexpr std::size_t kDigits = 9;
  constexpr std::int64_t kSecond = 1'000'000'000, kMostSeconds = INT64_MAX / kSecond - 1;
  const std::size_t dot = std::min(text.find('.'), text.size());
  std::string fraction = dot < text.size() ? text.substr(dot + 1) : "";
  if (dot == 0 || fraction.size() > kDigits || (dot < text.size() && fraction.empty())) return {};
  fraction.resize(kDigits, '0');
  std::int64_t seconds = 0, rest = 0;
  const auto read = [](const char* begin, const char* end, std::int64_t& into) {
    const auto [at, error] = std::from_chars(begin, end, into);
    return error == std::errc{} && at == end && *begin != '-';
  };
  if (!read(text.data(), text.data() + dot, seconds) || seconds > kMostSeconds) return {};
  if (!read(fraction.data(), fraction.data() + fraction.size(), rest)) return {};
  return seconds * kSecond + rest;
}

}  // namespace custody::checker::select
