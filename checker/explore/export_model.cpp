// SPDX-License-Identifier: BSD-2-Clause
#include "checker/explore/export_model.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <map>

#include "model/step.hpp"

namespace custody::checker {

namespace {

using model::Access;
using model::at;
using model::Belief;
using model::Direction;
using model::Id;
using model::Operation;
using model::Row;

constexpr Id kDetached = at(model::kStates, "Detached");
constexpr Id kCpuOwned = at(model::kStates, "CpuOwned"), kDeviceOwned = at(model::kStates, "DeviceOwned"),
             kNonBacked = at(model::kStates, "NonOwnedNonBacked"), kFreed = at(model::kStates, "Freed");
constexpr Direction kDirections[] = {Direction::kToDevice, Direction::kFromDevice, Direction::kBidirectional};

unsigned code_of(Direction d) { return d == Direction::kToDevice ? 1 : d == Direction::kFromDevice ? 2 : 3; }
std::string number(std::size_t n) { return std::to_string(n); }
unsigned only_state(Belief b) { return static_cast<unsigned>(std::countr_zero(b.bits)); }
Belief belief_of(unsigned state) { return Belief{static_cast<std::uint16_t>(1U << state)}; }
const unsigned kCorrect = only_state(model::start::kClean);

/// What differs between the languages.
struct Dialect {
  bool promela;
  [[nodiscard]] std::string equal(const std::string& a, const std::string& b) const {
    return a + (promela ? " == " : " = ") + b;
  }
  [[nodiscard]] std::string both(const std::string& a, const std::string& b) const {
    if (a.empty() || b.empty()) return a + b;
    return a + (promela ? " && " : " & ") + b;
  }
  [[nodiscard]] std::string either(const std::string& a, const std::string& b) const {
    if (a.empty() || b.empty()) return a + b;
    return "(" + a + (promela ? " || " : " | ") + b + ")";
  }
  [[nodiscard]] std::string no(const std::string& a) const { return "!(" + a + ")"; }
  [[nodiscard]] std::string choose(const std::string& c, const std::string& a, const std::string& b) const {
    return "(" + c + (promela ? " -> " : " ? ") + a + " : " + b + ")";
  }
  [[nodiscard]] std::string set(const std::string& variable, const std::string& value) const {
    return variable + (promela ? " = " : " := ") + value + ";";
  }
  [[nodiscard]] std::string demand(const std::string& condition, std::string_view name) const {
    return promela ? "assert(" + condition + ");" : "assert \"" + std::string(name) + "\" " + condition + ";";
  }
};

class Exporter {
 public:
  Exporter(const spec::Contract& contract, const Configuration& c, const ExportOptions& options)
      : contract_(contract), c_(c), d_{options.language == ModelLanguage::kPromela}, asserts_(options.asserts),
        cached_(contract.memory == "cached") {
    std::copy(contract.start.v.begin(), contract.start.v.end(), policies_.v.begin());
  }

  std::string write() {
    declare();
    calls();
    accesses();
    return d_.promela ? promela() : murphi();
  }

 private:
  using Effects = std::vector<std::string>;

  void variable(const std::string& name, unsigned most) { variables_.emplace_back(name, most); }
  static std::string of(const std::string& name, unsigned device) { return name + number(device); }
  [[nodiscard]] bool snoops(unsigned device) const {
    return c_.arch->all_coherent || device >= c_.devices - c_.coherent;
  }

  void declare() {
    variable("state", kFreed);
    variable("line", model::kLineStates - 1);
    if (drops_backing()) variable("written", 1);
    for (unsigned w = 0; w < c_.windows; ++w) variable("w" + number(w), 3);
    for (Id f = 0; f < model::kWorldFields; ++f) {
      if (!is_kept(f)) continue;
      variable(std::string(model::kFields[f].name), most_of(f));
    }
    for (unsigned d = 0; d < c_.devices; ++d) {
      variable(of("att", d), 2);
      variable(of("own_maps", d), 1);
      variable(of("own_cached", d), 1);
      variable(of("dir", d), 3);
    }
    table("clean", [](unsigned l) { return operated(Operation::kClean, l); });
    table("inval", [](unsigned l) { return operated(Operation::kInvalidate, l); });
    table("flush", [](unsigned l) { return operated(Operation::kCleanInvalidate, l); });
    table("move", [](unsigned l) { return only_state(model::detail::hardware_image(l)); });
    for (const auto& [name, access] : kAccessNames)
      table(std::string(name), [access = access](unsigned l) {
        return only_state(model::perform(access, belief_of(model::is_hazard(access, belief_of(l)) ? kCorrect : l)));
      });
  }
  static constexpr std::pair<std::string_view, Access> kAccessNames[] = {
      {"cpu_write", Access::kCpuWrite},      {"cpu_read", Access::kCpuRead},
      {"dev_read", Access::kDeviceRead},     {"dev_write", Access::kDeviceWrite},
      {"snoop_read", Access::kCoherentRead}, {"snoop_write", Access::kCoherentWrite}};

