// SPDX-License-Identifier: BSD-2-Clause
// Draws programs for the optimum.
#include "tests/property/optimum_program.hpp"

#include <optional>

#include "tests/property/dice.hpp"

namespace custody::property {

namespace {

std::string optimum_device(unsigned device) { return "D" + std::to_string(device); }
std::string word(Way way) { return way == Way::kBidi ? " BIDI" : way == Way::kTo ? " TO" : " FROM"; }

/// Writes the story of one buffer.
class OptimumAuthor {
 public:
  OptimumAuthor(Dice& dice, const std::vector<Kind>& devices, const std::string& name)
      : dice_(dice), devices_(devices), task_("[" + name + "] "), mapped_(devices.size()) {
    story_.name = name;
    story_.older = dice.one_in(12);
    breaks_ = dice.one_in(6);
    parts_ = dice.one_in(12);
  }
  BufferStory write(unsigned calls) {
    if (!story_.older) say({Deed::kOther, 0, Way::kBidi, Copy::kNone, "export " + story_.name + " 4K system\n"});
    for (unsigned d = 0; d < devices_.size(); ++d) call("attach", d);
    while (calls-- > 0) step();
    finish();
    return std::move(story_);
  }

 private:
  void say(Deal deal) { story_.deals.push_back(std::move(deal)); }
  void call(const char* verb, unsigned d) {
    say({Deed::kOther, d, Way::kBidi, Copy::kNone, task_ + verb + " " + story_.name + " " + optimum_device(d) + "\n"});
  }
  [[nodiscard]] std::string inside(const char* verb, unsigned d, Way way) const {
    return task_ + "  " + verb + " " + optimum_device(d) + word(way) + "\n";
  }
  [[nodiscard]] bool is_bounced(unsigned d) const { return devices_[d] == Kind::kBounced; }
  /// The way in which a bounced device has the buffer.
  [[nodiscard]] std::optional<Way> bounced() const {
    for (unsigned d = 0; d < devices_.size(); ++d)
      if (is_bounced(d) && mapped_[d]) return mapped_[d];
    return std::nullopt;
  }
  void step() {
    const unsigned d = dice_.below(static_cast<unsigned>(devices_.size()));
    if (breaks_ && dice_.one_in(4)) return break_rules();
    if (dice_.one_in(3)) return window_ ? end() : begin();
    // A window that writes does so to the buffer, not to the slot.
    if (is_bounced(d) && window_ && device_reads(*window_)) return end();
    mapped_[d] ? unmap(d) : map(d, dice_.way());
  }
  void map(unsigned d, Way way) {
    Deal deal{Deed::kMap, d, way, is_bounced(d) ? Copy::kFirstIn : Copy::kNone,
              task_ + "map " + story_.name + " " + optimum_device(d) + word(way) + "\n"};
    if (is_bounced(d) || !dice_.one_in(4)) deal.text += inside("dma_map", d, way);
    mapped_[d] = way;
    say(std::move(deal));
  }
  void unmap(unsigned d) {
    const Way way = *mapped_[d];
    Deal deal{Deed::kUnmap, d, way, Copy::kNone,
              task_ + "unmap " + story_.name + " " + optimum_device(d) + word(way) + "\n"};
    if (is_bounced(d)) deal.copy = device_writes(way) ? Copy::kLastOut : Copy::kDrop;
    if (is_bounced(d) || !dice_.one_in(4)) deal.text += inside("dma_unmap", d, way);
    mapped_[d].reset();
    say(std::move(deal));
  }
  /// The syncs of a window. Of a bounced device in the way in which it is mapped, so that nothing is lost in its slot.
  void sync(Deal& deal, const char* verb, Copy copy) {
    for (unsigned d = 0; d < devices_.size(); ++d) {
      if (!mapped_[d] || (!is_bounced(d) && dice_.one_in(4))) continue;
      deal.text += inside(verb, d, is_bounced(d) ? *mapped_[d] : deal.way);
      const bool copies = copy == Copy::kOut ? device_writes(*mapped_[d]) : device_reads(*mapped_[d]);
      if (is_bounced(d) && copies) {
        deal.copy = copy;
        deal.device = d;
      }
    }
  }
  void begin() {
    // What the CPU writes beside a slot that is only copied out is lost, whoever syncs.
    window_ = bounced() == Way::kFrom ? Way::kFrom : dice_.way();
    Deal deal{Deed::kBegin, 0, *window_, Copy::kNone, task_ + "begin " + story_.name + word(*window_)};
    part_ = parts_ && dice_.one_in(2) ? " 0+64" : "";
    story_.ranged = story_.ranged || !part_.empty();
    deal.text += part_ + "\n";
    sync(deal, "sync_for_cpu", Copy::kOut);
    say(std::move(deal));
  }
  void end() {
    Deal deal{Deed::kEnd, 0, *window_, Copy::kNone, task_ + "end " + story_.name + word(*window_) + part_ + "\n"};
    sync(deal, "sync_for_device", Copy::kIn);
    window_.reset();
    say(std::move(deal));
  }
  void break_rules() {
    if (window_) {
      if (bounced()) return end();
      say({Deed::kExit, 0, Way::kBidi, Copy::kNone, "[" + story_.name + "] exit " + story_.name + "\n"});
      window_.reset();
    } else if (dice_.one_in(2)) {
      say({Deed::kOther, 0, Way::kBidi, Copy::kNone, task_ + "end " + story_.name + word(dice_.way()) + "\n"});
    } else {
      say({Deed::kOther, 0, Way::kBidi, Copy::kNone, task_ + "cpu_read " + story_.name + "\n"});
    }
    story_.broken = true;
  }
  void finish() {
    if (window_) end();
    for (unsigned d = 0; d < devices_.size(); ++d) {
      if (mapped_[d]) unmap(d);
      call("detach", d);
    }
    say({Deed::kOther, 0, Way::kBidi, Copy::kNone, task_ + "release " + story_.name + "\n"});
  }

