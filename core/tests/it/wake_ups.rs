//! Real threads that wait in line: a hand-off wakes the one whose wait it ends, and lets the others sleep; and no section ends
//! a wait that it does not tell of.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use logon_core::environment::{Licenses, Line, Moment};
use logon_core::primitives::{Condition, Monitor, Name, Plain, Primitives, Topic, Wake, touch};
use logon_core::{
    Allocator, Claim, Fact, Fixed, Generation, LogonId, Observer, Refusal, Server, SessionId,
    Settings, StdMonitor, StdWord, UserId,
};

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

    fn wait_about<R: Plain>(
        &self,
        label: &'static str,
        topic: impl Into<Topic>,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        self.0.wait_about(label, topic, |state| {
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

/// Waits, by looking again and again, until so many logons wait in line. The last of them may not have fallen asleep.
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

/// How often somebody who waits about topic 1 has looked after each of these sections of an update, or of one that wakes
/// nobody, each with the topics that it touches. The last one lets it go on.
fn looks_after(sections: &'static [(&'static str, &'static [u64])]) -> usize {
    let monitor = StdMonitor::new("place", 0_usize);
    let looks = AtomicUsize::new(0);
    let look = |place: &mut usize| {
        looks.fetch_add(1, Ordering::SeqCst);
        (*place == sections.len()).then_some(())
    };
    thread::scope(|scope| {
        let waiter = scope.spawn(|| monitor.wait_about("await the end", Topic(1), look));
        // It has looked, and gives the lock back when it falls asleep.
        while monitor.peek(|_| looks.load(Ordering::SeqCst)) == 0 {
            thread::yield_now();
        }
        for (kind, topics) in sections {
            let section = |place: &mut usize| {
                *place += 1;
                topics.iter().for_each(|&topic| touch(Topic(topic)));
            };
            match *kind {
                "update" => monitor.update("go on", section),
                _ => monitor.enter("go on", section),
            }
        }
        waiter.join().expect("it goes on");
    });
    looks.load(Ordering::SeqCst)
}

#[test]
fn whoever_waits_about_a_topic_sleeps_until_an_update_has_touched_it() {
    let others: &[(&str, &[u64])] = &[
        ("update", &[]),
        ("update", &[2, 3]),
        ("update", &[0]),
        ("update", &[2, 1]),
    ];
    // Once before it sleeps, and once afterwards; a condition variable may wake it for no reason, which is rare.
    assert!(looks_after(others) <= 3);
    // What was touched by a section that wakes nobody is owed by the next update.
    looks_after(&[("enter", &[1]), ("enter", &[]), ("update", &[2])]);
}

#[test]
fn a_panic_in_the_section_leaves_nothing_behind() {
    let monitor = StdMonitor::new("count", 0_u32);
    thread::scope(|scope| {
        let waits = || {
            monitor.wait_about("await none", Topic(1), |count| {
                assert_eq!(*count, 0, "as expected");
                None::<()>
            });
        };
        let waiter = scope.spawn(waits);
        while !waiter.is_finished() {
            for now in [1, 0] {
                monitor.update("count", |count| {
                    *count = now;
                    touch(Topic(1));
                });
                thread::yield_now();
            }
        }
        assert!(waiter.join().is_err());
    });
    // The lock can be had, and whoever waits goes on.
    assert_eq!(
        monitor.wait_about("await any", Topic(1), |count| Some(*count)),
        0
    );
}

/// What was told last.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Told(Vec<Fact>);

impl Observer for Told {
    fn tell(&mut self, fact: Fact) {
        self.0.push(fact);
    }
}

const LOGONS: u32 = 6;

/// A section on a server, whatever became of it before.
fn any_section(server: &mut Server<Told>, kind: u32, logon: LogonId, claim: Claim) {
    let is_known = server.logons().contains_key(&logon);
    match kind {
        0 if !is_known => drop(server.admit(logon)),
        1 | 2 => drop(server.claim_or_queue(logon)),
        3 => drop(server.demand()),
        4 | 5 => server.publish(claim),
        6 => server.fail_creation(claim),
        7 => server.hang_up(logon),
        8 => drop(server.attach(logon)),
        9 => drop(server.arbitrate(logon, UserId(logon.0 / 2))),
        10 => drop(server.disconnect(logon)),
        11 => drop(server.log_off(logon)),
        12 => drop(server.reset(claim)),
        13 => drop(server.expire(claim)),
        14 if is_known => drop(server.refuse_in_line(logon, Refusal::CreationFailed)),
        15 => drop(server.swap(logon, UserId(logon.0 / 2))),
        _ => server.delete(claim),
    }
}

#[test]
fn no_section_ends_a_wait_without_telling_of_its_logon() {
    let has_news = |server: &Server<Told>, logon| {
        server.living(logon).is_err() || server.logons()[&logon].claim.is_some()
    };
    let mut random = 1_u64;
    let mut below = |end: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 33) as u32 % end as u32
    };
    let mut ended = 0;
    for _ in 0..3_000 {
        let settings = Settings {
            idle_pool: below(3),
            creation_workers: 2,
            max_connections: Some(4),
            ..Settings::default()
        };
        let mut server = Server::new(settings, Told::default());
        for _ in 0..60 {
            let logon = LogonId(below(LOGONS.into()));
            let generation = Generation(1 + below(u64::from(server.created()) + 1));
            let sessions = server.sessions().iter();
            let mut claims = sessions.filter(|(_, session)| session.generation == generation);
            let session = claims.next().map_or(SessionId(0), |(&id, _)| id);
            let claim = Claim {
                session,
                generation,
            };
            let before: Vec<bool> = (0..LOGONS).map(|n| has_news(&server, LogonId(n))).collect();
            let told = server.observer().0.len();
            any_section(&mut server, below(17), logon, claim);
            let told = &server.observer().0[told..];
            let named: Vec<LogonId> = told.iter().filter_map(Fact::ends_wait_of).collect();
            for (number, had_news) in (0..LOGONS).zip(before) {
                let logon = LogonId(number);
                if !had_news && has_news(&server, logon) {
                    ended += 1;
                    assert!(named.contains(&logon), "{logon}: {told:?}");
                }
            }
        }
    }
    assert!(ended > 5_000, "{ended} waits ended");
}
