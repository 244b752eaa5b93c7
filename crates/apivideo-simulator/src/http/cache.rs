use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A cache of computed values with a maximum total weight. A value that would exceed it evicts all others.
#[derive(Debug)]
pub(crate) struct Cache<V> {
    capacity: usize,
    entries: Mutex<Entries<V>>,
}

#[derive(Debug)]
struct Entries<V> {
    values: HashMap<String, V>,
    weight: usize,
}

impl<V: Clone> Cache<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        let values = HashMap::new();
        Self {
            capacity,
            entries: Mutex::new(Entries { values, weight: 0 }),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.values.get(key).cloned()
    }

    /// Inserts a value, unless its weight exceeds the capacity.
    pub(crate) fn put(&self, key: String, value: V, weight: usize) {
        if weight > self.capacity {
            return;
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.weight + weight > self.capacity {
            entries.values.clear();
            entries.weight = 0;
        }
        if entries.values.insert(key, value).is_none() {
            entries.weight += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn total_weight_stays_within_the_capacity() {
        let cache = Cache::new(10);
        cache.put("a".into(), 1, 6);
        assert_eq!(cache.get("a"), Some(1));
        cache.put("b".into(), 2, 6);
        assert_eq!((cache.get("a"), cache.get("b")), (None, Some(2)));
        cache.put("c".into(), 3, 11);
        assert_eq!((cache.get("b"), cache.get("c")), (Some(2), None));
    }
}
