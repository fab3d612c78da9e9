//! The picture of an execution: time downward, a lane for each actor that acts, numbered nodes, and arrows for what
//! is ordered by waking, by the rule, and by the conflict.

use std::collections::BTreeMap;

use super::super::story::Story;
use super::lanes::{Lanes, Row, TOP};
use super::legend::{legend, legend_of_marks};
use super::marked::{Marked, Then};
use super::routes::{Arrow, Node, Side, paths};
use super::tables::HINT;
use crate::trace::Trace;

/// How many steps are drawn: a picture of more is too high to be looked at.
const MOST_STEPS: usize = 1_000;

/// How many lanes are drawn: a picture of more is too wide.
const MOST_LANES: usize = 100;

/// The picture with its legend, as a section.
pub(super) fn picture(trace: &Trace, story: &Story) -> String {
    let steps = story.events.len();
    if steps > MOST_STEPS || story.acting > MOST_LANES {
        return format!(
            "<section class=\"drawn\">\n<p class=\"numbers\">Not drawn: a picture shows at most {MOST_STEPS} steps of at most \
             {MOST_LANES} actors, and here are {steps} steps of {}. The table has all of them.</p>\n{}</section>\n",
            story.acting,
            legend_of_marks(story)
        );
    }
    let explanation = trace.explanation.as_ref();
    let marked = Marked::of(explanation, steps);
    let lanes = Lanes::of(story, &marked.missing);
    let page = Page {
        trace,
        story,
        lanes,
        marked,
    };
    let (width, height) = (page.lanes.width, page.lanes.height);
    let tint = page.tint();
    let parts = [
        page.rows(),
        page.lines(),
        page.wakes(),
        page.orders(),
        page.nodes(),
        page.heads(),
    ];
    format!(
        "<section class=\"drawn\">\n{HINT}<div class=\"box\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"drawn\">\n<svg id=\"picture\" role=\"img\" aria-label=\"The {steps} steps with time \
         downward and a lane for each actor; the table below says the same in words\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n{HEADS}{tint}{}</svg>\n</div>\n{}</section>\n",
        parts.concat(),
        legend(trace, story, &page.marked)
    )
}

/// The heads of the arrows.
const HEADS: &str = "<defs>\
    <marker id=\"head-wake\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
    orient=\"auto\" markerUnits=\"userSpaceOnUse\"><path class=\"head wake\" d=\"M0 0L8 4L0 8Z\"/></marker>\
    <marker id=\"head-rule\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" \
    orient=\"auto\" markerUnits=\"userSpaceOnUse\"><path class=\"head rule\" d=\"M0 0L8 4L0 8Z\"/></marker>\
    <marker id=\"head-conflict\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"10\" markerHeight=\"10\" \
    orient=\"auto\" markerUnits=\"userSpaceOnUse\"><path class=\"head conflict\" d=\"M0 0L8 4L0 8Z\"/></marker>\
    </defs>\n";

/// How far around a node that fails its ring is.
pub(super) const RING: usize = 4;

/// The radius of a step that does not happen.
pub(super) const MISSING: usize = 8;

/// A lane under way: what is drawn of it, and how it goes on.
struct Lane {
    x: usize,
    from: usize,
    asleep: bool,
    begun: bool,
    drawn: String,
}

impl Lane {
    fn new(x: usize) -> Self {
        Lane {
            x,
            from: TOP - 6,
            asleep: false,
            begun: false,
            drawn: String::new(),
        }
    }

    /// Draws it down to a step in which its actor acts or is woken, and after which it sleeps or not.
    fn draw_to(&mut self, y: usize, asleep: bool) {
        let class = match (self.asleep, self.begun) {
            (true, _) => "asleep",
            (false, true) => "order",
            (false, false) => "idle",
        };
        self.draw(class, y);
        (self.from, self.asleep, self.begun) = (y, asleep, true);
    }

    fn draw(&mut self, class: &str, to: usize) {
        let Lane { x, from, .. } = self;
        let path = format!("<path class=\"lane {class}\" d=\"M{x} {from}V{to}\"/>\n");
        self.drawn.push_str(&path);
    }

    /// All of it, down to where nothing more happens.
    fn end(mut self, bottom: usize) -> String {
        self.draw(if self.asleep { "asleep" } else { "idle" }, bottom);
        self.drawn
    }
}

/// A picture under way.
pub(super) struct Page<'a> {
    pub(super) trace: &'a Trace,
    pub(super) story: &'a Story,
    pub(super) lanes: Lanes,
    pub(super) marked: Marked,
}

