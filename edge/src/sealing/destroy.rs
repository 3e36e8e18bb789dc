//! Destroying keys: overwriting the condemned slots of one slab, whoever else writes it at the same time.
//!
//! R2 has no history and no locks. Each try reads the slab afresh, takes out what is condemned, and writes only if
//! nobody wrote since; then it reads again to see that the keys are gone and every other key is as it was.

use shared::id::SlabId;
use shared::limits::{KEYS_RETRY_MS, KEYS_TRIES};

use super::fault::SealFault;
use super::keyring::{Keyring, Ring};
use super::owner::{Family, KeyScope};
use super::root;
use super::slab::{Slab, SlabName};
use crate::platform::Db;
use crate::platform::blobs::Put;
use crate::store::key;

/// What a destruction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destruction {
    /// Keys that were condemned and are destroyed now, by this run or by a rival.
    pub keys: u32,
    /// The slab's epoch as it was read back.
    pub epoch: u32,
    /// How often this run wrote the slab.
    pub writes: u32,
}

impl Keyring {
    /// Destroys every condemned key of one slab and records it. Safe to repeat, to stop anywhere and to run many
    /// times at once.
    ///
    /// Fails with `Contended` after too many tries, with `Old` or `Unverified` where the slab is not what it must be;
    /// the keys stay condemned then, and the next run tries again.
    pub async fn keys_destroy(
        &self,
        db: &Db,
        scope: impl Into<KeyScope>,
        slab: SlabId,
    ) -> Result<Destruction, SealFault> {
        self.ring.watch.noted(self.ring.keys_destroy(db, scope.into(), slab).await)
    }
}

/// Objects that one listing brings back.
const PAGE: usize = 1_000;

impl Keyring {
    /// How many of some slots of a slab still hold a key, as the bucket says now. None where the slab is gone altogether.
    pub async fn slots_living(
        &self,
        scope: impl Into<KeyScope>,
        family: Family,
        slab: SlabId,
        slots: &[u16],
    ) -> Result<u32, SealFault> {
        let scope = scope.into();
        let name = SlabName { scope, family, slab };
        let ring = &self.ring;
        if ring.keys.get(&name.object()).await?.is_none() {
            return Ok(0);
        }
        let (slab, _) = ring.watch.noted(ring.slab_fresh(scope, name).await)?;
        let living = slots.iter().filter(|slot| !slab.is_gone(**slot)).count();
        Ok(u32::try_from(living).unwrap_or(u32::MAX))
    }

    /// Destroys the root of a scope and reads back that it is gone: from then on nothing of the scope opens, but what
    /// an isolate holds for another minute.
    pub async fn root_destroy(&self, scope: impl Into<KeyScope>) -> Result<(), SealFault> {
        let (scope, ring) = (scope.into(), &self.ring);
        let object = root::object(scope);
        ring.keys.delete(&object).await?;
        ring.root_forget(scope);
        if ring.keys.get(&object).await?.is_some() { Err(SealFault::Contended) } else { Ok(()) }
    }

    /// Deletes every object of a scope whose root is destroyed, until the listing is empty; how many there were.
    pub async fn slabs_delete(&self, scope: impl Into<KeyScope>) -> Result<u32, SealFault> {
        let (scope, ring) = (scope.into(), &self.ring);
        let mut deleted: u32 = 0;
        loop {
            let some = ring.keys.list(&root::scope_prefix(scope)).await?;
            if some.is_empty() {
                return Ok(deleted);
            }
            if some.contains(&root::object(scope)) {
                return Err(SealFault::Unverified);
            }
            for object in &some {
                ring.keys.delete(object).await?;
                deleted = deleted.saturating_add(1);
            }
        }
    }

    /// How many objects of a scope there are, up to a thousand.
    pub async fn slabs_count(&self, scope: impl Into<KeyScope>) -> Result<u32, SealFault> {
        let listed = self.ring.keys.list(&root::scope_prefix(scope.into())).await?;
        Ok(u32::try_from(listed.len().min(PAGE)).unwrap_or(u32::MAX))
    }
}

