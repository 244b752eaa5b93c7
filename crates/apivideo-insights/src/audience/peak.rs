//! The largest number of a step function.

/// The largest number, and when it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Top {
    pub(crate) count: i64,
    /// The first instant with the number.
    pub(crate) at: i64,
    /// The end of the first range of time with the number.
    pub(crate) until: i64,
    /// The number of ranges of time with the number.
    pub(crate) times: u64,
    /// The end of the last range.
    end: i64,
}

impl Top {
    /// Creates a number during one range of time.
    pub(crate) fn new(count: i64, at: i64, until: i64) -> Self {
        Self {
            count,
            at,
            until,
            times: 1,
            end: until,
        }
    }

    /// Adds a later number during a range of time.
    pub(crate) fn extend(top: &mut Option<Self>, count: i64, from: i64, to: i64) {
        if count > 0 {
            Self::append(top, Some(Self::new(count, from, to)));
        }
    }

    /// Adds the largest number of a later time. Ranges that touch are one: a number that is reached until midnight is continued on
    /// the next day.
    pub(crate) fn append(top: &mut Option<Self>, later: Option<Self>) {
        let Some(later) = later else { return };
        match top {
            Some(top) if top.count > later.count => {}
            Some(top) if top.count == later.count => {
                let is_continued = top.end == later.at;
                if is_continued && top.times == 1 {
                    top.until = later.until;
                }
                top.times += later.times - u64::from(is_continued);
                top.end = later.end;
            }
            _ => *top = Some(later),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Top;

    fn top(ranges: &[(i64, i64, i64)]) -> Option<Top> {
        let mut top = None;
        for &(count, from, to) in ranges {
            Top::extend(&mut top, count, from, to);
        }
        top
    }

    #[test]
    fn ranges_that_touch_are_one() {
        let found = top(&[(1, 0, 5), (2, 5, 7), (2, 7, 9), (1, 9, 10), (2, 10, 11)]);
        let found = found.map(|top| (top.count, top.at, top.until, top.times));
        assert_eq!(found, Some((2, 5, 9, 2)));
    }

    #[test]
    fn parts_combine_to_the_whole() {
        let ranges = [
            (3, 0, 4),
            (3, 4, 6),
            (1, 6, 7),
            (3, 7, 8),
            (3, 8, 9),
            (0, 9, 12),
            (3, 12, 13),
            (2, 13, 20),
        ];
        let whole = top(&ranges);
        for border in 0..=ranges.len() {
            let mut parts = top(&ranges[..border]);
            Top::append(&mut parts, top(&ranges[border..]));
            assert_eq!(parts, whole, "{border}");
        }
    }

    #[test]
    fn zero_is_not_a_peak() {
        assert_eq!(top(&[(0, 0, 10)]), None);
    }
}
