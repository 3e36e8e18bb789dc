//! The keyring of an isolate: mints slabs, leases slots, opens keys. The only holder of opened slabs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared::id::SlabId;
use shared::limits::{KEYS_TRIES, LEASE_SLOTS, SLAB_CACHE_ENTRIES, SLAB_SLOTS};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::cache::{Cache, Opened};
use super::derive::{Key, derived};
use super::fault::{Health, SealFault, Watch};
use super::file::files_key;
use super::key::SealingKey;
use super::master::MasterKeys;
use super::owner::{Family, KeyOwner, KeyRef, KeyScope};
use super::root;
use super::slab::{Slab, SlabName};
use super::value::{commit16, value_cipher};
use crate::platform::blobs::Put;
use crate::platform::{Blobs, Clock, Db, Rng, Statement};
use crate::store::key::{self, Lease, LiveKey, OpenSlab};

/// The keys of a deployment, as one isolate holds them. Cheap to clone; all clones share one cache.
#[derive(Clone)]
pub struct Keyring {
    pub(super) ring: Arc<Ring>,
}

pub(super) struct Ring {
    pub(super) keys: Blobs,
    pub(super) clock: Clock,
    pub(super) rng: Rng,
    pub(super) watch: Watch,
    masters: MasterKeys,
    roots: Mutex<Cache<KeyScope, Key>>,
    slabs: Mutex<Cache<SlabName, Slab>>,
    leases: Mutex<BTreeMap<(KeyScope, Family), Lease>>,
    /// The day whose key a scope uses, and which one it is.
    days: Mutex<BTreeMap<KeyScope, (i64, LiveKey)>>,
}

// What stands behind these locks is valid after any panic, and a poisoned lock must not stall an isolate.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}

impl Keyring {
    /// A keyring over the bucket of keys.
    pub fn new(keys: Blobs, masters: MasterKeys, clock: Clock, rng: Rng) -> Self {
        let watch = Watch::new(clock.clone());
        let ring = Ring {
            keys,
            clock,
            rng,
            watch,
            masters,
            roots: Mutex::new(Cache::new()),
            slabs: Mutex::new(Cache::new()),
            leases: Mutex::default(),
            days: Mutex::default(),
        };
        Self { ring: Arc::new(ring) }
    }

    /// What this isolate has seen of its keys. Any alarm makes `/readyz` red.
    pub fn health(&self) -> Health {
        self.ring.watch.health()
    }

    /// Makes the root key of a new scope; comes before its first row. Safe to repeat: a root that is there stays.
    ///
    /// Fails with `Missing` where slabs of the scope are there and the root is not: nothing is made up for it.
    pub async fn root_mint(&self, scope: impl Into<KeyScope>) -> Result<(), SealFault> {
        let ring = &self.ring;
        ring.watch.noted(root::mint(&ring.keys, &ring.masters, scope.into(), &ring.rng).await)
    }

    /// Seals a root under the current master key, where the previous one seals it. Tells whether it wrote. Once every
    /// scope is through, `MASTER_KEY_PREVIOUS` can go.
    pub async fn root_rewrap(&self, scope: impl Into<KeyScope>) -> Result<bool, SealFault> {
        let ring = &self.ring;
        ring.watch.noted(root::rewrap(&ring.keys, &ring.masters, scope.into(), &ring.rng).await)
    }

    /// A key for a purpose that is not sealing, from the root that all account users share: it stays the same when the
    /// master key is rotated. `purpose` is a label like `lq/finder`. Makes the root where nobody has signed up yet.
    pub async fn accounts_key(&self, purpose: &str) -> Result<Zeroizing<[u8; 32]>, SealFault> {
        let root = match self.ring.root(KeyScope::Accounts).await {
            Err(SealFault::Missing(_)) => {
                self.root_mint(KeyScope::Accounts).await?;
                self.ring.root(KeyScope::Accounts).await
            }
            found => found,
        };
        let root = self.ring.watch.noted(root)?;
        derived(root.value.expose(), None, &[purpose.as_bytes()])
    }

    /// Seals the root of all account users under the current master key, as [`Keyring::root_rewrap`] does.
    pub async fn accounts_rewrap(&self) -> Result<bool, SealFault> {
        self.root_mint(KeyScope::Accounts).await?;
        self.root_rewrap(KeyScope::Accounts).await
    }

