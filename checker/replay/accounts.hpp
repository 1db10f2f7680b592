// SPDX-License-Identifier: BSD-2-Clause
// The accounts room: what the operations cost, what of them nobody needed, and what would have been enough.
#pragma once

#include <array>
#include <vector>

#include "checker/hindsight/ledger.hpp"
#include "checker/hindsight/subset.hpp"
#include "checker/optimum/schedule.hpp"
#include "checker/replay/belief.hpp"
#include "checker/replay/judge.hpp"
#include "model/thin_vector.hpp"

namespace custody::checker::replay {

/// The contract belief as it would be had one operation not run.
struct Shadow {
  model::Belief belief;
  std::uint32_t pending;  ///< what is said when its fate is known: an index in `Accounts`
};

/// The account of one buffer.
struct Account {
  optimum::ScheduleState schedule;
  hindsight::SubsetState subset;
  std::uint64_t passes = 0;           ///< of all operations
  std::uint64_t bytes = 0;            ///< of these
  std::uint64_t kept_passes = 0;      ///< of those that `subset` does not know
  std::uint8_t not_computed = 0;      ///< bit per NotComputed, of what concerns its optimum and its least subset
  bool looked_away = false;           ///< no fate of an operation is known any more
  bool closed = false;                ///< its sums are in the totals
  model::ThinVector<Shadow> shadows;  ///< oldest first
};

/// The accounts of all buffers of a trace. They follow the contract belief, which each call is given as it was before
/// what the call tells. Findings on operations that turn out to be unobserved go to the judge. Not thread safe.
class Accounts {
 public:
  /// `totals` gets the sums. Both must outlive it.
  Accounts(optimum::Price price, MaintenanceTotals& totals, Judge& judge)
      : price_(price), schedules_(price), subsets_(price), totals_(totals), judge_(judge) {}

  void begin(Account& a, model::Belief start);
  /// Time passed in which these accesses were possible, and the belief was advanced by them. `broken`: the client broke
  /// the rules, `mixed`: a pair of devices cannot be kept apart, so that nobody knows who looks at what.
  void advance(Account& a, const BufferBelief& belief, model::AccessSet may, bool broken, bool mixed);
  /// A driver could operate here: before this event, after the advance.
  void pass(Account& a, model::AccessSet may) { schedules_.pass(a.schedule, may); }
  /// These accesses are possible from here on, so that every schedule has to allow them.
  void require(Account& a, model::Belief hazard) { schedules_.require(a.schedule, hazard); }
  /// The same, of what the driver did: `by` is how the belief will be settled.
  void look(Account& a, const BufferBelief& belief, model::AccessSet accesses, hindsight::Settlement by);
  /// The access certainly happened. `whole`: to the whole buffer.
  void perform(Account& a, model::Access access);
  void perform_partly(Account& a, model::Access access);
  /// The CPU copies the slot of a bounced device in: it reads the buffer, and a schedule could operate before.
  void copy_out_of_buffer(Account& a, model::AccessSet may);
  /// It copies the slot out. `differs`: the slot may hold something else than the buffer does.
  void copy_into_buffer(Account& a, bool differs);
  /// No figure of this buffer means anything any more.
  static void give_schedule_up(Account& a, NotComputed why) { a.not_computed |= bit_of(why); }
  /// What happened to it is known, and no schedule is free of hazards.
  [[nodiscard]] static bool has_no_schedule(const Account& a) {
    return (a.not_computed & bit_of(NotComputed::kNoSchedule)) != 0 ||
           (!a.closed && a.schedule.infeasible && a.not_computed == 0);
  }

  /// The driver operated: the operation also runs where an earlier one is left out.
  void operate(Account& a, const hindsight::DriverOperation& driver);
  /// Counts an operation, and begins to watch what would be without it. `driver` has no operation where the buffer's
  /// lines were not touched. `redundant`: the rules that say so, should it turn out that nobody needed it.
  void book(Account& a, const Suspicion& s, const hindsight::DriverOperation& driver, const RuleSet& redundant,
            const Circumstances& at);
  void count_copy(std::uint64_t bytes) { totals_.copy_bytes += bytes; }
  void count_free_sync() { ++totals_.free_syncs; }

  /// The fate of what is open cannot be known any more; the contract belief becomes `now`.
  void restart(Account& a, const BufferBelief& belief, model::Belief now);
  /// The same where a fork of the belief is decided for `now`; what is open stays open.
  void join(Account& a, const BufferBelief& belief, model::Belief now) {
    subsets_.restart(a.subset, belief.contract(), now);
  }
  /// The lines of the buffer are told apart, which hindsight does not follow.
  void stop_hindsight(Account& a);
  /// Nothing more will happen to the buffer. `countable`: its cheapest schedule is a number that means something.
  void close(Account& a, const BufferBelief& belief, bool released, bool countable);
  [[nodiscard]] std::vector<hindsight::CostEntry> costs() const { return ledger_.entries(); }

 private:
  /// An operation whose fate is open: the finding to be, and where it is booked.
  struct Pending {
    Finding finding;
    std::array<KeptEvent, History::kKept> history;
    hindsight::CostPlace place;
    std::uint64_t passes = 0, bytes = 0;
  };

  /// A free place for what is said of an operation on which this buffer has a shadow from now on.
  [[nodiscard]] Pending& watch(Account& a, model::Belief belief);
  void settle_fate(Account& a, std::size_t index, hindsight::Fate fate);
  void settle_fates(Account& a, hindsight::Fate fate);
  [[nodiscard]] static Suspicion unobserved(const Suspicion& s, const RuleSet& redundant);

  optimum::Price price_;
  optimum::ScheduleAutomaton schedules_;
  hindsight::SubsetAutomaton subsets_;
  hindsight::Ledger ledger_;
  std::vector<Pending> pending_;
  std::vector<std::uint32_t> free_pending_;
  MaintenanceTotals& totals_;
  Judge& judge_;
};

}  // namespace custody::checker::replay
