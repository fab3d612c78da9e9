//! Loops and scopes of which something is forgotten: how many states that saves, that no outcome is lost, and that what
//! leaves them in another way than by the value they return is noticed.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow::{Break, Continue};
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{
    Actors, AtRest, BodyKind, FaultKind, Rest, Search, Sim, SimMonitor, SimWord, SpaceEnd, Symmetry,
};

use super::{complete, distrustful, up_to, verdicts};

/// Adds one by compare-exchange, in a loop that forgets.
fn add(word: &SimWord) {
    Sim::retry(|| {
        let seen = word.load("read", SeqCst);
        match word.compare_exchange("add", seen, seen + 1, SeqCst) {
            Ok(_) => Break(()),
            Err(_) => Continue(()),
        }
    });
}

/// The same in a plain loop.
fn add_plainly(word: &SimWord) {
    let mut seen = word.load("read", SeqCst);
    while word
        .compare_exchange("add", seen, seen + 1, SeqCst)
        .is_err()
    {
        seen = word.load("read", SeqCst);
    }
}

/// So many actors of one class that add one so often.
fn adders(actors: u64, each: u64, add: fn(&SimWord)) -> impl Fn(&mut Actors<'_>) -> AtRest<Judge> {
    move |spawner| {
        let word: SimWord = Word::new("word", 0);
        for number in 0..actors {
            let word = word.clone();
            spawner.spawn(format!("adder {number}"), "adder", move || {
                for _ in 0..each {
                    add(&word);
                }
            });
        }
        AtRest(Box::new(move |_: &Rest| {
            (word.peek() != actors * each).then(|| word.peek())
        }))
    }
}

type Judge = Box<dyn FnMut(&Rest) -> Option<u64>>;