    /// A fresh key for an owner, and the statement that records it. The statement comes first in the batch of the
    /// first row that the key seals; without it no row gets in.
    pub async fn key_lease(
        &self,
        db: &Db,
        scope: impl Into<KeyScope>,
        owner: &KeyOwner,
    ) -> Result<(SealingKey, Statement), SealFault> {
        self.ring.watch.noted(self.ring.key_lease(db, scope.into(), owner).await)
    }

    /// The key that sealed a row, proved by the commitment in the database.
    ///
    /// Fails with `Destroyed` where an erasure overwrote it. Whatever else is wrong is a fault that shows in
    /// [`Keyring::health`]; nothing is ever put in the place of a key that is missing.
    pub async fn key_open(
        &self,
        db: &Db,
        scope: impl Into<KeyScope>,
        reference: KeyRef,
        owner: &KeyOwner,
        commit: &[u8],
    ) -> Result<SealingKey, SealFault> {
        self.ring.watch.noted(self.ring.key_open(db, scope.into(), reference, owner, commit).await)
    }

    /// The key for addresses of a UTC day: the live one, or a fresh one with the statement that records it. Two
    /// isolates may each make one for the same day; both are condemned with the day.
    pub async fn day_key(
        &self,
        db: &Db,
        scope: impl Into<KeyScope>,
        day: i64,
    ) -> Result<(SealingKey, Option<Statement>), SealFault> {
        let (scope, owner) = (scope.into(), KeyOwner::Day(day));
        if let Some(live) = self.ring.day_live(db, scope, &owner, day).await? {
            let key = self.key_open(db, scope, live.reference, &owner, &live.commit16).await?;
            return Ok((key, None));
        }
        let (key, insert) = self.key_lease(db, scope, &owner).await?;
        Ok((key, Some(insert)))
    }
}

impl Ring {
    /// The root of a scope, 60 seconds old at most.
    pub(super) async fn root(&self, scope: KeyScope) -> Result<Arc<Opened<Key>>, SealFault> {
        let now = self.clock.now();
        if let Some(root) = lock(&self.roots).get(&scope, now) {
            return Ok(root);
        }
        let root = root::load(&self.keys, &self.masters, scope).await?;
        Ok(lock(&self.roots).put(scope, root, now))
    }

    /// A slab, 60 seconds old at most.
    async fn slab(&self, db: &Db, scope: KeyScope, name: SlabName) -> Result<Arc<Opened<Slab>>, SealFault> {
        let now = self.clock.now();
        if let Some(slab) = lock(&self.slabs).get(&name, now) {
            return Ok(slab);
        }
        // The database first: a destruction writes the slab before it counts the epoch, so a true slab is never behind.
        let epoch = key::slab_find(db, scope, name.slab).await?.map_or(0, |row| row.epoch);
        let root = self.root(scope).await?;
        let blob = self.keys.get(&name.object()).await?.ok_or(SealFault::Missing("slab"))?;
        let slab = Slab::opened(name, &root.value, &blob.bytes)?;
        if slab.epoch() < epoch {
            return Err(SealFault::Old);
        }
        Ok(lock(&self.slabs).put(name, slab, now))
    }

    /// Which key serves a day. Only one that the database knows is remembered: a fresh one may never get there.
    async fn day_live(
        &self,
        db: &Db,
        scope: KeyScope,
        owner: &KeyOwner,
        day: i64,
    ) -> Result<Option<LiveKey>, SealFault> {
        if let Some((_, live)) = lock(&self.days).get(&scope).filter(|(known, _)| *known == day) {
            return Ok(Some(live.clone()));
        }
        let live = key::key_live(db, scope, owner).await?;
        if let Some(live) = &live {
            let mut days = lock(&self.days);
            if days.len() >= SLAB_CACHE_ENTRIES {
                days.pop_first();
            }
            days.insert(scope, (day, live.clone()));
        }
        Ok(live)
    }

    /// Forgets the root of a scope.
    pub(super) fn root_forget(&self, scope: KeyScope) {
        lock(&self.roots).remove(&scope);
    }

    /// Forgets what was opened of a slab.
    pub(super) fn slab_forget(&self, name: &SlabName) {
        lock(&self.slabs).remove(name);
    }