  static unsigned operated(Operation op, unsigned line) {
    return model::can_lose(op, belief_of(line)) ? kCorrect : only_state(model::apply(op, belief_of(line)));
  }
  /// A function of the line, as ten cases.
  void table(const std::string& name, const std::function<unsigned(unsigned)>& value) {
    std::string text = number(value(model::kLineStates - 1));
    for (unsigned l = model::kLineStates - 1; l-- > 0;)
      text = d_.choose(d_.equal("l", number(l)), number(value(l)), text);
    if (d_.promela) functions_ += "#define " + name + "(l) " + text + "\n";
    else functions_ += "function " + name + "(l: 0..9): 0..9; begin return " + text + "; end;\n";
  }

  [[nodiscard]] bool drops_backing() const { return policies_.v[at(model::kFields, "leaves")] == 1; }
  [[nodiscard]] bool is_kept(Id f) const {
    const auto changes = [f](const Row& row) {
      return std::any_of(row.actions.begin(), row.actions.end(), [f](Id a) { return model::kActions[a].field == f; });
    };
    return model::kFields[f].owner != model::Owner::kPolicy && f != at(model::kFields, "pinned") &&
           f != at(model::kFields, "kernel_mappings") &&
           (std::any_of(contract_.rows.begin(), contract_.rows.end(), changes) ||
            std::any_of(contract_.refusals.begin(), contract_.refusals.end(), changes));
  }
  [[nodiscard]] unsigned most_of(Id f) const {
    const std::string_view name = model::kFields[f].name;
    if (name == "attached" || name == "mapped" || name == "plain_mapped" || name == "plain_writers" ||
        name == "snooping_readers")
      return c_.devices;
    if (name == "windows") return c_.windows;
    if (name == "user_mappings" || name == "cpu_mappings") return 1;
    return model::kFields[f].max;
  }
  /// The variable of a field, or its constant value.
  [[nodiscard]] std::string value_of(Id f, unsigned device, Direction dir = Direction::kNone) const {
    const std::string name(model::kFields[f].name);
    if (f >= model::kWorldFields) {
      if (name == "own_maps" || name == "own_cached") return of(name, device);
      const bool holds = name == "window_matches" || (name == "own_snoops" && snoops(device)) ||
                         (name == "to_device" && model::device_may_read(dir)) ||
                         (name == "from_device" && model::device_may_write(dir));
      return holds ? "1" : "0";
    }
    return is_kept(f) ? name : "0";
  }
  [[nodiscard]] bool holds_by_policy(const Row& row) const {
    return std::all_of(row.guards.begin(), row.guards.end(), [&](Id g) {
      return model::kFields[model::kGuards[g].field].owner != model::Owner::kPolicy ||
             model::holds(model::kGuards[g], policies_);
    });
  }
  [[nodiscard]] std::string guards_of(const Row& row, unsigned device, Direction dir) const {
    std::string text;
    for (const Id g : row.guards) {
      const model::Guard& guard = model::kGuards[g];
      if (model::kFields[guard.field].owner == model::Owner::kPolicy) continue;
      const std::string value = value_of(guard.field, device, dir);
      const std::string least = std::string(value).append(" > ").append(number(guard.value));
      text = d_.both(text, guard.rel == model::Rel::eq ? d_.equal(value, number(guard.value)) : least);
    }
    return text;
  }
  void run_actions(const Row& row, unsigned device, Effects& effects) const {
    for (const Id a : row.actions) {
      const model::Action& action = model::kActions[a];
      const std::string name = value_of(action.field, device);
      if (name.find_first_not_of("0123456789") == std::string::npos) continue;
      const unsigned most = action.field < model::kWorldFields ? most_of(action.field) : 1;
      if (action.op == model::Op::set) effects.push_back(d_.set(name, number(action.value)));
      else if (action.op == model::Op::add)
        effects.push_back(d_.set(name, d_.choose(name + " < " + number(most), name + " + 1", number(most))));
      else effects.push_back(d_.set(name, d_.choose(name + " > 0", name + " - 1", "0")));
    }
  }

