//! No number that a scene happens to give matters.

use logon_core::{Claim, Generation, SessionId, Variant};

use crate::proof::bundle::Bundle;
use crate::proof::extract::{Extraction, extract};
use crate::proof::fed::Stand;
use crate::proof::names::{Counters, count_from, elsewhere};
use crate::proof::parties::Role;
use crate::proof::seen::{Seen, Value};
use crate::proof::{Configuration, build};

fn extracted(configuration: Configuration) -> Extraction {
    let allocator = build(Variant::Fixed, configuration);
    extract(&allocator, configuration).expect("it can be followed")
}

/// Identifiers that exist are below the counters, and the sections compare them with nothing but each other. So wherever
/// the counters stand, types and rules are the same. The second of these gives a new session a number that would, below
/// the counters, be one of a session that may be somebody else's.
#[test]
fn wherever_the_counters_stand_the_types_and_rules_are_the_same() {
    for configuration in Configuration::ALL {
        let usual = extracted(configuration);
        for (created, named) in [
            (2_300, 9_978),
            (9_978, 2_300),
            (5_037, 5_037),
            (4_000_000_000, 3_000),
        ] {
            let counters = Counters { created, named };
            count_from(counters);
            assert_eq!(
                extracted(configuration),
                usual,
                "{counters:?}, {configuration:?}"
            );
        }
        count_from(Counters::USUAL);
    }
}

/// Two sessions that one party remembers are told apart, whether they are somebody else's or gone.
#[test]
fn two_sessions_that_one_party_remembers_are_told_apart() {
    let claim = |number| Claim {
        session: SessionId(number),
        generation: Generation(number),
    };
    let remembering = |claims: [Claim; 2]| {
        let saw = |claim| Seen::Result("some section", Value::Claim(claim));
        Bundle {
            seen: claims.map(saw).into(),
            ..Bundle::beginning(Role::Client, Stand::End, false)
        }
    };
    for exists in [true, false] {
        let canonical = |claims| {
            let mut bundle = remembering(claims);
            bundle.make_canonical(&|_| exists);
            bundle
        };
        let one = canonical([claim(110), claim(110)]);
        let two = canonical([claim(110), claim(210)]);
        assert_ne!(one, two, "{exists}");
        assert_eq!(two, canonical([claim(410), claim(310)]), "{exists}");
        assert_eq!(canonical([elsewhere(3), claim(210)]) == two, exists);
    }
}
