// SPDX-License-Identifier: BSD-2-Clause
// Reads and writes baselines.
#include "checker/select/baseline.hpp"

#include <algorithm>

#include "checker/report/wording.hpp"
#include "spec/exporter_profile.hpp"
#include "traces/input/lines.hpp"

namespace custody::checker::select {

namespace {

constexpr std::string_view kHead = "custody baseline 1";
constexpr std::size_t kDigits = 16;

bool is_fingerprint(std::string_view word) {
  return word.size() == kDigits && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void Baseline::read(std::string_view text, const std::string& path) {
  traces::input::Lines lines = traces::input::Lines::of_text(text);
  for (std::string_view line; lines.next(line);) {
    const std::uint64_t number = lines.number();
    const auto fail = [&](const std::string& what) {
      throw spec::SpecError(path + ":" + std::to_string(number) + ": " + what);
    };
    if (number == 1 && line != kHead)
      fail("expected '" + std::string(kHead) + "', as custody replay --write-baseline writes it");
    if (number == 1 || line.empty()) continue;
    const std::string_view word = line.substr(0, line.find(' '));
    if (!is_fingerprint(word)) fail("expected a fingerprint of 16 hexadecimal digits at the beginning of the line");
    if (known_.size() == kMost) fail("more than " + std::to_string(kMost) + " findings, expected at most that");
    known_.emplace(word, line.substr(std::min(word.size() + 1, line.size())));
  }
  if (lines.number() == 0) throw spec::SpecError(path + ": is empty, expected '" + std::string(kHead) + "'");
}

bool Baseline::note(const std::string& fingerprint, const Finding& f, const traces::Directory& d) {
  if (known_.size() == kMost && !knows(fingerprint)) return false;
  known_.try_emplace(fingerprint,
                     std::string(spec::rule(f.rule).id) + " " + report::escape_text(report::message(f, d)));
  return true;
}

std::string Baseline::text() const {
  std::string out = std::string(kHead) + "\n";
  for (const auto& [fingerprint, what] : known_) out += fingerprint + " " + what + "\n";
  return out;
}

}  // namespace custody::checker::select
