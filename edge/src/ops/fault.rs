//! Errors have two sides. A denial is the caller's and travels as a problem; a fault is ours, is logged once at the
//! boundary and answered with a constant and a reference.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, ReferenceId};
use shared::wire::problem::Kind;

use crate::platform::DbFault;
use crate::platform::blobs::BlobFault;
use crate::platform::queue::QueueFault;
use crate::platform::rng::RngFault;
use crate::sealing::SealFault;

/// Why the caller does not get what they asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// Which of the closed list.
    pub kind: Kind,
    /// Seconds to wait before asking again, where that helps.
    pub retry_after_s: Option<u32>,
    /// The colleague who stands in the way, where one does.
    #[serde(default)]
    pub who: Option<AccountId>,
}

impl Denial {
    /// A denial that says no more than its kind.
    pub const fn of(kind: Kind) -> Self {
        Self { kind, retry_after_s: None, who: None }
    }
}

/// What failed on our side. No variant holds anything a person wrote.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A database.
    #[error(transparent)]
    Db(#[from] DbFault),
    /// The keys.
    #[error(transparent)]
    Seal(#[from] SealFault),
    /// Objects.
    #[error(transparent)]
    Blob(#[from] BlobFault),
    /// Randomness.
    #[error(transparent)]
    Rng(#[from] RngFault),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueFault),
    /// The configuration lacks something that this needs.
    #[error("configuration: {0}")]
    Config(&'static str),
    /// A part of the platform did not answer as it should.
    #[error("platform: {0}")]
    Platform(String),
}

/// Why an operation did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// The caller's side.
    #[error("denied: {0:?}")]
    Denied(Denial),
    /// Our side.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Our side, and another part of the house has logged it already under this reference.
    #[error("reported as {0}")]
    Reported(ReferenceId),
}

impl From<Kind> for OpError {
    fn from(kind: Kind) -> Self {
        Self::Denied(Denial::of(kind))
    }
}

impl OpError {
    /// Too much in too little time.
    pub const fn rate_limited(retry_after_s: u32) -> Self {
        Self::Denied(Denial { retry_after_s: Some(retry_after_s), ..Denial::of(Kind::RateLimited) })
    }
}

macro_rules! faults {
    ($($source:ty),+) => {$(
        impl From<$source> for OpError {
            fn from(source: $source) -> Self {
                Self::Fault(source.into())
            }
        }
    )+};
}

faults!(DbFault, SealFault, BlobFault, RngFault, QueueFault);
