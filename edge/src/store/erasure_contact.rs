//! The address that the receipt of an erasure goes to, sealed under a key of its own until the letter has gone.

use serde::Deserialize;
use shared::id::{AccountId, ErasureId, SlabId};
use shared::time::Millis;

use super::scope::OperatorScope;
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// An address to keep apart.
pub struct NewConfirmation {
    /// The erasure.
    pub erasure: ErasureId,
    /// Whose address it is.
    pub account: AccountId,
    /// The language of the letter.
    pub locale: String,
    /// The key.
    pub key: KeyRef,
    /// The ciphertext.
    pub contact: Vec<u8>,
    /// When the erasure was asked for.
    pub now: Millis,
}

/// Keeps an address apart.
pub const ERASURE_CONTACT_INSERT: &str = "
INSERT INTO erasure_contact (erasure, account, locale, slab, slot, contact, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
";

/// The statement that keeps an address apart. Its key is recorded before it, in the same batch.
pub fn erasure_contact_insert(_scope: &OperatorScope, new: NewConfirmation) -> Statement {
    Statement::new(
        ERASURE_CONTACT_INSERT,
        [
            new.erasure.into(),
            new.account.into(),
            new.locale.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.contact.into(),
            new.now.into(),
        ],
    )
}

/// An address that is kept apart.
#[derive(Debug, Clone)]
pub struct SealedConfirmation {
    /// Whose it is.
    pub account: AccountId,
    /// The language of the letter.
    pub locale: String,
    /// The key.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub contact: Vec<u8>,
}

/// Finds the address that a receipt goes to.
pub const ERASURE_CONTACT_FIND: &str = "
SELECT erasure_contact.account
     , erasure_contact.locale
     , erasure_contact.slab
     , erasure_contact.slot
     , seal_key.commit16
     , erasure_contact.contact
FROM erasure_contact
JOIN seal_key ON seal_key.slab = erasure_contact.slab AND seal_key.slot = erasure_contact.slot
WHERE erasure_contact.erasure = ?1
  AND seal_key.state = 0
";

/// The address that the receipt of an erasure goes to. `None` once the letter has gone.
pub async fn erasure_contact_find(
    directory: &Db,
    _scope: &OperatorScope,
    erasure: ErasureId,
) -> Result<Option<SealedConfirmation>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        account: AccountId,
        locale: String,
        slab: SlabId,
        slot: u16,
        commit16: Vec<u8>,
        contact: Vec<u8>,
    }
    let row: Option<Row> = directory.row(Statement::new(ERASURE_CONTACT_FIND, [erasure.into()])).await?;
    Ok(row.map(|row| SealedConfirmation {
        account: row.account,
        locale: row.locale,
        key: KeyRef { slab: row.slab, slot: row.slot },
        key_commit: row.commit16,
        contact: row.contact,
    }))
}

/// Forgets the address that a receipt went to.
pub const ERASURE_CONTACT_DROP: &str = "
DELETE FROM erasure_contact
WHERE erasure = ?1
";

/// The statement that forgets the address that a receipt went to; a trigger condemns its key with it.
pub fn erasure_contact_drop(_scope: &OperatorScope, erasure: ErasureId) -> Statement {
    Statement::new(ERASURE_CONTACT_DROP, [erasure.into()])
}
