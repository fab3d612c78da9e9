//! No number that a scene happens to give matters.

use logon_core::{Claim, Generation, SessionId, Variant};

use crate::proof::bundle::Bundle;
use crate::proof::extract::{Extraction, extract};
use crate::proof::fed::Stand;
use crate::proof::names::{count_from, elsewhere};
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
        for counters in [2_300, 9_978, 5_037, 4_000_000_000] {
            count_from(counters);
            assert_eq!(
                extracted(configuration),
                usual,
                "{counters}, {configuration:?}"
            );
        }
        count_from(5_000);
    }
}

/// Whoever remembers two sessions of others has one identifier for both: that must not pass unnoticed.
#[test]
fn two_sessions_of_others_that_one_party_remembers_are_noticed() {
    let claim = |number| Claim {
        session: SessionId(number),
        generation: Generation(number),
    };
    let remembering = |claims: &[Claim]| {
        let saw = |claim: &Claim| Seen::Result("some section", Value::Claim(*claim));
        Bundle {
            seen: claims.iter().map(saw).collect(),
            ..Bundle::beginning(Role::Client, Stand::End, false)
        }
    };
    let is_one_too_few = |claims: &[Claim]| remembering(claims).make_canonical(&|_| true);
    assert!(!is_one_too_few(&[claim(110), claim(110)]));
    assert!(is_one_too_few(&[claim(110), claim(210)]));
    assert!(is_one_too_few(&[elsewhere(), claim(110)]));
    assert!(!remembering(&[claim(110), claim(210)]).make_canonical(&|_| false));
}
