//! A digest of all that was told in a run, the same on every machine.

use std::hash::{Hash, Hasher};

use logon_core::Fact;

/// What was told so far, in 64 bits. Two runs of one digest have told the same at the same times, as far as a number of 64
/// bits can say: it is no cryptographic one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Digest(u64);

impl Digest {
    /// This was told at this time.
    pub(super) fn add(&mut self, now: u64, fact: &Fact) {
        let mut folded = Folded(self.0);
        folded.write_u64(now);
        fact.hash(&mut folded);
        self.0 = folded.0;
    }

    pub(super) fn value(self) -> u64 {
        self.0
    }
}

/// Takes numbers of every width for what they are, so that it does not depend on the width of a pointer.
#[derive(Default)]
pub(super) struct Folded(u64);

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        // A round of FxHash with the multiplier of Steele and Vigna, and the upper half brought down.
        let mixed = (self.0.rotate_left(5) ^ number).wrapping_mul(0xd134_2543_de82_ef95);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as i64 as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;
    use logon_core::{Claim, Fact, Generation, LogonId, SessionId, SessionState};

    #[test]
    fn a_digest_is_the_same_on_every_machine_and_tells_facts_and_times_apart() {
        let arrived = Fact::Arrived { logon: LogonId(7) };
        let session = Fact::Session {
            claim: Claim {
                session: SessionId(3),
                generation: Generation(1),
            },
            from: Some(SessionState::Init),
            to: None,
        };
        let of = |told: &[(u64, Fact)]| {
            let mut digest = Digest::default();
            told.iter().for_each(|(now, fact)| digest.add(*now, fact));
            digest.value()
        };
        // Computed elsewhere, from the numbers of the variants in the order of their declaration.
        let both = of(&[(5, arrived), (6, session)]);
        assert_eq!(both, 0xe2c2_19f6_fa17_62c7);
        assert_ne!(of(&[(5, arrived)]), of(&[(6, arrived)]));
        assert_ne!(
            of(&[(5, arrived), (5, session)]),
            of(&[(5, session), (5, arrived)])
        );
    }
}
