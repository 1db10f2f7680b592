// SPDX-License-Identifier: BSD-2-Clause
// Which objects the names of an event log mean. Memory follows the live objects and not the log.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/on_demand.hpp"
#include "traces/directory.hpp"
#include "traces/event.hpp"

namespace custody::traces::formats::event_log {

/// A map of at most `kMost` names: the oldest goes first. For names whose end a log does not have to show.
template <typename Value>
class BoundedNames {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 16U;

  Value* find(const std::string& name) {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second.second;
  }
  Value& add(const std::string& name, Value value) {
    const std::uint64_t turn = turns_++;
    order_.emplace_back(name, turn);
    while (order_.size() > kMost) {
      const auto oldest = values_.find(order_.front().first);
      if (oldest != values_.end() && oldest->second.first == order_.front().second) values_.erase(oldest);
      order_.pop_front();
    }
    auto& place = values_[name];
    place = {turn, std::move(value)};
    return place.second;
  }
  void erase(const std::string& name) { values_.erase(name); }

 private:
  std::unordered_map<std::string, std::pair<std::uint64_t, Value>> values_;
  std::deque<std::pair<std::string, std::uint64_t>> order_;
  std::uint64_t turns_ = 0;
};

/// Gives names their ids in the directory.
class Identities {
 public:
  Identities() = default;
  Identities(const Identities&) = delete;
  Identities& operator=(const Identities&) = delete;
  ~Identities() = default;

  /// So many buffers, and so many attachments, are still known by their names after they are gone.
  static constexpr std::size_t kTombstones = 4096;

  [[nodiscard]] Directory& directory() { return directory_; }

  std::uint32_t device(const std::string& name);
  /// Who a record says that its task is.
  struct Task {
    std::string key;        ///< of several with the same `tid`; empty: none is given
    std::int64_t tid = -1;  ///< negative: none is given
    std::string comm;
  };
  /// By `key`, else by `tid`, else by `comm`, which is the task's last name.
  std::uint32_t task(const Task& task);
  void exit_task(const Task& task);

  /// The buffer that the first record of that name is about, so that it can be spoken of before.
  std::uint32_t announce_buffer(const std::string& name);
  std::uint32_t export_buffer(const std::string& name);
  std::uint32_t buffer(const std::string& name);
  void release_buffer(std::uint32_t id);

  std::uint32_t attach(const std::string& name, std::uint32_t buffer, std::uint32_t device);
  std::uint32_t attachment(const std::string& name, std::uint32_t buffer, std::uint32_t device);
  void detach(std::uint32_t id);
  /// From here on the directory may have another name of it than the log does.
  void keep_name_of_buffer(std::uint32_t id);
  void keep_name_of_attachment(std::uint32_t id);
  /// The attachment of that name is known, and not as one of the buffer of that name.
  [[nodiscard]] bool is_of_another(const std::string& attachment, const std::string& buffer) const;

  /// That name means the buffer `id`.
  [[nodiscard]] bool is_buffer(const std::string& name, std::uint32_t id) const {
    const auto known = buffers_.find(name);
    return known != buffers_.end() && *known == id;
  }

  /// A mapping of that name was made, whether it is live or not.
  [[nodiscard]] bool knows_mapping(const std::string& name) { return mappings_.find(name) != nullptr; }
  /// The DMA mapping of that name; a new one after `unmap`.
  std::uint32_t mapping(const std::string& name);
  void unmap(const std::string& name);

 private:
  using Names = std::unordered_map<std::string, std::uint32_t>;
  /// Finds objects by the names that are kept by id: there can be very many, and no name is kept twice.
  template <typename NameOf>
  struct ByName {
    using is_transparent = void;
    NameOf name_of;
    // Not noexcept: each hash is kept.
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
    std::size_t operator()(std::uint32_t id) const { return (*this)(name_of(id)); }
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b || name_of(a) == name_of(b); }
    bool operator()(std::string_view a, std::uint32_t b) const { return a == name_of(b); }
    bool operator()(std::uint32_t a, std::string_view b) const { return name_of(a) == b; }
  };
  /// What is gone and in the order in which it went; `gone` and `ids` are by id.
  struct Graveyard {
    std::deque<std::pair<std::uint32_t, std::uint32_t>> order;  ///< id, generation
    std::vector<bool> gone;
    std::vector<std::uint32_t> free;
  };

  struct Buffer {
    model::OnDemand<std::string> name;  ///< that of the log, where the directory may have another one
    std::uint32_t last = kNoId;         ///< of its attachments, which are in no order
  };
  struct Attached {
    model::OnDemand<std::string> name;             ///< as above
    std::uint32_t before = kNoId, behind = kNoId;  ///< among those of its buffer
  };
  /// By the names of the log.
  template <typename Named, std::vector<Named> Identities::*kAll, typename Info, std::vector<Info> Directory::*kInfos>
  struct NameOf {
    const Identities* of;
    const std::string& operator()(std::uint32_t id) const {
      const Named& named = (of->*kAll)[id];
      return named.name.exists() ? *named.name.get() : (of->directory_.*kInfos)[id].name;
    }
  };
  template <typename Name>
  using Named = boost::unordered_flat_set<std::uint32_t, ByName<Name>, ByName<Name>>;

  std::uint32_t new_buffer(const std::string& name, bool seen);
  std::uint32_t new_attachment(const std::string& name, std::uint32_t buffer, std::uint32_t device, bool seen);
  void bury_buffer(std::uint32_t id);
  void bury_attachment(std::uint32_t id);

  Directory directory_;
  Names devices_, comms_, task_keys_;
  std::vector<Buffer> buffer_by_id_;
  std::vector<Attached> attached_;  ///< by id
  using NameOfBuffer = NameOf<Buffer, &Identities::buffer_by_id_, BufferInfo, &Directory::buffers>;
  using NameOfAttachment = NameOf<Attached, &Identities::attached_, AttachmentInfo, &Directory::attachments>;
  Named<NameOfBuffer> buffers_{0, {{this}}, {{this}}};
  Named<NameOfAttachment> attachments_{0, {{this}}, {{this}}};
  std::unordered_set<std::string> announced_;
  std::unordered_map<std::int64_t, std::uint32_t> tids_;
  Graveyard gone_buffers_, gone_attachments_;
  BoundedNames<std::uint32_t> mappings_;  ///< kNoId: undone
  std::uint32_t mapping_count_ = 0;
};

}  // namespace custody::traces::formats::event_log
