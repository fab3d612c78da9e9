//! The prover, tried on mutants of the sections: it notices each, or the table says why it need not.

mod sentences;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use logon_mutants::Variant;
use logon_mutants::mutant;
use logon_mutants::proof::{Configuration, prove};
use logon_mutants::table::{self, Expected, Mutant};

use sentences::Sentence;
use trial::{TRIALS, Verdict};

/// So the copy is a fair one: what is reported of a mutant is due to its mutation.
#[test]
fn the_copy_without_a_mutation_is_proved_in_every_configuration() {
    for configuration in Configuration::ALL {
        let proof = mutant::with(0, || prove(Variant::Fixed, configuration));
        let proof = proof.expect("it can be followed");
        assert_eq!(proof.unproved, [], "{configuration:?}");
    }
}

#[test]
fn each_mutant_is_noticed_as_the_table_says_or_survives_for_its_reason() {
    let surprises: Vec<String> = TRIALS
        .iter()
        .filter_map(|trial| {
            let Mutant { name, expected, .. } = trial.mutant;
            let as_expected = match *expected {
                Expected::Noticed(property, sentence)
 | Expected::FalseAlarm(property, sentence, _) => {
                    trial.first().is_some_and(|(number, what)| {
                        *number == property && what.starts_with(sentence)
                    })
                }
                Expected::Outside(sentence) => trial.verdicts.iter().all(
                    |verdict| matches!(verdict, Verdict::Outside(what) if what.starts_with(sentence)),
                ),
                Expected::Harmless(_) | Expected::NotCovered(_) => {
                    trial.verdicts.iter().all(Verdict::is_proved)
                }
            };
            (!as_expected).then(|| {
                let found = trial.verdicts.iter().map(Verdict::gist);
                let found: Vec<String> = found.collect();
                format!("{name}: {expected:?}, and it is\n  {}\n", found.join("\n  "))
            })
        })
        .collect();
    assert!(surprises.is_empty(), "{}", surprises.concat());
}

#[test]
fn no_two_mutants_have_one_name_and_each_reason_is_a_sentence() {
    let mut names = BTreeSet::new();
    for mutant in table::places().flat_map(|place| place.mutants) {
        assert!(names.insert(mutant.name), "{} stands twice", mutant.name);
        if let Expected::Harmless(why) | Expected::FalseAlarm(_, _, why) = mutant.expected {
            assert!(why.ends_with('.') && why.contains(' '), "{}", mutant.name);
        }
    }
    assert!(names.len() > 350, "only {} mutants", names.len());
}

/// What the prover can say and says of no mutant, with the reason.
const NEVER_SAID: &[(&str, &str)] = &[
    (
        "a logon is served while others wait in line",
        "a session comes from the idle list or goes to the line, and while there is a line no session is idle",
    ),
    (
        "a logon is refused for a creation that failed, although a session is idle",
        "it was in line, and while there is a line no session is idle",
    ),
    (
        "a session stays as it is for ever: {bundle}",
        "that nobody deals with it is said of the bundle before",
    ),
    (
        "there is a worker",
        "a setting: it begins so and does not change",
    ),
    (
        "the server shuts down or does not",
        "of a flag, so that the arithmetic knows it for one",
    ),
    (
        "logons are enabled or not",
        "of a flag, so that the arithmetic knows it for one",
    ),
    (
        "the maximum is not negative",
        "a setting: it begins so and does not change",
    ),
    (
        "the idle target is not negative",
        "a setting: it begins so and does not change",
    ),
    (
        "no fewer than no logons are held",
        "a sum of what each party has, which the arithmetic must be told",
    ),
    (
        "no fewer than no logons are in line",
        "a sum of what each party has, which the arithmetic must be told",
    ),
    (
        "no fewer than no sessions are idle",
        "a sum of what each party has, which the arithmetic must be told",
    ),
    (
        "no fewer than no sessions are being created",
        "a sum of what each party has, which the arithmetic must be told",
    ),
    (
        "there are as many workers as sessions may be created at a time",
        "a worker that stops is reported before it is missing",
    ),
];

#[test]
fn each_sentence_of_the_prover_is_said_of_some_mutant_or_there_is_a_reason() {
    let said: BTreeSet<&Sentence> = TRIALS.iter().flat_map(|trial| trial.sentences()).collect();
    let never: Vec<&str> = sentences::all()
        .iter()
        .filter(|sentence| !said.contains(sentence))
        .map(|sentence| sentence.text)
        .collect();
    let expected: Vec<&str> = NEVER_SAID.iter().map(|(sentence, _)| *sentence).collect();
    let (never, expected): (BTreeSet<_>, BTreeSet<_>) =
        (never.into_iter().collect(), expected.into_iter().collect());
    assert_eq!(never, expected);
}

/// What would be missed without a sentence: the mutants of which nothing else is said. Those that have none of their own
/// are listed; each says earlier or more clearly what another one says as well.
#[test]
fn most_sentences_notice_a_mutant_that_nothing_else_notices() {
    let mut alone: BTreeMap<&Sentence, &str> = BTreeMap::new();
    for trial in TRIALS.iter() {
        let said: BTreeSet<&Sentence> = trial.sentences().collect();
        if let Some(only) = said.first().filter(|_| said.len() == 1) {
            alone.entry(only).or_insert(trial.mutant.name);
        }
    }
    for (sentence, mutant) in &alone {
        println!("{}: {mutant}", sentence.text);
    }
    let others = sentences::all()
        .iter()
        .filter(|sentence| !alone.contains_key(sentence));
    let others: BTreeSet<&str> = others.map(|sentence| sentence.text).collect();
    let never = NEVER_SAID.iter().map(|(sentence, _)| *sentence);
    let expected: BTreeSet<&str> = never.chain(NEVER_ALONE.iter().copied()).collect();
    assert_eq!(others, expected);
}

/// What is said of mutants, and never alone.
const NEVER_ALONE: &[&str] = &[
    "a reset is told, and the session is not reset",
    "a place in line is no client's",
    "a call has ended and its logon stays on record",
    "a counter of names or sessions falls",
    "a logon arrives whose client does not connect",
    "a logon attaches to a session that is not loaded",
    "a logon attaches under a name that was given before",
    "a logon is admitted although there is no room",
    "a logon is given a session that another one holds",
    "a logon is given a session that does not exist",
    "a logon is on record that is no client's",
    "a logon is taken for another user's",
    "a logon that is over is on record as living, or one that lives is not on record",
    "a logon that waits in line goes to its end once more",
    "a party has more than its share: {bundle}",
    "a session is occupied, and no logon has it on record",
    "a session that is being created has a holder, a user or a name",
    "a time-out hits a session that is not disconnected",
    "a user is identified by a wrong password",
    "a user keeps the new session although the old one is there",
    "a user logs on and has no session",
    "a user logs on to a session that is not its own",
    "an event is logged that does not go with the outcome",
    "an idle session has a holder, a user or a name",
    "an idle session is not loaded",
    "logons are enabled or disabled, and nobody asked for it",
    "more sessions are created at a time than there are workers",
    "no more permits are out than there are",
    "one session belongs to two parties",
    "the session of a logon is gone, or somebody else's",
    "two sessions have one name",
    "{stranger:?} is looked up, which no party has seen",
];
