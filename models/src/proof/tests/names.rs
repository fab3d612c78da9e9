//! No number that a scene happens to give matters.

use logon_core::Variant;

use crate::proof::extract::{Extraction, extract};
use crate::proof::names::count_from;
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
