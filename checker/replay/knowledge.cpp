// SPDX-License-Identifier: BSD-2-Clause
// What a replay knows of one buffer, as bytes that can be compared: whoever explores joins what it takes for the same.
#include "checker/replay/knowledge.hpp"

#include <algorithm>
#include <initializer_list>

namespace custody::checker::replay {

namespace {

class Bytes {
 public:
  explicit Bytes(std::string& out) : out_(out) {}
  void add(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out_ += static_cast<char>(value | 0x80U);
    out_ += static_cast<char>(value);
  }
  void flags(std::initializer_list<bool> all) {
    std::uint64_t bits = 1;
    for (const bool b : all) bits = bits << 1U | (b ? 1U : 0U);
    add(bits);
  }

 private:
  std::string& out_;
};

void add_custody(Bytes& out, const CustodyAccount& account) {
  const model::Custody& c = account.custody();
  out.add(c.state);
  for (std::size_t place = 0; place < account.importers(); ++place) {
    const Importer i = account.importer(place);
    const auto& e = i.evidence;
    out.add(i.device());
    out.flags({i.is_mapped(), i.may_read(), i.may_write(), e.complete, e.mapped_by_core, e.table_was_mapped,
               e.fences.has_write()});
  }
  out.add(c.windows.size());
  for (std::size_t place = 0; place < c.windows.places(); ++place) {
    const model::Window& w = c.windows[place];
    out.add(static_cast<std::uint64_t>(w.dir) << 32U | w.task);
  }
  out.add(c.calls.size());
  out.add(c.kernel.users);
  out.flags({c.kernel.bracketed, c.user_mappings != 0, account.is_complete(), account.was_abandoned(),
             account.may_be_cpu_mapped()});
  out.add(account.last_unmapped_device());
}

void add_mappings(Bytes& out, const BufferState& b) {
  constexpr std::uint64_t kLongAgo = 3;
  const Mappings::All& all = b.mappings.all();
  out.add(all.size());
  for (std::size_t place = 0; place < all.places(); ++place) {
    const Mapping& m = all[place];
    out.add(m.device);
    out.add(m.attachment);
    out.add(m.orig_nents);
    out.add(static_cast<std::uint64_t>(m.dir) << 8U | static_cast<std::uint64_t>(m.last_kind));
    out.flags({m.skipped_sync, m.complete, m.succeeded, m.given, m.slot_old, m.slot_newer});
    out.add(std::min(b.history.significant() - m.last_use, kLongAgo));
  }
}

}  // namespace

void append_knowledge(const BufferState& b, std::string& text) {
  Bytes out(text);
  add_custody(out, b.custody);
  add_mappings(out, b);
  append_belief(b.belief, text);
  const Evidence& e = b.evidence;
  out.flags({e.silent, e.many_copies, e.client_broke_rules, e.warned_first_invalidate, e.device_ran_in_window,
             e.written, e.ineffective_sync, e.stale.for_sure});
  out.add(e.stale.assumes);
  b.told.mixed.append_to(text);
  text += '|';
  b.told.watched.append_to(text);
}

}  // namespace custody::checker::replay
