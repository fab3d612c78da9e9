//! The server's sections, one after the other, against a sequential specification.

mod endings;
mod machine;
mod spec;

use std::cell::RefCell;
use std::collections::BTreeSet;

use logon_core::{Ending, Refusal};
use logon_tests::failing::runner;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use machine::{SideBySide, Specification};
use spec::Answer;

/// An answer without the numbers in it.
fn kind(answer: Answer) -> String {
    match answer {
        Answer::Session(_) => "a session".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn server_and_specification_agree_on_every_answer_and_every_account() {
    const CASES: u32 = 1_500;
    let mut runner = runner(1, CASES);
    let config = runner.config().clone();
    let seen = RefCell::new(BTreeSet::new());
    let sequences = Specification::sequential_strategy(1..80);
    let agreed = runner.run(&sequences, |(start, operations, counter)| {
        let mut spec = start.clone();
        for operation in &operations {
            spec.apply(*operation);
            let name = format!("{operation:?}");
            let name = name.split('(').next().unwrap_or_default().to_owned();
            seen.borrow_mut().insert((name, kind(spec.answer)));
        }
        SideBySide::test_sequential(config.clone(), start, operations, counter);
        Ok(())
    });
    agreed.unwrap_or_else(|error| panic!("{error}"));

    // What must have occurred, so that a test which does nothing cannot pass.
    let refused = |refusal| kind(Answer::Ended(Ending::Refused(refusal)));
    let gone = kind(Answer::Ended(Ending::Gone));
    let session = "a session".to_owned();
    let expected = [
        ("Admit", refused(Refusal::MaxConnections)),
        ("Admit", refused(Refusal::LogonsDisabled)),
        ("ClaimOrQueue", session.clone()),
        ("ClaimOrQueue", kind(Answer::Wait)),
        ("ClaimOrQueue", gone.clone()),
        ("Hear", session.clone()),
        ("Hear", kind(Answer::Wait)),
        ("Hear", refused(Refusal::CreationFailed)),
        ("HangUp", kind(Answer::Done)),
        ("Disconnect", refused(Refusal::CreationFailed)),
        ("Attach", gone.clone()),
        ("Arbitrate", session.clone()),
        ("Arbitrate", kind(Answer::GoBack)),
        ("Swap", session),
        ("Swap", gone),
        ("Refuse", refused(Refusal::AccessDenied)),
        ("Reset", kind(Answer::Found(true))),
        ("Reset", kind(Answer::Found(false))),
        ("Expire", kind(Answer::Found(true))),
        ("Expire", kind(Answer::Found(false))),
    ];
    let seen = seen.into_inner();
    for (operation, answer) in expected {
        let pair = (operation.to_owned(), answer);
        assert!(seen.contains(&pair), "{pair:?} did not occur");
    }
}
