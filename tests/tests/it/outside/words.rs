//! What a run shows of the memory orderings of words, and what becomes of a verdict by it.

use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_core::{Allocator, Claim, DropReason, Ending, LogonId, Observer, Refusal, Server};
use logon_models::check::{Check, Report};
use logon_models::checker::Checker;
use logon_models::outcome::{Outcome, Verdict};
use logon_models::render;
use logon_models::scenario::{Overrides, Scenario};

use crate::outside::Outside;

/// Two who come raise a flag each and look at the other one's: one of them sees it. With `SeqCst` that is so, with less
/// it is not; and if neither does, the second is dropped.
pub(crate) struct Flags<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    flags: [P::Word; 2],
    first: P::Word,
    /// Of stores and of loads.
    orders: (Ordering, Ordering),
    /// Of the word that says who was first.
    of_first: Ordering,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Flags<P, O> {
    fn around(server: Server<O>) -> Self {
        Flags {
            server: P::Monitor::new("server", server),
            flags: [P::Word::new("flag 0", 0), P::Word::new("flag 1", 0)],
            first: P::Word::new("first", 0),
            orders: (SeqCst, SeqCst),
            of_first: SeqCst,
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let (store, load) = self.orders;
        let own = (logon.0 % 2) as usize;
        self.flags[own].store("raise the flag", 1, store);
        if self.flags[1 - own].load("look at the other flag", load) == 0 {
            let is_first = self
                .first
                .compare_exchange("be the first", 0, 1, self.of_first);
            if is_first.is_err() {
                return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotReady)));
            }
        }
        self.server
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }
}

/// With which orders words are used.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Strong,
    Weak,
    /// The flags are strong, and another word is not.
    Mixed,
}

impl<P: Primitives, O: Observer> Flags<P, O> {
    pub(crate) fn new(server: Server<O>, kind: Kind) -> Self {
        let mut flags = Flags::around(server);
        match kind {
            Kind::Strong => {}
            Kind::Weak => (flags.orders, flags.of_first) = ((Release, Acquire), Relaxed),
            Kind::Mixed => flags.of_first = Relaxed,
        }
        flags
    }
}

fn two_clients() -> Scenario {
    let overrides = Overrides {
        clients: Some(2),
        idle_pool: Some(0),
        ..Overrides::default()
    };
    let preset = Scenario::preset("q238186-default").expect("a preset");
    preset.with(&overrides).expect("two clients")
}

#[track_caller]
fn run(subject: Outside, checkers: &[Checker]) -> Report {
    let check = Check::new(subject)
        .in_scenario(two_clients())
        .under(checkers.iter().copied())
        .executions(if checkers.contains(&Checker::Std) {
            500
        } else {
            5_000
        });
    check.run().expect("no fault")
}

#[track_caller]
fn said(report: &Report, checker: Checker) -> &Outcome {
    let verdicts = &report.places()[0].verdicts;
    let said = verdicts.iter().find(|(by, _)| *by == checker);
    &said.expect("it was run").1
}

#[test]
fn who_knows_sequential_consistency_alone_says_so_where_words_are_weaker() {
    let all: Vec<Checker> = Checker::ALL.to_vec();
    let blind = all.iter().filter(|checker| **checker != Checker::Loom);
    let blind: Vec<Checker> = blind.copied().collect();
    let report = run(Outside::WeakFlags, &blind);
    for &checker in &blind {
        let outcome = said(&report, checker);
        assert_eq!(outcome.verdict, Verdict::Holds, "{checker}: {outcome:#?}");
        let [warning] = &outcome.warnings[..] else {
            panic!("{checker}: {:?}", outcome.warnings);
        };
        for part in [
            "weaker than SeqCst (Relaxed, Acquire, Release)",
            "loom looks at that",
        ] {
            assert!(warning.contains(part), "{checker}: {warning}");
        }
    }
    let shown = report.to_string();
    assert!(
        shown.contains("  note: words were used with orders weaker"),
        "{shown}"
    );
    let json = report.verdicts().map(|report| report.warnings.len());
    assert!(json.eq(blind.iter().map(|_| 1)));
    // Nobody warns of what is not there.
    let report = run(Outside::StrongFlags, &blind);
    for &checker in &blind {
        let outcome = said(&report, checker);
        assert_eq!(outcome.verdict, Verdict::Holds, "{checker}: {outcome:#?}");
        assert!(outcome.warnings.is_empty(), "{checker}: {outcome:#?}");
    }
}

