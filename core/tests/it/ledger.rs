//! The ledger by itself.

use logon_core::ledger::Ledger;

#[test]
fn as_many_permits_as_there_are_can_be_taken_and_no_more() {
    for maximum in 0..4 {
        let mut ledger = Ledger::new(Some(maximum));
        let taken = (0..6).filter(|_| ledger.try_acquire()).count() as u32;
        assert_eq!(taken, maximum);
        assert_eq!(ledger.in_use(), maximum);
        assert_eq!(ledger.maximum(), Some(maximum));
    }
}

#[test]
fn a_permit_given_back_can_be_taken_again_and_the_ledger_forgets_it() {
    let mut ledger = Ledger::new(Some(2));
    let empty = ledger.clone();
    assert!(ledger.try_acquire());
    assert!(ledger.try_acquire());
    assert!(!ledger.try_acquire());
    ledger.release();
    assert!(ledger.try_acquire());
    ledger.release();
    ledger.release();
    assert_eq!(ledger, empty);
}

#[test]
fn a_refused_permit_changes_nothing() {
    let mut ledger = Ledger::new(Some(1));
    assert!(ledger.try_acquire());
    let full = ledger.clone();
    assert!(!ledger.try_acquire());
    assert_eq!(ledger, full);
}

#[test]
fn without_a_maximum_there_is_always_a_permit() {
    let mut ledger: Ledger = Ledger::new(None);
    assert!((0..1000).all(|_| ledger.try_acquire()));
    assert_eq!(ledger.in_use(), 1000);
}

#[test]
fn giving_back_what_was_not_taken_leaves_the_ledger_empty() {
    let mut ledger = Ledger::new(Some(1));
    ledger.release();
    assert_eq!(ledger, Ledger::new(Some(1)));
}
