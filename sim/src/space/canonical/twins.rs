//! Actors that may be exchanged without changing a state.

use super::{ACTORS, Canonizer, NONE, Scratch};

impl Canonizer {
    /// For each actor of the state whose key was made last, the first actor that it may be exchanged with
    /// without changing that state: itself, if there is no other.
    ///
    /// It is not believed because of a color. The two trade their numbers, and so does what goes with them, and
    /// the description that results must be the same to the byte.
    pub(crate) fn twins(&mut self, twins: &mut Vec<u16>) {
        twins.clear();
        twins.extend(
            (0..self.classes.len())
                .map(|place| u16::try_from(place).expect("fewer than 2^16 actors")),
        );
        if self.is_entangled || self.planted.is_some() {
            return;
        }
        let mut other = Vec::new();
        for place in 1..self.scratch.order.len() {
            let ((color, one, before), (next, two, node)) =
                (self.scratch.order[place - 1], self.scratch.order[place]);
            let (slot, actor) = self.nodes.list[node as usize];
            if color != next || slot != ACTORS {
                continue;
            }
            self.trade_numbers(one, two);
            other.clear();
            self.write(&mut other);
            self.trade_numbers(one, two);
            if other == self.leaf {
                let (_, first) = self.nodes.list[before as usize];
                twins[actor as usize] = twins[first as usize];
            }
        }
    }

    /// Gives the nodes of each of two components the numbers of their counterparts.
    fn trade_numbers(&mut self, one: u32, two: u32) {
        let order = &self.scratch.order;
        let of_one = order
            .iter()
            .filter(|node| node.1 == one && is_tied(&self.scratch, node.2));
        for &(color, _, node) in of_one {
            let counterpart = order.iter().find(|other| {
                other.0 == color && other.1 == two && is_tied(&self.scratch, other.2)
            });
            if let Some(&(_, _, counterpart)) = counterpart {
                self.nodes.numbers.swap(node as usize, counterpart as usize);
            }
        }
    }
}

/// Whether a node is tied with another one.
fn is_tied(scratch: &Scratch, node: u32) -> bool {
    scratch
        .components
        .get(node as usize)
        .is_some_and(|&component| component != NONE)
}
