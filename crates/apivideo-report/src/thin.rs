//! Fewer points of a step line, without loss of its extremes.

/// A change of a number: when, as a part of the width from 0 to 1, and the number from then on.
pub(crate) type Point = (f64, u64);

/// Returns the points of a step line that are seen in `columns` columns: of each column, the first ones with the highest and the
/// lowest number, and the last one. Points in order; the result is the same if each column has at most three.
pub(crate) fn thin(points: &[Point], columns: u32) -> Vec<Point> {
    let column = |point: &Point| (point.0 * f64::from(columns)) as i64;
    let mut kept = Vec::new();
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 3 {
            kept.extend_from_slice(group);
            continue;
        }
        // Of equal numbers, `max_by_key` returns the last and `min_by_key` the first.
        let highest = (0..group.len()).rev().max_by_key(|index| group[*index].1);
        let lowest = (0..group.len()).min_by_key(|index| group[*index].1);
        let mut indexes: Vec<usize> = highest
            .into_iter()
            .chain(lowest)
            .chain([group.len() - 1])
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        kept.extend(indexes.into_iter().map(|index| group[index]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_are_kept() {
        let points = [(0.0, 1), (0.1, 2), (0.5, 1), (0.99, 0)];
        assert_eq!(thin(&points, 4), points);
    }

    #[test]
    fn extremes_and_the_last_point_of_a_column_are_kept() {
        let points = [
            (0.0, 1),
            (0.1, 5),
            (0.2, 3),
            (0.3, 5),
            (0.4, 0),
            (0.45, 2),
            (0.6, 9),
        ];
        assert_eq!(thin(&points, 2), [(0.1, 5), (0.4, 0), (0.45, 2), (0.6, 9)]);
    }

    #[test]
    fn the_number_of_points_is_bounded_and_the_maximum_is_exact() {
        let points: Vec<Point> = (0..100_000_u32)
            .map(|index| {
                (
                    f64::from(index) / 100_000.0,
                    u64::from(index * 7_919 % 5_003),
                )
            })
            .collect();
        let thinned = thin(&points, 700);
        assert!(thinned.len() <= 2_100);
        let first_highest =
            |points: &[Point]| points.iter().rev().max_by_key(|point| point.1).copied();
        assert_eq!(first_highest(&thinned), first_highest(&points));
    }
}
