//! Arrows from one node of the picture to another.

/// To which side of a straight line an arrow bends, seen by someone who looks down the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

/// A place in the picture.
pub(super) type Place = (usize, usize);

/// The path of an arrow that leaves a node at `from` and ends at the node at `to`, outside both circles. It bends
/// aside by no more than `most`, so that two arrows between the same nodes can be told apart and none leaves the
/// picture.
pub(super) fn path(from: Place, to: Place, radius: usize, side: Side, most: usize) -> String {
    let (x1, y1) = (from.0 as f64, from.1 as f64);
    let (x2, y2) = (to.0 as f64, to.1 as f64);
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let aside = (length * 0.12 + 10.0).min(most as f64);
    let sign = if side == Side::Left { -1.0 } else { 1.0 };
    // The curve reaches half as far as the point that draws it.
    let x = (x1 + x2) / 2.0 + sign * dy / length * aside * 2.0;
    let y = (y1 + y2) / 2.0 - sign * dx / length * aside * 2.0;
    let (sx, sy) = towards((x1, y1), (x, y), radius as f64 + 1.0);
    let (ex, ey) = towards((x2, y2), (x, y), radius as f64 + 3.0);
    format!("M{sx:.1} {sy:.1}Q{x:.1} {y:.1} {ex:.1} {ey:.1}")
}

/// The place at a distance from `from` on the way to `to`.
fn towards(from: (f64, f64), to: (f64, f64), distance: f64) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    (
        from.0 + dx / length * distance,
        from.1 + dy / length * distance,
    )
}