impl Ring {
    async fn keys_destroy(&self, db: &Db, scope: KeyScope, slab: SlabId) -> Result<Destruction, SealFault> {
        let row = key::slab_find(db, scope, slab).await?.ok_or(SealFault::Missing("slab"))?;
        let name = SlabName { scope, family: row.family, slab };
        let mut fault = SealFault::Contended;
        let mut written: Option<Slab> = None;
        let mut writes: u32 = 0;
        for tried in 0..KEYS_TRIES {
            if tried > 0 && written.is_none() {
                self.back_off(tried).await?;
            }
            // Read anew each time: what others condemned meanwhile goes with the same write.
            let condemned = key::slots_condemned(db, scope, slab).await?;
            let (before, etag) = match self.slab_fresh(scope, name).await {
                Ok(read) => read,
                // The store may be busy; anything else will not get better by asking again.
                Err(busy @ SealFault::Blob(_)) => {
                    fault = busy;
                    continue;
                }
                Err(other) => return Err(other),
            };
            if before.epoch() < row.epoch {
                return Err(SealFault::Old);
            }
            let read_back = written.take();
            if read_back.as_ref().is_some_and(|written| before.gone_since(written).is_none()) {
                return Err(SealFault::Unverified);
            }
            let remaining: Vec<u16> =
                condemned.iter().copied().filter(|slot| !before.is_gone(*slot)).collect();
            if remaining.is_empty() {
                // Read back absent. Only now does the database say so.
                self.slab_forget(&name);
                let epoch = before.epoch();
                db.batch(key::slots_destroyed(scope, slab, &condemned, epoch, self.clock.now())?).await?;
                let keys = u32::try_from(condemned.len()).unwrap_or(u32::MAX);
                return Ok(Destruction { keys, epoch, writes });
            }
            if read_back.is_some() {
                // Condemned since the write; the object takes one write a second, so this round ends here.
                continue;
            }
            match self.slab_overwrite(scope, name, &before, &etag, &remaining).await {
                Ok(Some(next)) => {
                    writes = writes.saturating_add(1);
                    written = Some(next);
                }
                Ok(None) => fault = SealFault::Contended,
                // R2 takes one write a second and key; the write may also have happened, which the next read shows.
                Err(busy @ SealFault::Blob(_)) => fault = busy,
                Err(other) => return Err(other),
            }
        }
        Err(fault)
    }

    async fn back_off(&self, tried: u32) -> Result<(), SealFault> {
        // Up to a second more, so that rivals do not meet again.
        let jitter_ms = u64::from(u16::from_be_bytes(self.rng.bytes()?) >> 6);
        let wait_ms = KEYS_RETRY_MS.saturating_mul(u64::from(tried)).saturating_add(jitter_ms);
        self.clock.sleep(wait_ms).await;
        Ok(())
    }

    /// The slab as it is now, past every cache, and which writing of it that is.
    pub(super) async fn slab_fresh(
        &self,
        scope: KeyScope,
        name: SlabName,
    ) -> Result<(Slab, String), SealFault> {
        let root = self.root(scope).await?;
        let blob = self.keys.get(&name.object()).await?.ok_or(SealFault::Missing("slab"))?;
        Ok((Slab::opened(name, &root.value, &blob.bytes)?, blob.etag))
    }

    /// Writes the slab without `slots`, if nobody wrote it since. `None` where somebody did.
    async fn slab_overwrite(
        &self,
        scope: KeyScope,
        name: SlabName,
        before: &Slab,
        etag: &str,
        slots: &[u16],
    ) -> Result<Option<Slab>, SealFault> {
        let root = self.root(scope).await?;
        let bytes = before.without(slots, self.clock.now()).sealed(&root.value, &self.rng.bytes()?)?;
        // What is about to be written is opened and compared first: a survivor must never be lost to a mistake here.
        let next = Slab::opened(name, &root.value, &bytes)?;
        if next.gone_since(before).as_deref() != Some(slots) || next.epoch() <= before.epoch() {
            return Err(SealFault::Unverified);
        }
        match self.keys.put_over(&name.object(), bytes, etag).await? {
            Put::Written => Ok(Some(next)),
            Put::Refused => Ok(None),
        }
    }
}
