//! What is drawn in a scenario: each by its name, see [`logon_sim::timed::Draws`].

use super::time::Within;

/// What is drawn. Two streams have nothing in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    /// How long it is until the next arrival.
    Gap = 1,
    /// How many come together.
    Together,
    /// Which user a client is of.
    User,
    /// How wrong a client's clock is.
    Skew,
    /// Whether a client's password is wrong.
    Password,
    /// What the license service replies.
    License,
    /// How long that takes.
    LicenseDelay,
    /// How long a user looks at the prompt.
    Think,
    /// How long a user stays.
    Session,
    /// How a session ends.
    End,
    /// Whether a client that was turned away comes back.
    ComeBack,
    /// When it does.
    BackOff,
    /// The processor time of a set-up.
    SetUp,
    /// Whether a creation fails.
    CreationFails,
    /// Whether its worker stalls.
    Stall,
    /// Whose session is reset.
    Reset,
    /// What a configuration of a swarm is like.
    Swarm,
}

/// The draws of one seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draws(logon_sim::timed::Draws);

impl Draws {
    /// Those of this seed.
    #[must_use]
    pub fn of(seed: u32) -> Self {
        Draws(logon_sim::timed::Draws::of(seed.into()))
    }

    /// One of the numbers below `end`.
    #[must_use]
    pub fn below(self, stream: Stream, index: u64, end: u64) -> u64 {
        self.0.below(stream as u64, index, end)
    }

    /// Whether something happens that does in so many of a thousand cases.
    #[must_use]
    pub fn happens(self, stream: Stream, index: u64, thousandths: u32) -> bool {
        self.below(stream, index, 1_000) < u64::from(thousandths)
    }

    /// A time from these.
    #[must_use]
    pub fn within(self, stream: Stream, index: u64, Within { from, to }: Within) -> u64 {
        from + self.below(stream, index, to - from + 1)
    }

    /// A time with an exponential distribution of this mean.
    #[must_use]
    pub fn exponential(self, stream: Stream, index: u64, mean: u64) -> u64 {
        self.0.exponential(stream as u64, index, mean)
    }
}
