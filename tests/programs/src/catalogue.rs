//! The list of all programs.

use crate::entry::{Entry, Published, falls, holds};
use crate::exclusion::{
    bakery::Bakery, dekker::Dekker, filter::Filter, hyman::Hyman, lamport_fast::LamportFast,
    mcs::Mcs, peterson::Peterson, spinlock::Spinlock, szymanski::Szymanski, ticket::Ticket,
};
use crate::lock_free::{
    double_checked::DoubleChecked, indexer::Indexer, last_zero::LastZero,
    michael_scott::MichaelScott, ring_buffer::RingBuffer, seqlock::Seqlock, treiber::Treiber,
    work_stealing::WorkStealing,
};
use crate::maple::{
    bank_account::BankAccount, circular_list::CircularList, log_sweep::LogSweep,
    mysql_169::Mysql169, shared_counter::SharedCounter, string_buffer::StringBuffer,
};
use crate::monitors::{
    barber::Barber, barrier::Barrier, dining::Dining, file_system::FileSystem, linux_rw::LinuxRw,
    readers_writers::ReadersWriters, sense_barrier::SenseBarrier, smokers::Smokers,
};
use crate::pools::deadpool::Resizing;
use crate::sctbench::{
    account::Account, arithmetic::Arithmetic, bluetooth::Bluetooth, carter::Carter,
    circular_buffer::CircularBuffer, deadlock::Deadlock, lazy::Lazy, micro::Micro, phase::Phase,
    philosophers::Philosophers, queue::TurnQueue, reorder::Reorder, safe_stack::SafeStack,
    stack::FlaggedStack, stateful::Stateful, stateful::Stateful01, sync::Sync,
    token_ring::TokenRing, two_stage::TwoStage, wrong_lock::WrongLock,
};

/// All programs, by where they are published.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let groups = [
        sctbench(),
        maple(),
        exclusion(),
        lock_free(),
        monitors(),
        pools(),
    ];
    groups.into_iter().flatten().collect()
}