  [[nodiscard]] Operation operation_of(const model::Sync& sync, Direction caller) const {
    if (sync.skip || !cached_) return Operation::kNone;
    if (is_one_pass(sync)) return c_.arch->all_coherent ? Operation::kNone : Operation::kCleanInvalidate;
    const Direction dir = sync.dir == model::SyncDirection::kToDevice     ? Direction::kToDevice
                          : sync.dir == model::SyncDirection::kFromDevice ? Direction::kFromDevice
                                                                          : caller;
    const bool implicit = sync.call == model::SyncCall::kMap || sync.call == model::SyncCall::kUnmap;
    if (implicit && policies_.v[at(model::kFields, "implicit_sync")] == 1) return Operation::kNone;
    const bool for_device = sync.call == model::SyncCall::kMap || sync.call == model::SyncCall::kForDevice;
    return for_device ? c_.arch->device_operation(dir) : c_.arch->cpu_operation(dir);
  }
  void operate(Operation op, const std::string& when, Effects& effects) const {
    if (op == Operation::kNone) return;
    constexpr std::string_view kNames[] = {"", "clean", "inval", "flush"};
    const std::string name(kNames[static_cast<std::size_t>(op)]);
    std::string lossless;
    for (unsigned l = 0; l < model::kLineStates; ++l)
      if (model::can_lose(op, belief_of(l))) lossless = d_.both(lossless, d_.no(d_.equal("line", number(l))));
    if (asserts_ && !lossless.empty())
      effects.push_back(
          d_.demand(when.empty() ? "(" + lossless + ")" : d_.either(d_.no(when), "(" + lossless + ")"), "M10"));
    const std::string result = name + "(line)";
    effects.push_back(d_.set("line", when.empty() ? result : d_.choose(when, result, "line")));
  }
  void run_syncs(const Row& row, unsigned device, Direction dir, Effects& effects) const {
    for (const Id id : row.syncs) {
      const model::Sync& sync = model::kSyncs[id];
      const Operation op = operation_of(sync, dir);
      if (sync.targets == model::Targets::kExporter || sync.targets == model::Targets::kBuffer)
        operate(op, "", effects);
      if (sync.targets == model::Targets::kOwn && !snoops(device)) operate(op, "", effects);
      if (sync.targets != model::Targets::kMapped && sync.targets != model::Targets::kAttached) continue;
      for (unsigned e = 0; e < c_.devices; ++e) {
        const std::string mapped = of("dir", e) + " > 0";
        if (sync.targets == model::Targets::kAttached && asserts_)
          effects.push_back(d_.demand(d_.either(d_.equal(of("att", e), "0"), mapped), "L1"));
        if (!snoops(e)) operate(op, mapped, effects);
      }
    }
  }

  struct Call {
    std::string name, condition;
    Id event;
    unsigned device = 0;
    Direction dir = Direction::kNone;
    Effects after;
    bool only_syncs = false;
  };
  /// One rule for each pair of rows of the buffer and of the attachment that answer the call.
  void add(const Call& call) {
    for (const Row& row : contract_.rows) {
      if (row.from >= model::kBufferStates || row.event != call.event || !holds_by_policy(row)) continue;
      Effects effects;
      run_syncs(row, call.device, call.dir, effects);
      std::string guard = d_.both(d_.equal("state", number(row.from)), call.condition);
      guard = d_.both(guard, guards_of(row, call.device, call.dir));
      if (!model::names_attachment(call.event)) {
        finish(call, row, guard, effects);
        continue;
      }
      for (const Row& own : contract_.rows) {
        if (own.from < model::kBufferStates || own.event != call.event || !holds_by_policy(own)) continue;
        const std::string att = of("att", call.device);
        std::string both = d_.both(guard, d_.equal(att, number(static_cast<std::size_t>(own.from - kDetached))));
        both = d_.both(both, guards_of(own, call.device, call.dir));
        Call with = call;
        with.name += " " + std::string(own.id);
        Effects attachment;
        run_actions(own, call.device, attachment);
        attachment.push_back(d_.set(att, number(static_cast<std::size_t>(own.to - kDetached))));
        with.after.insert(with.after.end(), attachment.begin(), attachment.end());
        finish(with, row, both, effects);
      }
    }
  }
  void finish(const Call& call, const Row& row, const std::string& guard, Effects effects) {
    if (!call.only_syncs) {
      run_actions(row, call.device, effects);
      effects.push_back(d_.set("state", number(row.to)));
      effects.insert(effects.end(), call.after.begin(), call.after.end());
      const bool owned = row.from == kCpuOwned || row.from == kDeviceOwned;
      if (drops_backing() && owned && row.to == kNonBacked) {
        if (asserts_) effects.push_back(d_.demand(d_.equal("written", "0"), "backing"));
        effects.push_back(d_.set("written", "0"));
        effects.push_back(d_.set("line", number(kCorrect)));
      }
    }
    rule(call.name + " " + std::string(row.id), guard, effects);
  }
  void rule(const std::string& name, const std::string& guard, const Effects& effects) {
    std::string body;
    for (const std::string& effect : effects) body += " " + effect;
    if (d_.promela)
      rules_ += " :: d_step { " + guard + " ->" + (body.empty() ? " skip" : body) + " } /* " + name + " */\n";
    else rules_ += "rule \"" + name + "\" " + guard + " ==> begin" + body + " end;\n";
  }