/// How many states so many adders have who remember how often they have added, and what they have read last if they
/// have not tried yet: counted on pairs of numbers, without any code of the runtime.
fn states_of_adders(actors: usize, each: u64) -> u64 {
    type Adder = (u64, Option<u64>);
    let begin: Vec<Adder> = vec![(0, None); actors];
    let mut seen = BTreeSet::from([begin.clone()]);
    let mut open = vec![begin];
    while let Some(state) = open.pop() {
        let total: u64 = state.iter().map(|adder| adder.0).sum();
        for place in 0..actors {
            let (added, read) = state[place];
            let after = match read {
                None if added == each => continue,
                None => (added, Some(total)),
                Some(read) if read == total => (added + 1, None),
                Some(_) => (added, None),
            };
            let mut next = state.clone();
            next[place] = after;
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen.len() as u64
}

#[test]
fn adders_have_as_many_states_as_there_are_counts_and_reads() {
    for (actors, each) in [(1, 3), (2, 2), (2, 3), (3, 2), (3, 3)] {
        let space = complete(&distrustful(), &adders(actors, each, add));
        let states = states_of_adders(actors as usize, each);
        assert_eq!(space.progress.states, states, "{actors} × {each}");
    }
    // Of 2,476 states 64 differ in how often who has added, and the others in what is read and not yet tried. In plain
    // loops there are millions.
    assert_eq!(states_of_adders(3, 3), 2_476);
    let most = Some(100_000);
    let plainly = Search {
        max_states: most,
        ..Search::default()
    };
    let space = plainly.run(&adders(3, 3, add_plainly));
    assert!(matches!(space.end, SpaceEnd::Limit(_)), "{:?}", space.end);
    let merged = complete(&up_to(distrustful(), Symmetry::new()), &adders(3, 3, add));
    assert_eq!(merged.progress.states, 480);
}

/// What two actors have read and added of a word, in plain loops, in loops that forget, and in scopes of scopes: the
/// same outcomes, whatever is forgotten, and those of all executions.
#[test]
fn no_outcome_is_lost_by_what_is_forgotten() {
    type Body = fn(&SimWord, &SimMonitor<Vec<(usize, u64)>>, usize);
    let bodies: [Body; 7] = [
        // Two reads, of which the lesser is told, and one that is told as it is.
        |word, told, who| {
            let one = word.load("read", SeqCst).min(word.load("again", SeqCst));
            word.store("write", one + 1, SeqCst);
            told.enter("tell", move |told| told.push((who, one)));
        },
        |word, told, who| {
            let one = Sim::scope(|| word.load("read", SeqCst).min(word.load("again", SeqCst)));
            word.store("write", one + 1, SeqCst);
            told.enter("tell", move |told| told.push((who, one)));
        },
        // One that is only left when a second read is no other.
        |word, told, who| {
            let stable = Sim::retry(|| {
                let one = word.load("read", SeqCst);
                match word.load("again", SeqCst) == one {
                    true => Break(one),
                    false => Continue(()),
                }
            });
            word.store("write", stable + 1, SeqCst);
            told.enter("tell", move |told| told.push((who, stable)));
        },
        // Scopes in each other, two of which are left in the same place with the same value.
        |word, told, who| {
            let both = Sim::scope(|| {
                let inner = Sim::scope(|| word.load("read", SeqCst) + word.load("again", SeqCst));
                if inner == 2 {
                    word.store("write", 7, SeqCst);
                }
                inner
            });
            word.store("write", both + 1, SeqCst);
            told.enter("tell", move |told| told.push((who, both)));
        },
        // A retry in a scope in a round of forever, which is left at once.
        |word, told, who| {
            Sim::forever(|| {
                let sum = Sim::scope(|| {
                    let first = word.load("read", SeqCst);
                    first + Sim::retry(|| Break(word.load("again", SeqCst)))
                });
                told.enter("tell", move |told| told.push((who, sum)));
                word.store("write", sum + 1, SeqCst);
                Break(())
            });
        },
        // A scope in which nothing is done, and one that ends an actor.
        |word, told, who| {
            let nothing = Sim::scope(|| 1);
            Sim::scope(|| {
                let one = word.load("read", SeqCst);
                word.store("write", one + nothing, SeqCst);
                told.enter("tell", move |told| told.push((who, one)));
            });
        },
        // What was known before is still known.
        |word, told, who| {
            let before = word.load("read", SeqCst);
            Sim::scope(|| {
                word.load("in vain", SeqCst);
            });
            word.store("write", before + 1, SeqCst);
            told.enter("tell", move |told| told.push((who, before)));
        },
    ];
    let mut sizes = Vec::new();
    for body in bodies {
        let program = move |actors: &mut Actors<'_>| {
            let word: SimWord = Word::new("word", 0);
            let told: SimMonitor<Vec<(usize, u64)>> = Monitor::new("told", Vec::new());
            for who in 0..2 {
                let (word, told) = (word.clone(), told.clone());
                actors.spawn(format!("actor {who}"), format!("class {who}"), move || {
                    body(&word, &told, who);
                });
            }
            AtRest(move |rest: &Rest| {
                assert!(rest.all_finished());
                Some((word.peek(), told.peek(Vec::clone)))
            })
        };
        let (all, found) = verdicts(&distrustful(), &program);
        assert_eq!(all, found);
        assert!(all.len() > 2);
        let all_of_it = Search::default().run_while(&program, &|_| false, &mut |_| Continue(()));
        sizes.push(all_of_it.progress.states);
    }
    // The scope has forgotten which of the two reads was the lesser.
    assert!(sizes[1] < sizes[0], "{sizes:?}");
}

/// Alice reads twice as she is told, and then writes what she was told; bob writes 1, 2 and so on.
fn smuggler(alice: fn(&SimWord, &SimWord), most: u64) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let (word, other): (SimWord, SimWord) = (Word::new("word", 0), Word::new("other", 0));
        let written = word.clone();
        actors.spawn("alice", "alice", move || alice(&word, &other));
        actors.spawn("bob", "bob", move || {
            for value in 1..=most {
                written.store("write", value, SeqCst);
            }
        });
    }
}