  Dice& dice_;
  const std::vector<Kind>& devices_;
  std::string task_, part_;
  std::vector<std::optional<Way>> mapped_;
  std::optional<Way> window_;
  BufferStory story_;
  bool breaks_ = false, parts_ = false;
};

std::string header_of(const OptimumProgram& program) {
  std::string text = "custody litmus: a random program\n";
  for (unsigned d = 0; d < program.devices.size(); ++d)
    text += "device " + optimum_device(d) + kKindWords[static_cast<std::size_t>(program.devices[d])] + "\n";
  for (const BufferStory& b : program.buffers)
    if (b.older) text += "older " + b.name + "\n";
  return text + "\n";
}

}  // namespace

OptimumProgram OptimumProgram::random(std::uint64_t seed, unsigned most) {
  Dice dice(seed);
  OptimumProgram program;
  bool bounced = false;
  const bool alike = dice.one_in(3);
  for (unsigned d = 2 + dice.below(2); d > 0; --d) {
    Kind kind = static_cast<Kind>(dice.below(4));
    if (alike && !program.devices.empty()) kind = program.devices.front();
    if (kind == Kind::kBounced && bounced) kind = Kind::kPlain;
    bounced = bounced || kind == Kind::kBounced;
    program.devices.push_back(kind);
  }
  for (const char* name : {"b", "c"})
    if (program.buffers.empty() || dice.one_in(4))
      program.buffers.push_back(OptimumAuthor(dice, program.devices, name).write(1 + dice.below(most)));
  program.text = header_of(program);
  std::vector<std::size_t> at(program.buffers.size());
  for (std::size_t left = 1; left != 0;) {
    left = 0;
    for (std::size_t b = 0; b < program.buffers.size(); ++b) {
      const auto& deals = program.buffers[b].deals;
      while (at[b] < deals.size() && !dice.one_in(3)) program.text += deals[at[b]++].text;
      left += deals.size() - at[b];
    }
  }
  return program;
}

}  // namespace custody::property
