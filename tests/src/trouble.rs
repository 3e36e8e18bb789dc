//! What happens to a worker in the middle of its work, at any of its calls to databases and buckets.

use std::time::Duration;

use edge::platform::stop::{self, Failures};

/// What happens to a worker after so many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is thrown away.
    Stopped,
    /// A call answers an error and has done nothing.
    Failed,
    /// A call answers an error and was carried out.
    Lost,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Stopped, Self::Failed, Self::Lost];
}

/// Lets something run until the trouble comes, and on. Whether it came before the end. Wants a paused clock.
pub async fn troubled(trouble: Trouble, calls: u32, run: impl Future<Output = ()>) -> bool {
    match trouble {
        Trouble::Stopped => {
            stop::after(Some(calls));
            // Nothing answers any more, so only time goes on.
            let came = tokio::time::timeout(Duration::from_secs(100_000), run).await.is_err();
            stop::after(None);
            came
        }
        Trouble::Failed | Trouble::Lost => {
            stop::fail(Some(Failures { after: calls, times: 1, done: trouble == Trouble::Lost }));
            run.await;
            let came = stop::has_failed();
            stop::fail(None);
            came
        }
    }
}
