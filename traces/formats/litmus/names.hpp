// SPDX-License-Identifier: BSD-2-Clause
// The names of a litmus file and what they stand for at each line of it.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traces/directory.hpp"
#include "traces/formats/litmus/scope.hpp"
#include "traces/formats/litmus/statement.hpp"

namespace custody::traces::formats::litmus {

/// A device operand: a device, and the attachment where one is meant.
struct Importer {
  std::uint32_t device = kNoId;
  std::uint32_t attachment = kNoId;
};

/// Turns names into ids and fills the directory. Ids are never reused here: a litmus file is small. Every function
/// that takes `words` throws InputError at its line.
class Names {
 public:
  /// Both are those that the header declares.
  Names(std::vector<DeviceInfo> devices, std::vector<std::string_view> older);

  [[nodiscard]] const Directory& directory() const { return directory_; }

  /// The task of that name; after `exit_task` a new one.
  std::uint32_t task(std::string_view name);
  void exit_task(std::string_view name);

  /// A new buffer; later lines mean it by this name.
  std::uint32_t export_buffer(const Words& words, const Statement& s);
  /// The buffer of that name, exported above or older than the trace.
  std::uint32_t buffer(const Words& words, std::string_view name);

  /// A new attachment, live from now on.
  Importer attach(const Words& words, const Statement& s, std::uint32_t buffer);
  /// The attachment that a call of the core names; one that is older than the trace where no `attach` was seen.
  Importer of_call(const Words& words, std::string_view name, std::uint32_t buffer);
  /// The attachment that any other line names, with the call around it (`enclosing`, of the same buffer).
  Importer of_dma(const Words& words, EventKind kind, std::string_view name, std::uint32_t buffer, Importer enclosing);
  /// The attachment is gone.
  void end_attachment(std::uint32_t attachment);

 private:
  std::uint32_t add_buffer(BufferInfo info, std::string_view name);
  [[nodiscard]] std::string known_buffers() const;
  [[nodiscard]] std::uint32_t device(const Words& words, std::string_view name) const;
  [[nodiscard]] const std::uint32_t* alias(const Words& words, std::string_view name, std::uint32_t buffer) const;
  Importer add_attachment(std::uint32_t buffer, std::uint32_t device, std::string_view name, bool seen);

  Directory directory_;
  AttachmentScope scope_;
  std::unordered_map<std::string_view, std::uint32_t> devices_;
  // The views are of the text that is read, which outlives this.
  std::vector<std::string_view> older_;
  std::unordered_map<std::string_view, std::uint32_t> tasks_;
  std::unordered_map<std::string_view, std::uint32_t> buffers_;
  std::unordered_map<std::string_view, std::uint32_t> aliases_;
  std::vector<bool> live_;  ///< by attachment
};

}  // namespace custody::traces::formats::litmus
