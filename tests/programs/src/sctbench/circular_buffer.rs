//! A buffer in a circle, and two flags that let sender and receiver take turns.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

const ELEMENTS: i8 = 7;
const PLACES: usize = 10;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Buffer {
    elements: [i8; PLACES],
    first: usize,
    next: usize,
    may_send: bool,
    sent: Option<i8>,
}

/// `circular_buffer_bad` takes the round of the receiver for the number of the element, `circular_buffer_ok` compares
/// with what was sent.
pub(crate) struct CircularBuffer {
    pub(crate) compares_with_sent: bool,
}

impl<P: Primitives> Portable<P> for CircularBuffer {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let empty = Buffer {
            elements: [0; PLACES],
            first: 0,
            next: 0,
            may_send: true,
            sent: None,
        };
        let buffer = shared::<P, _>("buffer", empty);
        let sending = Arc::clone(&buffer);
        actors.spawn("sender", "sender", move || {
            for element in 0..ELEMENTS {
                sending.enter("insert", move |buffer| {
                    if buffer.may_send {
                        buffer.elements[buffer.next] = element;
                        buffer.next = (buffer.next + 1) % PLACES;
                        buffer.may_send = false;
                        buffer.sent = Some(element);
                    }
                });
            }
        });
        let compares_with_sent = self.compares_with_sent;
        actors.spawn("receiver", "receiver", move || {
            for round in 0..ELEMENTS {
                let received = buffer.enter("remove", |buffer| {
                    let sent = buffer.sent.take()?;
                    let element = buffer.elements[buffer.first];
                    buffer.first += 1;
                    buffer.may_send = true;
                    Some((element, sent))
                });
                if let Some((element, sent)) = received {
                    let expected = if compares_with_sent { sent } else { round };
                    assert_eq!(element, expected, "another element");
                }
            }
        });
        Judge::everybody_ends()
    }
}
