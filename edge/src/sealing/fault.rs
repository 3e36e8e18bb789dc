//! Why sealing did not do what it was asked, and what `/readyz` shows of it.

use std::sync::{Arc, Mutex, PoisonError};

use shared::time::Millis;

use crate::platform::blobs::BlobFault;
use crate::platform::rng::RngFault;
use crate::platform::{Clock, DbFault};

/// Why sealing did not do what it was asked. No variant holds key material or content.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// The key was overwritten by an erasure: what it sealed is noise for ever. The one variant that is no alarm
    /// among those that concern a single key.
    #[error("the key was destroyed")]
    Destroyed,
    /// The deployment has no master key.
    #[error("MASTER_KEY is missing or malformed")]
    NoMaster,
    /// A root was sealed under a master key that this deployment does not have.
    #[error("the root key was sealed under another MASTER_KEY")]
    UnknownMaster,
    /// An object that must be there is not. Nothing is put in its place.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// Something does not open: it is damaged, cut, or not what it claims to be.
    #[error("the {0} does not open")]
    Unreadable(&'static str),
    /// A slab has seen fewer destructions than the database knows of: somebody put an old copy back.
    #[error("the slab is older than its database says")]
    Old,
    /// A slot that the database calls unused was destroyed already: the database was restored and needs replay.
    #[error("the slab is ahead of its database")]
    Ahead,
    /// The database was restored from a backup; until it is replayed, no key is given out. `/readyz` has a line of its own.
    #[error("the database was restored and waits for its replay")]
    NeedsReplay,
    /// The slot holds a living key, but not the one that the row was sealed under.
    #[error("the key is not the one that the row names")]
    WrongCommit,
    /// The key was read longer ago than a key may be used for opening. Asking the keyring again helps.
    #[error("the key was opened too long ago")]
    Expired,
    /// The caller named a cell that does not fit the key or the column: a mistake in the code.
    #[error("the cell does not fit: {0}")]
    Misbound(&'static str),
    /// Rivals kept writing the same object. Trying again later helps.
    #[error("rivals kept writing the slab")]
    Contended,
    /// A slab would have changed, or did change, in a slot that was not condemned.
    #[error("a slab changed where it must not")]
    Unverified,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbFault),
    /// The object store.
    #[error(transparent)]
    Blob(#[from] BlobFault),
    /// Randomness.
    #[error(transparent)]
    Rng(#[from] RngFault),
}

impl SealFault {
    /// Whether an operator must look: keys that are missing, unreadable or not what they should be.
    pub const fn is_alarm(&self) -> bool {
        match self {
            Self::NoMaster
            | Self::UnknownMaster
            | Self::Missing(_)
            | Self::Unreadable(_)
            | Self::Old
            | Self::Ahead
            | Self::WrongCommit
            | Self::Unverified => true,
            Self::Destroyed
            | Self::Expired
            | Self::Misbound(_)
            | Self::Contended
            | Self::NeedsReplay
            | Self::Db(_)
            | Self::Blob(_)
            | Self::Rng(_) => false,
        }
    }
}

/// What an isolate has seen of its keys since it started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// How many alarms there were.
    pub alarms: u32,
    /// When the last one was.
    pub last_at: Option<Millis>,
    /// What the last one was: a constant sentence.
    pub last: Option<String>,
}

/// Counts alarms. Cheap to clone; all clones count together.
#[derive(Clone)]
pub(super) struct Watch {
    clock: Clock,
    health: Arc<Mutex<Health>>,
}

impl Watch {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, health: Arc::default() }
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Passes a result on, and counts it where it is an alarm.
    pub(super) fn noted<T>(&self, result: Result<T, SealFault>) -> Result<T, SealFault> {
        if let Err(fault) = &result
            && fault.is_alarm()
        {
            let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
            health.alarms = health.alarms.saturating_add(1);
            health.last_at = Some(self.clock.now());
            health.last = Some(fault.to_string());
        }
        result
    }

    pub(super) fn health(&self) -> Health {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
