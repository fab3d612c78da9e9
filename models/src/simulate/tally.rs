//! What is counted in a run: outcomes, times, and how much of everything there was at once.

use logon_core::{Ending, Fact, Refusal, SessionState};

use super::histogram::Histogram;

/// How often each thing happened to a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Outcomes {
    /// Connections that were tried, of clients that came back as well.
    pub(super) arrived: u64,
    /// Clients that saw their prompt.
    pub(super) served: u64,
    /// Users that were logged on.
    pub(super) logged_on: u64,
    /// Clients that lost patience in front of a server that had not refused them.
    pub(super) timed_out: u64,
    /// Refused, since all permits were out: event 71.
    pub(super) full: u64,
    /// Dropped: event 22.
    pub(super) dropped: u64,
    /// Refused for want of a license: event 201.
    pub(super) unlicensed: u64,
    /// Refused for another reason.
    pub(super) refused: u64,
}

impl Outcomes {
    /// A client was told that its logon has ended.
    pub(super) fn ended(&mut self, ending: Ending) {
        match ending {
            Ending::Refused(Refusal::MaxConnections) => self.full += 1,
            Ending::Refused(Refusal::Dropped(_)) => self.dropped += 1,
            Ending::Refused(Refusal::NoLicense) => self.unlicensed += 1,
            Ending::Refused(_) => self.refused += 1,
            Ending::Gone => {}
        }
    }

    fn add(&mut self, other: &Outcomes) {
        self.arrived += other.arrived;
        self.served += other.served;
        self.logged_on += other.logged_on;
        self.timed_out += other.timed_out;
        self.full += other.full;
        self.dropped += other.dropped;
        self.unlicensed += other.unlicensed;
        self.refused += other.refused;
    }
}

/// How much there is of what comes and goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Levels {
    /// Logons in line.
    pub(super) in_line: u32,
    /// Sessions under creation.
    pub(super) creating: u32,
    /// Logons that are held.
    pub(super) connected: u32,
    /// Clients that are there in any way.
    pub(super) clients: u32,
}

impl Levels {
    fn at_least(&mut self, other: Levels) {
        self.in_line = self.in_line.max(other.in_line);
        self.creating = self.creating.max(other.creating);
        self.connected = self.connected.max(other.connected);
        self.clients = self.clients.max(other.clients);
    }
}

/// A piece of the run's time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Piece {
    pub(super) outcomes: Outcomes,
    /// The most there was of everything.
    pub(super) most: Levels,
    /// How long those waited for their prompt that saw it in this piece, in milliseconds.
    pub(super) latency: Histogram,
}

/// The run in pieces of equal length, as many as a page can show: when there are too many, two become one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Timeline {
    /// How long each piece is, in milliseconds.
    pub(super) length: u64,
    pub(super) pieces: Vec<Piece>,
    /// The piece that was asked for last, and when it begins.
    place: usize,
    begins: u64,
}

/// The shortest piece, in milliseconds, and the most of them.
const SHORTEST: u64 = 250;
const MOST: usize = 256;

impl Timeline {
    fn at(&mut self, now: u64) -> &mut Piece {
        // Nearly always it is the piece that was asked for last.
        if self.begins <= now && now - self.begins < self.length && self.place < self.pieces.len() {
            return &mut self.pieces[self.place];
        }
        while now / self.length >= MOST as u64 {
            let pieces = std::mem::take(&mut self.pieces);
            let mut pieces = pieces.into_iter();
            while let Some(mut first) = pieces.next() {
                if let Some(second) = pieces.next() {
                    first.outcomes.add(&second.outcomes);
                    first.most.at_least(second.most);
                    first.latency.merge(&second.latency);
                }
                self.pieces.push(first);
            }
            self.length *= 2;
        }
        let place = now / self.length;
        (self.begins, self.place) = (place * self.length, place as usize);
        if self.pieces.len() <= self.place {
            self.pieces.resize_with(self.place + 1, Piece::default);
        }
        &mut self.pieces[self.place]
    }

