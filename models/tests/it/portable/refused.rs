//! What a tool cannot do is refused by name.

use std::sync::Arc;

use logon_core::primitives::{Chance, Choosing, Condition, Monitor, Primitives, Wake};
use logon_models::portable::{Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::{Judge, Portable, Spawner};

use super::{properties, searched};

/// Two who wait on one condition, and one who wakes one of them.
#[derive(Clone)]
struct WakingOne;

impl<P: Primitives> Portable<P> for WakingOne {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let full = Condition("full");
        let slots: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("slots", 0));
        for name in ["anna", "ben"] {
            let slots = Arc::clone(&slots);
            actors.spawn(name, "taker", move || {
                slots.wait_on("take", full, |slots| {
                    let left = slots.checked_sub(1)?;
                    *slots = left;
                    Some(((), Wake::Nobody))
                });
            });
        }
        actors.spawn("giver", "giver", move || {
            for _ in 0..2 {
                slots.change("give", |slots| {
                    *slots += 1;
                    ((), Wake::One(full))
                });
            }
        });
        Judge::everybody_ends()
    }
}

/// One who chooses, where that can be.
#[derive(Clone)]
struct Choice;

impl<P: Choosing> Portable<P> for Choice {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let coin: P::Chance = Chance::new("coin");
        actors.spawn("player", "player", move || {
            assert_ne!(coin.choose("toss", 2), 1, "tails");
        });
        Judge::everybody_ends()
    }
}

#[test]
fn what_a_tool_cannot_do_is_refused_by_name() {
    assert_eq!(searched(&WakingOne), None);
    let limits = Limits::executions(1_000);
    let tried = on_shuttle(&WakingOne, Strategy::Random, &limits).expect("no fault");
    assert_eq!(tried.finding(), None);
    let refused = on_loom(&WakingOne, None, &limits).expect_err("loom cannot choose");
    assert!(
        refused.to_string().contains("`Wake::One` of the 2"),
        "{refused}"
    );

    // For loom it does not compile.
    assert_eq!(searched(&Choice).as_deref(), Some("panic"));
    for strategy in [Strategy::Random, Strategy::UniformRandom] {
        let tried = on_shuttle(&Choice, strategy, &limits).expect("no fault");
        assert_eq!(properties(&[tried]), [Some("panic")]);
    }
    let refused = on_shuttle(&Choice, Strategy::DepthFirst, &limits);
    let refused = refused.expect_err("it draws no numbers");
    assert!(refused.to_string().contains("DFS"), "{refused}");
    let tried = on_threads(&Choice, &limits).expect("no fault");
    assert_eq!(properties(&[tried]), [Some("panic")]);
}

#[test]
fn loom_refuses_more_actors_than_it_holds() {
    #[derive(Clone)]
    struct Crowd;
    impl<P: Primitives> Portable<P> for Crowd {
        fn start(&self, actors: &mut Spawner) -> Judge {
            for number in 0..5 {
                actors.spawn(format!("actor-{number}"), "actor", || {});
            }
            Judge::new(|_| Some("nobody is asked".to_owned()))
        }
    }
    let refused = on_loom(&Crowd, None, &Limits::executions(10)).expect_err("too many");
    let text = refused.to_string();
    assert!(
        text.contains("loom holds 4 actors, and the program has 5"),
        "{text}"
    );
}
