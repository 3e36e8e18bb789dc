//! The root: 32 random bytes a scope (a business, or all account users), from which the keys of its slabs follow. Deleting it makes the whole
//! scope unreadable at once.

use shared::privacy::Secret;
use zeroize::Zeroizing;

use super::cipher::{Cipher, NONCE_OF_SINGLE_USE};
use super::derive::Key;
use super::fault::SealFault;
use super::master::{MasterId, MasterKeys};
use super::owner::KeyScope;
use crate::platform::blobs::Put;
use crate::platform::{Blobs, Rng};

const MAGIC: &[u8; 4] = b"LQR1";
const SALT_BYTES: usize = 32;
/// Magic, master id and salt.
const HEADER_BYTES: usize = 44;

/// What every object of a scope's keys begins with.
pub(super) fn scope_prefix(scope: KeyScope) -> String {
    format!("k/{scope}/")
}

/// The name of a scope's root.
pub(super) fn object(scope: KeyScope) -> String {
    format!("k/{scope}/root")
}

/// The object's bytes: header, then the root sealed under the current master key.
fn sealed(
    root: &Key,
    masters: &MasterKeys,
    scope: KeyScope,
    salt: &[u8; SALT_BYTES],
) -> Result<Vec<u8>, SealFault> {
    let master = masters.current()?;
    let scope = scope.to_string();
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&master.id);
    bytes.extend_from_slice(salt);
    let associated = [bytes.as_slice(), scope.as_bytes()].concat();
    let plaintext = Zeroizing::new(root.expose().to_vec());
    let cipher = Cipher::new(&master.root_key(salt, &scope)?);
    cipher.seal_onto(&mut bytes, &NONCE_OF_SINGLE_USE, &associated, plaintext)?;
    Ok(bytes)
}

/// The root in an object's bytes, and the master key it is sealed under.
fn opened(bytes: &[u8], masters: &MasterKeys, scope: KeyScope) -> Result<(Key, MasterId), SealFault> {
    const UNREADABLE: SealFault = SealFault::Unreadable("root key");
    let (header, ciphertext) = bytes.split_at_checked(HEADER_BYTES).ok_or(UNREADABLE)?;
    let rest = header.strip_prefix(MAGIC).ok_or(UNREADABLE)?;
    let (id, salt) = rest.split_first_chunk::<8>().ok_or(UNREADABLE)?;
    let scope = scope.to_string();
    let cipher = Cipher::new(&masters.by_id(*id)?.root_key(salt, &scope)?);
    let associated = [header, scope.as_bytes()].concat();
    let root = cipher.open(&NONCE_OF_SINGLE_USE, &associated, ciphertext).ok_or(UNREADABLE)?;
    let root: [u8; 32] = root.as_slice().try_into().map_err(|_| UNREADABLE)?;
    Ok((Secret::new(Zeroizing::new(root)), *id))
}

/// Makes the root of a new scope. One that exists and opens stays as it is; one that is missing from among the
/// slabs of an older scope is a fault, because a new root would only hide the loss.
pub(super) async fn mint(
    keys: &Blobs,
    masters: &MasterKeys,
    scope: KeyScope,
    rng: &Rng,
) -> Result<(), SealFault> {
    match load(keys, masters, scope).await {
        Err(SealFault::Missing(_)) => {}
        found => return found.map(drop),
    }
    if !keys.list(&scope_prefix(scope)).await?.is_empty() {
        // A rival minted it just now, or there are slabs without their root: then it stays missing.
        return load(keys, masters, scope).await.map(drop);
    }
    let root: Key = Secret::new(Zeroizing::new(rng.bytes()?));
    let bytes = sealed(&root, masters, scope, &rng.bytes()?)?;
    match keys.put_new(&object(scope), bytes).await? {
        Put::Written => Ok(()),
        // A rival minted it first: that one counts, if it opens.
        Put::Refused => load(keys, masters, scope).await.map(drop),
    }
}

/// Reads the root of a scope.
pub(super) async fn load(keys: &Blobs, masters: &MasterKeys, scope: KeyScope) -> Result<Key, SealFault> {
    masters.current()?;
    let blob = keys.get(&object(scope)).await?.ok_or(SealFault::Missing("root key"))?;
    Ok(opened(&blob.bytes, masters, scope)?.0)
}

/// Seals the same root under the current master key, where an older one seals it: the last step of a rotation.
/// Tells whether anything was written.
pub(super) async fn rewrap(
    keys: &Blobs,
    masters: &MasterKeys,
    scope: KeyScope,
    rng: &Rng,
) -> Result<bool, SealFault> {
    let blob = keys.get(&object(scope)).await?.ok_or(SealFault::Missing("root key"))?;
    let (root, id) = opened(&blob.bytes, masters, scope)?;
    if id == masters.current()?.id {
        return Ok(false);
    }
    let bytes = sealed(&root, masters, scope, &rng.bytes()?)?;
    match keys.put_over(&object(scope), bytes, &blob.etag).await? {
        Put::Written => Ok(true),
        Put::Refused => Err(SealFault::Contended),
    }
}
