//! Paths, in a picture that is as wide as there are pieces and [`FULL`] high.

use super::axis::{FULL, Scale};

/// What a path of columns fills in each piece: from `floor` up to `floor + height`.
pub(super) fn columns(floors: &[u64], heights: &[u64], scale: Scale) -> String {
    let mut path = String::new();
    let mut piece = 0;
    while piece < heights.len() {
        if heights[piece] == 0 {
            piece += 1;
            continue;
        }
        // Columns side by side have one outline, for no seams are to be seen between them.
        let first = piece;
        piece += heights[first..]
            .iter()
            .take_while(|height| **height > 0)
            .count();
        let depth = |value| scale.depth(value);
        path.push_str(&format!("M{first} {}", depth(floors[first])));
        for column in first..piece {
            let top = depth(floors[column] + heights[column]);
            path.push_str(&format!("V{top}H{}", column + 1));
        }
        for column in (first..piece).rev() {
            path.push_str(&format!("V{}H{column}", depth(floors[column])));
        }
        path.push('z');
    }
    path
}

/// A line with a level for each piece; where there is none, the line has a gap.
pub(super) fn steps(values: impl Iterator<Item = Option<u64>>, scale: Scale) -> String {
    let mut path = String::new();
    let mut before = None;
    for (piece, value) in values.enumerate() {
        let depth = value.map(|value| scale.depth(value));
        if let Some(depth) = depth {
            match before {
                None => path.push_str(&format!("M{piece} {depth}")),
                Some(before) if before != depth => path.push_str(&format!("V{depth}")),
                Some(_) => {}
            }
            path.push_str(&format!("H{}", piece + 1));
        }
        before = depth;
    }
    path
}

/// Something that is filled from the bottom up to a level in each piece.
pub(super) fn area(values: impl Iterator<Item = u64>, scale: Scale) -> String {
    let heights: Vec<u64> = values.collect();
    columns(&vec![0; heights.len()], &heights, scale)
}

/// The attribute that says how large the picture is, in which these paths are.
pub(super) fn view_box(pieces: u64) -> String {
    format!("viewBox=\"0 0 {pieces} {FULL}\"")
}

#[cfg(test)]
mod tests {
    use super::super::axis::{Scale, Unit};
    use super::{area, columns, steps};

    #[test]
    fn a_line_has_gaps_where_there_is_nothing_to_say() {
        let scale = Scale::up_to(4, Unit::Things);
        let values = [Some(1), Some(1), None, None, Some(4), Some(0)];
        assert_eq!(steps(values.into_iter(), scale), "M0 750H1H2M4 0H5V1000H6");
        assert_eq!(steps([None].into_iter(), scale), "");
    }

    #[test]
    fn columns_stand_on_each_other_and_touch_without_a_seam() {
        let scale = Scale::up_to(4, Unit::Things);
        assert_eq!(
            columns(&[1, 2, 0, 0], &[1, 2, 0, 1], scale),
            "M0 750V500H1V0H2V500H1V750H0zM3 1000V750H4V1000H3z"
        );
        assert_eq!(area([0, 2].into_iter(), scale), "M1 1000V500H2V1000H1z");
    }
}
