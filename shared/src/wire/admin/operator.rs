//! What whoever runs the deployment sees: businesses and jobs, never content.

use serde::{Deserialize, Serialize};

use super::business::BusinessKind;
use crate::id::BusinessId;
use crate::time::Millis;

/// A business, from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedBusiness {
    /// Which.
    pub id: BusinessId,
    /// Its published name.
    pub name: String,
    /// What kind it is.
    pub kind: BusinessKind,
    /// Its shard.
    pub shard: u32,
    /// How many people belong to it.
    pub members: u32,
    /// How many sites it has.
    pub sites: u32,
    /// When it was opened.
    pub created_at: Millis,
}

/// A page of businesses, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedBusinesses {
    /// Its businesses.
    pub businesses: Vec<OperatedBusiness>,
    /// Hand this back as `before` for older ones; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<BusinessId>,
}

/// A job and its last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedJob {
    /// Its name.
    pub name: String,
    /// Its cron trigger.
    pub cron: String,
    /// When it last ran well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_good_at: Option<Millis>,
    /// It should have run well since.
    pub late: bool,
}

/// Every job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedJobs {
    /// Each of them.
    pub jobs: Vec<OperatedJob>,
}

/// What of a class of data is over, and would go with the next purge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DueClass {
    /// The class, as the log of runs names it.
    pub class: String,
    /// Rows that are due, in all databases together.
    pub rows: u32,
    /// The time of the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Millis>,
}

/// Every class, counted with the query that its purge deletes with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DueClasses {
    /// As of when it was counted.
    pub at: Millis,
    /// Each class.
    pub classes: Vec<DueClass>,
}

/// Something that waits to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedQueue {
    /// What waits: `mails`, `webhooks` or `erasures`.
    pub name: String,
    /// How many wait.
    pub waiting: u32,
    /// When the first of them is or was due; absent where none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<Millis>,
    /// How many were given up in the last 24 hours; an erasure never is.
    pub given_up: u32,
}

/// Everything that waits: counts alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OperatedQueues {
    /// Each kind.
    pub queues: Vec<OperatedQueue>,
}

/// How often a page or a feature of the dashboard was used on a day, by those who agreed to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CountedUse {
    /// The UTC day, like `2026-11-22`.
    pub day: String,
    /// The page or feature.
    pub name: String,
    /// How often: five or more.
    pub count: u32,
}

/// Uses of the last thirty days that are over, newest first. What was used fewer than five times on a day is not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CountedUses {
    /// Each day's sums.
    pub uses: Vec<CountedUse>,
}
