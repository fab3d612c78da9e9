//! What goes wrong with the clients that are drawn, and how often: `[faults]`.

use std::ops::RangeInclusive;

use toml::Spanned;

use super::arrivals::Arrivals;
use super::check::Check;
use super::error::ErrorKind;
use super::time::Span;
use super::timed_document::{FaultsDocument, PulseDocument, SlowDocument};
use super::value::{Text, Whole};
use super::write::unplaced;

/// How often something goes wrong, in thousandths.
const THOUSANDTHS: RangeInclusive<u32> = 0..=1_000;

/// And of what is tried again when it fails.
const TRIED_AGAIN: RangeInclusive<u32> = 0..=999;

/// By how many thousandths a client's clock may be wrong.
const SKEW: RangeInclusive<u32> = 0..=900;

/// How many times slower a slow disk may be.
pub(super) const FACTOR: RangeInclusive<u32> = 2..=100;

/// What goes wrong, and how often. Numbers are thousandths, times are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Faults {
    /// Of the creations: it fails.
    pub creation_fails: u32,
    /// Of the creations: the worker stalls first.
    pub worker_stalls: u32,
    /// Of the sessions: the user disconnects instead of logging off.
    pub disconnect: u32,
    /// Of the sessions: the line breaks instead.
    pub breaks: u32,
    /// Of the sessions: the client vanishes instead, which is noticed by the keep-alive.
    pub vanish: u32,
    /// Of the logons: the password is wrong.
    pub wrong_password: u32,
    /// Of the logons: the license is denied.
    pub license_denied: u32,
    /// Of the logons: the license service never replies.
    pub license_never: u32,
    /// Of the clients that were turned away or lost patience: it comes back.
    pub come_back: u32,
    /// By how much at most a client's clock is wrong, either way.
    pub clock_skew: u32,
    /// The set-up of sessions slows down from time to time.
    pub slow_disk: Option<SlowDisk>,
    /// An administrator resets the session of a user, if there is one, this often.
    pub reset_every: Option<u64>,
    /// An administrator disables logons from time to time.
    pub disable_logons: Option<Pulse>,
}

/// Something that is so from time to time, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pulse {
    /// How often.
    pub every: u64,
    /// For how long.
    pub length: u64,
}

/// A set-up that slows down from time to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlowDisk {
    /// When.
    pub pulse: Pulse,
    /// How many times slower it is.
    pub factor: u32,
}

impl Check<'_> {
    /// What goes wrong, if the document says so.
    pub(super) fn faults(&self, arrivals: &[Arrivals]) -> Faults {
        let Some(table) = &self.document.faults else {
            return Faults::default();
        };
        if arrivals.is_empty() && self.document.arrivals.is_empty() {
            let message = "faults happen to clients that are drawn; expected [[arrivals]]";
            self.wrong(ErrorKind::Contradiction, table.span(), message.to_owned());
        }
        let written = table.as_ref();
        let part = |key: &str, number: &Option<Spanned<Whole>>| {
            number.as_ref().map_or(0, |number| {
                self.number(key, number.as_ref().0, number.span(), THOUSANDTHS)
            })
        };
        // What is tried again has to succeed some time, or a run would have no end.
        let tried_again = |key: &str, number: &Option<Spanned<Whole>>| {
            number.as_ref().map_or(0, |number| {
                self.number(key, number.as_ref().0, number.span(), TRIED_AGAIN)
            })
        };
        let faults = Faults {
            creation_fails: tried_again("creation-fails", &written.creation_fails),
            worker_stalls: part("worker-stalls", &written.worker_stalls),
            disconnect: part("disconnect", &written.disconnect),
            breaks: part("break", &written.breaks),
            vanish: part("vanish", &written.vanish),
            wrong_password: part("wrong-password", &written.wrong_password),
            license_denied: part("license-denied", &written.license_denied),
            license_never: part("license-never", &written.license_never),
            come_back: tried_again("come-back", &written.come_back),
            clock_skew: written.clock_skew.as_ref().map_or(0, |number| {
                self.number("clock-skew", number.as_ref().0, number.span(), SKEW)
            }),
            slow_disk: written.slow_disk.as_ref().map(|slow| SlowDisk {
                pulse: self.pulse(&slow.every, &slow.length),
                factor: self.number("factor", slow.factor.as_ref().0, slow.factor.span(), FACTOR),
            }),
            reset_every: written
                .reset_every
                .is_some()
                .then(|| self.span("reset-every", &written.reset_every, 1)),
            disable_logons: written
                .disable_logons
                .as_ref()
                .map(|pulse| self.pulse(&pulse.every, &pulse.length)),
        };
        self.sum(
            table,
            [faults.disconnect, faults.breaks, faults.vanish],
            "disconnect, break and vanish are ways in which one session ends",
        );
        self.sum(
            table,
            [faults.license_denied, faults.license_never, 0],
            "license-denied and license-never are replies to one logon",
        );
        faults
    }

    fn sum(&self, table: &Spanned<FaultsDocument>, parts: [u32; 3], what: &str) {
        let sum: u32 = parts.iter().sum();
        if sum > 1_000 {
            let message = format!("{what}, and are {sum} thousandths; expected 1000 at the most");
            self.wrong(ErrorKind::Contradiction, table.span(), message);
        }
    }

    fn pulse(&self, every: &Spanned<Text>, length: &Spanned<Text>) -> Pulse {
        let pulse = Pulse {
            every: self.time_of("every", every, 2),
            length: self.time_of("for", length, 1),
        };
        if pulse.length >= pulse.every {
            let message = format!(
                "it is to last {} and to come every {}; expected it to be over before it comes again",
                Span(pulse.length),
                Span(pulse.every)
            );
            self.wrong(ErrorKind::Contradiction, length.span(), message);
        }
        pulse
    }
}

/// The table that means this.
pub(super) fn document(faults: &Faults) -> Option<Spanned<FaultsDocument>> {
    if *faults == Faults::default() {
        return None;
    }
    let part = |number: u32| (number != 0).then(|| unplaced(Whole(number.into())));
    let time = |time: u64| unplaced(Text(Span(time).to_string()));
    Some(unplaced(FaultsDocument {
        creation_fails: part(faults.creation_fails),
        worker_stalls: part(faults.worker_stalls),
        disconnect: part(faults.disconnect),
        breaks: part(faults.breaks),
        vanish: part(faults.vanish),
        wrong_password: part(faults.wrong_password),
        license_denied: part(faults.license_denied),
        license_never: part(faults.license_never),
        come_back: part(faults.come_back),
        clock_skew: part(faults.clock_skew),
        slow_disk: faults.slow_disk.map(|slow| SlowDocument {
            every: time(slow.pulse.every),
            length: time(slow.pulse.length),
            factor: unplaced(Whole(slow.factor.into())),
        }),
        reset_every: faults.reset_every.map(time),
        disable_logons: faults.disable_logons.map(|pulse| PulseDocument {
            every: time(pulse.every),
            length: time(pulse.length),
        }),
    }))
}
