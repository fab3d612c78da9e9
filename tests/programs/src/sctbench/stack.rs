//! A stack, and a flag that says that something was pushed once.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

const SIZE: u8 = 10;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Stack {
    top: u8,
    pushed: bool,
}

/// `stack_bad` trusts the flag, `stack_ok` looks whether the stack is empty.
pub(crate) struct FlaggedStack {
    pub(crate) trusts_the_flag: bool,
}

impl<P: Primitives> Portable<P> for FlaggedStack {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let stack = shared::<P, _>("stack", Stack::default());
        let (pushed, trusts) = (Arc::clone(&stack), self.trusts_the_flag);
        actors.spawn("pusher", "pusher", move || {
            for _ in 0..SIZE {
                let fits = pushed.enter("push", |stack| {
                    stack.pushed = true;
                    let fits = stack.top < SIZE;
                    stack.top += u8::from(fits);
                    fits
                });
                assert!(fits, "the stack overflows");
            }
        });
        actors.spawn("popper", "popper", move || {
            for _ in 0..SIZE {
                let pops = stack.enter("pop", move |stack| {
                    let tries = if trusts { stack.pushed } else { stack.top > 0 };
                    let below = stack.top.checked_sub(1);
                    if tries {
                        stack.top = below.unwrap_or(0);
                    }
                    !tries || below.is_some()
                });
                assert!(pops, "the stack is empty");
            }
        });
        Judge::everybody_ends()
    }
}