#[test]
fn loom_finds_what_weaker_words_allow_and_shows_the_stale_read() {
    let report = run(Outside::WeakFlags, &[Checker::Exhaustive, Checker::Loom]);
    assert_eq!(said(&report, Checker::Exhaustive).verdict, Verdict::Holds);
    let outcome = said(&report, Checker::Loom);
    assert_eq!(outcome.verdict, Verdict::Violated, "{outcome:#?}");
    assert!(outcome.warnings.is_empty(), "{outcome:#?}");
    let trace = report.counterexamples().next().expect("it was explained");
    assert!(trace.needs_weak_memory);
    let why = &trace.explanation.as_ref().expect("it fails").why;
    assert!(why.contains("for nothing orders the two"), "{why}");
}

#[test]
fn an_alarm_of_loom_about_words_that_are_all_strong_is_called_false() {
    let report = run(Outside::StrongFlags, &[Checker::Exhaustive, Checker::Loom]);
    assert_eq!(said(&report, Checker::Exhaustive).verdict, Verdict::Holds);
    let outcome = said(&report, Checker::Loom);
    assert_eq!(outcome.verdict, Verdict::Incomplete, "{outcome:#?}");
    assert_eq!(outcome.finding, None);
    let limit = outcome.limit.as_deref().unwrap_or_default();
    for part in [
        "a false alarm of its own",
        "no sequentially consistent execution breaks no-false-refusal (exhaustive: all ",
        "every word is used with SeqCst",
    ] {
        assert!(limit.contains(part), "{limit}");
    }
    let warning = "loom 0.7.3 takes for acquire-release: it may raise a false alarm";
    assert!(outcome.warnings[0].contains(warning), "{outcome:#?}");
    assert!(report.holds(), "{report}");
    assert_eq!(report.counterexamples().count(), 0);
}

#[test]
fn an_alarm_of_loom_stands_in_doubt_where_some_words_are_weaker() {
    let report = run(Outside::MixedFlags, &[Checker::Loom]);
    let outcome = said(&report, Checker::Loom);
    assert_eq!(outcome.verdict, Verdict::Violated, "{outcome:#?}");
    let [first, doubt] = &outcome.warnings[..] else {
        panic!("{:?}", outcome.warnings);
    };
    assert!(first.contains("it may raise a false alarm"), "{first}");
    assert!(doubt.contains("cannot be told"), "{doubt}");
    let trace = report.counterexamples().next().expect("it was explained");
    let explanation = trace.explanation.as_ref().expect("it fails");
    assert!(
        !explanation.why.contains("for nothing orders"),
        "{}",
        explanation.why
    );
    assert!(
        explanation.why.contains("takes SeqCst for acquire-release"),
        "{}",
        explanation.why
    );
    let named = "trace.json";
    for text in [
        render::text(trace, &render::TextOptions::default()),
        render::markdown(trace, named),
        render::html(trace, named),
    ] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("it may be a false alarm"), "{text}");
    }
}

/// Dropped whatever the memory: a real violation of a program with strong words.
pub(crate) struct Plainly<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    came: P::Word,
    order: Ordering,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Plainly<P, O> {
    fn around(server: Server<O>) -> Self {
        Plainly {
            server: P::Monitor::new("server", server),
            came: P::Word::new("came", 0),
            order: SeqCst,
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let is_first = self.came.compare_exchange("come", 0, 1, self.order);
        if is_first.is_err() {
            return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotReady)));
        }
        self.server
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }
}

