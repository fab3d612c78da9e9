//! The judge of admissions against brute force: every history of up to four logons, each fact in every order,
//! compared with a search for moments at which a counting try-acquire could have given the same answers.
//!
//! A permit is taken, or refused, at one moment between a logon's first fact and the fact of its outcome; it
//! is given back in the very section that tells of the departure.

use logon_core::observer::Departure;
use logon_core::{Fact, LogonId, Observer, Refusal};
use logon_models::judge::{Judge, Property, Truth};

/// What is told of a logon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    Arrived,
    Admitted,
    Refused,
    Left,
}

/// A history: who, and what.
type History = Vec<(usize, Told)>;

/// Every history of `logons` logons, as far as each has come at the end.
fn histories(logons: usize) -> Vec<History> {
    let mut all = vec![Vec::new()];
    let mut grown: Vec<History> = all.clone();
    while !grown.is_empty() {
        let longer = grown
            .iter()
            .flat_map(|history| successors(history, logons))
            .collect::<Vec<_>>();
        all.extend(longer.iter().cloned());
        grown = longer;
    }
    all
}

fn successors(history: &History, logons: usize) -> Vec<History> {
    let last = |who| {
        history
            .iter()
            .rev()
            .find(|&&(other, _)| other == who)
            .map(|&(_, told)| told)
    };
    let mut longer = Vec::new();
    for who in 0..logons {
        let next: &[Told] = match last(who) {
            // Logons are alike: the next one to arrive is always the next by number.
            None if who == 0 || last(who - 1).is_some() => &[Told::Arrived],
            None => &[],
            Some(Told::Arrived) => &[Told::Admitted, Told::Refused],
            Some(Told::Admitted) => &[Told::Left],
            Some(Told::Refused | Told::Left) => &[],
        };
        longer.extend(
            next.iter()
                .map(|&told| [history.as_slice(), &[(who, told)]].concat()),
        );
    }
    longer
}

/// Where a logon is in the search: it may hold its permit, or have been turned away, before that is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Away,
    Arrived,
    Holding,
    TurnedAway,
    Gone,
}

/// Whether try-acquire at a maximum of `most` could have answered so.
fn is_linearizable(history: &[(usize, Told)], places: &mut Vec<Place>, most: usize) -> bool {
    let Some((&(who, told), rest)) = history.split_first() else {
        return true;
    };
    let held = places
        .iter()
        .filter(|&&place| place == Place::Holding)
        .count();
    // Anybody who has arrived may have its moment now, before the next fact is told.
    for index in 0..places.len() {
        if places[index] == Place::Arrived {
            places[index] = if held < most {
                Place::Holding
            } else {
                Place::TurnedAway
            };
            let found = is_linearizable(history, places, most);
            places[index] = Place::Arrived;
            if found {
                return true;
            }
        }
    }
    let before = places[who];
    let after = match (told, before) {
        (Told::Arrived, Place::Away) => Place::Arrived,
        (Told::Admitted, Place::Holding) => Place::Holding,
        (Told::Refused, Place::TurnedAway) | (Told::Left, Place::Holding) => Place::Gone,
        _ => return false,
    };
    places[who] = after;
    let found = is_linearizable(rest, places, most);
    places[who] = before;
    found
}

/// What the judge has to say of a history.
fn fallen(history: &History, most: u32) -> Vec<Property> {
    let truth = Truth {
        max_connections: Some(most),
        logons_enabled: true,
        ..Truth::default()
    };
    let mut judge = Judge::new(truth);
    for &(who, told) in history {
        let logon = LogonId(who as u32);
        judge.tell(match told {
            Told::Arrived => Fact::Arrived { logon },
            Told::Admitted => Fact::Admitted { logon },
            Told::Refused => Fact::Refused {
                logon,
                refusal: Refusal::MaxConnections,
            },
            Told::Left => Fact::Left {
                logon,
                departure: Departure::LoggedOff,
            },
        });
        if let Some(event) = Refusal::MaxConnections
            .event()
            .filter(|_| told == Told::Refused)
        {
            judge.tell(Fact::Logged { logon, event });
        }
    }
    judge
        .violations()
        .iter()
        .map(|violation| violation.property)
        .collect()
}

/// Whether nobody is under admission at the end, so that nothing is left open.
fn is_settled(history: &History) -> bool {
    let times = |told| history.iter().filter(|&&(_, other)| other == told).count();
    times(Told::Arrived) == times(Told::Admitted) + times(Told::Refused)
}

/// Histories that the judge accuses wrongly, and wrong ones that it lets pass.
fn disagreements(logons: usize, most: u32) -> (Vec<History>, Vec<History>, usize) {
    let all = histories(logons);
    let settled: Vec<History> = all.into_iter().filter(is_settled).collect();
    let count = settled.len();
    let mut accused = Vec::new();
    let mut missed = Vec::new();
    for history in settled {
        let right = is_linearizable(&history, &mut vec![Place::Away; logons], most as usize);
        match (right, fallen(&history, most).is_empty()) {
            (true, false) => accused.push(history),
            (false, true) => missed.push(history),
            _ => {}
        }
    }
    (accused, missed, count)
}

#[test]
fn the_judge_accuses_no_history_that_try_acquire_could_have_made() {
    for (logons, most, histories) in [(3, 1, 1_426), (3, 2, 1_426), (4, 1, 84_586), (4, 2, 84_586)]
    {
        let (accused, _, count) = disagreements(logons, most);
        assert_eq!(
            accused,
            Vec::<History>::new(),
            "{logons} logons at most {most}"
        );
        assert_eq!(
            count, histories,
            "the test lost some histories, or gained some"
        );
    }
}

#[test]
fn the_judge_misses_no_history_that_try_acquire_could_not_have_made() {
    for (logons, most) in [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2)] {
        let (_, missed, _) = disagreements(logons, most);
        assert_eq!(
            missed,
            Vec::<History>::new(),
            "{logons} logons at most {most}"
        );
    }
}

#[test]
fn a_permit_on_which_a_refusal_rests_leaves_no_room_for_a_third() {
    // Bob must have held the one permit when Alice was refused, and so still when Carol was admitted.
    let history = [
        (0, Told::Arrived),
        (1, Told::Arrived),
        (0, Told::Refused),
        (2, Told::Arrived),
        (2, Told::Admitted),
        (2, Told::Left),
        (1, Told::Admitted),
    ];
    assert!(fallen(&history[..4].to_vec(), 1).is_empty());
    assert!(!fallen(&history.to_vec(), 1).is_empty());
}
