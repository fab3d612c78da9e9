//! Clients that are drawn at random: `[[arrivals]]`.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::check::Check;
use super::error::ErrorKind;
use super::time::{Span, Time};
use super::timed_document::ArrivalsDocument;
use super::value::{Text, Whole};
use super::write::unplaced;

/// How many tables of arrivals a scenario may have.
const TABLES: usize = 8;

/// How many clients a table may have.
pub const LOGONS: RangeInclusive<u32> = 1..=1_000_000_000;

/// How many clients may come together.
pub const TOGETHER: RangeInclusive<u32> = 1..=1_000;

/// How clients come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ArrivalKind")]
pub enum Kind {
    /// All at one moment.
    Burst,
    /// Independently of each other, at one rate.
    Poisson,
    /// As in a day with a storm in the morning: of 24 equal parts the tenth has five times as many as the average.
    Storm,
    /// At one rate, and every client hangs up as soon as it sees its prompt (KB Q238600).
    Flood,
}

/// Clients that are drawn at random. Times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arrivals {
    /// How they come.
    pub kind: Kind,
    /// How many.
    pub logons: u32,
    /// When the first may come.
    pub at: u64,
    /// Over how long they are spread; 0 for a burst.
    pub over: u64,
    /// How many come together at the most.
    pub together: u32,
    /// Of how many users; none: every client has a user of its own.
    pub users: Option<u32>,
}

impl Check<'_> {
    /// The clients that are to be drawn.
    pub(super) fn arrivals(&self, time: Option<&Time>) -> Vec<Arrivals> {
        let written = &self.document.arrivals;
        if let Some(last) = written.last() {
            self.length("tables of arrivals", written.len(), 0..=TABLES, last.span());
        }
        if let Some(first) = written.first() {
            self.expect_time("[[arrivals]]", first.span(), time);
            if let Some(client) = self.document.clients.first() {
                let message = "the clients of this scenario are drawn; expected no [[client]] beside [[arrivals]]";
                self.wrong(ErrorKind::Contradiction, client.span(), message.to_owned());
            }
        }
        self.tables(written)
    }

    /// The clients that `simulate` draws instead of these, or of those that the scenario names.
    pub(super) fn at_scale(&self, time: Option<&Time>) -> Vec<Arrivals> {
        let written = &self.document.at_scale;
        if let Some(last) = written.last() {
            self.length("tables at scale", written.len(), 0..=TABLES, last.span());
        }
        if let Some(first) = written.first() {
            self.expect_time("[[at-scale]]", first.span(), time);
        }
        self.tables(written)
    }

    fn tables(&self, written: &[Spanned<ArrivalsDocument>]) -> Vec<Arrivals> {
        let arrivals: Vec<Arrivals> = written.iter().map(|table| self.arrival(table)).collect();
        let logons: u64 = arrivals.iter().map(|table| u64::from(table.logons)).sum();
        if let Some(last) = written.last()
            && logons > u64::from(*LOGONS.end())
        {
            let most = LOGONS.end();
            let message = format!("{logons} clients are drawn in all; expected {most} at the most");
            self.wrong(ErrorKind::OutOfRange, last.span(), message);
        }
        arrivals
    }

    /// Refuses what is drawn as well where clients are drawn, and names what to use instead.
    pub(super) fn expect_no_arrivals(
        &self,
        instead: &str,
        what: &str,
        span: std::ops::Range<usize>,
    ) {
        if !self.document.arrivals.is_empty() {
            let message =
                format!("beside [[arrivals]] this is drawn; expected {instead}, or no {what}");
            self.wrong(ErrorKind::Contradiction, span, message);
        }
    }

    /// Refuses what needs time in a scenario that has none.
    pub(super) fn expect_time(
        &self,
        what: &str,
        span: std::ops::Range<usize>,
        time: Option<&Time>,
    ) {
        if time.is_none() {
            self.needs_time(what, span);
        }
    }

    pub(super) fn needs_time(&self, what: &str, span: std::ops::Range<usize>) {
        let message = format!("{what} needs time; expected a table [time], which may be empty");
        self.wrong(ErrorKind::Contradiction, span, message);
    }

    fn arrival(&self, table: &Spanned<ArrivalsDocument>) -> Arrivals {
        let written = table.as_ref();
        let number = |key: &str, number: &Spanned<Whole>, range| {
            self.number(key, number.as_ref().0, number.span(), range)
        };
        let kind = *written.kind.as_ref();
        if let (Some(together), Kind::Burst) = (&written.together, kind) {
            let message =
                "all clients of a burst come together; expected no together, or another kind";
            self.wrong(
                ErrorKind::Contradiction,
                together.span(),
                message.to_owned(),
            );
        }
        match (&written.over, kind) {
            (Some(over), Kind::Burst) => self.wrong(
                ErrorKind::Contradiction,
                over.span(),
                "a burst comes at one moment; expected no over, or another kind".to_owned(),
            ),
            (None, Kind::Poisson | Kind::Storm | Kind::Flood) => self.wrong(
                ErrorKind::MissingKey,
                table.span(),
                "the key \"over\" is missing; expected how long the clients are spread over, such as over = \"24h\""
                    .to_owned(),
            ),
            _ => {}
        }
        Arrivals {
            kind,
            logons: number("logons", &written.logons, LOGONS),
            at: self.span("at", &written.at, 0),
            over: self.span("over", &written.over, 0),
            together: written
                .together
                .as_ref()
                .map_or(1, |together| number("together", together, TOGETHER)),
            users: written
                .users
                .as_ref()
                .map(|users| number("users", users, LOGONS)),
        }
    }
}

/// The table that means this.
pub(super) fn document(arrivals: &Arrivals) -> Spanned<ArrivalsDocument> {
    let whole = |number: u32| unplaced(Whole(number.into()));
    let time = |time: u64| (time != 0).then(|| unplaced(Text(Span(time).to_string())));
    unplaced(ArrivalsDocument {
        kind: unplaced(arrivals.kind),
        logons: whole(arrivals.logons),
        at: time(arrivals.at),
        over: time(arrivals.over),
        together: (arrivals.together != 1).then(|| whole(arrivals.together)),
        users: arrivals.users.map(whole),
    })
}
