//! Sums by key, exact and equal in any order of additions.

/// The capacity below which entries are not combined.
const MIN_ENTRIES: usize = 64;

/// Changes of a step function, or numbers of occurrences, by key.
///
/// Entries are appended, and combined when their number has doubled. Memory: at most twice 16 bytes for each distinct key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps {
    entries: Vec<(i64, i64)>,
    /// The number of entries at the start that are sorted and have distinct keys.
    combined: usize,
}

impl Steps {
    pub(crate) fn add(&mut self, key: i64, change: i64) {
        self.entries.push((key, change));
        if self.entries.len() >= MIN_ENTRIES.max(2 * self.combined) {
            self.combine();
        }
    }

    /// Adds 1 from the start of a range to its end.
    pub(crate) fn add_range(&mut self, from: i64, to: i64) {
        self.add(from, 1);
        self.add(to, -1);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        if self.entries.is_empty() {
            *self = other;
            return;
        }
        self.entries.extend(other.entries);
        if self.entries.len() >= MIN_ENTRIES.max(2 * self.combined) {
            self.combine();
        }
    }

    /// Returns the sums by ascending key, without sums of zero.
    pub(crate) fn sorted(&mut self) -> &[(i64, i64)] {
        self.combine();
        &self.entries
    }

    fn combine(&mut self) {
        if self.combined == self.entries.len() {
            return;
        }
        // The combined entries are one run, of which the stable sort takes advantage.
        self.entries.sort_by_key(|&(key, _)| key);
        self.entries.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        self.entries.retain(|&(_, sum)| sum != 0);
        self.combined = self.entries.len();
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn sums_are_equal_in_any_order() {
        let mut forward = Steps::default();
        let mut backward = Steps::default();
        for key in 0..1000 {
            forward.add(key % 7, key);
            backward.add((999 - key) % 7, 999 - key);
        }
        assert_eq!(forward.sorted(), backward.sorted());
        assert_eq!(forward.sorted().len(), 7);
    }

    #[test]
    fn memory_depends_on_the_number_of_distinct_keys() {
        let mut steps = Steps::default();
        for index in 0..100_000 {
            steps.add_range(index % 10, index % 10 + 5);
        }
        assert!(steps.entries.capacity() <= 256);
    }
}
