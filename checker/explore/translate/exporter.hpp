// SPDX-License-Identifier: BSD-2-Clause
// Writes the composed model: variables, and a rule for everything that can happen next.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/translate/export_model.hpp"
#include "checker/explore/translate/line_text.hpp"
#include "checker/explore/translate/model_text.hpp"

namespace custody::checker::explore::translate {

/// A call of the client, without the rows that answer it.
struct ExportedCall {
  std::string name, condition;
  model::Id event = 0;
  unsigned device = 0;
  model::Direction dir = model::Direction::kNone;
  BlockMask blocks = 0;       ///< that its syncs cover
  Effects after{}, before{};  ///< besides what machines and clauses do
  bool only_syncs = false;
  bool refused_too = false;    ///< it happens though a machine refuses it
  std::string is_open{};       ///< of an end: the window that it closes is open
  model::Id part_from = 0;     ///< the state of its small machine
  bool closes_window = false;  ///< of an end: there is a window that it closes
};

inline constexpr model::Direction kExportedDirections[] = {model::Direction::kToDevice, model::Direction::kFromDevice,
                                                           model::Direction::kBidirectional};

/// What all parts of an exported model share: the contract and the configuration, and texts made of them.
struct ExportFrame {
  const spec::Contract& contract;
  const Configuration& c;
  Dialect d;
  bool asserts, cached;
  LineModel lines;
  unsigned granularity;  ///< 0 the buffer, 1 ranges, 2 rounded ranges

  [[nodiscard]] BlockMask all() const { return lines.all(); }
  [[nodiscard]] bool drops_backing() const { return contract.has_policy("leaves", "release"); }
  [[nodiscard]] bool owns_by_mapping() const { return contract.has_policy("cpu_owns", "mapping"); }
  /// The contract's notes about the buffer that some clause changes are variables of their names.
  [[nodiscard]] bool is_noted(model::Id fact) const;
  [[nodiscard]] bool keeps_tables() const { return contract.uses_note(model::at(model::kFacts, "kept")); }
  /// A property, where the options ask for it. An empty `wrong` never is.
  void forbid(const std::string& when, const std::string& wrong, std::string_view name, Effects& effects) const;
  void set_when(const std::string& when, const std::string& variable, const std::string& value, Effects& effects) const;
  [[nodiscard]] std::string alive() const { return d.no(d.equal("state", "0")); }
  [[nodiscard]] std::string client_mapping() const { return c.client == Client::kVmap ? "kernel" : "user"; }
  /// Its table is mapped, for the device to use or because it is kept.
  [[nodiscard]] std::string has_table(unsigned device) const;
  /// A variable of the device says that its table was mapped and is so no more: syncs work on it all the same.
  [[nodiscard]] bool tells_left_table(unsigned device) const {
    return c.is_plain(device) && syncs_left_tables(contract, c);
  }
  [[nodiscard]] std::string has_left_table(unsigned device) const { return d.equal(of("left", device), "1"); }
  void outdate_copies(unsigned writer, const std::string& when, Effects& effects) const;
  /// A copy of a bounced device other than `device` has newer data than the buffer.
  [[nodiscard]] std::string misses_copy_of_another(unsigned device) const;
  [[nodiscard]] std::string any_mapped() const;
  /// Two devices that reach the buffer in different ways are mapped, and one of them may write. Empty: never.
  [[nodiscard]] std::string mixed() const;
  /// Ranges of windows: 0 where they have none; and what a window over one makes its syncs cover.
  [[nodiscard]] std::vector<BlockMask> ranges() const;
  [[nodiscard]] BlockMask covered(BlockMask range) const;
  /// A window is open whose direction and range `which` takes.
  [[nodiscard]] std::string any_window(const std::function<bool(model::Direction, BlockMask)>& which) const;
  [[nodiscard]] std::string no_window() const;
  [[nodiscard]] std::string no_write_window() const;
  /// Open windows let the CPU in; empty: always, as where begins can be without effect. There a window that is open
  /// although the CPU does not own is one of those.
  [[nodiscard]] std::string windows_are_active() const {
    return contract.has_idle_windows() ? "" : d.equal("state", number(model::at(model::kStates, "CpuOwned")));
  }
  /// Devices own the buffer, and no window is open that counts.
  [[nodiscard]] std::string devices_are_active() const;
  /// The CPU owns without a window, by its mapping; empty: under no contract like this.
  [[nodiscard]] std::string owned_by_mapping() const;
};

/// What rows and clauses look at, as expressions.
class ExportedGuards {
 public:
  explicit ExportedGuards(const ExportFrame& frame) : f_(frame) {}
  /// All guards hold, where the call is made in owner state `was` and leads to `is`; nothing where that never is.
  [[nodiscard]] std::optional<std::string> all(const auto& guards, const ExportedCall& call, model::Id was,
                                               model::Id is) const {
    std::string text;
    for (const model::Id g : guards) {
      const auto one = guard(model::kGuards[g], call, was, is);
      if (!one) return std::nullopt;
      if (!one->empty()) text = f_.d.both(text, "(" + *one + ")");
    }
    return text;
  }

