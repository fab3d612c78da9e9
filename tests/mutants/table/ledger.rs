//! The count of permits.

use super::{Place, noticed, place};

const FILE: &str = "ledger.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "try_acquire",
        "self.maximum.is_none_or(|maximum| self.in_use < maximum)",
        &[
            noticed(
                "acquire: the maximum is not asked",
                "true",
                "S2",
                "no longer true: no more permits are out than there are",
            ),
            noticed(
                "acquire: one too many",
                "self.maximum.is_none_or(|maximum| self.in_use <= maximum)",
                "S2",
                "no longer true: no more permits are out than there are",
            ),
            noticed(
                "acquire: one too few",
                "self.maximum.is_none_or(|maximum| self.in_use + 1.into() < maximum)",
                "S1",
                "a logon is refused with event 71 although there is room",
            ),
            noticed(
                "acquire: without a maximum there is no room",
                "self.maximum.is_some_and(|maximum| self.in_use < maximum)",
                "S1",
                "a logon is refused for a reason that does not hold: the maximum \
                 connection count was exceeded",
            ),
            noticed(
                "acquire: when there is no room",
                "self.maximum.is_none_or(|maximum| self.in_use >= maximum)",
                "S1",
                "a logon is refused with event 71 although there is room",
            ),
            noticed(
                "acquire: never",
                "false",
                "S1",
                "a logon is refused with event 71 although there is room",
            ),
        ],
    ),
    place(
        FILE,
        "try_acquire",
        "self.in_use += 1;",
        &[
            noticed(
                "acquire: not counted",
                "",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "acquire: counted twice",
                "self.in_use += 2;",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
        ],
    ),
    place(
        FILE,
        "release",
        "self.in_use = rest;",
        &[
            noticed(
                "release: not counted",
                "",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "release: counted twice",
                "self.in_use = rest.checked_decrement().unwrap_or(rest);",
                "S4",
                "no longer true: as many permits are out as logons are held",
            ),
            noticed(
                "release: all at once",
                "self.in_use = 0.into();",
                "S2",
                "the count of permits is overwritten",
            ),
        ],
    ),
];