impl Page<'_> {
    /// The row of a step by number.
    pub(super) fn row(&self, number: usize) -> &Row {
        &self.lanes.rows[number - 1]
    }

    /// Where the node of a step stands.
    pub(super) fn node(&self, number: usize) -> (usize, usize) {
        let actor = self.story.events[number - 1].actor;
        (self.lanes.middle(actor), self.row(number).middle())
    }

    /// The row of the rest it ends in or of what is said of a loop, if there is one.
    pub(super) fn rest(&self) -> Option<&Row> {
        self.lanes
            .rows
            .get(self.story.events.len())
            .filter(|_| self.story.ending.is_some())
    }

    /// Behind everything: where it is decided.
    fn tint(&self) -> String {
        let steps = self.story.events.len();
        let Some(point) = self.marked.point.filter(|&point| point <= steps) else {
            return String::new();
        };
        let top = if point == 0 { TOP } else { self.row(point).top };
        let last = self.rest().unwrap_or_else(|| self.row(steps));
        let (width, height) = (self.lanes.width, last.top + last.height - top);
        let bottom = top + height;
        format!(
            "<rect class=\"decided\" x=\"0\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/><path class=\"bar\" \
             d=\"M3 {top}V{bottom}\"/><path class=\"decided\" d=\"M0 {top}H{width}\"/>\n"
        )
    }

    /// Behind each step, what is lit and clicked.
    fn rows(&self) -> String {
        let width = self.lanes.width - 2;
        let rows = self.story.events.iter().map(|event| {
            let (number, row) = (event.number, self.row(event.number));
            let (top, height) = (row.top + 1, row.height - 2);
            format!(
                "<rect class=\"row\" data-row=\"{number}\" x=\"1\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
                 rx=\"6\"/>\n"
            )
        });
        rows.collect()
    }

    /// The lanes: what an actor does in order, and where it sleeps.
    fn lines(&self) -> String {
        let lanes = 0..self.lanes.count;
        let mut lanes: Vec<Lane> = lanes
            .map(|lane| Lane::new(self.lanes.middle(lane)))
            .collect();
        for (event, step) in self.story.events.iter().zip(&self.trace.steps) {
            let y = self.row(event.number).middle();
            let woken = event.woken.iter().filter(|&&lane| lane != event.actor);
            for &lane in woken {
                if let Some(lane) = lanes.get_mut(lane).filter(|lane| lane.asleep) {
                    lane.draw_to(y, false);
                }
            }
            lanes[event.actor].draw_to(y, step.asleep);
        }
        let bottom = self.rest().map_or(self.lanes.height - 12, Row::middle);
        lanes.into_iter().map(|lane| lane.end(bottom)).collect()
    }

    /// The arrows of waking, to the lanes of those woken.
    fn wakes(&self) -> String {
        let mut out = String::new();
        for event in &self.story.events {
            let (from, y) = self.node(event.number);
            let mut woken = event.woken.clone();
            woken.sort_unstable();
            woken.dedup();
            for lane in woken
                .into_iter()
                .filter(|&lane| lane < self.lanes.count && lane != event.actor)
            {
                let to = self.lanes.middle(lane);
                let (from, to) = if to > from {
                    (from + self.lanes.radius, to - 2)
                } else {
                    (from - self.lanes.radius, to + 2)
                };
                out.push_str(&format!(
                    "<path class=\"edge wake\" marker-end=\"url(#head-wake)\" data-from=\"{}\" d=\"M{from} {y}H{to}\"/>\n",
                    event.number
                ));
            }
        }
        out
    }

    /// The orders of the rule, within a lane to the left of it, and the conflict, to the right.
    fn orders(&self) -> String {
        let rule = self.marked.orders.iter();
        let rule = rule.map(|&(first, then)| ("rule", first, then, Side::Left));
        let conflict = self.marked.pairs.iter();
        let conflict =
            conflict.map(|&(first, then)| ("conflict", first, Then::Step(then), Side::Right));
        let edges: Vec<(&str, usize, Then, Side)> = rule.chain(conflict).collect();
        let arrows: Vec<Arrow> = edges
            .iter()
            .map(|&(_, first, then, side)| {
                Arrow::new(self.end(Then::Step(first)), self.end(then), side)
            })
            .collect();
        // At which heights an arrow of waking leaves its node, and to which side.
        let mut waking: BTreeMap<usize, Vec<Side>> = BTreeMap::new();
        for event in &self.story.events {
            let (x, y) = self.node(event.number);
            let lanes = event.woken.iter().filter(|&&lane| lane < self.lanes.count);
            let lanes = lanes.filter(|&&lane| lane != event.actor);
            let sides = lanes.map(|&lane| Side::towards(x, self.lanes.middle(lane)));
            for side in sides {
                let known = waking.entry(y).or_default();
                if !known.contains(&side) {
                    known.push(side);
                }
            }
        }
        let wakes = |node: Node, side| {
            waking
                .get(&node.y)
                .is_some_and(|sides| sides.contains(&side))
        };
        let paths = paths(&arrows, self.lanes.pitch / 2 - 2, wakes);
        let drawn = edges.iter().zip(paths).map(|((class, first, then, _), path)| {
            let then = match then {
                Then::Step(then) => then.to_string(),
                Then::Missing(position) => format!("missing-{position}"),
            };
            format!(
                "<path class=\"edge {class}\" marker-end=\"url(#head-{class})\" data-from=\"{first}\" \
                 data-to=\"{then}\" d=\"{path}\"/>\n"
            )
        });
        drawn.collect()
    }

    /// The node at which an arrow ends.
    fn end(&self, of: Then) -> Node {
        match of {
            Then::Step(number) => {
                let (x, y) = self.node(number);
                let ring = if self.story.events[number - 1].fails {
                    RING
                } else {
                    0
                };
                Node {
                    x,
                    y,
                    radius: self.lanes.radius + ring,
                }
            }
            Then::Missing(position) => Node {
                x: self.lanes.nowhere(),
                y: self.missing(position).middle(),
                radius: MISSING,
            },
        }
    }

    /// The row of a step that does not happen.
    pub(super) fn missing(&self, position: usize) -> &Row {
        let before = self.story.events.len() + usize::from(self.story.ending.is_some());
        &self.lanes.rows[before + position]
    }
}
