// SPDX-License-Identifier: BSD-2-Clause
// Names for a litmus file.
#include "traces/formats/litmus/spelling.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "model/escape.hpp"
#include "traces/formats/litmus/scope.hpp"
#include "traces/formats/litmus/tokens.hpp"
#include "traces/formats/litmus/words.hpp"

namespace custody::traces::formats::litmus {
namespace {

using TakenNames = std::unordered_set<std::string>;

/// The first of `name`, `name~2`, `name~3`, ... that `is_free`.
template <typename IsFree>
std::string first_free(const std::string& name, IsFree is_free) {
  std::string candidate = name;
  for (unsigned n = 2; !is_free(candidate); ++n) candidate = name + "~" + std::to_string(n);
  return candidate;
}

std::string as_name(const std::string& text, std::string_view otherwise) {
  std::string name = text.empty() ? std::string(otherwise) : text;
  for (char& c : name)
    if (!is_name(std::string_view(&c, 1)) && c != '-') c = '_';
  if (name.front() == '-') name.front() = '_';
  return is_reserved(name) ? name + "_" : name;
}

std::string as_task(const std::string& text) {
  std::string name = model::plain_line(trimmed(text), '_');
  for (char& c : name)
    if (!is_of_task(c)) c = '_';
  return name.empty() ? "task" : name;
}

/// When an object is named, as indices of events.
struct Lifetime {
  std::size_t first = Layout::kNone;
  std::size_t last = 0;
  bool begins_anew = false;  ///< its first event takes its name from any other object
  bool ends = false;         ///< its last event leaves its name free
};

std::vector<Lifetime> lifetimes_of_buffers(std::size_t count, std::span<const Event> events, const Layout& layout) {
  std::vector<Lifetime> lifetimes(count);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::size_t around = layout.parent(i);
    const bool inherits =
        around != Layout::kNone && events[i].by == AttributedBy::kNesting && events[around].buffer == events[i].buffer;
    // The end of a call does not name its buffer, and neither does what has it from the call around it.
    if (events[i].buffer >= count || layout.entry(i) != Layout::kNone || inherits) continue;
    Lifetime& lifetime = lifetimes[events[i].buffer];
    if (lifetime.first == Layout::kNone) {
      lifetime.first = i;
      lifetime.begins_anew = events[i].kind == EventKind::kExport && events[i].ok();
    }
    lifetime.last = i;
  }
  return lifetimes;
}

std::vector<Lifetime> lifetimes_of_tasks(std::size_t count, std::span<const Event> events) {
  std::vector<Lifetime> lifetimes(count);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].task >= count) continue;
    Lifetime& lifetime = lifetimes[events[i].task];
    lifetime.first = std::min(lifetime.first, i);
    lifetime.last = i;
    lifetime.ends = events[i].kind == EventKind::kTaskExit;
  }
  return lifetimes;
}

/// Gives each object, in the order of their first events, its wish or the wish with a suffix.
std::vector<std::string> share_out(const std::vector<std::string>& wishes, const std::vector<Lifetime>& lifetimes,
                                   const TakenNames& taken) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < wishes.size(); ++i)
    if (lifetimes[i].first != Layout::kNone) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lifetimes[a].first < lifetimes[b].first; });
  std::unordered_map<std::string, std::size_t> holders;
  std::vector<std::string> names = wishes;
  for (const std::size_t object : order) {
    const auto is_free = [&](const std::string& name) {
      if (taken.contains(name)) return false;
      const auto holder = holders.find(name);
      if (holder == holders.end()) return true;
      const Lifetime& other = lifetimes[holder->second];
      return other.last < lifetimes[object].first && (lifetimes[object].begins_anew || other.ends);
    };
    names[object] = first_free(wishes[object], is_free);
    holders[names[object]] = object;
  }
  return names;
}

