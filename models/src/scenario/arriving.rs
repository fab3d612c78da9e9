//! When clients come that are drawn at random: one after the other, in the order of their arrival.

use super::arrivals::{Arrivals, Kind};
use super::draw::{Draws, Stream};
use super::plan::{COUNTED_IN, Plan};

/// Nanoseconds in a millisecond: gaps are drawn in these, for in a large scenario they are shorter than a millisecond.
const NANOSECONDS: u64 = 1_000_000;

/// How many parts a storm has.
const PARTS: usize = 24;

/// How many clients come in each part of a storm, in hundredths of the average: an hour of a day each, the storm at nine.
const STORM: [u64; PARTS] = [
    5, 5, 5, 5, 5, 10, 30, 90, 300, 500, 200, 150, 130, 200, 160, 130, 120, 100, 80, 60, 50, 30,
    20, 15,
];

/// A client that comes for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// Its number, in order of arrival, from 0.
    pub number: u64,
    /// When it comes, in milliseconds after the beginning.
    pub at: u64,
    /// Which user it is of.
    pub user: u32,
    /// Whether it hangs up as soon as it sees its prompt.
    pub is_flood: bool,
}

/// Who comes, in order of arrival.
#[derive(Clone, Debug)]
pub struct PlannedArrivals {
    plan: Plan,
    /// The tables from which somebody may still come.
    coming: Vec<Coming>,
    number: u64,
}

impl PlannedArrivals {
    pub(super) fn of(plan: Plan) -> Self {
        let coming = plan.tables.iter().enumerate();
        let coming = coming.map(|(index, &(table, left))| Coming {
            table,
            index: index as u64,
            left,
            group: 0,
            gaps: 0,
            groups: 0,
            at: table.at * NANOSECONDS,
        });
        PlannedArrivals {
            coming: coming.collect(),
            plan,
            number: 0,
        }
    }
}

impl Iterator for PlannedArrivals {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let draws = self.plan.draws;
        for coming in &mut self.coming {
            coming.look_ahead(draws);
        }
        self.coming.retain(|coming| coming.left > 0);
        let first = self
            .coming
            .iter_mut()
            .min_by_key(|coming| (coming.millisecond(), coming.index))?;
        first.left -= 1;
        first.group -= 1;
        let (at, table) = (first.millisecond(), first.table);
        let number = self.number;
        self.number += 1;
        Some(Arrival {
            number,
            at,
            user: self.plan.user(number, &table),
            is_flood: table.kind == Kind::Flood,
        })
    }
}

/// Where the clients of one table are.
#[derive(Clone, Debug)]
struct Coming {
    table: Arrivals,
    index: u64,
    /// How many have still to come.
    left: u64,
    /// How many of the group that comes next; none: it is not drawn yet.
    group: u64,
    /// How many gaps and groups were drawn.
    gaps: u64,
    groups: u64,
    /// When that group comes, or the last one came, in nanoseconds.
    at: u64,
}

impl Coming {
    fn millisecond(&self) -> u64 {
        self.at / NANOSECONDS
    }

    /// Draws the next group, if it is not drawn yet.
    fn look_ahead(&mut self, draws: Draws) {
        if self.group > 0 || self.left == 0 {
            return;
        }
        if self.table.kind == Kind::Burst {
            self.group = self.left;
            return;
        }
        while !self.gap(draws) {}
        let index = self.counted(self.groups);
        self.groups += 1;
        self.group = 1 + draws.below(Stream::Together, index, self.table.together.into());
    }

    /// Draws a gap; says whether a group comes at its end. A gap does not reach over into the next part of a storm, where
    /// clients come at another rate: it ends there, and the next gap begins.
    fn gap(&mut self, draws: Draws) -> bool {
        let Arrivals {
            over,
            together,
            logons,
            ..
        } = self.table;
        // Of a group come (1 + together) / 2 clients on average.
        let over = over * NANOSECONDS;
        let mean = over * (1 + u64::from(together)) / (2 * u64::from(logons));
        let index = self.counted(self.gaps);
        self.gaps += 1;
        if self.table.kind != Kind::Storm {
            let gap = draws.exponential(Stream::Gap, index, mean);
            self.at = self.at.saturating_add(gap);
            return true;
        }
        let begin = self.table.at * NANOSECONDS;
        let part = (over / PARTS as u64).max(1);
        let nth = (self.at - begin) / part;
        let weight = STORM[(nth % PARTS as u64) as usize];
        let slower = u128::from(mean) * 100 / u128::from(weight);
        let slower = u64::try_from(slower).unwrap_or(u64::MAX);
        let gap = draws.exponential(Stream::Gap, index, slower);
        let end = begin.saturating_add((nth + 1).saturating_mul(part));
        let next = self.at.saturating_add(gap);
        // At the end of all times there is no part after this one.
        let is_over = next < end || end == u64::MAX;
        self.at = next.min(end);
        is_over
    }

