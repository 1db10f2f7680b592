// SPDX-License-Identifier: BSD-2-Clause
// What a mixed pair does to real bytes: searches schedules of its accesses and of the hardware's moves.
#include "tests/kernel-ref/mixed_bytes.hpp"

#include <algorithm>

namespace custody::kernel_ref::test {

namespace {

using client::Step;
using model::Direction;
using model::test::Action;

constexpr Direction kDirections[] = {Direction::kBidirectional, Direction::kToDevice, Direction::kFromDevice};
constexpr std::size_t kMostMoves = 3;

/// The number that a step has for a direction.
std::uint8_t number_of(Direction dir) {
  return static_cast<std::uint8_t>(std::find(std::begin(kDirections), std::end(kDirections), dir) - kDirections);
}
Step step(Step::Kind kind, std::uint32_t device, Direction dir = Direction::kBidirectional) {
  return {kind, static_cast<std::uint8_t>(device), number_of(dir)};
}

const char* name_of(Reach reach) {
  constexpr const char* kNames[] = {"not snooping", "snooping", "bounced"};
  return kNames[static_cast<std::size_t>(reach)];
}

void add_accesses(std::vector<Move>& moves, std::uint32_t device, Reach reach, Direction dir, SnoopingWrites writes) {
  const bool snoops = reach == Reach::kThrough;
  const auto add = [&](Action action) { moves.push_back({Move::Kind::kAct, action, device}); };
  if (model::device_may_read(dir)) add(snoops ? Action::kSnoopingFetch : Action::kFetch);
  if (!model::device_may_write(dir)) return;
  add(snoops ? Action::kSnoopingPut : Action::kPut);
  if (snoops && writes == SnoopingWrites::kAnywhere) add(Action::kSnoopingPutInCache);
}

/// What may happen while both are active.
std::vector<Move> moves_of(const Meeting& m, SnoopingWrites writes) {
  std::vector<Move> moves;
  for (const Move::Kind kind : {Move::Kind::kFill, Move::Kind::kDrop, Move::Kind::kWriteBack})
    moves.push_back({kind, Action::kLoad, traces::kNoId});
  add_accesses(moves, m.pair.first, m.kind.one, m.kind.one_dir, writes);
  add_accesses(moves, m.pair.second, m.kind.other, m.kind.other_dir, writes);
  return moves;
}

/// Calls `visit` with each sequence of `length` moves until it says true; gives whether it did.
template <class Visit>
bool any_sequence(const std::vector<Move>& moves, std::size_t length, const Visit& visit) {
  std::vector<std::size_t> pick(length, 0);
  for (;;) {
    if (visit(pick)) return true;
    std::size_t i = 0;
    while (i < length && ++pick[i] == moves.size()) pick[i++] = 0;
    if (i == length) return false;
  }
}

/// The gap inside the window that the last step of `program` opens.
std::size_t gap_in_last_window(const Setting& setting, const Program& program) {
  traces::RecordedTrace trace;
  record(setting, program, trace);
  std::size_t gap = 0;
  for (std::size_t i = 0; i < trace.events().size(); ++i) {
    const traces::Event& e = trace.events()[i];
    if (e.kind == traces::EventKind::kBeginCpuAccess && e.phase == traces::Phase::kReturn) gap = i + 1;
  }
  return gap;
}

}  // namespace

std::vector<Kind> every_kind() {
  constexpr std::pair<Reach, Reach> kReaches[] = {
      {Reach::kPast, Reach::kThrough}, {Reach::kPast, Reach::kCopy}, {Reach::kThrough, Reach::kCopy}};
  std::vector<Kind> kinds;
  for (const auto& [one, other] : kReaches)
    for (const Direction a : kDirections)
      for (const Direction b : kDirections)
        for (const Joined joined : {Joined::kOneMaps, Joined::kOtherMaps, Joined::kWindowCloses})
          if (model::device_may_write(a) || model::device_may_write(b)) kinds.push_back({one, other, a, b, joined});
  return kinds;
}

std::string text(const Kind& kind) {
  constexpr const char* kJoined[] = {", the first maps last", ", the second maps last", ", a window closes"};
  return std::string(name_of(kind.one)) + " " + std::string(model::name(kind.one_dir)) + " and " + name_of(kind.other) +
         " " + std::string(model::name(kind.other_dir)) + kJoined[static_cast<std::size_t>(kind.joined)];
}

Program program_of(const Kind& kind, Pair pair) {
  const Step one = step(Step::Kind::kMap, pair.first, kind.one_dir),
             other = step(Step::Kind::kMap, pair.second, kind.other_dir);
  Program program = {step(Step::Kind::kAttach, pair.first), step(Step::Kind::kAttach, pair.second)};
  if (kind.joined == Joined::kWindowCloses) program.push_back(step(Step::Kind::kBegin, 0, Direction::kFromDevice));
  program.push_back(kind.joined == Joined::kOneMaps ? other : one);
  program.push_back(kind.joined == Joined::kOneMaps ? one : other);
  if (kind.joined == Joined::kWindowCloses) program.push_back(step(Step::Kind::kEnd, 0));
  return program;
}

std::vector<Meeting> meetings_in(const Setting& setting, const Program& program) {
  std::vector<Meeting> meetings;
  std::set<Pair> met;
  with_client(setting, [&](client::Usage& usage, const traces::RecordedTrace& trace) {
    for (std::size_t i = 0; i < program.size(); ++i) {
      usage.apply(program[i]);
      for (Pair pair : mixed_pairs(usage, setting.devices)) {
        if (!met.insert(pair).second) continue;
        if (reach_of(setting.devices[pair.first]) > reach_of(setting.devices[pair.second]))
          std::swap(pair.first, pair.second);
        Joined joined = Joined::kWindowCloses;
        if (program[i].kind == Step::Kind::kMap)
          joined = program[i].device % setting.devices.size() == pair.first ? Joined::kOneMaps : Joined::kOtherMaps;
        const auto& importers = usage.importers();
        const Kind kind = {reach_of(setting.devices[pair.first]), reach_of(setting.devices[pair.second]),
                           *importers[pair.first]->mapped, *importers[pair.second]->mapped, joined};
        meetings.push_back({pair,
                            kind,
                            {program.begin(), program.begin() + static_cast<std::ptrdiff_t>(i) + 1},
                            trace.events().size()});
      }
    }
  });
  return meetings;
}

std::optional<Schedule> wrong_read(const Setting& setting, const Meeting& meeting, SnoopingWrites writes) {
  Program program = meeting.program;
  const bool nobody_reads =
      !model::device_may_read(meeting.kind.one_dir) && !model::device_may_read(meeting.kind.other_dir);
  std::size_t window = 0;
  if (nobody_reads) {
    program.push_back(step(Step::Kind::kBegin, 0, Direction::kFromDevice));
    window = gap_in_last_window(setting, program);
  }
  const std::vector<Move> moves = moves_of(meeting, writes);
  // The zeroes of fresh memory reach it first: they are no part of what the two do.
  const Move back{Move::Kind::kWriteBack, Action::kLoad, traces::kNoId},
      drop{Move::Kind::kDrop, Action::kLoad, traces::kNoId};
  Schedule schedule;
  const auto goes_wrong = [&](const std::vector<std::size_t>& pick) {
    const auto acts = [&](std::uint32_t device) {
      return std::any_of(pick.begin(), pick.end(), [&](std::size_t p) { return moves[p].device == device; });
    };
    if (!acts(meeting.pair.first) || !acts(meeting.pair.second)) return false;
    schedule = {{1, back}, {1, drop}};
    for (const std::size_t p : pick) schedule.emplace_back(meeting.gap, moves[p]);
    if (nobody_reads) schedule.push_back({window, {Move::Kind::kAct, Action::kLoad, traces::kNoId}});
    return bytes_go_wrong(setting, program, schedule, Counts::kReads);
  };
  for (std::size_t length = 2; length <= kMostMoves; ++length)
    if (any_sequence(moves, length, goes_wrong)) return schedule;
  return std::nullopt;
}

}  // namespace custody::kernel_ref::test
