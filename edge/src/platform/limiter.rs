//! Bursts: the platform's own limiters on workerd, counts on the host. They are per location and approximate; quotas
//! that must hold are counted in the database.

/// Counts by key within a minute. Addresses come as keyed hashes.
#[cfg(target_arch = "wasm32")]
pub struct Limiter {
    /// Visitors, conversations and choices of an address.
    pub visits: worker::RateLimiter,
    /// Messages of an address.
    pub messages: worker::RateLimiter,
    /// Everything that is written to a site.
    pub site: worker::RateLimiter,
}

#[cfg(target_arch = "wasm32")]
impl Limiter {
    /// One more visit of this address. `false` where it is too many.
    pub async fn visit_admit(&self, key: String) -> bool {
        admit(&self.visits, key).await
    }

    /// One more message of this address. `false` where it is too many.
    pub async fn message_admit(&self, key: String) -> bool {
        admit(&self.messages, key).await
    }

    /// One more of anything for this site. `false` where it is too many.
    pub async fn site_admit(&self, key: String) -> bool {
        admit(&self.site, key).await
    }
}

/// A limiter that fails lets through: quotas still hold.
#[cfg(target_arch = "wasm32")]
async fn admit(limiter: &worker::RateLimiter, key: String) -> bool {
    limiter.limit(key).await.map_or(true, |outcome| outcome.success)
}

/// Counts by key.
#[cfg(not(target_arch = "wasm32"))]
pub struct Limiter {
    visits: Counts,
    messages: Counts,
    site: Counts,
}

#[cfg(not(target_arch = "wasm32"))]
struct Counts {
    limit: u32,
    counts: std::cell::RefCell<std::collections::BTreeMap<String, u32>>,
}

#[cfg(not(target_arch = "wasm32"))]
impl Counts {
    fn of(limit: u32) -> Self {
        Self { limit, counts: std::cell::RefCell::default() }
    }

    fn admit(&self, key: String) -> bool {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
        *count <= self.limit
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unused_async, reason = "the Worker's bodies of the same functions wait")]
impl Limiter {
    /// Lets so many through: visits and messages of an address, and everything of a site.
    pub fn of(visits: u32, messages: u32, site: u32) -> Self {
        Self { visits: Counts::of(visits), messages: Counts::of(messages), site: Counts::of(site) }
    }

    /// One more visit of this address. `false` where it is too many.
    pub async fn visit_admit(&self, key: String) -> bool {
        self.visits.admit(key)
    }

    /// One more message of this address. `false` where it is too many.
    pub async fn message_admit(&self, key: String) -> bool {
        self.messages.admit(key)
    }

    /// One more of anything for this site. `false` where it is too many.
    pub async fn site_admit(&self, key: String) -> bool {
        self.site.admit(key)
    }
}