impl<P: Primitives, O: Observer> Plainly<P, O> {
    pub(crate) fn relaxed(server: Server<O>) -> Self {
        Plainly {
            order: Relaxed,
            ..Plainly::around(server)
        }
    }
}

#[test]
fn an_alarm_that_sequential_consistency_confirms_is_one() {
    let report = run(Outside::Plainly, &[Checker::Loom]);
    let outcome = said(&report, Checker::Loom);
    assert_eq!(outcome.verdict, Verdict::Violated, "{outcome:#?}");
    let [_, confirmed] = &outcome.warnings[..] else {
        panic!("{:?}", outcome.warnings);
    };
    assert!(confirmed.contains("is none of those"), "{confirmed}");
    let trace = report.counterexamples().next().expect("it was explained");
    assert!(!trace.needs_weak_memory);
}

#[test]
fn a_counterexample_says_with_what_it_was_compared_where_words_are_weaker() {
    let report = run(Outside::PlainlyRelaxed, &[Checker::Exhaustive]);
    assert_eq!(report.verdict(), Verdict::Violated);
    let trace = report.counterexamples().next().expect("it was explained");
    for text in [
        render::text(trace, &render::TextOptions::default()),
        render::markdown(trace, "trace.json"),
        render::html(trace, "trace.json"),
    ] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "orders weaker than SeqCst (Relaxed)",
            "compared with executions under sequential consistency alone",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

/// Puts a session into the pool in one section and adds a ticket for it in the next. Whoever finds no ticket stands in
/// a line of its own, at which the worker looks before. Without a pool it is as provided.
pub(crate) struct Tickets<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    line: P::Monitor<Vec<LogonId>>,
    tickets: P::Word,
    has_pool: bool,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Tickets<P, O> {
    fn around(server: Server<O>) -> Self {
        Tickets {
            has_pool: server.settings().idle_pool > 0,
            server: P::Monitor::new("server", server),
            line: P::Monitor::new("line", Vec::new()),
            tickets: P::Word::new("tickets", 0),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn publish(&self, claim: Claim) {
        let next = self.line.enter("look at the line", Vec::pop);
        self.server.update("publish", |server| {
            if let Some(logon) = next {
                server.enqueue(logon);
            }
            server.publish(claim);
        });
        if next.is_none() {
            self.tickets.store("add a ticket", 1, SeqCst);
        }
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        if !self.has_pool || self.tickets.load("read the tickets", SeqCst) > 0 {
            return self
                .server
                .update("claim or queue", |server| server.claim_or_queue(logon));
        }
        self.line.enter("stand in line", |line| line.push(logon));
        Ok(None)
    }
}

#[test]
fn a_word_that_is_read_too_early_is_named_as_the_reason() {
    let overrides = Overrides {
        idle_pool: Some(1),
        ..Overrides::default()
    };
    let preset = Scenario::preset("q245221").expect("a preset");
    let check = Check::new(Outside::Tickets).in_scenario(preset.with(&overrides).expect("a pool"));
    let report = check.run().expect("no fault");
    let trace = report
        .counterexamples()
        .next()
        .expect("somebody waits for ever");
    let explanation = trace.explanation.as_ref().expect("it fails");
    let step = |label: &str| {
        let place = trace.steps.iter().position(|step| step.label == label);
        1 + place.unwrap_or_else(|| panic!("no {label}"))
    };
    let (read, write) = (step("read the tickets"), step("add a ticket"));
    let expected = format!(
        "because alice's \"read the tickets\" (step {read}) reads 0 before worker's \"add a ticket\" (step {write}) \
         writes 1"
    );
    assert!(explanation.why.contains(&expected), "{explanation:#?}");
    assert!(
        explanation.pairs.contains(&(read, write)),
        "{explanation:#?}"
    );
}