#[test]
fn what_leaves_a_loop_or_a_scope_in_a_cell_is_noticed_and_named() {
    type Alice = fn(&SimWord, &SimWord);
    let smugglers: [(BodyKind, Alice); 7] = [
        // It is written.
        (BodyKind::Scope, |word, other| {
            let kept = Cell::new(0);
            Sim::scope(|| kept.set(word.load("read", SeqCst)));
            other.store("tell", kept.get(), SeqCst);
        }),
        // It decides what is done.
        (BodyKind::Scope, |word, other| {
            let kept = Cell::new(0);
            Sim::scope(|| kept.set(word.load("read", SeqCst)));
            if kept.get() == 2 {
                other.store("tell", 1, SeqCst);
            }
        }),
        // It decides much later.
        (BodyKind::Scope, |word, other| {
            let kept = Cell::new(0);
            Sim::scope(|| kept.set(word.load("read", SeqCst)));
            for _ in 0..20 {
                other.load("pass the time", SeqCst);
            }
            other.store("tell", kept.get() / 2, SeqCst);
        }),
        // It leaves the inner one, and only the outer one lets it out.
        (BodyKind::Scope, |word, other| {
            let kept = Cell::new(0);
            Sim::scope(|| {
                kept.set(Sim::scope(|| word.load("read", SeqCst)));
            });
            other.store("tell", kept.get(), SeqCst);
        }),
        // How many rounds there were.
        (BodyKind::Retry, |word, other| {
            let rounds = Cell::new(0);
            Sim::retry(|| {
                rounds.set(rounds.get() + 1);
                match word.load("read", SeqCst) {
                    0 => Continue(()),
                    _ => Break(()),
                }
            });
            other.store("tell", rounds.get(), SeqCst);
        }),
        // What was expected, which only differs where it was there.
        (BodyKind::Retry, |word, other| {
            let kept = Cell::new(0);
            Sim::retry(|| {
                kept.set(word.load("read", SeqCst));
                Break(())
            });
            let _ = word.compare_exchange("exchange", kept.get(), 9, SeqCst);
            other.store("tell", 1, SeqCst);
        }),
        // An earlier round of a loop that serves.
        (BodyKind::Forever, |word, other| {
            let sum = Cell::new(0);
            Sim::forever(|| match word.load("read", SeqCst) {
                3 => Break(()),
                value => {
                    sum.set(sum.get() + value);
                    Continue(())
                }
            });
            other.store("tell", sum.get(), SeqCst);
        }),
    ];
    for (number, (kind, alice)) in smugglers.into_iter().enumerate() {
        for seed in 1..=10 {
            let search = Search {
                seed,
                ..Search::default()
            };
            let program = smuggler(alice, 3);
            let SpaceEnd::Fault(found) = search.run(&program).end else {
                panic!("{number} is not noticed with seed {seed}");
            };
            assert_eq!(&*found.actor, "alice", "{found}");
            let FaultKind::Remembered { body, .. } = found.kind else {
                panic!("{number}, seed {seed}: {found}");
            };
            assert_eq!(body.kind, kind);
            assert!(body.location.file().ends_with("scopes.rs"));
            let text = found.to_string();
            let way_out = match kind {
                BodyKind::Forever => "return it from a `retry`",
                _ => "let it return all that is needed later",
            };
            assert!(text.contains(way_out), "{text}");
        }
    }
}

/// The limits of that, by number: what is remembered for more steps than are compared, and beyond the executions.
#[test]
fn what_was_returned_and_what_the_last_round_of_forever_saw_may_be_used() {
    let lawful: [fn(&SimWord, &SimWord); 3] = [
        |word, other| {
            let kept = Cell::new(0);
            Sim::forever(|| {
                kept.set(word.load("read", SeqCst));
                if kept.get() < 2 {
                    Continue(())
                } else {
                    Break(())
                }
            });
            other.store("tell", kept.get(), SeqCst);
        },
        |word, other| {
            let kept = Cell::new(0);
            let returned = Sim::scope(|| {
                kept.set(word.load("read", SeqCst));
                kept.get()
            });
            assert_eq!(returned, kept.get());
            other.store("tell", kept.get(), SeqCst);
        },
        |word, other| {
            let seen = Sim::retry(|| match word.load("read", SeqCst) {
                0 => Continue(()),
                seen => Break(seen),
            });
            other.store("tell", seen, SeqCst);
        },
    ];
    for alice in lawful {
        complete(&distrustful(), &smuggler(alice, 3));
    }
}

/// A panic that passes a scope and is caught leaves it.
#[test]
fn a_scope_that_is_left_by_a_panic_is_left() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        actors.spawn("alice", "alice", move || {
            for _ in 0..2 {
                let left = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    Sim::scope(|| {
                        if word.load("read", SeqCst) == 0 {
                            std::panic::resume_unwind(Box::new(()));
                        }
                    });
                }));
                assert!(left.is_err());
            }
            assert_eq!(Sim::scope(|| word.load("read", SeqCst)), 0);
        });
    };
    assert_eq!(complete(&distrustful(), &program).progress.states, 4);
}

