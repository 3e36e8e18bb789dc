//! Notes: what members tell each other in a conversation, sealed like its messages.

use serde::Deserialize;
use shared::id::{AccountId, ConversationId, DraftId, NoteId, SlabId};
use shared::time::Millis;

use super::scope::{MemberScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement, Value};
use crate::sealing::KeyRef;

/// A note as it lies in the database.
#[derive(Debug, Clone)]
pub struct SealedNote {
    /// Which.
    pub id: NoteId,
    /// Who wrote it.
    pub author: AccountId,
    /// It stands behind this message.
    pub after_sequence: u32,
    /// When it was written.
    pub created_at: Millis,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub body: Vec<u8>,
}

#[derive(Deserialize)]
struct Row {
    id: NoteId,
    author: AccountId,
    after_sequence: u32,
    created_at: Millis,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    body: Vec<u8>,
}

impl From<Row> for SealedNote {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            author: row.author,
            after_sequence: row.after_sequence,
            created_at: row.created_at,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            body: row.body,
        }
    }
}

/// A note to add.
pub struct NewNote {
    /// Which.
    pub id: NoteId,
    /// What the member's client called it.
    pub draft: DraftId,
    /// Who writes it.
    pub author: AccountId,
    /// When.
    pub at: Millis,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// The ciphertext.
    pub body: Vec<u8>,
}

/// Adds a note behind the newest message.
pub const NOTE_INSERT: &str = "
INSERT INTO note (id, business, conversation, draft, author, after_sequence, created_at, slab, slot, body)
SELECT ?1, ?2, ?3, ?4, ?5
     , (SELECT coalesce(max(sequence), 0) FROM message WHERE conversation = ?3)
     , ?6, ?7, ?8, ?9
FROM conversation
WHERE conversation.id = ?3
  AND conversation.business = ?2
RETURNING after_sequence
";

/// The statement that adds a note. Fails with `Duplicate` where the draft came in before.
pub fn note_insert(scope: &ThreadScope, new: NewNote) -> Statement {
    Statement::new(
        NOTE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.draft.into(),
            new.author.into(),
            new.at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            new.body.into(),
        ],
    )
}

/// Notes whom a note calls.
pub const MENTIONS_INSERT: &str = "
INSERT INTO note_mention (note, account, business, conversation, created_at)
SELECT note.id, mentioned.value, note.business, note.conversation, note.created_at
FROM json_each(?3) AS mentioned
JOIN note ON note.id = ?1
WHERE note.business = ?2
";

/// The statement that notes whom a note calls. It follows the note in the same batch.
pub fn mentions_insert(scope: &ThreadScope, note: NoteId, accounts: &[AccountId]) -> Statement {
    let accounts = serde_json::json!(accounts).to_string();
    Statement::new(MENTIONS_INSERT, [note.into(), scope.business.business().into(), accounts.into()])
}

/// Reads notes after a note, in the order in which they were written.
pub const NOTES_AFTER: &str = "
SELECT note.id
     , note.author
     , note.after_sequence
     , note.created_at
     , note.slab
     , note.slot
     , seal_key.commit16
     , note.body
FROM note
JOIN seal_key ON seal_key.slab = note.slab AND seal_key.slot = note.slot
WHERE note.conversation = ?1
  AND note.business = ?2
  AND note.id > ?3
  AND note.created_at > ?4
  AND seal_key.state = 0
ORDER BY note.id
LIMIT ?5
";

/// Reads the newest notes that stand behind messages of a range.
pub const NOTES_BESIDE: &str = "
SELECT note.id
     , note.author
     , note.after_sequence
     , note.created_at
     , note.slab
     , note.slot
     , seal_key.commit16
     , note.body
FROM note
JOIN seal_key ON seal_key.slab = note.slab AND seal_key.slot = note.slot
WHERE note.conversation = ?1
  AND note.business = ?2
  AND note.after_sequence BETWEEN ?3 AND ?4
  AND note.created_at > ?5
  AND seal_key.state = 0
ORDER BY note.id DESC
LIMIT ?6
";

