//! Color refinement, and what it leaves tied.

use super::super::words::{chain, mix};
use super::{Canonizer, NONE, Scratch};

impl Canonizer {
    /// Refines the colors until no round tells more nodes apart.
    pub(super) fn refine(&mut self) {
        let mut told_apart = self.distinct_colors();
        while told_apart < self.nodes.list.len() {
            self.refine_once();
            let now = self.distinct_colors();
            if now == told_apart {
                break;
            }
            told_apart = now;
        }
    }

    fn distinct_colors(&mut self) -> usize {
        let sorted = &mut self.scratch.sorted;
        sorted.clear();
        sorted.extend_from_slice(&self.nodes.colors);
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len()
    }

    fn refine_once(&mut self) {
        let colors = &mut self.nodes.colors;
        let Scratch {
            hashes,
            sums,
            contexts,
            gathered,
            ..
        } = &mut self.scratch;
        hashes.clear();
        hashes.extend(self.entries.iter().map(|entry| entry.base));
        for mention in &self.mentions {
            let hash = &mut hashes[mention.entry as usize];
            *hash = chain(*hash, colors[mention.node as usize] ^ mention.salt);
        }
        sums.clear();
        sums.resize(self.entries.len(), 0);
        // Children stand after their parents.
        for (place, entry) in self.entries.iter().enumerate().skip(1).rev() {
            let hash = mix(hashes[place], sums[place]);
            hashes[place] = hash;
            let sum = &mut sums[entry.parent as usize];
            *sum = sum.wrapping_add(hash);
        }
        contexts.clear();
        contexts.push(0);
        for (place, entry) in self.entries.iter().enumerate().skip(1) {
            contexts.push(mix(hashes[place], contexts[entry.parent as usize]));
        }
        gathered.clear();
        gathered.resize(colors.len(), 0);
        for mention in &self.mentions {
            let seen = mix(contexts[mention.entry as usize], mention.salt);
            let sum = &mut gathered[mention.node as usize];
            *sum = sum.wrapping_add(seen);
        }
        for (color, &sum) in colors.iter_mut().zip(gathered.iter()) {
            *color = mix(*color, sum);
        }
    }

    /// Puts the nodes in order; the least color that two nodes of one component share, if there is any.
    pub(super) fn entangled_color(&mut self) -> Option<u64> {
        let Scratch {
            order,
            components,
            firsts,
            ..
        } = &mut self.scratch;
        let colors = &self.nodes.colors;
        order.clear();
        for (node, &color) in (0_u32..).zip(colors) {
            order.push((color, 0, node));
        }
        order.sort_unstable();
        let is_tied = |place: usize| {
            let color = order[place].0;
            (place > 0 && order[place - 1].0 == color)
                || order.get(place + 1).is_some_and(|next| next.0 == color)
        };
        components.clear();
        components.resize(colors.len(), NONE);
        let mut ties = 0;
        for (place, &(_, _, node)) in order.iter().enumerate() {
            if is_tied(place) {
                components[node as usize] = node;
                ties += 1;
            }
        }
        if ties == 0 {
            return None;
        }
        let mut last: Option<(u32, u32)> = None;
        firsts.clear();
        for mention in &self.mentions {
            if components[mention.node as usize] == NONE || mention.entry == 0 {
                continue;
            }
            let top = self.entries[mention.entry as usize].top;
            let first = match last.filter(|(entry, _)| *entry == top) {
                Some((_, first)) => Some(first),
                None => firsts
                    .iter()
                    .find(|(entry, _)| *entry == top)
                    .map(|(_, first)| *first),
            };
            match first {
                Some(first) => join(components, first, mention.node),
                None => firsts.push((top, mention.node)),
            }
            last = Some((top, first.unwrap_or(mention.node)));
        }
        for place in order.iter_mut() {
            if components[place.2 as usize] != NONE {
                place.1 = find(components, place.2);
            }
        }
        order.sort_unstable();
        let entangled = order.windows(2).find(|pair| {
            pair[0].0 == pair[1].0
                && pair[0].1 == pair[1].1
                && components[pair[0].2 as usize] != NONE
        });
        entangled.map(|pair| pair[0].0)
    }
}

fn find(components: &[u32], mut node: u32) -> u32 {
    while components[node as usize] != node {
        node = components[node as usize];
    }
    node
}

fn join(components: &mut [u32], one: u32, other: u32) {
    let (one, other) = (find(components, one), find(components, other));
    let (low, high) = (one.min(other), one.max(other));
    components[high as usize] = low;
}
