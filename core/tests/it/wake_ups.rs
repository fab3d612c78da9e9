//! Real threads that wait in line: a hand-off wakes the one whose wait it ends, and lets the others sleep.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use logon_core::environment::{Licenses, Line, Moment};
use logon_core::primitives::{Condition, Monitor, Name, Plain, Primitives, Wake};
use logon_core::{Allocator, Fixed, LogonId, Server, Settings, StdMonitor, StdWord};

/// How often a thread has looked whether its wait is over.
static LOOKS: AtomicUsize = AtomicUsize::new(0);

/// Real threads that count their looks.
struct Counting;

impl Primitives for Counting {
    type Monitor<S: Plain> = CountingMonitor<S>;
    type Word = StdWord;
}

struct CountingMonitor<S>(StdMonitor<S>);

impl<S: Plain> Monitor<S> for CountingMonitor<S> {
    fn new(name: impl Into<Name>, state: S) -> Self {
        CountingMonitor(StdMonitor::new(name, state))
    }

    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.0.enter(label, section)
    }

    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R {
        self.0.update(label, section)
    }

    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R {
        self.0.wait_for(label, |state| {
            LOOKS.fetch_add(1, Ordering::SeqCst);
            section(state)
        })
    }

    fn wait_until<R: Plain>(
        &self,
        label: &'static str,
        is_over: impl Fn(&S) -> bool + Send + 'static,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        self.0.wait_until(label, is_over, |state| {
            LOOKS.fetch_add(1, Ordering::SeqCst);
            section(state)
        })
    }

    fn change<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R {
        self.0.change(label, section)
    }

    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R {
        self.0.wait_on(label, condition, section)
    }

    fn sleep(&self, label: &'static str) {
        self.0.sleep(label);
    }

    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        self.0.peek(look)
    }
}

struct Up;

impl Line for Up {
    fn is_up(&self, _: Moment) -> bool {
        true
    }
}

impl Licenses for Up {
    fn grant(&self, _: LogonId) -> bool {
        true
    }
}

/// Waits, by looking again and again, until so many logons wait in line: from then on each of them sleeps.
fn await_line<P: Primitives>(allocator: &Fixed<P, ()>, length: usize) {
    while allocator.server().peek(|server| server.queue().len()) != length {
        thread::yield_now();
    }
}

#[test]
fn a_hand_off_wakes_one_however_many_wait() {
    const CLIENTS: usize = 100;
    let allocator = Fixed::<Counting, ()>::around(Server::new(Settings::default(), ()));
    let create = || {
        let claim = allocator
            .server()
            .update("begin creation", Server::begin_creation);
        allocator.publish(claim);
    };
    thread::scope(|scope| {
        for number in 0..CLIENTS as u32 {
            let allocator = &allocator;
            scope.spawn(move || allocator.connect(LogonId(number), &Up, &Up).is_ok());
        }
        await_line(&allocator, CLIENTS);
        for served in 1..=CLIENTS {
            create();
            await_line(&allocator, CLIENTS - served);
        }
    });
    let looks = LOOKS.load(Ordering::SeqCst);
    // Each looks when it comes, unless its session is there by then, and when it is handed its session. A condition variable
    // may wake a thread for no reason as well, which is rare.
    assert!((CLIENTS..CLIENTS * 3).contains(&looks), "{looks} looks");
}

#[test]
fn whoever_waits_until_something_is_so_looks_after_the_update_that_makes_it_so_and_after_no_other()
{
    let monitor = StdMonitor::new("count", 0_u32);
    let (looks, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let look = |count: &mut u32| {
        looks.fetch_add(1, Ordering::SeqCst);
        (*count >= 3).then_some(*count)
    };
    thread::scope(|scope| {
        let waits = || {
            let seen = monitor.wait_until("await three", |count| *count >= 3, look);
            is_over.store(true, Ordering::SeqCst);
            seen
        };
        let waiter = scope.spawn(waits);
        while monitor.peek(|_| looks.load(Ordering::SeqCst)) == 0 {
            thread::yield_now();
        }
        // It sleeps: it looked, and gave the lock back when it fell asleep.
        for count in 1..=2 {
            monitor.update("count", |now| *now = count);
            assert!(!is_over.load(Ordering::SeqCst));
        }
        // Not an update: nobody is woken.
        monitor.enter("count", |now| *now = 3);
        assert!(!waiter.is_finished());
        monitor.update("count", |now| *now += 1);
        assert_eq!(waiter.join().expect("it goes on"), 4);
    });
    assert!(looks.load(Ordering::SeqCst) <= 3, "{looks:?}");
}

#[test]
fn a_panic_in_the_section_leaves_nothing_behind() {
    let monitor = StdMonitor::new("count", 0_u32);
    thread::scope(|scope| {
        let waits = || {
            monitor.wait_until(
                "await one",
                |count| *count == 1,
                |count| {
                    assert_eq!(*count, 0, "as expected");
                    None::<()>
                },
            );
        };
        let waiter = scope.spawn(waits);
        while !waiter.is_finished() {
            monitor.update("count", |count| *count = 1);
            thread::yield_now();
            monitor.update("count", |count| *count = 0);
        }
        assert!(waiter.join().is_err());
    });
    monitor.update("count", |count| *count = 1);
    // The lock can be had, and whoever waits goes on.
    assert_eq!(
        monitor.wait_until("await one", |count| *count == 1, |count| Some(*count)),
        1
    );
}
