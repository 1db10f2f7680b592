// SPDX-License-Identifier: BSD-2-Clause
// Damage: whatever a file becomes, nothing crashes, hangs or grows; nobody is accused and no buffer is cleared of whom
// the undamaged trace does not say it; and what was read before stays said. `CUSTODY_DAMAGE_EDITS=100000` makes so many
// edits, `CUSTODY_DAMAGE_FIRST=n` begins with the nth; each is the same everywhere. `CUSTODY_DAMAGE_KEEP=FILE` keeps
// what the last edit made, and FILE.undamaged.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/checker/damage/answer.hpp"
#include "tests/checker/damage/comparison.hpp"
#include "tests/checker/damage/edits.hpp"
#include "tests/checker/damage/samples.hpp"

namespace custody::checker::test {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U, kMostBytesAByte = 1100;
constexpr double kMostSeconds = 20;
constexpr std::size_t kMostShown = 20;

/// Of 100,000 edits of the format, measured in 37,500 of each, of tracepoints in 10,000, of Perfetto's forms in 25,000;
/// none is without excuse in the first 100,000 of all. In Perfetto's binary form nearly every digit is of a device's
/// name. A litmus file is what a person writes: it has neither times nor anything else twice, so that a line more or
/// less is another scenario.
constexpr std::array kRates{Rates{"ftrace", {512, 187, 0}},     Rates{"tracepoints", {780, 160, 0}},
                            Rates{"event log", {1627, 363, 0}}, Rates{"litmus", {5216, 0, 0}},
                            Rates{"trace.dat", {91, 136, 0}},   Rates{"layouts", {552, 238, 0}},
                            Rates{"container", {496, 198, 0}},  Rates{"checksum", {0, 6, 0}},
                            Rates{"perfetto", {1924, 144, 0}},  Rates{"perfetto text", {468, 116, 0}}};

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// For who has to find out on which edit it was.
volatile std::sig_atomic_t edit_under_way = 0;
void say_edit(int signal) {
  char text[] = "damage: edit 0000000000\n";
  std::size_t at = sizeof text - 2;
  for (int n = edit_under_way; n != 0; n /= 10) text[--at] = static_cast<char>('0' + n % 10);
  static_cast<void>(!::write(2, text, sizeof text - 1));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class Damage : public testing::Test {
 protected:
  void make(std::uint64_t number);
  [[nodiscard]] bool is_quiet(std::uint64_t number, const TooMuch& said);
  void compare(const Format& format, const Sample& sample, const Edited& edit, std::uint64_t number);
  void tell() const;

  std::vector<Format> formats_ = formats_to_damage();
  std::map<const Sample*, Answer> wholes_;
  std::map<std::string, std::array<std::uint64_t, kExcuses>> excused_;
  std::map<std::string, std::uint64_t> edits_;
  std::vector<std::string> shown_;
};

/// Which sample, how many edits of it, and which.
struct Plan {
  Plan(const std::vector<Format>& formats, std::uint64_t number)
      : throws(number), format(formats[number % formats.size()]),
        sample(format.samples[throws.below(format.samples.size())]),
        edits(throws.one_in(4) ? 2 + static_cast<unsigned>(throws.below(7)) : 1) {}
  /// The first `count` of them.
  [[nodiscard]] Edited made(unsigned count) const {
    Throws again = throws;
    return edited(sample.bytes, count, again);
  }
  Throws throws;
  const Format& format;
  const Sample& sample;
  unsigned edits;
};

void Damage::make(std::uint64_t number) {
  const Plan plan(formats_, number);
  ++edits_[plan.format.name];
  const Edited edit = plan.made(plan.edits);
  if (const char* file = std::getenv("CUSTODY_DAMAGE_KEEP"); file != nullptr) {
    std::ofstream(file, std::ios::binary) << edit.bytes;
    std::ofstream(std::string(file) + ".undamaged", std::ios::binary) << plan.sample.bytes;
  }
  compare(plan.format, plan.sample, edit, number);
}

/// Of several edits, the one that makes the difference adds no sign of damage before it: it made another history of
/// what the others left.
bool Damage::is_quiet(std::uint64_t number, const TooMuch& said) {
  const Plan plan(formats_, number);
  const Answer& whole = wholes_.at(&plan.sample);
  Answer before = whole;
  for (unsigned count = 1; plan.edits > 1 && count <= plan.edits; ++count) {
    Answer part = answer_to(plan.made(count).bytes);
    for (const TooMuch& now : said_too_much(whole, part))
      if (now.what == said.what)
        return now.signs <= before.signs || now.excuse != Excuse::kNone || is_beginning(part, before);
    before = std::move(part);
  }
  return false;
}

void Damage::compare(const Format& format, const Sample& sample, const Edited& edit, std::uint64_t number) {
  const auto [place, added] = wholes_.try_emplace(&sample);
  if (added) place->second = answer_to(sample.bytes);
  const Answer& whole = place->second;
  const Answer part = answer_to(edit.bytes);
  ASSERT_LE(part.bytes, kMostBytes + kMostBytesAByte * edit.bytes.size());
  ASSERT_LE(part.seconds, kMostSeconds);
  for (TooMuch& said : said_too_much(whole, part)) {
    if (said.excuse == Excuse::kNone && is_quiet(number, said)) said.excuse = Excuse::kAnotherHistory;
    ++excused_[format.name][static_cast<std::size_t>(said.excuse)];
    if (shown_.size() < kMostShown && said.excuse == Excuse::kNone)
      shown_.push_back("edit " + std::to_string(number) + ", " + std::string(word(edit.last)) + " of " + sample.name +
                       ": " + said.what);
  }
  if (sample.has_checksum && !part.is_told) {
    ASSERT_EQ(part.kinds, whole.kinds) << sample.name;
    ASSERT_EQ(part.errors, whole.errors) << sample.name;
    ASSERT_EQ(part.judged, whole.judged) << sample.name;
  }
  if (format.waits == 0) return;
  const auto end = sample.bytes.begin() + static_cast<std::ptrdiff_t>(edit.intact);
  const auto intact = static_cast<std::uint64_t>(std::count(sample.bytes.begin(), end, '\n'));
  const std::uint64_t settled = std::max(intact, format.waits) - format.waits;
  ASSERT_TRUE(begin_alike(whole, part, settled));
}

void Damage::tell() const {
  for (const auto& [format, edits] : edits_) {
    const auto found = excused_.find(format);
    std::cout << format << ": " << edits << " edits";
    for (unsigned i = 0; i < kExcuses; ++i)
      std::cout << ", " << (found == excused_.end() ? 0 : found->second[i]) << " " << word(static_cast<Excuse>(i));
    std::cout << "\n";
  }
  for (const std::string& line : shown_) std::cout << line << "\n";
}

TEST_F(Damage, NeitherCrashesNorAccusesNorClears) {
  const bool sanitized = std::getenv("CUSTODY_SANITIZED") != nullptr;
  const std::uint64_t first = number_in("CUSTODY_DAMAGE_FIRST", 0);
  const std::uint64_t count = number_in("CUSTODY_DAMAGE_EDITS", sanitized ? 2000 : 10000);
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGALRM}) std::signal(signal, say_edit);
  for (std::uint64_t i = first; i < first + count; ++i) {
    SCOPED_TRACE("edit " + std::to_string(i));
    edit_under_way = static_cast<std::sig_atomic_t>(i);
    ::alarm(static_cast<unsigned>(kMostSeconds) * 3);
    make(i);
    if (HasFatalFailure()) return;
  }
  ::alarm(0);
  tell();
  for (const auto& [format, edits] : edits_) {
    const auto rates = std::find_if(kRates.begin(), kRates.end(), [&](const Rates& r) { return r.format == format; });
    ASSERT_NE(rates, kRates.end()) << format;
    for (unsigned i = 0; i < kExcuses; ++i)
      EXPECT_LE(excused_[format][i], at_most(rates->in_100000[i], edits))
          << format << ": " << word(static_cast<Excuse>(i));
  }
}

}  // namespace
}  // namespace custody::checker::test