/// Marks the attachments that a plain device name is not read back as.
class AliasFinder {
 public:
  AliasFinder(const Directory& directory, std::span<const Event> events, const Layout& layout)
      : events_(events), layout_(layout), needed_(directory.attachments.size(), false),
        has_attach_(directory.attachments.size(), false) {}

  std::vector<bool> find() {
    for (std::size_t i = 0; i < events_.size(); ++i) visit(i);
    for (std::size_t i = 0; i < needed_.size(); ++i) needed_[i] = needed_[i] && has_attach_[i];
    return needed_;
  }

 private:
  void visit(std::size_t i) {
    const Event& event = events_[i];
    const bool returns = event.phase == Phase::kReturn;
    const bool is_line = !returns || layout_.entry(i) == Layout::kNone;
    if (event.buffer == kNoId || event.device == kNoId) return;
    if (is_line) see(i);
    if (event.attachment == kNoId || event.phase == Phase::kEnter) return;
    if (event.kind == EventKind::kDetach || (event.kind == EventKind::kAttach && !event.ok()))
      scope_.end(event.buffer, event.device, event.attachment);
  }

  void see(std::size_t i) {
    const Event& event = events_[i];
    if (event.kind == EventKind::kAttach) {
      if (event.attachment == kNoId) return;
      has_attach_[event.attachment] = true;
      return scope_.attach(event.buffer, event.device, event.attachment);
    }
    std::uint32_t read = kNoId;
    if (is_attachment_call(event.kind)) {
      read = scope_.of_call(event.buffer, event.device);
      if (read == kNoId && event.attachment != kNoId) {
        scope_.attach(event.buffer, event.device, event.attachment);
        return;
      }
    } else {
      const std::size_t around = layout_.parent(i);
      const bool encloses = around != Layout::kNone && events_[around].buffer == event.buffer;
      read = scope_.of_dma(event.kind, event.buffer, event.device, encloses ? events_[around].attachment : kNoId,
                           encloses ? events_[around].device : kNoId);
    }
    if (read != event.attachment && event.attachment != kNoId) needed_[event.attachment] = true;
  }

  std::span<const Event> events_;
  const Layout& layout_;
  AttachmentScope scope_;
  std::vector<bool> needed_, has_attach_;
};

}  // namespace

Spelling spell(const Directory& directory, std::span<const Event> events, const Layout& layout) {
  Spelling out;
  TakenNames taken;
  for (const DeviceInfo& device : directory.devices) {
    const auto is_free = [&](const std::string& name) { return !taken.contains(name); };
    out.devices.push_back(first_free(as_name(device.name, "device"), is_free));
    taken.insert(out.devices.back());
  }
  std::vector<std::string> wishes;
  for (const BufferInfo& buffer : directory.buffers) wishes.push_back(as_name(buffer.name, "b"));
  const std::vector<Lifetime> lifetimes = lifetimes_of_buffers(wishes.size(), events, layout);
  out.buffers = share_out(wishes, lifetimes, taken);
  for (std::size_t i = 0; i < lifetimes.size(); ++i)
    if (lifetimes[i].first != Layout::kNone && !lifetimes[i].begins_anew) out.older.push_back(out.buffers[i]);

  wishes.clear();
  for (const TaskInfo& task : directory.tasks) wishes.push_back(as_task(task.name));
  out.tasks = share_out(wishes, lifetimes_of_tasks(wishes.size(), events), {});

  const std::vector<bool> needed = AliasFinder(directory, events, layout).find();
  out.aliases.resize(needed.size());
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    const std::string& own = directory.attachments[i].name;
    const bool good = is_name(own) && !is_reserved(own) && own.find(':') == std::string::npos;
    const auto is_free = [&](const std::string& name) { return !taken.contains(name); };
    out.aliases[i] = first_free(good ? own : "a" + std::to_string(i + 1), is_free);
    taken.insert(out.aliases[i]);
  }
  return out;
}

}  // namespace custody::traces::formats::litmus
