// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/system.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <stdexcept>

#include "spec/rules.hpp"

namespace custody::checker {

using model::at;
using model::Direction;
using model::Id;
using model::Row;

namespace {

constexpr Id kAttached = at(model::kFields, "attached"), kMapped = at(model::kFields, "mapped"),
             kWindows = at(model::kFields, "windows"), kOwnMaps = at(model::kFields, "own_maps"),
             kOwnCached = at(model::kFields, "own_cached"), kUser = at(model::kFields, "user_mappings"),
             kKernel = at(model::kFields, "kernel_mappings"), kCpu = at(model::kFields, "cpu_mappings");

/// What a call gives: a field of each bit.
constexpr Id kGiven[] = {at(model::kFields, "window_matches"), at(model::kFields, "to_device"),
                         at(model::kFields, "from_device"), at(model::kFields, "own_snoops"),
                         at(model::kFields, "kept_matches")};
constexpr Id kPerPlainDevice[] = {at(model::kFields, "plain_mapped"), at(model::kFields, "plain_writers")};

unsigned bits_for(unsigned most) {
  unsigned bits = 0;
  while ((1U << bits) <= most) ++bits;
  return bits;
}

/// Of a handful of values.
void sort_range(std::array<Packed, kMaxDevices>& values, unsigned from, unsigned end) {
  for (unsigned i = from + 1; i < end; ++i)
    for (unsigned j = i; j > from && values[j - 1] > values[j]; --j) std::swap(values[j - 1], values[j]);
}

/// Some row changes the field; others stay 0.
bool is_changed(const std::vector<Row>& rows, Id field) {
  return std::any_of(rows.begin(), rows.end(), [field](const Row& row) {
    return std::any_of(row.actions.begin(), row.actions.end(),
                       [field](Id a) { return model::kActions[a].field == field; });
  });
}

/// What a row does to the field, as a sum.
int change_of(const Row& row, Id field) {
  int sum = 0;
  for (const Id a : row.actions)
    if (model::kActions[a].field == field) {
      const int value = model::kActions[a].value;
      sum += model::kActions[a].op == model::Op::sub ? -value : value;
    }
  return sum;
}

/// An attachment has maps where its state is Mapped, and nowhere else: the state's second bit says so.
bool maps_follow_state(const std::vector<Row>& rows) {
  constexpr Id kMappedState = at(model::kStates, "Mapped");
  static_assert(kMappedState - model::kFirstAttachmentState == 2);
  return std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
    if (row.from < model::kBufferStates || row.is_refusal()) return true;
    const int maps = row.from == kMappedState ? 1 : 0;
    const bool never = std::any_of(row.guards.begin(), row.guards.end(), [&](Id g) {
      const model::Guard& guard = model::kGuards[g];
      return guard.field == kOwnMaps && guard.rel == model::Rel::gt && guard.value >= maps;
    });
    return never || std::clamp(maps + change_of(row, kOwnMaps), 0, 1) == (row.to == kMappedState ? 1 : 0);
  });
}

/// Without kernel mappings, user mappings are all CPU mappings, unless the contract has lost count of one of them.
bool counts_alike(const std::vector<Row>& rows, Id one, Id other) {
  return std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
    return row.event == at(model::kEvents, "vmap") || row.event == at(model::kEvents, "vunmap") ||
           change_of(row, one) == change_of(row, other);
  });
}

bool is_policy(Id field) { return model::kFields[field].owner == model::Owner::kPolicy; }

}  // namespace

LineShape line_shape(const spec::Contract& contract, const Configuration& c) {
  if (contract.start.get(at(model::kFields, "granularity")) == 0) return {};
  for (const unsigned line : {c.cpu_line, c.device_line})
    if (line != 64 && line != 128) throw std::invalid_argument("a line has 64 or 128 bytes");
  return {2, c.cpu_line == 128, c.arch->cleans_edges};
}

std::string_view id_of(Property p) {
  constexpr std::string_view kIds[] = {"M1", "M2", "M3", "M10", "L1", "backing", "M6", "M9"};
  return kIds[static_cast<std::size_t>(p)];
}

std::string_view says(Property p) {
  const spec::Rule* const rule = spec::find_rule(id_of(p));
  return rule != nullptr ? rule->says : "What was written must not be lost with the backing storage.";
}

std::string_view name_of(Client client) {
  constexpr std::string_view kNames[] = {"legal", "overlapping", "unpaired", "never-brackets", "vmap"};
  static_assert(std::size(kNames) == std::size(kClients));
  return kNames[static_cast<std::size_t>(client)];
}