  void calls() {
    const unsigned first = cached_ ? only_state(model::start::kDirty) : kCorrect;
    add({"export",
         d_.equal("exported", "0"),
         at(model::kEvents, "export"),
         0,
         Direction::kNone,
         {d_.set("line", number(first))},
         false});
    const std::string alive = d_.equal("exported", "1");
    std::string no_write, none;
    for (unsigned w = 0; w < c_.windows; ++w) {
      const std::string name = "w" + number(w);
      none = d_.both(none, d_.equal(name, "0"));
      no_write = d_.both(no_write, d_.either(d_.equal(name, "0"), d_.equal(name, "2")));
    }
    const std::string free_to_map = c_.client == Client::kLegal ? d_.both(alive, no_write) : alive;
    for (unsigned d = 0; d < c_.devices; ++d) {
      const std::string n = number(d), att = of("att", d), dir = of("dir", d);
      const std::string attached = d_.both(att + " > 0", d_.equal(dir, "0"));
      add({"attach" + n,
           d_.both(alive, d_.equal(att, "0")),
           at(model::kEvents, "attach"),
           d,
           Direction::kNone,
           {},
           false});
      add({"detach" + n,
           d_.both(alive, attached),
           at(model::kEvents, "detach"),
           d,
           Direction::kNone,
           {d_.set(dir, "0")},
           false});
      for (const Direction way : kDirections) {
        const std::string code = number(code_of(way));
        const std::string which = std::string(n).append("/").append(code);
        add({std::string("map").append(which),
             d_.both(free_to_map, attached),
             at(model::kEvents, "map"),
             d,
             way,
             {d_.set(dir, code)},
             false});
        add({std::string("unmap").append(which),
             d_.both(free_to_map, d_.equal(dir, code)),
             at(model::kEvents, "unmap"),
             d,
             way,
             {d_.set(dir, "0")},
             false});
      }
    }
    for (const Direction way : kDirections) window(way, alive, no_write, none);
    const std::string user = d_.equal("user_mappings", "1"), no_user = d_.equal("user_mappings", "0");
    add({"mmap", d_.both(alive, no_user), at(model::kEvents, "mmap"), 0, Direction::kNone, {}, false});
    add({"munmap", d_.both(alive, user), at(model::kEvents, "munmap"), 0, Direction::kNone, {}, false});
    add({"release",
         d_.both(d_.both(alive, no_user), d_.both(none, d_.equal("attached", "0"))),
         at(model::kEvents, "release"),
         0,
         Direction::kNone,
         {},
         false});
  }
  void window(Direction way, const std::string& alive, const std::string& no_write, const std::string& none) {
    const std::string code = number(code_of(way));
    std::string can = d_.both(alive, d_.equal("w" + number(c_.windows - 1), "0"));
    if (c_.client == Client::kLegal) can = d_.both(can, way == Direction::kFromDevice ? no_write : none);
    Effects open, close;
    if (c_.windows == 2) {
      open.push_back(d_.set("w1", d_.choose(d_.equal("w0", "0"), "0", d_.choose("w0 < " + code, "w0", code))));
      open.push_back(d_.set("w0", d_.choose("w0 < " + code, code, "w0")));
      close.push_back(d_.set("w0", d_.choose(d_.equal("w0", code), "w1", "w0 + 4")));
      close.push_back(d_.set("w1", "0"));
      close.push_back(d_.set("w0", d_.choose("w0 > 3", "w0 - 4", "w0")));
    } else {
      open.push_back(d_.set("w0", code));
      close.push_back(d_.set("w0", "0"));
    }
    add({"begin/" + code, can, at(model::kEvents, "begin_cpu_access"), 0, way, open, false});
    if (c_.failing_begins) add({"begin_fails/" + code, can, at(model::kEvents, "begin_cpu_access"), 0, way, {}, true});
    std::string is_open;
    for (unsigned w = 0; w < c_.windows; ++w) is_open = d_.either(is_open, d_.equal("w" + number(w), code));
    if (policies_.v[at(model::kFields, "cpu_owns")] == 1 && way == Direction::kBidirectional)
      is_open = d_.either(is_open, "(" + d_.both(d_.equal("state", number(kCpuOwned)), none) + ")");
    add({"end/" + code, d_.both(alive, is_open), at(model::kEvents, "end_cpu_access"), 0, way, close, false});
  }