/// Finds a note by what the member's client called it.
pub const NOTE_BY_DRAFT: &str = "
SELECT note.id
     , note.author
     , note.after_sequence
     , note.created_at
     , note.slab
     , note.slot
     , seal_key.commit16
     , note.body
FROM note
JOIN seal_key ON seal_key.slab = note.slab AND seal_key.slot = note.slot
WHERE note.conversation = ?1
  AND note.business = ?2
  AND note.draft = ?3
  AND seal_key.state = 0
";

async fn notes(shard: &Db, sql: &'static str, values: Vec<Value>) -> Result<Vec<SealedNote>, DbFault> {
    let rows: Vec<Row> = shard.rows(Statement::new(sql, values)).await?;
    Ok(rows.into_iter().map(SealedNote::from).collect())
}

/// Notes after `after` (`None` begins), oldest first; those written at or before `kept_from` are gone.
pub async fn notes_after(
    shard: &Db,
    scope: &ThreadScope,
    after: Option<NoteId>,
    kept_from: Millis,
    limit: u32,
) -> Result<Vec<SealedNote>, DbFault> {
    let after = after.map_or_else(String::new, |note| note.to_string());
    let values = vec![
        scope.conversation.into(),
        scope.business.business().into(),
        after.into(),
        kept_from.into(),
        limit.into(),
    ];
    notes(shard, NOTES_AFTER, values).await
}

/// The newest notes behind the messages from `from` to `to`, oldest first.
pub async fn notes_beside(
    shard: &Db,
    scope: &ThreadScope,
    (from, to): (u32, u32),
    kept_from: Millis,
    limit: u32,
) -> Result<Vec<SealedNote>, DbFault> {
    let values = vec![
        scope.conversation.into(),
        scope.business.business().into(),
        from.into(),
        to.into(),
        kept_from.into(),
        limit.into(),
    ];
    let mut found = notes(shard, NOTES_BESIDE, values).await?;
    found.reverse();
    Ok(found)
}

/// The note that a draft became.
pub async fn note_by_draft(
    shard: &Db,
    scope: &ThreadScope,
    draft: DraftId,
) -> Result<Option<SealedNote>, DbFault> {
    let values = vec![scope.conversation.into(), scope.business.business().into(), draft.into()];
    Ok(notes(shard, NOTE_BY_DRAFT, values).await?.into_iter().next())
}

/// Deletes whom a note calls.
pub const NOTE_MENTIONS_DELETE: &str = "
DELETE FROM note_mention
WHERE note = ?1
  AND business = ?2
  AND EXISTS (SELECT 1 FROM note WHERE note.id = ?1 AND note.author = ?3)
";

/// Deletes a member's own note.
pub const NOTE_DELETE: &str = "
DELETE FROM note
WHERE id = ?1
  AND business = ?2
  AND author = ?3
  AND conversation = ?4
RETURNING id
";

/// The statements that take a member's own note back; the last one returns a row where there was one.
pub fn note_delete(scope: &ThreadScope, note: NoteId, author: AccountId) -> [Statement; 2] {
    let business: Value = scope.business.business().into();
    let conversation: ConversationId = scope.conversation;
    [
        Statement::new(NOTE_MENTIONS_DELETE, [note.into(), business.clone(), author.into()]),
        Statement::new(NOTE_DELETE, [note.into(), business, author.into(), conversation.into()]),
    ]
}

/// Counts notes that call a member.
pub const MENTIONS_COUNT: &str = "
SELECT count(*) AS found
FROM (
    SELECT 1 FROM note_mention
    WHERE business = ?1 AND account = ?2 AND created_at > ?3
    LIMIT ?4
)
";

/// How many notes call a member since a time, counted up to `limit`.
pub async fn mentions_count(
    shard: &Db,
    scope: &MemberScope,
    since: Millis,
    limit: u32,
) -> Result<u32, DbFault> {
    #[derive(Deserialize)]
    struct Count {
        found: u32,
    }
    let values =
        [scope.business.business().into(), scope.account.account().into(), since.into(), limit.into()];
    let row: Option<Count> = shard.row(Statement::new(MENTIONS_COUNT, values)).await?;
    Ok(row.map_or(0, |row| row.found))
}