System::System(const spec::Contract& contract, const Configuration& configuration)
    : configuration_(configuration), cached_(contract.memory == "cached"),
      granularity_(contract.start.get(at(model::kFields, "granularity"))), lines_(line_shape(contract, configuration)),
      texts_(contract.texts) {
  if (configuration.devices > kMaxDevices || configuration.coherent + configuration.bounced > configuration.devices ||
      configuration.windows > 2)
    throw std::invalid_argument("the configuration is beyond the bounds of the checker");
  rows_ = contract.rows;
  rows_.insert(rows_.end(), contract.refusals.begin(), contract.refusals.end());
  skips_implicit_ = contract.start.get(at(model::kFields, "implicit_sync")) == 1;
  drops_backing_ = contract.start.get(at(model::kFields, "leaves")) == 1;
  owns_by_mapping_ = contract.start.get(at(model::kFields, "cpu_owns")) == 1;
  lay_out();
  put(initial_, state_, contract.start.state);
  compile(contract);
}

System::Slot System::take(unsigned most) {
  const unsigned width = bits_for(most);
  const Slot slot{static_cast<std::uint8_t>(bits_), static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(most)};
  bits_ += width;
  return slot;
}

unsigned System::most_of(Id field) const {
  const unsigned snooping = configuration_.arch->all_coherent ? configuration_.devices : configuration_.coherent;
  if (field == kAttached || field == kMapped) return configuration_.devices;
  if (field == at(model::kFields, "snooping_readers")) return snooping;
  if (std::find(std::begin(kPerPlainDevice), std::end(kPerPlainDevice), field) != std::end(kPerPlainDevice))
    return configuration_.devices - snooping;
  if (field == kWindows) return configuration_.windows;
  if (field == kUser || field == kCpu || field == kKernel) return 1;
  return model::kFields[field].max;
}

void System::lay_out() {
  state_ = take(7);
  line_ = take(lines_.states() - 1);
  written_ = take(drops_backing_ ? 1 : 0);
  for (unsigned w = 0; w < configuration_.windows; ++w) window_[w] = take(granularity_ != 0 ? 15 : 3);
  for (Id f = 0; f < model::kWorldFields; ++f) {
    if (is_policy(f) || f == at(model::kFields, "pinned") || (f == kKernel && configuration_.client != Client::kVmap))
      continue;
    if (!is_changed(rows_, f)) continue;
    if (f == kCpu && configuration_.client != Client::kVmap && counts_alike(rows_, kUser, kCpu)) {
      field_[f] = field_[kUser];
      continue;
    }
    field_[f] = take(most_of(f));
  }
  if (maps_follow_state(rows_)) maps_ = {kAttState + 1, 1, 1};
  else maps_ = {static_cast<std::uint8_t>(device_bits_++), 1, 1};
  if (is_changed(rows_, kOwnCached)) {
    cached_table_ = {static_cast<std::uint8_t>(device_bits_), 2, model::kFields[kOwnCached].max};
    device_bits_ += cached_table_.width;
  }
  if (configuration_.bounced != 0) {
    slot_old_ = device_bits_++;
    slot_newer_ = device_bits_++;
  }
  for (unsigned d = 0; d < kMaxDevices; ++d) one_a_block_ |= Packed{1} << (d * device_bits_);
  devices_at_ = bits_;
  bits_ += configuration_.devices * device_bits_;
  if (devices_at_ > 32 || bits_ > 63)
    throw std::invalid_argument("a state of this configuration needs " + std::to_string(bits_) + " bits, " +
                                std::to_string(devices_at_) + " of them for the buffer; 63 and 32 are the most");
  for (unsigned d = 0; d < configuration_.devices; ++d) {
    attachments_ |= Packed{1} << of_device(d, kAttState, 1).shift;
    dirs_ |= Packed{1} << of_device(d, kDirOffset, 1).shift;
    if (!snoops(d) && is_separable()) plain_dirs_ |= Packed{1} << of_device(d, kDirOffset, 1).shift;
  }
}

System::Source System::source_of(Id field) const {
  using From = Source::From;
  if (field < model::kWorldFields) return {From::kBuffer, field_[field], 1};
  if (field == kOwnMaps) return {From::kBlock, maps_, 1};
  if (field == kOwnCached) return {From::kBlock, cached_table_, 1};
  for (unsigned bit = 0; bit < std::size(kGiven); ++bit)
    if (kGiven[bit] == field) return {From::kCall, {static_cast<std::uint8_t>(bit), 1, 1}, 1};
  return {};
}

unsigned System::given_by(Packed s, const Deed& deed) const {
  const Direction kept = kept_dir(s, deed.device);
  // Each window is another task's, and is closed as it was opened.
  return 1U | (model::device_may_read(deed.dir) ? 2U : 0U) | (model::device_may_write(deed.dir) ? 4U : 0U) |
         (snoops(deed.device) ? 8U : 0U) | (kept != Direction::kNone && kept == deed.dir ? 16U : 0U);
}

