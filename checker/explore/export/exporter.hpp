// SPDX-License-Identifier: BSD-2-Clause
// Writes the composed model: variables, and a rule for everything that can happen next.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/export/export_model.hpp"
#include "checker/explore/export/line_text.hpp"

namespace custody::checker {

class Exporter {
 public:
  Exporter(const spec::Contract& contract, const Configuration& configuration, const ExportOptions& options);
  std::string write();

 private:
  using Effects = std::vector<std::string>;
  /// A call of the client, without the rows that answer it.
  struct Call {
    std::string name, condition;
    model::Id event;
    unsigned device = 0;
    model::Direction dir = model::Direction::kNone;
    BlockMask blocks = 0;        ///< that its syncs cover
    Effects after, before = {};  ///< its syncs
    bool only_syncs = false;
    bool refused_too = false;  ///< it happens though the contract refuses it
  };
  using Codes = std::function<bool(model::Direction, BlockMask)>;

  // exporter_rows.cpp: the variables, and what rows say
  void declare();
  void variable(const std::string& name, std::size_t most) { variables_.emplace_back(name, most); }
  [[nodiscard]] bool is_kept(model::Id field) const;
  [[nodiscard]] std::size_t most_of(model::Id field) const;
  /// The variable of a field, or its constant value.
  [[nodiscard]] std::string value_of(model::Id field, unsigned device,
                                     model::Direction dir = model::Direction::kNone) const;
  [[nodiscard]] bool holds_by_policy(const model::Row& row) const;
  /// What is left of a row's guards when constants are; nothing where one of them never holds.
  [[nodiscard]] std::optional<std::string> guards_of(const model::Row& row, unsigned device,
                                                     model::Direction dir) const;
  void run_actions(const model::Row& row, const Call& call, Effects& effects) const;
  void run_sync(const model::Sync& sync, model::Direction dir, const Call& call, const std::string& when,
                Effects& effects);
  void run_syncs(const model::Row& row, const Call& call, Effects& effects);
  void operate(model::Operation op, BlockMask blocks, const std::string& when, Effects& effects);
  /// A sync of a device that is reached through copies.
  void copy(const model::Sync& sync, model::Direction dir, unsigned device, const std::string& when, Effects& effects);
  void set_when(const std::string& when, const std::string& variable, const std::string& value, Effects& effects) const;
  /// A property, where the options ask for it. An empty `wrong` never is.
  void forbid(const std::string& when, const std::string& wrong, std::string_view name, Effects& effects) const;
  /// Its table is mapped, for the device to use or because it is kept.
  [[nodiscard]] std::string has_table(unsigned device) const;
  void outdate_copies(unsigned writer, const std::string& when, Effects& effects) const;

  // exporter_calls.cpp: the client's calls
  void calls();
  void device_calls(unsigned device);
  void window_calls(model::Direction way, BlockMask range);
  void mapping_calls();
  /// One rule for each pair of rows of the buffer and of the attachment that answer the call.
  void add(const Call& call);
  void add(const Call& call, const model::Row& row);
  void finish(const Call& call, const model::Row& row, const std::string& guard, Effects effects);
  void rule(const std::string& name, const std::string& guard, const Effects& effects);
  /// A window is open whose direction and range `which` takes.
  [[nodiscard]] std::string any_window(const Codes& which) const;
  [[nodiscard]] std::string no_window() const;
  [[nodiscard]] std::string no_write_window() const;
  /// The CPU owns without a window, by its mapping; empty: under no contract like this.
  [[nodiscard]] std::string owned_by_mapping() const;
  /// What a window over `range` makes its syncs cover.
  [[nodiscard]] BlockMask covered(BlockMask range) const;
  /// Ranges of windows: 0 where they have none.
  [[nodiscard]] std::vector<BlockMask> ranges() const;

  // exporter_accesses.cpp: what the CPU, the devices and the caches do
  void accesses();
  void cpu_accesses();
  void device_accesses(unsigned device);
  void bounced_accesses(unsigned device);
  /// One rule for each set of blocks; `touches` says when a block is among them.
  void access(const std::string& name, const std::string& guard, const std::vector<std::string>& touches,
              model::Access kind, unsigned device);
  void touch(const std::string& name, const std::string& guard, BlockMask blocks, model::Access kind, unsigned device);
  [[nodiscard]] std::vector<std::string> free_blocks() const;
  /// A copy of a bounced device other than `device` has newer data than the buffer.
  [[nodiscard]] std::string misses_copy_of_another(unsigned device) const;
  [[nodiscard]] std::string any_mapped() const;

  [[nodiscard]] std::string alive() const { return d_.equal("exported", "1"); }
  [[nodiscard]] std::string client_mapping() const;
  [[nodiscard]] BlockMask all() const { return lines_.all(); }
  [[nodiscard]] bool drops_backing() const;
  /// Maps and unmaps carry no sync, by policy.
  [[nodiscard]] bool skips_implicit() const { return policies_.v[model::at(model::kFields, "implicit_sync")] == 1; }
  [[nodiscard]] std::string head() const;

  const spec::Contract& contract_;
  const Configuration& c_;
  Dialect d_;
  bool asserts_, cached_;
  LineModel lines_;
  LineText line_;
  unsigned granularity_;
  model::Cells policies_;
  std::vector<std::pair<std::string, std::size_t>> variables_;
  std::string rules_;
};

inline std::string of(const std::string& name, unsigned device) { return name + number(device); }
inline constexpr model::Direction kExportedDirections[] = {model::Direction::kToDevice, model::Direction::kFromDevice,
                                                           model::Direction::kBidirectional};

}  // namespace custody::checker