  void access(const std::string& name, const std::string& guard, const std::string& table, Access kind, bool writes) {
    Effects effects;
    std::string harmless;
    for (unsigned l = 0; l < model::kLineStates; ++l)
      if (model::is_hazard(kind, belief_of(l))) harmless = d_.both(harmless, d_.no(d_.equal("line", number(l))));
    if (asserts_ && cached_ && !harmless.empty()) effects.push_back(d_.demand("(" + harmless + ")", name));
    if (cached_) effects.push_back(d_.set("line", table + "(line)"));
    if (writes && drops_backing()) effects.push_back(d_.set("written", "1"));
    if (!effects.empty()) rule(name, guard, effects);
  }
  void accesses() {
    const std::string alive = d_.both(d_.equal("exported", "1"), d_.no(d_.equal("state", number(kFreed))));
    if (cached_) rule("hardware", alive, {d_.set("line", "move(line)")});
    std::string none, reads, writes;
    for (unsigned w = 0; w < c_.windows; ++w) {
      const std::string name = "w" + number(w);
      none = d_.both(none, d_.equal(name, "0"));
      reads = d_.either(reads, d_.either(d_.equal(name, "2"), d_.equal(name, "3")));
      writes = d_.either(writes, d_.either(d_.equal(name, "1"), d_.equal(name, "3")));
    }
    if (policies_.v[at(model::kFields, "cpu_owns")] == 1) {
      const std::string by_mapping = "(" + d_.both(d_.equal("state", number(kCpuOwned)), none) + ")";
      reads = d_.either(reads, by_mapping);
      writes = d_.either(writes, by_mapping);
      none = d_.both(none, d_.no(d_.equal("state", number(kCpuOwned))));
    }
    const std::string user = d_.both(alive, d_.equal("user_mappings", "1"));
    access("cpu_reads", d_.both(user, reads), "cpu_read", Access::kCpuRead, false);
    access("cpu_writes", d_.both(user, writes), "cpu_write", Access::kCpuWrite, true);
    for (unsigned d = 0; d < c_.devices; ++d) {
      const std::string dir = of("dir", d), idle = d_.both(alive, none);
      access("reads" + number(d), d_.both(idle, d_.either(d_.equal(dir, "1"), d_.equal(dir, "3"))),
             snoops(d) ? "snoop_read" : "dev_read", snoops(d) ? Access::kCoherentRead : Access::kDeviceRead, false);
      access("writes" + number(d), d_.both(idle, dir + " > 1"), snoops(d) ? "snoop_write" : "dev_write",
             snoops(d) ? Access::kCoherentWrite : Access::kDeviceWrite, true);
    }
  }

  [[nodiscard]] std::string head() const {
    return contract_.name + ": " + contract_.title + "\n   " + number(c_.devices) + " devices, " + number(c_.coherent) +
           " coherent, " + number(c_.windows) + " windows, " + std::string(c_.arch->name);
  }
  [[nodiscard]] std::string promela() const {
    std::string text = "/* " + head() + " */\n" + functions_;
    for (const auto& [name, most] : variables_) text += "byte " + name + ";\n";
    return text + "active proctype model() {\nend:\n do\n" + rules_ + " od\n}\n";
  }
  [[nodiscard]] std::string murphi() const {
    std::string text = "/* " + head() + " */\nvar\n";
    for (const auto& [name, most] : variables_) text += " " + name + ": 0.." + number(name == "w0" ? 7 : most) + ";\n";
    text += functions_ + "startstate begin\n";
    for (const auto& [name, most] : variables_) text += " " + name + " := 0;\n";
    return text + "end;\n" + rules_;
  }

  const spec::Contract& contract_;
  const Configuration& c_;
  Dialect d_;
  bool asserts_, cached_;
  model::Cells policies_;
  std::vector<std::pair<std::string, unsigned>> variables_;
  std::string functions_, rules_;
};

}  // namespace

std::string export_model(const spec::Contract& contract, const Configuration& configuration,
                         const ExportOptions& options) {
  return Exporter(contract, configuration, options).write();
}

}  // namespace custody::checker
