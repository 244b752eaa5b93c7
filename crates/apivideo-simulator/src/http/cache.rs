use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Remembers what was computed, up to a bound; when that is reached it forgets everything and begins again.
#[derive(Debug)]
pub(crate) struct Cache<V> {
    bound: usize,
    kept: Mutex<Kept<V>>,
}

#[derive(Debug)]
struct Kept<V> {
    values: HashMap<String, V>,
    weight: usize,
}

impl<V: Clone> Cache<V> {
    pub(crate) fn new(bound: usize) -> Self {
        let values = HashMap::new();
        Self {
            bound,
            kept: Mutex::new(Kept { values, weight: 0 }),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(key).cloned()
    }

    /// Keeps a value of such a weight; one that is heavier than the bound is not kept.
    pub(crate) fn put(&self, key: String, value: V, weight: usize) {
        if weight > self.bound {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.weight + weight > self.bound {
            kept.values.clear();
            kept.weight = 0;
        }
        if kept.values.insert(key, value).is_none() {
            kept.weight += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_within_its_bound() {
        let cache = Cache::new(10);
        cache.put("a".into(), 1, 6);
        assert_eq!(cache.get("a"), Some(1));
        cache.put("b".into(), 2, 6);
        assert_eq!((cache.get("a"), cache.get("b")), (None, Some(2)));
        cache.put("c".into(), 3, 11);
        assert_eq!((cache.get("b"), cache.get("c")), (Some(2), None));
    }
}
