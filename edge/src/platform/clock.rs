//! What time it is, and waiting. Rules never ask; operations ask once and hand `now` down.

use shared::time::Millis;

/// The clock of the deployment.
#[derive(Clone, Default)]
pub struct Clock {
    #[cfg(not(target_arch = "wasm32"))]
    now_ms: std::sync::Arc<std::sync::atomic::AtomicI64>,
}

#[cfg(target_arch = "wasm32")]
impl Clock {
    /// The time now. Workers freeze it while code computes: it moves with I/O only.
    pub fn now(&self) -> Millis {
        Millis::new(i64::try_from(worker::Date::now().as_millis()).unwrap_or(i64::MAX))
    }

    /// Waits at least `ms` milliseconds.
    pub async fn sleep(&self, ms: u64) {
        worker::Delay::from(std::time::Duration::from_millis(ms)).await;
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Clock {
    /// A clock that stands at `now` until a test winds it.
    pub fn at(now: Millis) -> Self {
        let clock = Self::default();
        clock.wind(now);
        clock
    }

    /// Sets the time.
    pub fn wind(&self, now: Millis) {
        self.now_ms.store(now.as_i64(), std::sync::atomic::Ordering::SeqCst);
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        Millis::new(self.now_ms.load(std::sync::atomic::Ordering::SeqCst))
    }

    /// Waits at least `ms` milliseconds of Tokio's time (which tests pause), and winds the clock as far.
    pub async fn sleep(&self, ms: u64) {
        tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
        let forward = i64::try_from(ms).unwrap_or(i64::MAX);
        self.wind(self.now().plus_ms(forward));
    }
}