    fn counted(&self, nth: u64) -> u64 {
        nth | self.index << COUNTED_IN
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::arrivals::{Arrivals, Kind};
    use super::{Arrival, PARTS, Plan, STORM};
    use crate::scenario::{Scenario, Time};

    const DAY: u64 = 24 * 60 * 60 * 1_000;

    pub(in crate::scenario) fn table(kind: Kind, logons: u32) -> Arrivals {
        Arrivals {
            kind,
            logons,
            at: 0,
            over: if kind == Kind::Burst { 0 } else { DAY },
            together: 1,
            users: None,
        }
    }

    pub(in crate::scenario) fn plan(tables: &[Arrivals]) -> Plan {
        let mut scenario = Scenario::preset("q245221").expect("it is a preset");
        scenario.clients.clear();
        scenario.time = Some(Time::default());
        scenario.arrivals = tables.to_vec();
        Plan::of(&scenario).expect("something is drawn")
    }

    #[test]
    fn as_many_come_as_are_asked_for_and_in_order() {
        let burst = Arrivals {
            at: 1_000,
            ..table(Kind::Burst, 5)
        };
        let poisson = Arrivals {
            together: 14,
            users: Some(3),
            ..table(Kind::Poisson, 1_000)
        };
        let plan = plan(&[poisson, burst, table(Kind::Flood, 100)]);
        let all: Vec<Arrival> = plan.arrivals().collect();
        assert_eq!((all.len(), plan.logons()), (1_105, 1_105));
        assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert!((0..).zip(&all).all(|(number, one)| one.number == number));
        assert_eq!(all.iter().filter(|one| one.is_flood).count(), 100);
        assert!(all.iter().filter(|one| one.at == 1_000).count() >= 5);
        // Those who share their users have the lower numbers.
        assert_eq!(all.iter().filter(|one| one.user < 3).count(), 1_000);
        let own = all.iter().filter(|one| one.user >= 3);
        assert!(own.clone().all(|one| u64::from(one.user) == 3 + one.number));
        assert!(all.iter().all(|one| u64::from(one.user) < plan.users()));
    }

    #[test]
    fn they_are_spread_over_the_time_as_the_table_says() {
        for together in [1, 14] {
            let one = Arrivals {
                together,
                ..table(Kind::Poisson, 20_000)
            };
            let last = plan(&[one]).arrivals().last().expect("some come").at;
            assert!(last.abs_diff(DAY) < DAY / 20, "{last}");
        }
        // Many on one day, and few on each of many days: then most gaps end in another part than that they begin in.
        for (a_day, days) in [(100_000, 1), (24, 4_000)] {
            // And some more, so that the last part is not cut off.
            let storm = plan(&[table(Kind::Storm, a_day)]).with_logons(a_day * days + a_day);
            let mut parts = [0_u64; PARTS];
            for one in storm
                .arrivals()
                .filter(|one| one.at < DAY * u64::from(days))
            {
                parts[(one.at % DAY * PARTS as u64 / DAY) as usize] += 1;
            }
            for (came, weight) in parts.iter().zip(STORM) {
                let expected = weight * u64::from(a_day * days) / 2_400;
                let difference = came.abs_diff(expected);
                assert!(difference * difference < 25 * expected, "{parts:?}");
            }
        }
    }

    #[test]
    fn the_slowest_rate_fits_and_time_goes_on() {
        for kind in [Kind::Poisson, Kind::Storm] {
            let slowest = Arrivals {
                over: 1_000 * 60 * 60 * 1_000,
                together: 1_000,
                ..table(kind, 1)
            };
            let some = plan(&[slowest]).with_logons(3_000);
            let all: Vec<Arrival> = some.arrivals().collect();
            assert_eq!(all.len(), 3_000);
            assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
            assert!(all[0].at > 0 && all[2_999].at > all[0].at, "{kind:?}");
        }
    }

    #[test]
    fn more_clients_come_as_fast_and_for_longer() {
        let one = plan(&[table(Kind::Storm, 1_000), table(Kind::Flood, 500)]);
        let more = one.clone().with_logons(15_000);
        assert_eq!(more.arrivals().count(), 15_000);
        assert_eq!(more.arrivals().filter(|one| one.is_flood).count(), 5_000);
        let last = more.arrivals().last().expect("some come").at;
        assert!(last.abs_diff(10 * DAY) < DAY, "{last}");
        assert_eq!(more.horizon() - one.horizon(), 9 * DAY);
        let first: Vec<Arrival> = one.arrivals().take(100).collect();
        let same: Vec<Arrival> = more.arrivals().take(100).collect();
        let times = |all: &[Arrival]| all.iter().map(|one| one.at).collect::<Vec<_>>();
        assert_eq!(times(&first), times(&same));
    }
}
