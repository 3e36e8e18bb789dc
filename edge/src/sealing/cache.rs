//! What an isolate keeps opened: few things, for a short time. Whatever leaves is dropped, and so overwritten.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::limits::{SLAB_CACHE_ENTRIES, SLAB_CACHE_MS};
use shared::time::Millis;

/// Something read from the object store, and when the reading began.
pub(super) struct Opened<V> {
    pub(super) value: V,
    pub(super) read_at: Millis,
}

impl<V> Opened<V> {
    /// Whether it may still be used. A clock that went back is no reason to trust it longer.
    fn is_fresh(&self, now: Millis) -> bool {
        (0..SLAB_CACHE_MS).contains(&now.since_ms(self.read_at))
    }
}

/// At most [`SLAB_CACHE_ENTRIES`] opened things, none older than [`SLAB_CACHE_MS`].
pub(super) struct Cache<K, V> {
    entries: BTreeMap<K, Arc<Opened<V>>>,
}

impl<K: Ord + Copy, V> Cache<K, V> {
    pub(super) const fn new() -> Self {
        Self { entries: BTreeMap::new() }
    }

    /// Drops all that is too old, then looks.
    pub(super) fn get(&mut self, key: &K, now: Millis) -> Option<Arc<Opened<V>>> {
        self.entries.retain(|_, opened| opened.is_fresh(now));
        self.entries.get(key).map(Arc::clone)
    }

    /// Keeps what was read; the oldest goes where there are too many.
    pub(super) fn put(&mut self, key: K, value: V, read_at: Millis) -> Arc<Opened<V>> {
        let opened = Arc::new(Opened { value, read_at });
        self.entries.insert(key, Arc::clone(&opened));
        while self.entries.len() > SLAB_CACHE_ENTRIES {
            let oldest = self.entries.iter().min_by_key(|(_, opened)| opened.read_at).map(|(key, _)| *key);
            oldest.and_then(|key| self.entries.remove(&key));
        }
        opened
    }

    pub(super) fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::new(1_790_000_000_000);

    #[test]
    fn an_entry_is_dropped_after_60_seconds() {
        let mut cache = Cache::new();
        let kept = Arc::downgrade(&cache.put(1, "slab", NOW));
        assert!(cache.get(&1, NOW.plus_ms(SLAB_CACHE_MS - 1)).is_some());
        assert!(cache.get(&2, NOW.plus_ms(SLAB_CACHE_MS)).is_none());
        // Nobody asked for it, and it is gone from memory all the same.
        assert!(kept.upgrade().is_none());
    }

    #[test]
    fn the_65th_entry_drives_the_oldest_out() {
        let mut cache = Cache::new();
        let first = Arc::downgrade(&cache.put(0, (), NOW));
        for entry in 1..=SLAB_CACHE_ENTRIES {
            cache.put(entry, (), NOW.plus_ms(1));
        }
        assert!(first.upgrade().is_none());
        assert!(cache.get(&1, NOW.plus_ms(2)).is_some());
        assert_eq!(cache.entries.len(), SLAB_CACHE_ENTRIES);
    }

    #[test]
    fn a_clock_that_goes_back_does_not_prolong_an_entry() {
        let mut cache = Cache::new();
        cache.put(1, (), NOW);
        assert!(cache.get(&1, NOW.minus_ms(1)).is_none());
    }
}
