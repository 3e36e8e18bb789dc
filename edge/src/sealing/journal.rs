//! The journal: what a restored database must not forget, outside of it. Entries are sealed under the root of their
//! scope, so that the bucket alone says when something was done, not what; they end after 31 days, like the history of
//! the databases.

use zeroize::Zeroizing;

use super::cipher::{Cipher, NONCE_OF_SINGLE_USE};
use super::derive::{Key, derived_key};
use super::fault::SealFault;
use super::keyring::Keyring;
use super::owner::KeyScope;
use crate::platform::blobs::Put;

const MAGIC: &[u8; 4] = b"LQJ1";
const SALT_BYTES: usize = 32;
/// What every entry's name begins with.
const PREFIX: &str = "j/";

const UNREADABLE: SealFault = SealFault::Unreadable("journal entry");

fn prefix(scope: KeyScope) -> String {
    format!("{PREFIX}{scope}/")
}

/// The day in the name of an entry.
fn day_of(object: &str) -> Option<i64> {
    object.strip_prefix(PREFIX)?.split('/').nth(1)?.parse().ok()
}

fn cipher(root: &Key, salt: &[u8], object: &str) -> Result<Cipher, SealFault> {
    Ok(Cipher::new(&derived_key(root, Some(salt), &[b"lq/journal", object.as_bytes()])?))
}

impl Keyring {
    /// Writes an entry of a UTC day. One that is there already stays, so an act may be written down again.
    pub async fn journal_put(
        &self,
        scope: impl Into<KeyScope>,
        day: i64,
        id: &str,
        entry: &[u8],
    ) -> Result<(), SealFault> {
        let (scope, ring) = (scope.into(), &self.ring);
        let object = format!("{}{day}/{id}", prefix(scope));
        let salt: [u8; SALT_BYTES] = ring.rng.bytes()?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&salt);
        let header = bytes.clone();
        let root = ring.watch.noted(ring.root(scope).await)?;
        let plaintext = Zeroizing::new(entry.to_vec());
        cipher(&root.value, &salt, &object)?.seal_onto(
            &mut bytes,
            &NONCE_OF_SINGLE_USE,
            &header,
            plaintext,
        )?;
        match ring.keys.put_new(&object, bytes).await? {
            Put::Written | Put::Refused => Ok(()),
        }
    }

    /// The names of up to a thousand entries of a scope behind `after`, oldest first.
    pub async fn journal_names(
        &self,
        scope: impl Into<KeyScope>,
        after: Option<&str>,
    ) -> Result<Vec<String>, SealFault> {
        Ok(self.ring.keys.list_after(&prefix(scope.into()), after).await?)
    }

    /// An entry by its name. `None` where it is not there any more.
    pub async fn journal_entry(
        &self,
        scope: impl Into<KeyScope>,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, SealFault> {
        let (scope, ring) = (scope.into(), &self.ring);
        let root = ring.watch.noted(ring.root(scope).await)?;
        let Some(blob) = ring.keys.get(name).await? else { return Ok(None) };
        let (header, sealed) =
            blob.bytes.split_at_checked(MAGIC.len().saturating_add(SALT_BYTES)).ok_or(UNREADABLE)?;
        let salt = header.strip_prefix(MAGIC).ok_or(UNREADABLE)?;
        let opened = cipher(&root.value, salt, name)?.open(&NONCE_OF_SINGLE_USE, header, sealed);
        ring.watch.noted(opened.ok_or(UNREADABLE)).map(Some)
    }

    /// Deletes the entries of `last_day` and before, in every scope; how many there were.
    pub async fn journal_forget(&self, last_day: i64) -> Result<u32, SealFault> {
        let (ring, mut after, mut deleted) = (&self.ring, None::<String>, 0_u32);
        loop {
            let names = ring.keys.list_after(PREFIX, after.as_deref()).await?;
            let Some(last) = names.last().cloned() else { return Ok(deleted) };
            for name in names.iter().filter(|name| day_of(name).is_some_and(|day| day <= last_day)) {
                ring.keys.delete(name).await?;
                deleted = deleted.saturating_add(1);
            }
            after = Some(last);
        }
    }

    /// Deletes every entry of a scope whose root is gone: nobody can read them. How many there were.
    pub async fn journal_delete(&self, scope: impl Into<KeyScope>) -> Result<u32, SealFault> {
        let (scope, ring, mut deleted) = (scope.into(), &self.ring, 0_u32);
        loop {
            let names = ring.keys.list(&prefix(scope)).await?;
            if names.is_empty() {
                return Ok(deleted);
            }
            for name in &names {
                ring.keys.delete(name).await?;
                deleted = deleted.saturating_add(1);
            }
        }
    }
}
