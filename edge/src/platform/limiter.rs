//! Bursts: the platform's own limiter on workerd, a count on the host. It is per location and approximate; quotas
//! that must hold are counted in the database.

/// Counts by key within a minute.
#[cfg(target_arch = "wasm32")]
pub struct Limiter(worker::RateLimiter);

#[cfg(target_arch = "wasm32")]
impl Limiter {
    /// Wraps the binding; its limit stands in `wrangler.toml`.
    pub const fn new(limiter: worker::RateLimiter) -> Self {
        Self(limiter)
    }

    /// One more for this key. `false` where it is too many. A limiter that fails lets through: quotas still hold.
    pub async fn admit(&self, key: String) -> bool {
        self.0.limit(key).await.map_or(true, |outcome| outcome.success)
    }
}

/// Counts by key.
#[cfg(not(target_arch = "wasm32"))]
pub struct Limiter {
    limit: u32,
    counts: std::cell::RefCell<std::collections::BTreeMap<String, u32>>,
}

#[cfg(not(target_arch = "wasm32"))]
impl Limiter {
    /// Lets `limit` through for each key.
    pub fn of(limit: u32) -> Self {
        Self { limit, counts: std::cell::RefCell::default() }
    }

    /// One more for this key. `false` where it is too many.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn admit(&self, key: String) -> bool {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
        *count <= self.limit
    }
}