    async fn key_open(
        &self,
        db: &Db,
        scope: KeyScope,
        reference: KeyRef,
        owner: &KeyOwner,
        commit: &[u8],
    ) -> Result<SealingKey, SealFault> {
        let name = SlabName { scope, family: owner.family(), slab: reference.slab };
        let slab = self.slab(db, scope, name).await?;
        let slot_key = slab.value.key(reference.slot)?;
        if !bool::from(commit16(slot_key, owner)?.ct_eq(commit)) {
            return Err(SealFault::WrongCommit);
        }
        self.sealing_key(scope, reference, owner, &slab)
    }

    fn sealing_key(
        &self,
        scope: KeyScope,
        reference: KeyRef,
        owner: &KeyOwner,
        slab: &Opened<Slab>,
    ) -> Result<SealingKey, SealFault> {
        let slot_key = slab.value.key(reference.slot)?;
        Ok(SealingKey {
            reference,
            scope,
            cipher: value_cipher(slot_key, owner)?,
            files: files_key(slot_key, owner)?,
            read_at: slab.read_at,
            watch: self.watch.clone(),
        })
    }

    async fn key_lease(
        &self,
        db: &Db,
        scope: KeyScope,
        owner: &KeyOwner,
    ) -> Result<(SealingKey, Statement), SealFault> {
        let family = owner.family();
        let reference = self.slot_take(db, scope, family).await?;
        let name = SlabName { scope, family, slab: reference.slab };
        let slab = self.slab(db, scope, name).await?;
        let slot_key = slab.value.key(reference.slot).map_err(|fault| match fault {
            SealFault::Destroyed => SealFault::Ahead,
            other => other,
        })?;
        let commit = commit16(slot_key, owner)?;
        let key = self.sealing_key(scope, reference, owner, &slab)?;
        Ok((key, key::key_insert(scope, reference, owner, commit, self.clock.now())))
    }

    /// The next slot of this isolate's lease; leases more, and mints a slab, where there is none.
    async fn slot_take(&self, db: &Db, scope: KeyScope, family: Family) -> Result<KeyRef, SealFault> {
        let place = (scope, family);
        // A business has keys of its family in the directory and in its shard, and a slot of the one is unknown to the
        // other. They are few, so none is kept for later.
        let is_kept = family != Family::Business;
        if is_kept && let Some(reference) = lock(&self.leases).get_mut(&place).and_then(Lease::take) {
            return Ok(reference);
        }
        let mut lease = self.slots_lease(db, scope, family).await?;
        let reference = lease.take().ok_or(SealFault::Misbound("an empty lease"))?;
        if !is_kept {
            return Ok(reference);
        }
        let mut leases = lock(&self.leases);
        // What is lost here or to a rival of the same isolate is waste, not harm.
        if leases.len() >= SLAB_CACHE_ENTRIES {
            leases.pop_first();
        }
        leases.insert(place, lease);
        Ok(reference)
    }

    async fn slots_lease(&self, db: &Db, scope: KeyScope, family: Family) -> Result<Lease, SealFault> {
        for _ in 0..KEYS_TRIES {
            let slab = match key::slab_open(db, scope, family).await? {
                OpenSlab::Here(slab) => slab,
                OpenSlab::None => return self.slab_mint(db, scope, family).await,
                OpenSlab::NeedsReplay => return Err(SealFault::NeedsReplay),
            };
            // A slab that does not open gives no lease: were its slots used up, a new slab would hide the loss.
            self.slab(db, scope, SlabName { scope, family, slab }).await?;
            if let Some(lease) = key::slots_lease(db, scope, slab).await? {
                return Ok(lease);
            }
        }
        Err(SealFault::Contended)
    }

    /// A new slab: the object first, then its row. A crash between them leaves an object that nobody names.
    async fn slab_mint(&self, db: &Db, scope: KeyScope, family: Family) -> Result<Lease, SealFault> {
        let now = self.clock.now();
        let root = self.root(scope).await?;
        let slab = SlabId::mint(now, self.rng.bytes()?);
        let name = SlabName { scope, family, slab };
        let mut keys = Zeroizing::new(vec![[0; 32]; usize::from(SLAB_SLOTS)]);
        self.rng.fill(keys.as_flattened_mut())?;
        let bytes = Slab::minted(name, keys)?.sealed(&root.value, &self.rng.bytes()?)?;
        match self.keys.put_new(&name.object(), bytes).await? {
            Put::Written => {}
            Put::Refused => return Err(SealFault::Contended),
        }
        key::slab_insert(db, scope, slab, family, LEASE_SLOTS, now).await?;
        Ok(Lease::new(slab, 0, LEASE_SLOTS))
    }
}
