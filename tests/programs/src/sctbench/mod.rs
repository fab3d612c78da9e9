//! The small programs of SCTBench, from the concurrent software benchmarks that came with ESBMC.
//!
//! P. Thomson, A. F. Donaldson, A. Betts: Concurrency testing using schedule bounding: an empirical study. PPoPP 2014.
//! L. Cordeiro, B. Fischer: Verifying multi-threaded software using SMT-based context-bounded model checking. ICSE 2011.

pub(crate) mod account;
pub(crate) mod arithmetic;
pub(crate) mod bluetooth;
pub(crate) mod carter;
pub(crate) mod circular_buffer;
pub(crate) mod deadlock;
pub(crate) mod lazy;
pub(crate) mod micro;
pub(crate) mod phase;
pub(crate) mod philosophers;
pub(crate) mod queue;
pub(crate) mod reorder;
pub(crate) mod safe_stack;
pub(crate) mod stack;
pub(crate) mod stateful;
pub(crate) mod sync;
pub(crate) mod token_ring;
pub(crate) mod two_stage;
pub(crate) mod wrong_lock;

use self::{
    account::Account, arithmetic::Arithmetic, bluetooth::Bluetooth, carter::Carter,
    circular_buffer::CircularBuffer, deadlock::Deadlock, lazy::Lazy, micro::Micro, phase::Phase,
    philosophers::Philosophers, queue::TurnQueue, reorder::Reorder, safe_stack::SafeStack,
    stack::FlaggedStack, stateful::Stateful, stateful::Stateful01, sync::Sync,
    token_ring::TokenRing, two_stage::TwoStage, wrong_lock::WrongLock,
};
use crate::entry::{Entry, Published, falls, holds};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "account-bad",
            "SCTBench, `account_bad`",
            Published::Wrong,
            falls("panic", 3),
            Account { expected: -5 },
        ),
        Entry::new(
            "account-ok",
            "SCTBench, `account_ok`",
            Published::Right,
            holds(9),
            Account { expected: -1 },
        ),
        Entry::new(
            "arithmetic-bad",
            "SCTBench, `arithmetic_prog_bad`",
            Published::Wrong,
            falls("another-sum", 13),
            Arithmetic {
                numbers: 3,
                is_their_sum: false,
            },
        ),
        Entry::new(
            "arithmetic-ok",
            "SCTBench, `arithmetic_prog_ok`",
            Published::Right,
            holds(52),
            Arithmetic {
                numbers: 4,
                is_their_sum: true,
            },
        ),
        Entry::new(
            "bluetooth-bad",
            "SCTBench, `bluetooth_driver_bad`",
            Published::Wrong,
            falls("panic", 8),
            Bluetooth {
                counts_first: false,
            },
        ),
        Entry::new(
            "bluetooth-corrected",
            "Qadeer and Wu 2004",
            Published::Right,
            holds(60),
            Bluetooth { counts_first: true },
        ),
        Entry::new(
            "carter-bad",
            "SCTBench, `carter01_bad`",
            Published::Wrong,
            falls("stuck", 8),
            Carter,
        ),
        Entry::new(
            "circular-buffer-bad",
            "SCTBench, `circular_buffer_bad`",
            Published::Wrong,
            falls("panic", 3),
            CircularBuffer {
                compares_with_sent: false,
            },
        ),
        Entry::new(
            "circular-buffer-ok",
            "SCTBench, `circular_buffer_ok`",
            Published::Right,
            holds(12_869),
            CircularBuffer {
                compares_with_sent: true,
            },
        ),
        Entry::new(
            "deadlock-bad",
            "SCTBench, `deadlock01_bad`",
            Published::Wrong,
            falls("stuck", 4),
            Deadlock {
                in_one_order: false,
            },
        ),
        Entry::new(
            "deadlock-in-order",
            "Havender 1968",
            Published::Right,
            holds(22),
            Deadlock { in_one_order: true },
        ),
        Entry::new(
            "philosophers-2-sat",
            "SCTBench, `din_phil2_sat`",
            Published::Wrong,
            falls("panic", 17),
            Philosophers {
                count: 2,
                counts: true,
            },
        ),
        Entry::new(
            "philosophers-4-sat",
            "SCTBench, `din_phil4_sat`",
            Published::Wrong,
            falls("panic", 33),
            Philosophers {
                count: 4,
                counts: true,
            },
        ),
        Entry::new(
            "philosophers-5-sat",
            "SCTBench, `din_phil5_sat`",
            Published::Wrong,
            falls("panic", 41),
            Philosophers {
                count: 5,
                counts: true,
            },
        )
        .large(),
        Entry::new(
            "philosophers-4-unsat",
            "SCTBench, `din_phil4_unsat`",
            Published::Right,
            holds(556),
            Philosophers {
                count: 4,
                counts: false,
            },
        ),
        Entry::new(
            "lazy-bad",
            "SCTBench, `lazy01_bad`",
            Published::Wrong,
            falls("panic", 3),
            Lazy,
        ),
        Entry::new(
            "micro-ok",
            "SCTBench, `micro_2_ok`, ten increments",
            Published::Right,
            holds(30_392),
            Micro { increments: 10 },
        ),
        Entry::new(
            "phase-bad",
            "SCTBench, `phase01_bad`",
            Published::Wrong,
            falls("stuck", 8),
            Phase { gives_back: false },
        ),
        Entry::new(
            "phase-ok",
            "SCTBench, `phase01_ok`",
            Published::Right,
            holds(89),
            Phase { gives_back: true },
        ),
        Entry::new(
            "queue-bad",
            "SCTBench, `queue_bad`",
            Published::Wrong,
            falls("panic", 4),
            TurnQueue,
        ),
        Entry::new(
            "reorder-3-bad",
            "SCTBench, `reorder_3_bad`",
            Published::Wrong,
            falls("panic", 4),
            Reorder {
                setters: 2,
                checkers: 1,
            },
        ),
        Entry::new(
            "reorder-4-bad",
            "SCTBench, `reorder_4_bad`",
            Published::Wrong,
            falls("panic", 4),
            Reorder {
                setters: 3,
                checkers: 1,
            },
        ),
        Entry::new(
            "reorder-5-bad",
            "SCTBench, `reorder_5_bad`",
            Published::Wrong,
            falls("panic", 4),
            Reorder {
                setters: 4,
                checkers: 1,
            },
        ),
        Entry::new(
            "reorder-10-bad",
            "SCTBench, `reorder_10_bad`",
            Published::Wrong,
            falls("panic", 4),
            Reorder {
                setters: 9,
                checkers: 1,
            },
        )
        .merging(),
        Entry::new(
            "reorder-20-bad",
            "SCTBench, `reorder_20_bad`",
            Published::Wrong,
            falls("panic", 4),
            Reorder {
                setters: 10,
                checkers: 10,
            },
        )
        .merging(),
        Entry::new(
            "stack-bad",
            "SCTBench, `stack_bad`",
            Published::Wrong,
            falls("panic", 3),
            FlaggedStack {
                trusts_the_flag: true,
            },
        ),
        Entry::new(
            "stack-ok",
            "SCTBench, `stack_ok`",
            Published::Right,
            holds(506),
            FlaggedStack {
                trusts_the_flag: false,
            },
        ),
        Entry::new(
            "stateful-01-ok",
            "SCTBench, `stateful01_ok`",
            Published::Right,
            holds(9),
            Stateful01,
        ),
        Entry::new(
            "stateful-06-ok",
            "SCTBench, `stateful06_ok`",
            Published::Right,
            holds(400),
            Stateful {
                adders: 1,
                rounds: 19,
            },
        ),
        Entry::new(
            "stateful-20-ok",
            "SCTBench, `stateful20_ok`",
            Published::Right,
            holds(9_261),
            Stateful {
                adders: 2,
                rounds: 20,
            },
        ),
        Entry::new(
            "sync-01-bad",
            "SCTBench, `sync01_bad`",
            Published::Wrong,
            falls("stuck", 3),
            Sync {
                at_first: 1,
                rounds: 1,
                takes: false,
            },
        ),
        Entry::new(
            "sync-01-ok",
            "SCTBench, `sync01_ok`",
            Published::Right,
            holds(9),
            Sync {
                at_first: 0,
                rounds: 1,
                takes: true,
            },
        ),
        Entry::new(
            "sync-02-bad",
            "SCTBench, `sync02_bad`",
            Published::Wrong,
            falls("stuck", 7),
            Sync {
                at_first: 2,
                rounds: 2,
                takes: true,
            },
        ),
        Entry::new(
            "sync-02-ok",
            "SCTBench, `sync02_ok`",
            Published::Right,
            holds(274),
            Sync {
                at_first: 0,
                rounds: 20,
                takes: true,
            },
        ),
        Entry::new(
            "token-ring-bad",
            "SCTBench, `token_ring_bad`",
            Published::Wrong,
            falls("panic", 4),
            TokenRing,
        ),
        Entry::new(
            "two-stage-bad",
            "SCTBench, `twostage_bad`",
            Published::Wrong,
            falls("panic", 3),
            TwoStage {
                setters: 1,
                readers: 1,
            },
        ),
        Entry::new(
            "two-stage-100-bad",
            "SCTBench, `twostage_100_bad`",
            Published::Wrong,
            falls("panic", 3),
            TwoStage {
                setters: 99,
                readers: 1,
            },
        )
        .merging(),
        Entry::new(
            "wrong-lock-3-bad",
            "SCTBench, `wronglock_3_bad`",
            Published::Wrong,
            falls("panic", 8),
            WrongLock { others: 3 },
        ),
        Entry::new(
            "wrong-lock-bad",
            "SCTBench, `wronglock_bad`",
            Published::Wrong,
            falls("panic", 8),
            WrongLock { others: 7 },
        )
        .merging(),
        Entry::new(
            "safe-stack",
            "SCTBench, `safestack`",
            Published::Wrong,
            falls("panic", 45),
            SafeStack {
                users: 3,
                rounds: 2,
            },
        )
        .large(),
    ]
}
