//! Addresses that visitors left in a conversation, and the links of mails that were used.

use serde::Deserialize;
use shared::id::{ContactId, ConversationId, MailId, SiteId, SlabId, VisitorId};
use shared::time::Millis;

use super::scope::{BusinessScope, ThreadScope};
use crate::platform::{Batch, Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// An address that a visitor left, sealed under the conversation's key.
#[derive(Debug, Clone)]
pub struct SealedEmail {
    /// Which one.
    pub id: ContactId,
    /// The language of mails.
    pub locale: String,
    /// When they left it.
    pub created_at: Millis,
    /// When its link was opened.
    pub confirmed_at: Option<Millis>,
    /// The key.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub email: Vec<u8>,
}

/// Finds the address that was left in a conversation.
pub const CONTACT_FIND: &str = "
SELECT contact.id
     , contact.locale
     , contact.created_at
     , contact.confirmed_at
     , contact.slab
     , contact.slot
     , seal_key.commit16
     , contact.email
FROM contact
JOIN seal_key ON seal_key.slab = contact.slab AND seal_key.slot = contact.slot
WHERE contact.conversation = ?1
  AND contact.business = ?2
  AND seal_key.state = 0
";

#[derive(Deserialize)]
struct Row {
    id: ContactId,
    locale: String,
    created_at: Millis,
    confirmed_at: Option<Millis>,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    email: Vec<u8>,
}

impl From<Row> for SealedEmail {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            locale: row.locale,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            email: row.email,
        }
    }
}

pub(super) fn find(scope: &ThreadScope) -> Statement {
    Statement::new(CONTACT_FIND, [scope.conversation.into(), scope.business.business().into()])
}

pub(super) fn found(batch: &Batch, index: usize) -> Result<Option<SealedEmail>, DbFault> {
    Ok(batch.row::<Row>(index)?.map(SealedEmail::from))
}

/// The address that was left in a conversation.
pub async fn contact_find(shard: &Db, scope: &ThreadScope) -> Result<Option<SealedEmail>, DbFault> {
    let row: Option<Row> = shard.row(find(scope)).await?;
    Ok(row.map(SealedEmail::from))
}

/// Keeps an address in the place of the one before it.
pub const CONTACT_PUT: &str = "
INSERT INTO contact (conversation, id, business, locale, created_at, slab, slot, email)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (conversation) DO UPDATE
SET id = excluded.id
  , locale = excluded.locale
  , created_at = excluded.created_at
  , confirmed_at = NULL
  , finder = NULL
  , slab = excluded.slab
  , slot = excluded.slot
  , email = excluded.email
";

/// An address to keep.
pub struct NewContact {
    /// Which one.
    pub id: ContactId,
    /// The language of mails.
    pub locale: String,
    /// When it was left.
    pub at: Millis,
    /// The key.
    pub key: KeyRef,
    /// The ciphertext.
    pub email: Vec<u8>,
}

/// The statement that keeps an address.
pub fn contact_put(scope: &ThreadScope, new: NewContact) -> Statement {
    Statement::new(
        CONTACT_PUT,
        [
            scope.conversation.into(),
            new.id.into(),
            scope.business.business().into(),
            new.locale.into(),
            new.at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.email.into(),
        ],
    )
}

/// Notes that the link in the mail was opened.
pub const CONTACT_CONFIRM: &str = "
UPDATE contact
SET confirmed_at = coalesce(confirmed_at, ?4)
  , finder = ?5
WHERE conversation = ?1
  AND business = ?2
  AND id = ?3
RETURNING id
";

/// The statement that notes that the address was proved, and by which keyed hash it is found from now on; it returns a row
/// where it is still the one that was left.
pub fn contact_confirm(scope: &ThreadScope, id: ContactId, finder: &str, now: Millis) -> Statement {
    Statement::new(
        CONTACT_CONFIRM,
        [scope.conversation.into(), scope.business.business().into(), id.into(), now.into(), finder.into()],
    )
}

/// Finds conversations of a site in which an address was confirmed.
pub const CONTACTS_CONFIRMED: &str = "
SELECT contact.id
     , contact.conversation
     , conversation.visitor
FROM contact
JOIN conversation ON conversation.id = contact.conversation
JOIN seal_key ON seal_key.slab = contact.slab AND seal_key.slot = contact.slot
WHERE contact.finder = ?1
  AND contact.business = ?2
  AND contact.confirmed_at IS NOT NULL -- keeps B9
  AND conversation.site = ?3
  AND seal_key.state = 0
ORDER BY conversation.last_message_at DESC
LIMIT ?4
";

/// Up to `limit` conversations of a site in which an address was confirmed, the latest first.
pub async fn contacts_confirmed(
    shard: &Db,
    scope: &BusinessScope,
    site: SiteId,
    finder: &str,
    limit: u32,
) -> Result<Vec<(ThreadScope, ContactId)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ContactId,
        conversation: ConversationId,
        visitor: VisitorId,
    }
    let values = [finder.into(), scope.business().into(), site.into(), limit.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(CONTACTS_CONFIRMED, values)).await?;
    let found = |row: Row| {
        let Row { id, conversation, visitor } = row;
        (ThreadScope { business: *scope, site, visitor, conversation }, id)
    };
    Ok(rows.into_iter().map(found).collect())
}

/// Notes that a link was used.
pub const RETURN_USE: &str = "
INSERT INTO return_link (mail, business, conversation, used_at)
VALUES (?1, ?2, ?3, ?4)
";

/// The statement that notes that the link of a mail was used. Fails with `Duplicate` where it was before.
pub fn return_use(scope: &ThreadScope, mail: MailId, now: Millis) -> Statement {
    let values = [mail.into(), scope.business.business().into(), scope.conversation.into(), now.into()];
    Statement::new(RETURN_USE, values)
}

/// Notes that a mail with a reply is on its way, unless another one is due by now.
pub const MAIL_DONE: &str = "
UPDATE conversation
SET mail_due_at = NULL
WHERE id = ?1
  AND business = ?2
  AND mail_due_at = ?3
";

/// The statement after a mail that was due at `due_at` stands in the outbox.
pub fn mail_done(scope: &ThreadScope, due_at: Millis) -> Statement {
    Statement::new(MAIL_DONE, [scope.conversation.into(), scope.business.business().into(), due_at.into()])
}

/// Puts a mail with a reply off, because the visitor was there a moment ago.
pub const MAIL_LATER: &str = "
UPDATE conversation
SET mail_due_at = ?4
WHERE id = ?1
  AND business = ?2
  AND mail_due_at = ?3
";

/// The statement that puts a mail off which was due at `due_at`.
pub fn mail_later(scope: &ThreadScope, due_at: Millis, later: Millis) -> Statement {
    Statement::new(
        MAIL_LATER,
        [scope.conversation.into(), scope.business.business().into(), due_at.into(), later.into()],
    )
}
