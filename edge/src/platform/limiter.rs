//! Bursts: the platform's own limiters on workerd, counts on the host. They are per location and approximate; quotas
//! that must hold are counted in the database.

/// Counts by key within a minute.
#[cfg(target_arch = "wasm32")]
pub struct Limiter {
    address: worker::RateLimiter,
    site: worker::RateLimiter,
}

#[cfg(target_arch = "wasm32")]
impl Limiter {
    /// Wraps the bindings; their limits stand in `wrangler.toml`.
    pub const fn new(address: worker::RateLimiter, site: worker::RateLimiter) -> Self {
        Self { address, site }
    }

    /// One more for this address, as a keyed hash of it. `false` where it is too many. A limiter that fails lets
    /// through: quotas still hold.
    pub async fn address_admit(&self, key: String) -> bool {
        self.address.limit(key).await.map_or(true, |outcome| outcome.success)
    }

    /// One more for this site.
    pub async fn site_admit(&self, key: String) -> bool {
        self.site.limit(key).await.map_or(true, |outcome| outcome.success)
    }
}

/// Counts by key.
#[cfg(not(target_arch = "wasm32"))]
pub struct Limiter {
    address_limit: u32,
    site_limit: u32,
    counts: std::cell::RefCell<std::collections::BTreeMap<String, u32>>,
}

#[cfg(not(target_arch = "wasm32"))]
impl Limiter {
    /// Lets so many through for each address and each site.
    pub fn of(address_limit: u32, site_limit: u32) -> Self {
        Self { address_limit, site_limit, counts: std::cell::RefCell::default() }
    }

    /// One more for this address.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn address_admit(&self, key: String) -> bool {
        self.admit(key, self.address_limit)
    }

    /// One more for this site.
    #[expect(clippy::unused_async, reason = "the Worker's body of the same function waits")]
    pub async fn site_admit(&self, key: String) -> bool {
        self.admit(key, self.site_limit)
    }

    fn admit(&self, key: String, limit: u32) -> bool {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
        *count <= limit
    }
}