    /// There was as much as this from one moment until another, in which it changed.
    fn lasted(&mut self, levels: Levels, since: u64, until: u64) {
        let Some(last) = until.checked_sub(1).filter(|last| *last >= since) else {
            return;
        };
        self.at(last);
        let (first, last) = (since / self.length, last / self.length);
        let pieces = self.pieces[first as usize..=last as usize].iter_mut();
        pieces.for_each(|piece| piece.most.at_least(levels));
    }
}

/// All that is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tally {
    pub(super) outcomes: Outcomes,
    pub(super) latency: Histogram,
    pub(super) now: Levels,
    pub(super) most: Levels,
    pub(super) timeline: Timeline,
    /// How much there was after the last moment, and when that was.
    last: (u64, Levels),
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            outcomes: Outcomes::default(),
            latency: Histogram::default(),
            now: Levels::default(),
            most: Levels::default(),
            last: (0, Levels::default()),
            timeline: Timeline {
                length: SHORTEST,
                pieces: Vec::new(),
                place: 0,
                begins: 0,
            },
        }
    }
}

impl Tally {
    /// Something happened to a client.
    pub(super) fn count(&mut self, now: u64, change: impl Fn(&mut Outcomes)) {
        change(&mut self.outcomes);
        change(&mut self.timeline.at(now).outcomes);
    }

    /// A client has seen its prompt after so long.
    pub(super) fn served(&mut self, now: u64, waited: u64) {
        self.count(now, |outcomes| outcomes.served += 1);
        self.latency.add(waited);
        self.timeline.at(now).latency.add(waited);
    }

    /// Takes note of the levels, when all that happens at a moment has happened.
    pub(super) fn moment(&mut self, now: u64) {
        let levels = self.now;
        let (since, before) = std::mem::replace(&mut self.last, (now, levels));
        self.timeline.lasted(before, since, now);
        self.most.at_least(levels);
        self.timeline.at(now).most.at_least(levels);
    }

    /// Follows the levels by what the server tells.
    pub(super) fn hear(&mut self, fact: &Fact, stood_in_line: bool, was_held: bool) {
        let levels = &mut self.now;
        match fact {
            Fact::Admitted { .. } => levels.connected += 1,
            Fact::Queued { .. } => levels.in_line += 1,
            Fact::Claimed { .. } if stood_in_line => levels.in_line -= 1,
            Fact::Refused { .. } | Fact::Abandoned { .. } | Fact::Left { .. } => {
                levels.in_line -= u32::from(stood_in_line);
                levels.connected -= u32::from(was_held);
            }
            Fact::Session { from, to, .. } => {
                let is_new = |state: &Option<SessionState>| *state == Some(SessionState::Init);
                levels.creating += u32::from(is_new(to));
                levels.creating -= u32::from(is_new(from)).min(levels.creating);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, SHORTEST, Tally};

    #[test]
    fn what_is_there_is_there_in_the_pieces_in_which_nothing_happens() {
        let mut tally = Tally::default();
        tally.now.connected = 3;
        tally.moment(SHORTEST + 10);
        tally.now.connected = 1;
        tally.count(5 * SHORTEST, |outcomes| outcomes.arrived += 1);
        tally.moment(5 * SHORTEST);
        tally.now.connected = 0;
        tally.moment(5 * SHORTEST + 1);
        let connected = tally.timeline.pieces.iter();
        let connected: Vec<u32> = connected.map(|piece| piece.most.connected).collect();
        assert_eq!(connected, [0, 3, 3, 3, 3, 1]);
    }

    #[test]
    fn two_pieces_become_one_when_there_are_too_many_and_nothing_is_lost() {
        let mut tally = Tally::default();
        let end = 10 * SHORTEST * MOST as u64;
        for now in (0..end).step_by(100) {
            tally.now.in_line = (now / 100 % 7) as u32;
            tally.moment(now);
            tally.served(now, now % 1_000);
        }
        let timeline = &tally.timeline;
        assert!(timeline.pieces.len() <= MOST && timeline.pieces.len() > MOST / 2);
        assert_eq!(timeline.length, 16 * SHORTEST);
        let served: u64 = timeline.pieces.iter().map(|p| p.outcomes.served).sum();
        assert_eq!(served, tally.outcomes.served);
        assert!(timeline.pieces.iter().all(|piece| piece.most.in_line == 6));
    }
}
