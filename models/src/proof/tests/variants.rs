//! What is proved of each variant.

use logon_core::Variant;

use crate::proof::{Configuration, prove};

#[test]
fn the_fixed_algorithm_is_proved_in_every_configuration() {
    for configuration in Configuration::ALL {
        let proof = prove(Variant::Fixed, configuration).expect("it can be followed");
        assert_eq!(proof.unproved, [], "{configuration:?}");
        assert!(
            proof.types > 70 && proof.rules > 350 && proof.shown > 400,
            "{proof:?}"
        );
    }
}

/// What is said first of a defect that can be followed: its property, what is wrong, the section, and the bundle of
/// whoever takes part first, before it or, if it only begins there, after it.
type Failure = (
    Variant,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const FAILURES: &[Failure] = &[
    (
        Variant::CountThenReread,
        "S1",
        "a logon is refused with event 71 although there is room",
        "back out",
        "client after \"read the count again\" before \"back out\"",
    ),
    (
        Variant::DuplicateName,
        "S8",
        "a logon attaches under a name that was given before",
        "attach under the name",
        "client after \"choose a name\" before \"attach under the name\", claimed, session ConnectQuery (held)",
    ),
    (
        Variant::EmptyPoolRefuses,
        "S1",
        "a logon is refused for a reason that does not hold: dropped, no idle session",
        "claim or refuse",
        "client after \"admit\", admitted",
    ),
    (
        Variant::HangupLeak,
        "S4",
        "no longer true: as many permits are out as logons are held",
        "mark as gone",
        "client after \"admit\", admitted",
    ),
    (
        Variant::LostWakeup,
        "L1",
        "it sleeps without looking in the same step, so a wake-up may come before",
        "sleep until woken",
        "client after \"claim or queue\" before \"look for a hand-off\", queued, in line, session Disconnected (with a user)",
    ),
    (
        Variant::NameCollision,
        "S1",
        "a logon is refused for a reason that does not hold: dropped, name in use",
        "attach under the name",
        "client after \"claim or queue\" before \"await hand-off\", queued, in line",
    ),
    (
        Variant::PublishBeforeInit,
        "S1",
        "a logon is refused for a reason that does not hold: dropped, session not ready",
        "attach",
        "client after \"claim or queue\" before \"await hand-off\", queued, in line",
    ),
    (
        Variant::ReconnectVsReset,
        "S3",
        "a session and the logon that has it on record do not agree on the holder",
        "look for an old session",
        "client after \"attach\", at the prompt, session Connected (named, held), session Disconnected (with a user)",
    ),
    (
        Variant::StaleReset,
        "S13",
        "a reset goes on that missed its session",
        "reset the id",
        "administrator after \"reset the id\" before \"delete\"",
    ),
    (
        Variant::StolenHandoff,
        "S4",
        "a logon that waits has no place in line, or one that does not wait has one",
        "publish to all",
        "worker after \"begin creation\", session Init",
    ),
    (
        Variant::StuckDown,
        "L4",
        "nobody will ever deal with a session",
        "fail creation",
        "worker after \"begin creation\", session Init",
    ),
    (
        Variant::SwallowedWake,
        "L1",
        "it wakes nobody, and changes what one that sleeps waits for",
        "hang up",
        "client after \"claim or queue\" before \"await hand-off\", queued, in line",
    ),
    (
        Variant::TwoClaimants,
        "S1",
        "a logon is refused for a reason that does not hold: dropped, session busy",
        "take the session seen",
        "client after \"look at the idle head\" before \"take the session seen\", admitted",
    ),
    (
        Variant::TwoOwners,
        "L4",
        "nobody will ever deal with a session",
        "hang up",
        "client after \"take the session seen\", claimed, session ConnectQuery (with a user, held)",
    ),
];

/// What cannot be followed in a defect, which says nothing about it.
const OUTSIDE: &[(Variant, &str)] = &[
    (
        Variant::CoalescedReplenish,
        "a hang-up, a look, a switch of logons or a close takes more than one section",
    ),
    (
        Variant::LockOrder,
        "a second shared object, \"pool lock\", is used",
    ),
    (
        Variant::LostUpdate,
        "it carries what \"read the count\" returns to the next section, a value that is neither an answer nor an identifier",
    ),
    (
        Variant::RelaxedPublication,
        "a second shared object, \"subsystem\", is used",
    ),
    (
        Variant::WorkerSelfDeadlock,
        "a second shared object, \"workers\", is used",
    ),
];

/// What is wrong in time alone, which is not covered.
const WRONG_IN_TIME: &[Variant] = &[Variant::SetupStampede];

/// The defects that are wrong in what is covered.
fn covered() -> impl Iterator<Item = &'static Variant> {
    let defects = Variant::ALL.iter().filter(|variant| variant.is_defect());
    defects.filter(|variant| !WRONG_IN_TIME.contains(variant))
}

/// No defect is proved: each fails as the table says, or is outside of the method, which is something else.
#[test]
fn no_defect_is_proved_that_is_wrong_in_what_is_covered() {
    let defects = covered();
    for &variant in defects {
        match prove(variant, Configuration::ALL[0]) {
            Ok(proof) => {
                let first = proof.unproved.first();
                let first = first.unwrap_or_else(|| panic!("{variant} is proved"));
                let place = first.place.as_ref().expect("it is about a section");
                let party = first.before.first().or(first.after.first());
                let party = party.expect("somebody takes part");
                let found = (
                    variant,
                    first.property,
                    first.what.as_str(),
                    place.label.as_str(),
                    party.as_str(),
                );
                assert!(FAILURES.contains(&found), "{found:?}");
            }
            Err(outside) => {
                let found = (variant, outside.what.as_str());
                assert!(OUTSIDE.contains(&found), "{found:?}");
            }
        }
    }
    assert_eq!(FAILURES.len() + OUTSIDE.len() + WRONG_IN_TIME.len(), 20);
}

/// What is first may be another thing where the settings are others, and that it is the same as in the table is asserted
/// of the first configuration alone.
#[test]
fn no_defect_is_proved_in_any_configuration_unless_it_is_wrong_in_time() {
    for &variant in covered() {
        for configuration in Configuration::ALL {
            let is_proved =
                prove(variant, configuration).is_ok_and(|proof| proof.unproved.is_empty());
            assert!(!is_proved, "{variant}, {configuration:?}");
        }
    }
}

/// Time is not covered: without it each worker sets up one session after the other, whatever is wanted.
#[test]
fn a_defect_that_is_wrong_in_time_alone_is_proved() {
    for &variant in WRONG_IN_TIME {
        for configuration in Configuration::ALL {
            let proof = prove(variant, configuration).expect("it can be followed");
            assert_eq!(proof.unproved, [], "{variant}, {configuration:?}");
        }
        let place = crate::catalogue::smallest(variant).expect("it has one");
        assert!(place.build().time.is_some(), "{variant}");
    }
}
