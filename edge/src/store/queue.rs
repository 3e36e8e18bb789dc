//! What waits to be done, counted for whoever runs the deployment: mails, webhooks, erasures. Sums alone, nobody's.

use serde::Deserialize;
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};

/// Counts mails that wait for a try.
pub const MAILS_WAITING: &str = "
SELECT count(*) AS count
     , min(due_at) AS oldest_at
FROM mail
WHERE state IN ('queued', 'sending')
  AND due_at > 0
";

/// Counts mails that were given up since.
pub const MAILS_GIVEN_UP: &str = "
SELECT count(*) AS count
     , min(settled_at) AS oldest_at
FROM mail
WHERE state = 'given_up'
  AND settled_at >= ?1
";

/// Counts what waits to be told to the doors of businesses.
pub const WEBHOOKS_WAITING: &str = "
SELECT count(*) AS count
     , min(due_at) AS oldest_at
FROM webhook_delivery
WHERE state IN ('queued', 'sending')
  AND due_at > 0
";

/// Counts what was given up of it since.
pub const WEBHOOKS_GIVEN_UP: &str = "
SELECT count(*) AS count
     , min(settled_at) AS oldest_at
FROM webhook_delivery
WHERE state = 'given_up'
  AND settled_at >= ?1
";

/// Counts erasures that are not at their end.
pub const ERASURES_WAITING: &str = "
SELECT count(*) AS count
     , min(requested_at) AS oldest_at
FROM erasure
WHERE state <> 'receipted'
  AND requested_at > 0
";

/// How many, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Waiting {
    /// How many.
    pub count: u32,
    /// Of the oldest of them.
    pub oldest_at: Option<Millis>,
}

impl Waiting {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let oldest_at = self.oldest_at.into_iter().chain(other.oldest_at).min();
        Self { count: self.count.saturating_add(other.count), oldest_at }
    }
}

/// What waits in the directory.
#[derive(Debug, Clone, Copy, Default)]
pub struct DirectoryQueues {
    /// Mails that wait for a try.
    pub mails: Waiting,
    /// Mails that were given up.
    pub mails_given_up: Waiting,
    /// Erasures of accounts and businesses.
    pub erasures: Waiting,
}

/// What waits in the directory, and what was given up there since.
pub async fn directory_queues(
    directory: &Db,
    _scope: &OperatorScope,
    since: Millis,
) -> Result<DirectoryQueues, DbFault> {
    let batch = directory
        .batch(vec![
            Statement::new(MAILS_WAITING, []),
            Statement::new(MAILS_GIVEN_UP, [since.into()]),
            Statement::new(ERASURES_WAITING, []),
        ])
        .await?;
    Ok(DirectoryQueues {
        mails: batch.row(0)?.unwrap_or_default(),
        mails_given_up: batch.row(1)?.unwrap_or_default(),
        erasures: batch.row(2)?.unwrap_or_default(),
    })
}

/// What waits in a shard.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShardQueues {
    /// What waits to be told to the doors of businesses.
    pub webhooks: Waiting,
    /// What was given up of it.
    pub webhooks_given_up: Waiting,
    /// Erasures of visitors and conversations.
    pub erasures: Waiting,
}

/// What waits in a shard, and what was given up there since.
pub async fn shard_queues(shard: &Db, _scope: &OperatorScope, since: Millis) -> Result<ShardQueues, DbFault> {
    let batch = shard
        .batch(vec![
            Statement::new(WEBHOOKS_WAITING, []),
            Statement::new(WEBHOOKS_GIVEN_UP, [since.into()]),
            Statement::new(ERASURES_WAITING, []),
        ])
        .await?;
    Ok(ShardQueues {
        webhooks: batch.row(0)?.unwrap_or_default(),
        webhooks_given_up: batch.row(1)?.unwrap_or_default(),
        erasures: batch.row(2)?.unwrap_or_default(),
    })
}
