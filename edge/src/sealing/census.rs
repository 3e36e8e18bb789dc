//! What the bucket says of a database's slabs, where the database may be older: which keys are gone, and which slabs
//! nobody names.

use shared::id::SlabId;
use shared::limits::SLAB_SLOTS;
use shared::time::Millis;

use super::fault::SealFault;
use super::keyring::Keyring;
use super::owner::{Family, KeyScope};
use super::root;
use super::slab::SlabName;

/// A slab, as the bucket has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlabCensus {
    /// How often keys of it were destroyed.
    pub epoch: u32,
    /// The slots whose key is gone.
    pub gone: Vec<u16>,
}

impl Keyring {
    /// Which keys of a slab are gone, past every cache. `None` where the slab itself is gone.
    pub async fn slab_census(
        &self,
        scope: impl Into<KeyScope>,
        family: Family,
        slab: SlabId,
    ) -> Result<Option<SlabCensus>, SealFault> {
        let scope = scope.into();
        let name = SlabName { scope, family, slab };
        let ring = &self.ring;
        if ring.keys.get(&name.object()).await?.is_none() {
            return Ok(None);
        }
        let (slab, _) = ring.watch.noted(ring.slab_fresh(scope, name).await)?;
        let gone = (0..SLAB_SLOTS).filter(|slot| slab.is_gone(*slot)).collect();
        Ok(Some(SlabCensus { epoch: slab.epoch(), gone }))
    }

    /// The root of a scope is there.
    pub async fn root_exists(&self, scope: impl Into<KeyScope>) -> Result<bool, SealFault> {
        Ok(self.ring.keys.get(&root::object(scope.into())).await?.is_some())
    }

    /// Up to a thousand slabs in the bucket after `after`, in the order of their names, each with its name, scope, family
    /// and id. What is no slab's name is left out.
    pub async fn slabs_listed(
        &self,
        after: Option<&str>,
    ) -> Result<(Vec<ListedSlab>, Option<String>), SealFault> {
        let names = self.ring.keys.list_after("k/", after).await?;
        let last = names.last().cloned();
        Ok((names.iter().filter_map(|name| ListedSlab::of(name)).collect(), last))
    }

    /// Deletes a slab that no living row names. Its keys are gone with it.
    pub async fn slab_delete(&self, slab: &ListedSlab) -> Result<(), SealFault> {
        let name = SlabName { scope: slab.scope, family: slab.family, slab: slab.slab };
        self.ring.slab_forget(&name);
        Ok(self.ring.keys.delete(&name.object()).await?)
    }
}

/// A slab that a listing of the bucket names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedSlab {
    /// Whose.
    pub scope: KeyScope,
    /// Of which family.
    pub family: Family,
    /// Which.
    pub slab: SlabId,
}

impl ListedSlab {
    fn of(object: &str) -> Option<Self> {
        let mut parts = object.strip_prefix("k/")?.split('/');
        let scope = parts.next()?.parse().ok()?;
        let family = Family::from_letter(parts.next()?)?;
        let slab = parts.next()?.parse().ok()?;
        Some(Self { scope, family, slab })
    }

    /// When it was minted: ids carry their time.
    pub fn minted_at(&self) -> Millis {
        self.slab.minted_at()
    }
}
