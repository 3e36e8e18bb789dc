//! What an isolate remembers of rows that seldom change, for a few seconds: every request needs them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use shared::limits::{RECENT_ENTRIES, RECENT_MS};
use shared::time::Millis;

/// Values by key, each a few seconds old at most.
pub struct Recent<K, V>(Mutex<BTreeMap<K, (Millis, V)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V: Clone> Recent<K, V> {
    /// What was put lately under `key`.
    pub fn get(&self, key: &K, now: Millis) -> Option<V> {
        let entries = self.0.lock().ok()?;
        let (put_at, value) = entries.get(key)?;
        // A clock that was set back makes nothing young again.
        (now.since_ms(*put_at).abs() < RECENT_MS).then(|| value.clone())
    }

    /// Forgets a value that has changed, so that whoever changed it finds the new one.
    pub fn forget(&self, key: &K) {
        if let Ok(mut entries) = self.0.lock() {
            entries.remove(key);
        }
    }

    /// Remembers a value. All are forgotten where there are too many: reading them again is cheap.
    pub fn put(&self, key: K, value: V, now: Millis) {
        let Ok(mut entries) = self.0.lock() else { return };
        if entries.len() >= RECENT_ENTRIES {
            entries.clear();
        }
        entries.insert(key, (now, value));
    }
}