fn sctbench() -> Vec<Entry> {
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

fn maple() -> Vec<Entry> {
    vec![
        Entry::new(
            "bank-account",
            "Maple 2012, `bank_account`",
            Published::Wrong,
            falls("a-booking-is-lost", 4),
            BankAccount,
        ),
        Entry::new(
            "circular-list",
            "Maple 2012, `circular_list`",
            Published::Wrong,
            falls("the-list-is-out-of-order", 4),
            CircularList,
        ),
        Entry::new(
            "log-sweep",
            "Maple 2012, `log_proc_sweep`",
            Published::Wrong,
            falls("panic", 3),
            LogSweep,
        ),
        Entry::new(
            "mysql-169",
            "Maple 2012, `mysql_169_extract`",
            Published::Wrong,
            falls("the-log-ends-with-another-change-than-th", 4),
            Mysql169,
        ),
        Entry::new(
            "shared-counter-2",
            "Maple 2012, `shared_counter`",
            Published::Wrong,
            falls("a-count-is-lost", 4),
            SharedCounter { counters: 2 },
        ),
        Entry::new(
            "shared-counter-5",
            "Maple 2012, `shared_counter`",
            Published::Wrong,
            falls("a-count-is-lost", 10),
            SharedCounter { counters: 5 },
        ),
        Entry::new(
            "string-buffer",
            "Maple 2012, `string_buffer`",
            Published::Wrong,
            falls("panic", 3),
            StringBuffer,
        ),
    ]
}

fn exclusion() -> Vec<Entry> {
    vec![
        Entry::new(
            "peterson",
            "Peterson 1981",
            Published::Right,
            holds(584),
            Peterson {
                rounds: 2,
                turn_first: false,
            },
        ),
        Entry::new(
            "peterson-turn-first",
            "Peterson 1981, writes exchanged",
            Published::Wrong,
            falls("panic", 9),
            Peterson {
                rounds: 1,
                turn_first: true,
            },
        ),
        Entry::new(
            "dekker",
            "Dijkstra 1962",
            Published::Right,
            holds(63),
            Dekker { takes_turns: true },
        ),
        Entry::new(
            "dekker-without-turns",
            "Dijkstra 1962, the attempt before",
            Published::Wrong,
            falls("never-ends", 4),
            Dekker { takes_turns: false },
        ),
        Entry::new(
            "hyman",
            "Hyman 1966; Knuth 1966",
            Published::Wrong,
            falls("panic", 9),
            Hyman,
        ),
        Entry::new(
            "bakery-2",
            "Lamport 1974",
            Published::Right,
            holds(169),
            Bakery {
                customers: 2,
                says_who_chooses: true,
            },
        ),
        Entry::new(
            "bakery-3",
            "Lamport 1974",
            Published::Right,
            holds(8_088),
            Bakery {
                customers: 3,
                says_who_chooses: true,
            },
        )
        .large(),
        Entry::new(
            "bakery-without-flags",
            "Lamport 1974, without `choosing`",
            Published::Wrong,
            falls("panic", 8),
            Bakery {
                customers: 2,
                says_who_chooses: false,
            },
        ),
        Entry::new(
            "szymanski-2",
            "Szymanski 1988",
            Published::Right,
            holds(143),
            Szymanski { processes: 2 },
        ),
        Entry::new(
            "szymanski-3",
            "Szymanski 1988",
            Published::Right,
            holds(6_379),
            Szymanski { processes: 3 },
        )
        .large(),
        Entry::new(
            "filter-3",
            "Herlihy and Shavit 2008",
            Published::Right,
            holds(6_367),
            Filter {
                processes: 3,
                levels: 2,
            },
        ),
        Entry::new(
            "filter-3-one-level",
            "Herlihy and Shavit 2008, a level less",
            Published::Wrong,
            falls("panic", 10),
            Filter {
                processes: 3,
                levels: 1,
            },
        ),
        Entry::new(
            "lamport-fast-2",
            "Lamport 1987",
            Published::Right,
            holds(315),
            LamportFast { processes: 2 },
        ),
        Entry::new(
            "lamport-fast-3",
            "Lamport 1987",
            Published::Right,
            holds(14_405),
            LamportFast { processes: 3 },
        )
        .large(),
        Entry::new(
            "test-and-set",
            "Dijkstra 1965",
            Published::Right,
            holds(189),
            Spinlock {
                users: 3,
                rounds: 2,
                in_one_step: true,
            },
        ),
        Entry::new(
            "test-then-set",
            "Dijkstra 1965, in two steps",
            Published::Wrong,
            falls("panic", 6),
            Spinlock {
                users: 2,
                rounds: 1,
                in_one_step: false,
            },
        ),
        Entry::new(
            "ticket-lock",
            "Mellor-Crummey and Scott 1991",
            Published::Right,
            holds(148),
            Ticket {
                users: 3,
                in_one_step: true,
            },
        ),
        Entry::new(
            "ticket-lock-torn",
            "Mellor-Crummey and Scott 1991, in two steps",
            Published::Wrong,
            falls("panic", 8),
            Ticket {
                users: 2,
                in_one_step: false,
            },
        ),
        Entry::new(
            "mcs-lock",
            "Mellor-Crummey and Scott 1991",
            Published::Right,
            holds(1_472),
            Mcs {
                users: 3,
                awaits_the_link: true,
            },
        ),
        Entry::new(
            "mcs-lock-hasty",
            "Mellor-Crummey and Scott 1991, without the wait",
            Published::Wrong,
            falls("never-ends", 9),
            Mcs {
                users: 2,
                awaits_the_link: false,
            },
        ),
    ]
}

fn lock_free() -> Vec<Entry> {
    vec![
        Entry::new(
            "treiber-stack",
            "Treiber 1986, with a counter",
            Published::Right,
            holds(158),
            Treiber { counts: true },
        ),
        Entry::new(
            "treiber-stack-aba",
            "Treiber 1986, without",
            Published::Wrong,
            falls("panic", 18),
            Treiber { counts: false },
        ),
        Entry::new(
            "michael-scott-queue",
            "Michael and Scott 1996",
            Published::Right,
            holds(529),
            MichaelScott { helps: true },
        ),
        Entry::new(
            "michael-scott-without-help",
            "Michael and Scott 1996, without help",
            Published::Wrong,
            falls("never-ends", 5),
            MichaelScott { helps: false },
        ),
        Entry::new(
            "work-stealing",
            "Chase and Lev 2005",
            Published::Right,
            holds(2_670),
            WorkStealing {
                elements: 2,
                thieves: 2,
                competes: true,
            },
        ),
        Entry::new(
            "work-stealing-careless",
            "Chase and Lev 2005, without the last exchange",
            Published::Wrong,
            falls("panic", 14),
            WorkStealing {
                elements: 2,
                thieves: 1,
                competes: false,
            },
        ),
        Entry::new(
            "ring-buffer",
            "Lamport 1977",
            Published::Right,
            holds(41),
            RingBuffer { producers: 1 },
        ),
        Entry::new(
            "ring-buffer-2-producers",
            "Lamport 1977, for two",
            Published::Wrong,
            falls("never-ends", 25),
            RingBuffer { producers: 2 },
        ),
        Entry::new(
            "seqlock",
            "Lameter 2005",
            Published::Right,
            holds(1_967),
            Seqlock {
                writes: 2,
                readers: 2,
                looks_again: true,
            },
        ),
        Entry::new(
            "seqlock-one-look",
            "Lameter 2005, without the second look",
            Published::Wrong,
            falls("panic", 5),
            Seqlock {
                writes: 1,
                readers: 1,
                looks_again: false,
            },
        ),
        Entry::new(
            "double-checked",
            "Schmidt and Harrison 1997",
            Published::Right,
            holds(64),
            DoubleChecked { flag_first: false },
        ),
        Entry::new(
            "double-checked-early",
            "Schmidt and Harrison 1997, flag first",
            Published::Wrong,
            falls("panic", 6),
            DoubleChecked { flag_first: true },
        ),
        Entry::new(
            "indexer-11",
            "Flanagan and Godefroid 2005",
            Published::Right,
            holds(2_048),
            Indexer {
                threads: 11,
                messages: 1,
                size: 128,
            },
        ),
        Entry::new(
            "indexer-crowded",
            "Flanagan and Godefroid 2005, a small table",
            Published::Right,
            holds(152),
            Indexer {
                threads: 3,
                messages: 2,
                size: 6,
            },
        ),
        Entry::new(
            "last-zero-5",
            "Abdulla and others 2014",
            Published::Right,
            holds(1_890),
            LastZero { writers: 5 },
        ),
        Entry::new(
            "last-zero-8",
            "Abdulla and others 2014",
            Published::Right,
            holds(99_651),
            LastZero { writers: 8 },
        )
        .large(),
    ]
}

fn monitors() -> Vec<Entry> {
    vec![
        Entry::new(
            "dining-5",
            "Dijkstra 1971",
            Published::Wrong,
            falls("stuck", 10),
            Dining {
                philosophers: 5,
                in_order: false,
            },
        ),
        Entry::new(
            "dining-5-in-order",
            "Dijkstra 1971, forks in order",
            Published::Right,
            holds(3_126),
            Dining {
                philosophers: 5,
                in_order: true,
            },
        ),
        Entry::new(
            "barber",
            "Dijkstra 1965",
            Published::Right,
            holds(252),
            Barber {
                customers: 3,
                chairs: 2,
                in_one_step: true,
            },
        ),
        Entry::new(
            "barber-in-two-steps",
            "Dijkstra 1965, asleep in two steps",
            Published::Wrong,
            falls("stuck", 6),
            Barber {
                customers: 2,
                chairs: 2,
                in_one_step: false,
            },
        ),
        Entry::new(
            "smokers",
            "Patil 1971, both at once",
            Published::Right,
            holds(104),
            Smokers {
                rounds: 3,
                takes_both: true,
            },
        ),
        Entry::new(
            "smokers-one-by-one",
            "Patil 1971",
            Published::Wrong,
            falls("stuck", 7),
            Smokers {
                rounds: 1,
                takes_both: false,
            },
        ),
        Entry::new(
            "readers-writers",
            "Courtois, Heymans and Parnas 1971",
            Published::Right,
            holds(1_633),
            ReadersWriters {
                readers: 2,
                writers: 2,
                writers_look: true,
            },
        ),
        Entry::new(
            "readers-writers-careless",
            "Courtois, Heymans and Parnas 1971, without a look",
            Published::Wrong,
            falls("panic", 6),
            ReadersWriters {
                readers: 1,
                writers: 1,
                writers_look: false,
            },
        ),
        Entry::new(
            "barrier",
            "Downey 2005",
            Published::Right,
            holds(83),
            Barrier {
                parties: 3,
                rounds: 2,
                has_generations: true,
            },
        ),
        Entry::new(
            "barrier-without-generations",
            "Downey 2005, without generations",
            Published::Wrong,
            falls("stuck", 6),
            Barrier {
                parties: 2,
                rounds: 2,
                has_generations: false,
            },
        ),
        Entry::new(
            "sense-barrier",
            "Hensgen, Finkel and Manber 1988",
            Published::Right,
            holds(182_257),
            SenseBarrier {
                parties: 3,
                rounds: 2,
                resets_first: true,
            },
        ),
        Entry::new(
            "sense-barrier-late",
            "Hensgen, Finkel and Manber 1988, reset late",
            Published::Wrong,
            falls("never-ends", 15),
            SenseBarrier {
                parties: 2,
                rounds: 2,
                resets_first: false,
            },
        ),
        Entry::new(
            "linux-rw-lock",
            "SV-COMP, `linuxrwlocks`",
            Published::Right,
            holds(26_829),
            LinuxRw {
                readers: 2,
                writers: 2,
            },
        ),
        Entry::new(
            "file-system",
            "Flanagan and Godefroid 2005",
            Published::Right,
            holds(1_369),
            FileSystem {
                threads: 4,
                inodes: 2,
                blocks: 3,
            },
        ),
    ]
}

fn pools() -> Vec<Entry> {
    vec![
        Entry::new(
            "deadpool-all-out",
            "deadpool 0.12.3, issue 380",
            Published::Wrong,
            falls("panic", 14),
            Resizing {
                users: 4,
                begins_with_out: 3,
                sizes: &[1, 2],
                puts_back: false,
                remembers: false,
            },
        ),
        Entry::new(
            "deadpool-none-out",
            "deadpool 0.12.3",
            Published::Wrong,
            falls("panic", 5),
            Resizing {
                users: 2,
                begins_with_out: 0,
                sizes: &[1],
                puts_back: false,
                remembers: false,
            },
        ),
        Entry::new(
            "deadpool-with-debt",
            "written for this list",
            Published::Nothing,
            holds(149_107),
            Resizing {
                users: 4,
                begins_with_out: 0,
                sizes: &[1, 2],
                puts_back: true,
                remembers: true,
            },
        ),
    ]
}
