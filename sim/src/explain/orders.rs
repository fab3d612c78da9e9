//! Orders of two steps, and the executions in which they hold.
//!
//! An order *holds* in an execution in which both steps happen, the first one first. With a step that the failing
//! execution does not have it also holds if that step never comes. A chart is searched for an
//! execution in which orders hold, or do not, together with how it ends: each node is visited once for each way in
//! which the orders may stand there.

use std::collections::{BTreeMap, VecDeque};

use super::chart::{Actor, Chart, Edge, Fate, Way};
use super::tally::topological;
use super::work::{GivenUp, Work};

/// A step by name: who does what for which time, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Event {
    pub(super) actor: Actor,
    pub(super) deed: u16,
    pub(super) nth: u8,
}

/// The steps of a way by name. A count stays at 255, which no execution worth explaining comes to.
pub(super) fn events(way: &Way) -> Vec<Event> {
    let mut counts: BTreeMap<(Actor, u16), u8> = BTreeMap::new();
    let steps = way.iter().map(|(_, edge)| {
        let nth = counts.entry((edge.actor, edge.deed)).or_insert(0);
        *nth = nth.saturating_add(1);
        Event {
            actor: edge.actor,
            deed: edge.deed,
            nth: *nth,
        }
    });
    steps.collect()
}

/// One step before another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Order {
    pub(super) first: Event,
    pub(super) then: Event,
    /// Whether it also holds if `then` never happens.
    pub(super) or_never: bool,
}

/// How far an order has come in an execution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
enum Stand {
    /// Neither step has happened.
    #[default]
    Open,
    /// The first one has.
    Begun,
    /// Both, in this order.
    Holds,
    /// The second one has happened before the first.
    Broken,
}

/// An order in an execution under way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Progress {
    stand: Stand,
    /// How often the deed of the first event and that of the second have been done, as far as it matters.
    counts: (u8, u8),
}

impl Progress {
    fn after(mut self, order: &Order, edge: &Edge) -> Progress {
        let does = |event: &Event| event.actor == edge.actor && event.deed == edge.deed;
        let is_open = self.stand == Stand::Open;
        if is_open && does(&order.first) {
            self.counts.0 = self.counts.0.saturating_add(1);
            if self.counts.0 == order.first.nth {
                self.stand = Stand::Begun;
                self.counts.0 = 0;
            }
        }
        if matches!(self.stand, Stand::Open | Stand::Begun) && does(&order.then) {
            self.counts.1 = self.counts.1.saturating_add(1);
            if self.counts.1 == order.then.nth {
                let holds = self.stand == Stand::Begun;
                self.stand = if holds { Stand::Holds } else { Stand::Broken };
                self.counts = (0, 0);
            }
        }
        self
    }

    /// Whether the order holds in an execution that ends here.
    fn holds(&self, order: &Order) -> bool {
        self.stand == Stand::Holds || (order.or_never && self.stand == Stand::Begun)
    }

    /// Whether it holds however the execution goes on.
    fn is_settled(&self) -> bool {
        self.stand == Stand::Holds
    }
}

/// How many orders a question may have.
pub(super) const MOST_ORDERS: usize = 3;

type Progresses = [Progress; MOST_ORDERS];

/// A node, and how far the orders have come there.
type Point = (u32, Progresses);

/// From which point, by which step, each point was first reached; `None` for the beginning.
type Origins = BTreeMap<Point, Option<(Point, Edge)>>;

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// An execution in which all orders hold.
    Holding,
    /// One in which some do not.
    Breaking,
}

/// An execution of `chart` that ends in a fate that `ends` admits, and in which the orders, at most
/// [`MOST_ORDERS`], stand as `wanted`. A node together with how far the orders have come is one piece of `work`.
pub(super) fn execution(
    chart: &Chart,
    orders: &[Order],
    wanted: Wanted,
    ends: &dyn Fn(Fate) -> bool,
    work: &mut Work,
) -> Result<Option<Way>, GivenUp> {
    let holding = |at: &Progresses| at.iter().zip(orders).all(|(p, order)| p.holds(order));
    let settled = |at: &Progresses| at[..orders.len()].iter().all(Progress::is_settled);
    let is_hopeless = |at: &Progresses| match wanted {
        Wanted::Holding => at.iter().any(|progress| progress.stand == Stand::Broken),
        Wanted::Breaking => settled(at),
    };
    let start: Point = (0, Progresses::default());
    let mut from = Origins::from([(start, None)]);
    let mut open = VecDeque::from([start]);
    while let Some(point) = open.pop_front() {
        work.one()?;
        let (at, progresses) = point;
        let node = &chart.nodes[at as usize];
        if node.fate.is_some_and(ends) && (wanted == Wanted::Holding) == holding(&progresses) {
            return Ok(Some(way_to(&from, point)));
        }
        for edge in &node.edges {
            let mut next = progresses;
            for (progress, order) in next.iter_mut().zip(orders) {
                *progress = progress.after(order, edge);
            }
            let to = (edge.to, next);
            if !is_hopeless(&next) && !from.contains_key(&to) {
                from.insert(to, Some((point, *edge)));
                open.push_back(to);
            }
        }
    }
    Ok(None)
}

fn way_to(from: &Origins, end: Point) -> Way {
    let mut way = Way::new();
    let mut at = end;
    while let Some(&Some((before, edge))) = from.get(&at) {
        way.push((before.0, edge));
        at = before;
    }
    way.reverse();
    way
}

/// Whether `order` holds in `way`.
pub(super) fn holds(order: &Order, way: &Way) -> bool {
    let start = Progress::default();
    let end = way
        .iter()
        .fold(start, |at, (_, edge)| at.after(order, edge));
    end.holds(order)
}

/// In how many executions of `chart` all the orders hold; `None` if they cannot be counted, because some go round,
/// because there are too many, or because it would be too much `work`.
pub(super) fn count(chart: &Chart, orders: &[Order], work: &mut Work) -> Option<u128> {
    let start: Point = (0, Progresses::default());
    let mut numbers = BTreeMap::from([(start, 0_usize)]);
    let mut points = vec![start];
    let mut edges: Vec<Vec<usize>> = Vec::new();
    while let Some(&(at, progresses)) = points.get(edges.len()) {
        work.one().ok()?;
        let next = chart.nodes[at as usize].edges.iter().map(|edge| {
            let mut next = progresses;
            for (progress, order) in next.iter_mut().zip(orders) {
                *progress = progress.after(order, edge);
            }
            let point = (edge.to, next);
            *numbers.entry(point).or_insert_with(|| {
                points.push(point);
                points.len() - 1
            })
        });
        edges.push(next.collect());
    }
    let mut ways = vec![0_u128; points.len()];
    for &number in topological(&edges)?.iter().rev() {
        let (at, progresses) = points[number];
        let ends = chart.nodes[at as usize].fate.is_some();
        let holds = progresses
            .iter()
            .zip(orders)
            .all(|(p, order)| p.holds(order));
        let mut sum = u128::from(ends && holds);
        for &to in &edges[number] {
            sum = sum.checked_add(ways[to])?;
        }
        ways[number] = sum;
    }
    Some(ways[0])
}