/// What an actor does in a program at random; each takes what the one before gave.
enum Act {
    Load(usize),
    Store(usize),
    /// Adds one by compare-exchange, however often that takes.
    Add(usize),
    /// All of these, of which only whether the last one gave an odd number is told.
    Scope(Vec<Act>),
}

/// Draws from a sequence that is the same on every machine.
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: u64) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % most) as usize
    }

    fn acts(&mut self, count: usize, depth: u32) -> Vec<Act> {
        let act = |draws: &mut Draws| match draws.below(if depth > 0 { 6 } else { 4 }) {
            0 | 1 => Act::Load(draws.below(2)),
            2 => Act::Store(draws.below(2)),
            3 => Act::Add(draws.below(2)),
            _ => {
                let inner = 1 + draws.below(2);
                Act::Scope(draws.acts(inner, depth - 1))
            }
        };
        (0..count).map(|_| act(self)).collect()
    }
}

/// How many steps they take at least.
fn length(acts: &[Act]) -> usize {
    let of = |act: &Act| match act {
        Act::Load(_) | Act::Store(_) => 1,
        Act::Add(_) => 2,
        Act::Scope(inner) => length(inner),
    };
    acts.iter().map(of).sum()
}

fn play(acts: &[Act], words: &[SimWord; 2], mut last: u64, forgets: bool) -> u64 {
    for act in acts {
        last = match act {
            Act::Load(word) => words[*word].load("load", SeqCst),
            Act::Store(word) => {
                words[*word].store("store", last + 1, SeqCst);
                last
            }
            Act::Add(word) => {
                let word = &words[*word];
                let seen = Cell::new(0);
                let round = || {
                    seen.set(word.load("read", SeqCst));
                    match word.compare_exchange("add", seen.get(), seen.get() + 1, SeqCst) {
                        Ok(before) => Break(before),
                        Err(_) => Continue(()),
                    }
                };
                if forgets {
                    Sim::retry(round)
                } else {
                    loop {
                        if let Break(before) = round() {
                            break before;
                        }
                    }
                }
            }
            Act::Scope(inner) if forgets => Sim::scope(|| play(inner, words, last, forgets) % 2),
            Act::Scope(inner) => play(inner, words, last, forgets) % 2,
        };
    }
    last
}

/// With what is forgotten and without, by a search and by all executions: the same outcomes, and fewer states.
#[test]
fn programs_at_random_have_the_same_outcomes_whatever_is_forgotten() {
    let (mut forgetful, mut plain) = (0, 0);
    for seed in 0..40 {
        let mut outcomes = Vec::new();
        for forgets in [true, false] {
            let program = |actors: &mut Actors<'_>| {
                let mut draws = Draws(seed);
                let words: [SimWord; 2] = [Word::new("x", 0), Word::new("y", 0)];
                let told: SimMonitor<[u64; 2]> = Monitor::new("told", [0; 2]);
                for who in 0..2 {
                    let (words, told) = (words.clone(), told.clone());
                    // There must not be too many executions to run all.
                    let acts = loop {
                        let count = 1 + draws.below(3);
                        let acts = draws.acts(count, 2);
                        if length(&acts) <= 5 {
                            break acts;
                        }
                    };
                    actors.spawn(format!("actor {who}"), format!("class {who}"), move || {
                        let last = play(&acts, &words, 0, forgets);
                        told.enter("tell", move |told| told[who] = last);
                    });
                }
                AtRest(move |_: &Rest| {
                    let held = words.each_ref().map(SimWord::peek);
                    Some((held, told.peek(|told| *told)))
                })
            };
            let (all, found) = verdicts(&distrustful(), &program);
            assert_eq!(all, found, "{seed}, {forgets}");
            let states = Search::default()
                .run_while(&program, &|_| false, &mut |_| Continue(()))
                .progress
                .states;
            *(if forgets { &mut forgetful } else { &mut plain }) += states;
            outcomes.push(all);
        }
        assert_eq!(outcomes[0], outcomes[1], "{seed}");
    }
    assert!(forgetful < plain, "{forgetful} and {plain}");
}
