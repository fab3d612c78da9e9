//! The ways that arrows take from one node of the picture to another.
//!
//! A row has one node at most. So an arrow leaves its node sideways, follows the row to the gap beside the lane where
//! it ends, goes along that lane and enters sideways: no other node stands in its way. Within a gap each arrow has a
//! track, and at a node each has a port, so that they can be told apart.

/// A side of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    /// The side of something at `x` from which one sees `other`.
    pub(super) fn towards(x: usize, other: usize) -> Side {
        if other < x { Side::Left } else { Side::Right }
    }

    fn sign(self) -> f64 {
        match self {
            Side::Left => -1.0,
            Side::Right => 1.0,
        }
    }
}

/// A node as an arrow sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) x: usize,
    pub(super) y: usize,
    /// With the ring around it, if it has one.
    pub(super) radius: usize,
}

/// An arrow to be laid, between nodes in different rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrow {
    pub(super) from: Node,
    pub(super) to: Node,
    /// Where it enters.
    pub(super) enters: Side,
    /// Where it leaves.
    pub(super) leaves: Side,
}

impl Arrow {
    /// An arrow that comes from the nearer side; within a lane it bows out to the side `within`.
    pub(super) fn new(from: Node, to: Node, within: Side) -> Arrow {
        let across = from.x != to.x;
        let side = |x, other| {
            if across {
                Side::towards(x, other)
            } else {
                within
            }
        };
        Arrow {
            from,
            to,
            enters: side(to.x, from.x),
            leaves: side(from.x, to.x),
        }
    }

    fn span(&self) -> (usize, usize) {
        (self.from.y.min(self.to.y), self.from.y.max(self.to.y))
    }
}

/// How far from a node the nearest track is: the length of the head of an arrow.
const CLEAR: f64 = 13.0;

/// From one track to the next, where there is room.
const APART: f64 = 5.0;

/// The radius of a turn.
const TURN: f64 = 8.0;

/// The paths of `arrows`, whose tracks are no farther from the middle of a lane than `most`. `busy` tells of which
/// nodes a side is taken in the middle.
pub(super) fn paths(
    arrows: &[Arrow],
    most: usize,
    busy: impl Fn(Node, Side) -> bool,
) -> Vec<String> {
    let tracks = tracks(arrows, most as f64);
    let laid = arrows.iter().zip(&tracks).enumerate();
    let paths = laid.map(|(index, (arrow, &track))| {
        let port = |end| port(arrows, &tracks, (index, end), &busy);
        path(arrow, track, port(End::Leaves), port(End::Enters))
    });
    paths.collect()
}

/// Where each arrow goes along the lane in which it ends. Short ones are inside.
fn tracks(arrows: &[Arrow], most: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..arrows.len()).collect();
    order.sort_by_key(|&index| {
        let (top, bottom) = arrows[index].span();
        (bottom - top, index)
    });
    let beside = |one: &Arrow, other: &Arrow| one.to.x == other.to.x && one.enters == other.enters;
    let mut places = vec![0_usize; arrows.len()];
    for (position, &index) in order.iter().enumerate() {
        let (top, bottom) = arrows[index].span();
        let laid = order[..position].iter().filter(|&&other| {
            let (above, below) = arrows[other].span();
            beside(&arrows[index], &arrows[other]) && above <= bottom && top <= below
        });
        let taken: Vec<usize> = laid.map(|&other| places[other]).collect();
        let free = (0..=taken.len()).find(|place| !taken.contains(place));
        places[index] = free.expect("one place more than those taken");
    }
    let laid = arrows.iter().zip(&places);
    let tracks = laid.clone().map(|(arrow, &place)| {
        let others = laid.clone().filter(|(other, _)| beside(arrow, other));
        let last = others.map(|(_, &place)| place).max().unwrap_or(0).max(1);
        let nearest = arrow.to.radius as f64 + CLEAR;
        let apart = APART.min((most - nearest).max(0.0) / last as f64);
        arrow.to.x as f64 + arrow.enters.sign() * (nearest + place as f64 * apart)
    });
    tracks.collect()
}

/// An end of an arrow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum End {
    Enters,
    Leaves,
}

/// How far from the middle of its node an arrow ends, downward. Those that enter do so above those that leave, and
/// so that they do not cross each other there.
fn port(
    arrows: &[Arrow],
    tracks: &[f64],
    of: (usize, End),
    busy: impl Fn(Node, Side) -> bool,
) -> f64 {
    let place = |(index, end): (usize, End)| match (end, &arrows[index]) {
        (End::Enters, arrow) => (arrow.to, arrow.enters),
        (End::Leaves, arrow) => (arrow.from, arrow.leaves),
    };
    let (node, side) = place(of);
    let half = node.radius.min(14) as f64 / 2.0;
    if busy(node, side) {
        return if of.1 == End::Enters { -half } else { half };
    }
    let ends = (0..arrows.len()).flat_map(|index| [(index, End::Enters), (index, End::Leaves)]);
    let mut ends: Vec<(usize, End)> = ends.filter(|&end| place(end) == (node, side)).collect();
    ends.sort_by(|one, other| {
        let far = |end: &(usize, End)| (tracks[end.0] - node.x as f64).abs();
        let within = match one.1 {
            End::Enters => far(one).total_cmp(&far(other)),
            End::Leaves => far(other).total_cmp(&far(one)),
        };
        one.1.cmp(&other.1).then(within).then(one.0.cmp(&other.0))
    });
    let position = ends.iter().position(|&end| end == of).unwrap_or(0);
    match ends.len() {
        0 | 1 => 0.0,
        count => half * (2.0 * position as f64 / (count - 1) as f64 - 1.0),
    }
}

/// The path of an arrow by its track, from port to port.
fn path(arrow: &Arrow, track: f64, leaves: f64, enters: f64) -> String {
    let edge = |node: Node, side: Side, port: f64, clear: f64| {
        let radius = node.radius as f64 + clear;
        let half = (radius * radius - port * port).max(0.0).sqrt();
        (node.x as f64 + side.sign() * half, node.y as f64 + port)
    };
    let (x1, y1) = edge(arrow.from, arrow.leaves, leaves, 1.0);
    let (x2, y2) = edge(arrow.to, arrow.enters, enters, 3.0);
    let turn = TURN.min((y2 - y1).abs() / 2.0);
    let before = track - (track - x1).signum() * turn.min((track - x1).abs());
    let after = track + (x2 - track).signum() * turn.min((x2 - track).abs());
    let down = (y2 - y1).signum() * turn;
    let (top, bottom) = (y1 + down, y2 - down);
    format!(
        "M{x1:.1} {y1:.1}H{before:.1}Q{track:.1} {y1:.1} {track:.1} {top:.1}V{bottom:.1}Q{track:.1} {y2:.1} {after:.1} \
         {y2:.1}H{x2:.1}"
    )
}