const System::Answer* System::prepare(const Row& row) {
  auto answer = std::make_unique<Answer>();
  answer->row = &row;
  answer->refusal = row.is_refusal();
  answer->own = row.from >= model::kBufferStates;
  answer->to = static_cast<std::uint8_t>(answer->own ? row.to - model::kFirstAttachmentState : row.to);
  for (std::size_t d = 0; d < answer->plans.size(); ++d)
    for (const Id id : row.syncs) {
      const model::Sync& sync = model::kSyncs[id];
      const Direction dir = model::direction_of(sync, static_cast<Direction>(d), Direction::kNone);
      answer->plans[d].push_back({&sync, dir, operation_of(sync, dir)});
    }
  for (const Id a : row.actions) {
    const model::Action& action = model::kActions[a];
    Slot slot;
    if (action.field < model::kWorldFields) slot = field_[action.field];
    else if (action.field == kOwnMaps) slot = maps_;
    else if (action.field == kOwnCached) slot = cached_table_;
    if (slot.width != 0) answer->changes.push_back({slot, action.op, static_cast<std::uint8_t>(action.value)});
  }
  answers_.push_back(std::move(answer));
  return answers_.back().get();
}

System::Cell System::compile_cell(const spec::Contract& contract, Id state, Id event) {
  Cell cell;
  std::vector<const Answer*> rows;
  std::vector<std::pair<Id, std::uint32_t>> fields;  // with the number of values
  model::Cells policies;
  std::copy(contract.start.v.begin(), contract.start.v.end(), policies.v.begin());
  for (const Row& row : rows_) {
    if (row.from != state || row.event != event) continue;
    const bool holds = std::all_of(row.guards.begin(), row.guards.end(), [&](Id g) {
      return !is_policy(model::kGuards[g].field) || model::holds(model::kGuards[g], policies);
    });
    if (!holds) continue;
    rows.push_back(prepare(row));
    for (const Id g : row.guards) {
      const Id f = model::kGuards[g].field;
      const auto known = [f](const auto& entry) { return entry.first == f; };
      if (is_policy(f) || std::any_of(fields.begin(), fields.end(), known)) continue;
      fields.emplace_back(f, std::max(2U, 1U << source_of(f).slot.width));
    }
  }
  std::uint32_t size = 1;
  for (const auto& [field, values] : fields) {
    cell.sources.push_back(source_of(field));
    cell.sources.back().weight = size;
    size *= values;
  }
  cell.answers.assign(size, nullptr);
  for (std::uint32_t i = 0; i < size; ++i) {
    model::Cells cells = policies;
    std::uint32_t rest = i;
    for (const auto& [field, values] : fields) {
      cells.v[field] = static_cast<std::uint16_t>(rest % values);
      rest /= values;
    }
    for (const Answer* const answer : rows)
      if (answer->row->guards_hold(cells)) cell.answers[i] = answer;
  }
  return cell;
}

void System::compile(const spec::Contract& contract) {
  cells_.resize(std::size(model::kStates) * model::kEventCount);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    cells_[i] =
        compile_cell(contract, static_cast<Id>(i / model::kEventCount), static_cast<Id>(i % model::kEventCount));
}

const System::Answer* System::answer(Packed s, Id state, Id event, const Deed& deed) const {
  const Cell& cell = cells_[state * model::kEventCount + event];
  const Packed from[] = {s, s >> (devices_at_ + deed.device * device_bits_), given_by(s, deed)};
  std::size_t index = 0;
  for (const Source& source : cell.sources)
    index += std::size_t{source.weight} * get(from[static_cast<std::size_t>(source.from)], source.slot);
  return cell.answers[index];
}

void System::apply(Packed& s, const Answer& answer, const Deed& deed) const {
  for (const Change& change : answer.changes) {
    Slot slot = change.slot;
    if (answer.own) slot.shift = static_cast<std::uint8_t>(slot.shift + devices_at_ + deed.device * device_bits_);
    const unsigned value = get(s, slot);
    switch (change.op) {
      case model::Op::set: put(s, slot, change.value); break;
      case model::Op::add: put(s, slot, std::min<unsigned>(slot.most, value + change.value)); break;
      case model::Op::sub: put(s, slot, value < change.value ? 0 : value - change.value); break;
      case model::Op::dir: put(s, slot, model::code_of(deed.dir)); break;
    }
  }
  put(s, answer.own ? of_device(deed.device, kAttState, 2) : state_, answer.to);
}

Direction System::dir_of(Packed s, unsigned device) const {
  return model::direction_of_code(get(s, of_device(device, kDirOffset, 2)));
}

Packed System::canonical(Packed state) const {
  const unsigned coherent = configuration_.devices - configuration_.coherent,
                 bounced = coherent - configuration_.bounced;
  std::array<Packed, kMaxDevices> blocks{};
  const Packed mask = (Packed{1} << device_bits_) - 1U;
  for (unsigned d = 0; d < configuration_.devices; ++d) blocks[d] = (state >> (devices_at_ + d * device_bits_)) & mask;
  sort_range(blocks, 0, bounced);
  sort_range(blocks, bounced, coherent);
  sort_range(blocks, coherent, configuration_.devices);
  for (unsigned d = 0; d < configuration_.devices; ++d)
    put(state, of_device(d, 0, device_bits_), static_cast<unsigned>(blocks[d]));
  return state;
}

}  // namespace custody::checker