 private:
  /// Empty: it always holds; nothing: it never does.
  [[nodiscard]] std::optional<std::string> guard(const model::Guard& guard, const ExportedCall& call, model::Id was,
                                                 model::Id is) const;
  [[nodiscard]] std::optional<std::string> test(const model::Test& test, const ExportedCall& call, model::Id was,
                                                model::Id is) const;
  /// The value of a fact: a number, or an expression.
  [[nodiscard]] std::string value_of(model::Id fact, const ExportedCall& call, model::Id was, model::Id is) const;
  [[nodiscard]] std::string count(const std::function<std::string(unsigned)>& is_counted) const;

  const ExportFrame& f_;
};

/// What syncs do to the line and to the copies.
class ExportedSyncs {
 public:
  ExportedSyncs(const ExportFrame& frame, LineText& line) : f_(frame), line_(line) {}
  void run(const model::Sync& sync, const ExportedCall& call, const std::string& when, Effects& effects);
  /// Devices without a table that is mapped, on which a sync of attached devices works too.
  void forbid_strays(const model::Sync& sync, const std::string& when, Effects& effects) const;

 private:
  void run_in(const model::Sync& sync, model::Direction dir, const ExportedCall& call, const std::string& when,
              Effects& effects);
  void on_device(const model::Sync& sync, model::Direction dir, unsigned device, BlockMask blocks,
                 const std::string& when, Effects& effects);
  void operate(model::Operation op, BlockMask blocks, const std::string& when, Effects& effects);
  /// A sync of a device that is reached through copies.
  void copy(const model::Sync& sync, model::Direction dir, unsigned device, const std::string& when, Effects& effects);
  [[nodiscard]] std::string targets(const model::Sync& sync, unsigned device) const;
  [[nodiscard]] model::Operation operation_of(const model::Sync& sync, model::Direction dir) const;

  const ExportFrame& f_;
  LineText& line_;
};

class Exporter {
 public:
  Exporter(const spec::Contract& contract, const Configuration& configuration, const ExportOptions& options);
  std::string write();

 private:
  // export_model.cpp: the variables
  void declare();
  [[nodiscard]] std::string head() const;

  // exporter_rows.cpp: what rows and clauses say of a call
  /// One rule for each row and state of the owner, and row of the small machine, that answer the call.
  void add(const ExportedCall& call);
  void add_rows(const ExportedCall& call);
  void add(const ExportedCall& call, const model::Row& owner, model::Id was);
  void add(const ExportedCall& call, const model::Row& owner, model::Id was, const std::string& guard,
           const model::Row* part);
  std::size_t run_clauses(const ExportedCall& call, model::Id was, model::Id is, Effects& syncs, Effects& notes);
  void note(const model::NoteAction& action, const ExportedCall& call, const std::string& when, Effects& effects) const;
  void move_part(const ExportedCall& call, const model::Row& part, model::Id from, Effects& effects) const;
  /// Of the call's device, around what moves its attachment: notes that its table was mapped, and that it is no more.
  void note_table(const ExportedCall& call, bool moved, Effects& effects) const;
  void drop_backing(model::Id was, model::Id is, Effects& effects) const;
  /// Undoes the call where devices would use the buffer together that no sync can lie between. False: they never do.
  [[nodiscard]] bool refuse_mixed(const ExportedCall& call, Effects& effects) const;

  // exporter_calls.cpp: the client's calls
  void calls();
  void device_calls(unsigned device);
  void window_calls(model::Direction way, BlockMask range);
  void mapping_calls();

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

  const ExportFrame f_;
  LineText line_;
  ExportedGuards guards_;
  ExportedSyncs syncs_;
  ModelText text_;
};

}  // namespace custody::checker::explore::translate
