//! Allocators that deceive: each does one thing wrong and tells the judge, or its client, something else. The
//! suite must not believe them.

use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Ending, Licenses, Line, LogonId, Moment, Server, UserId};
use logon_models::checker::{Checker, Effort, random};
use logon_models::explain::{Diligence, explain};
use logon_models::outcome::{Outcome, Verdict};
use logon_models::scenario::{Overrides, Scenario};
use logon_models::stage::Subject;

/// Declares allocators that override some methods of the fixed algorithm, and the subjects that build them.
macro_rules! mutants {
    ($($mutant:ident { $($method:item)* })*) => {
        $(
            mod $mutant {
                use super::*;

                pub(super) struct Mutant<P: Primitives, O: Observer>(P::Monitor<Server<O>>);

                impl<P: Primitives, O: Observer> Allocator<P, O> for Mutant<P, O> {
                    fn around(server: Server<O>) -> Self {
                        Mutant(P::Monitor::new("server", server))
                    }

                    fn server(&self) -> &P::Monitor<Server<O>> {
                        &self.0
                    }

                    $($method)*
                }

                pub(super) struct Build;

                impl Subject for Build {
                    fn name(&self) -> &str {
                        stringify!($mutant)
                    }

                    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
                        Arc::new(Mutant::around(server))
                    }
                }
            }
        )*
    };
}

mutants! {
    gives_up_silently {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.0.update("claim or give up", |server| {
                if server.idle().is_empty() {
                    server.hang_up(logon);
                    return Err(Ending::Gone);
                }
                server.claim_or_queue(logon)
            })
        }
    }
    turns_away_untold {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.0.update("admit unless busy", |server| {
                if server.ledger().in_use() > 0 { Err(Ending::Gone) } else { server.admit(logon) }
            })
        }
    }
    never_attaches {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.0.enter("pretend to attach", |server| {
                server.logons().get(&logon).and_then(|record| record.claim).ok_or(Ending::Gone)
            })
        }
    }
    never_logs_on {
        fn log_on(&self, logon: LogonId, _: Option<UserId>, _: &dyn Line) -> Result<Claim, Ending> {
            self.0.enter("pretend to log on", |server| {
                server.logons().get(&logon).and_then(|record| record.claim).ok_or(Ending::Gone)
            })
        }
    }
    ignores_licenses {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            let _ignored = licenses.grant(logon);
            Ok(())
        }
    }
    ignores_passwords {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, _: &dyn Line) -> Result<Claim, Ending> {
            match self.arbitrate(logon, user.unwrap_or(UserId(0)))? {
                logon_core::server::Arbitration::Own(claim) => Ok(claim),
                logon_core::server::Arbitration::Reconnect => self.swap(logon, user.unwrap_or(UserId(0))),
            }
        }
    }
    ignores_dead_lines {
        fn ask(&self, _: LogonId, _: &dyn Line, _: Moment) -> Result<(), Ending> {
            Ok(())
        }
    }
    ignores_disabled_logons {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.0.update("admit anybody", |server| {
                // A refusal that tells nothing beyond the arrival cannot be had, so nothing is asked.
                server.ledger_mut().try_acquire();
                server.register(logon);
                Ok(())
            })
        }
    }
    disables_by_itself {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.0.update("disable, refuse, enable", |server| {
                if server.ledger().in_use() == 0 {
                    return server.admit(logon);
                }
                server.enable_logons(false);
                let refused = server.admit(logon);
                server.enable_logons(true);
                refused
            })
        }
    }
    keeps_administrators_waiting {
        fn enable_logons(&self, _: bool) {
            self.0.wait_for("await nothing", |_| None::<()>);
        }
    }
    fails_creations_by_itself {
        fn publish(&self, claim: Claim) {
            self.fail_creation(claim);
        }
    }
    logs_off_who_disconnects {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.0.update("log off instead", |server| server.log_off(logon))
        }
    }
    only_says_goodbye {
        fn log_off(&self, _: LogonId) -> Result<(), Ending> {
            Ok(())
        }
    }
    panics_about_a_deadlock {
        fn attach(&self, _: LogonId) -> Result<Claim, Ending> {
            panic!("deadlock detected by my own pool")
        }
    }
}

fn run(subject: &impl Subject, scenario: &str, overrides: &Overrides) -> Outcome {
    let scenario = Scenario::preset(scenario).and_then(|preset| preset.with(overrides));
    let scenario = Arc::new(scenario.expect("a preset with numbers that suit it"));
    let effort = Effort {
        executions: 2_000,
        ..Effort::default()
    };
    random(subject, &scenario, &effort)
        .unwrap_or_else(|fault| panic!("{}: {fault}", subject.name()))
}

#[track_caller]
fn is_seen_through(subject: &impl Subject, scenario: &str, property: &str) {
    let outcome = run(subject, scenario, &Overrides::default());
    assert_eq!(
        outcome.verdict,
        Verdict::Violated,
        "{} in {scenario}",
        subject.name()
    );
    assert_eq!(
        outcome.finding.expect("violated").property,
        property,
        "{}",
        subject.name()
    );
}

#[test]
fn a_logon_given_up_as_if_its_client_had_left_is_a_false_refusal() {
    is_seen_through(
        &gives_up_silently::Build,
        "q238186-default",
        "no-false-refusal",
    );
}

#[test]
fn a_logon_turned_away_without_a_word_to_the_judge_is_noticed() {
    is_seen_through(&turns_away_untold::Build, "q238186-default", "one-outcome");
}

