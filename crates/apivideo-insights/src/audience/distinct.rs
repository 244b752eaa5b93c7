//! Sets that are compact in memory and merge in any order.

/// The capacity below which entries are not combined.
const MIN_ENTRIES: usize = 64;

/// A set of values. Memory: at most twice the size of each distinct value.
#[derive(Clone, Debug)]
pub(crate) struct Distinct<T> {
    entries: Vec<T>,
    /// The number of entries at the start that are sorted and distinct.
    combined: usize,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            combined: 0,
        }
    }
}

impl<T: Ord + Copy> Distinct<T> {
    pub(crate) fn insert(&mut self, value: T) {
        self.entries.push(value);
        self.combine_if_doubled();
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.combine_if_doubled();
    }

    /// Returns the distinct values in ascending order.
    pub(crate) fn sorted(&mut self) -> &[T] {
        if self.combined != self.entries.len() {
            self.entries.sort();
            self.entries.dedup();
            self.combined = self.entries.len();
        }
        &self.entries
    }

    fn combine_if_doubled(&mut self) {
        if self.entries.len() >= MIN_ENTRIES.max(2 * self.combined) {
            self.sorted();
        }
    }
}
