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

/// No defect is proved: each fails by a property, or is outside of the method, which is something else.
#[test]
fn no_defect_is_proved() {
    const OUTSIDE: &[Variant] = &[
        Variant::LostUpdate,
        Variant::CoalescedReplenish,
        Variant::RelaxedPublication,
        Variant::LockOrder,
        Variant::WorkerSelfDeadlock,
    ];
    for variant in Variant::ALL
        .iter()
        .copied()
        .filter(|variant| variant.is_defect())
    {
        match prove(variant, Configuration::ALL[0]) {
            Ok(proof) => {
                assert!(
                    !OUTSIDE.contains(&variant),
                    "{variant} can be followed by now"
                );
                assert_ne!(proof.unproved, [], "{variant}");
            }
            Err(outside) => assert!(OUTSIDE.contains(&variant), "{variant}: {outside:?}"),
        }
    }
}