#[test]
fn a_client_told_of_a_prompt_it_does_not_have_is_noticed() {
    is_seen_through(&never_attaches::Build, "q238186-default", "one-outcome");
}

#[test]
fn a_client_told_that_it_is_logged_on_when_it_is_not_is_noticed() {
    is_seen_through(&never_logs_on::Build, "q241411-batch", "one-outcome");
}

#[test]
fn a_client_without_a_license_must_not_be_served() {
    is_seen_through(
        &ignores_licenses::Build,
        "license-denied",
        "no-false-refusal",
    );
}

#[test]
fn a_user_with_a_wrong_password_must_not_be_logged_on() {
    let text = "name = \"wrong\"\nsummary = \"s\"\nsource = \"reconstruction\"\n[[client]]\nname = \"alice\"\n\
                script = [\"connect\", \"log-on\"]\npassword = \"wrong\"\n";
    let scenario = Arc::new(Scenario::parse(text, "test").expect("it makes sense"));
    let outcome =
        random(&ignores_passwords::Build, &scenario, &Effort::default()).expect("no fault");
    assert_eq!(
        outcome.finding.expect("violated").property,
        "no-false-refusal"
    );
}

#[test]
fn a_client_that_has_left_must_not_be_served() {
    let phases = [
        ("before-arrival", "\"connect\""),
        ("admitted", "\"connect\""),
        ("claimed", "\"connect\""),
        ("at-prompt", "\"connect\", \"log-on\""),
    ];
    for (phase, script) in phases {
        let text = format!(
            "name = \"left\"\nsummary = \"s\"\nsource = \"reconstruction\"\n[[client]]\nname = \"alice\"\n\
             script = [{script}]\nhang-up = \"{phase}\"\n"
        );
        let scenario = Arc::new(Scenario::parse(&text, "test").expect("it makes sense"));
        let outcome =
            random(&ignores_dead_lines::Build, &scenario, &Effort::default()).expect("no fault");
        let finding = outcome
            .finding
            .unwrap_or_else(|| panic!("{phase} is not noticed"));
        assert_eq!(finding.property, "conservation", "{phase}");
    }
}

#[test]
fn nobody_is_admitted_who_never_arrived() {
    is_seen_through(
        &ignores_disabled_logons::Build,
        "change-logon-disable",
        "one-outcome",
    );
}

#[test]
fn an_allocator_cannot_make_its_own_excuses() {
    is_seen_through(
        &disables_by_itself::Build,
        "q238186-default",
        "no-false-refusal",
    );
    is_seen_through(
        &fails_creations_by_itself::Build,
        "q245221",
        "legal-transition",
    );
}

#[test]
fn who_disconnects_or_logs_off_gets_what_it_asked_for() {
    is_seen_through(
        &logs_off_who_disconnects::Build,
        "reconnect-vs-reset",
        "identity",
    );
    is_seen_through(&only_says_goodbye::Build, "stale-reset", "one-outcome");
}

#[test]
fn an_administrator_who_waits_for_ever_is_noticed() {
    is_seen_through(
        &keeps_administrators_waiting::Build,
        "change-logon-disable",
        "termination",
    );
}

#[test]
fn a_panic_of_the_subject_is_a_fault_whatever_it_says() {
    use logon_models::checker::reports_deadlock;
    let scenario = Arc::new(Scenario::preset("q245221").expect("a preset"));
    let ended = random(
        &panics_about_a_deadlock::Build,
        &scenario,
        &Effort::default(),
    );
    let fault = ended.expect_err("a panic is no verdict").to_string();
    assert!(
        fault.contains("deadlock detected by my own pool"),
        "{fault}"
    );
    assert!(!reports_deadlock("deadlock detected by my own pool"));
    assert!(reports_deadlock(
        "deadlock; threads = [(Id(0), Blocked(Location(None)))]"
    ));
    assert!(reports_deadlock(
        "deadlock! blocked tasks: [<unknown> (task 1)]"
    ));
}

#[test]
fn the_refusals_of_the_fixed_algorithm_are_believed() {
    let most = Overrides {
        max_connections: Some(1),
        ..Overrides::default()
    };
    assert_eq!(
        run(&logon_core::Variant::Fixed, "q238186-default", &most).verdict,
        Verdict::Holds
    );
}

/// Why the first execution that is found fails.
fn why(subject: &impl Subject, scenario: &str) -> String {
    let outcome = run(subject, scenario, &Overrides::default());
    let finding = outcome.finding.expect("violated");
    let scenario = Arc::new(Scenario::preset(scenario).expect("a preset"));
    let diligence = Diligence::default();
    let trace = explain(subject, &scenario, &finding, Checker::Random, diligence);
    let trace = trace.expect("a mutant is no fault");
    trace.explanation.expect("it fails").why
}

#[test]
fn what_is_said_of_them_blames_whom_it_is_about() {
    let cases = [
        (
            why(&never_attaches::Build, "q238186-default"),
            "the last of it is alice's \"pretend to attach\" (step 6), and the last told of it that alice gets session 2",
        ),
        (
            why(&only_says_goodbye::Build, "stale-reset"),
            "and the last told of it that alice is logged on to session 2 (step 7)",
        ),
        (
            why(&turns_away_untold::Build, "q238186-default"),
            "\"admit unless busy\"",
        ),
        (
            why(&keeps_administrators_waiting::Build, "change-logon-disable"),
            "admin falls asleep in \"await nothing\"",
        ),
    ];
    for (why, expected) in cases {
        assert!(why.contains(expected), "{why}");
        assert!(!why.contains("worker's \"begin creation\""), "{why}");
    }
}
