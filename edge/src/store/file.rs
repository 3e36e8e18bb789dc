//! Files that people attach: which there are, and whose message they belong to. Their bytes lie in the bucket.

use serde::Deserialize;
use shared::id::{BusinessId, ConversationId, FileId, MessageId, SlabId};
use shared::time::Millis;
use shared::wire::message::Origin;

use super::scope::{BusinessScope, OperatorScope, ThreadScope};
use crate::platform::{Db, DbFault, Statement};
use crate::sealing::KeyRef;

/// Adds a file that is about to be uploaded, unless as many were since `?8`.
pub const FILE_INSERT: &str = "
INSERT INTO file (id, business, conversation, origin, created_at, slab, slot)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE (
    SELECT count(*) FROM file
    WHERE conversation = ?3
      AND business = ?2
      AND origin = ?4
      AND created_at > ?8
) < ?9
RETURNING id
";

/// A file that is about to be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct NewFile {
    /// The file.
    pub id: FileId,
    /// Who uploads it.
    pub origin: Origin,
    /// The key that seals it and its name.
    pub key: KeyRef,
    /// When.
    pub created_at: Millis,
}

/// The statement that adds a file. No row comes back where `most` came after `since`.
pub fn file_insert(scope: &ThreadScope, new: NewFile, since: Millis, most: u32) -> Statement {
    Statement::new(
        FILE_INSERT,
        [
            new.id.into(),
            scope.business.business().into(),
            scope.conversation.into(),
            new.origin.as_str().into(),
            new.created_at.into(),
            new.key.slab.into(),
            new.key.slot.into(),
            since.into(),
            most.into(),
        ],
    )
}

/// Says what an uploaded file is: from here on it can be sent.
pub const FILE_READY: &str = "
UPDATE file
SET media_type = ?4
  , bytes = ?5
  , width = ?6
  , height = ?7
  , name = ?8
WHERE id = ?1
  AND conversation = ?2
  AND business = ?3
  AND media_type IS NULL
  AND gone = 0
RETURNING id
";

/// What an uploaded file turned out to be.
#[derive(Debug, Clone)]
pub struct ReadyFile {
    /// Its media type.
    pub media_type: &'static str,
    /// How large it is.
    pub bytes: u32,
    /// Width and height, where it is a picture.
    pub size: Option<(u32, u32)>,
    /// Its name, sealed.
    pub name: Vec<u8>,
}

/// The statement that says what a file is. No row comes back where it is not there any more.
pub fn file_ready(scope: &ThreadScope, file: FileId, ready: ReadyFile) -> Statement {
    let (width, height) = ready.size.unzip();
    Statement::new(
        FILE_READY,
        [
            file.into(),
            scope.conversation.into(),
            scope.business.business().into(),
            ready.media_type.into(),
            ready.bytes.into(),
            width.into(),
            height.into(),
            ready.name.into(),
        ],
    )
}

/// A file that is there, with its name sealed.
#[derive(Debug, Clone)]
pub struct SealedFile {
    /// The file.
    pub id: FileId,
    /// Who uploaded it.
    pub origin: Origin,
    /// Its media type.
    pub media_type: String,
    /// How large it is.
    pub bytes: u64,
    /// Width and height, where it is a picture.
    pub size: Option<(u32, u32)>,
    /// When it was uploaded.
    pub created_at: Millis,
    /// When its message was written, if it was sent.
    pub sent_at: Option<Millis>,
    /// The key that sealed it.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// Its name, sealed.
    pub name: Vec<u8>,
}

#[derive(Deserialize)]
struct Row {
    id: FileId,
    origin: Origin,
    media_type: String,
    bytes: u64,
    width: Option<u32>,
    height: Option<u32>,
    created_at: Millis,
    sent_at: Option<Millis>,
    slab: SlabId,
    slot: u16,
    commit16: Vec<u8>,
    name: Vec<u8>,
}

impl From<Row> for SealedFile {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            origin: row.origin,
            media_type: row.media_type,
            bytes: row.bytes,
            size: row.width.zip(row.height),
            created_at: row.created_at,
            sent_at: row.sent_at,
            key: KeyRef { slab: row.slab, slot: row.slot },
            key_commit: row.commit16,
            name: row.name,
        }
    }
}

/// Finds a file whose key lives.
pub const FILE_FIND: &str = "
SELECT file.id
     , file.origin
     , file.media_type
     , file.bytes
     , file.width
     , file.height
     , file.created_at
     , message.created_at AS sent_at
     , file.slab
     , file.slot
     , seal_key.commit16
     , file.name
FROM file
JOIN seal_key ON seal_key.slab = file.slab AND seal_key.slot = file.slot
LEFT JOIN message ON message.id = file.message
WHERE file.id = ?1
  AND file.conversation = ?2
  AND file.business = ?3
  AND file.gone = 0
  AND file.media_type IS NOT NULL
  AND seal_key.state = 0
";

/// One file of a conversation. `None` if it is not there, another conversation's, or being erased.
pub async fn file_find(shard: &Db, scope: &ThreadScope, file: FileId) -> Result<Option<SealedFile>, DbFault> {
    let values = [file.into(), scope.conversation.into(), scope.business.business().into()];
    let row: Option<Row> = shard.row(Statement::new(FILE_FIND, values)).await?;
    Ok(row.map(SealedFile::from))
}

/// Finds files that were uploaded and not sent.
pub const FILES_UNSENT: &str = "
SELECT file.id
     , file.origin
     , file.media_type
     , file.bytes
     , file.width
     , file.height
     , file.created_at
     , NULL AS sent_at
     , file.slab
     , file.slot
     , seal_key.commit16
     , file.name
FROM file
JOIN seal_key ON seal_key.slab = file.slab AND seal_key.slot = file.slot
WHERE file.id IN (SELECT value FROM json_each(?1))
  AND file.conversation = ?2
  AND file.business = ?3
  AND file.origin = ?4
  AND file.created_at > ?5
  AND file.message IS NULL
  AND file.gone = 0
  AND file.media_type IS NOT NULL
  AND seal_key.state = 0
";

fn listed(files: &[FileId]) -> String {
    serde_json::to_string(files).unwrap_or_default()
}

/// Those of the files that `origin` uploaded after `since` and did not send.
pub async fn files_unsent(
    shard: &Db,
    scope: &ThreadScope,
    origin: Origin,
    files: &[FileId],
    since: Millis,
) -> Result<Vec<SealedFile>, DbFault> {
    let values = [
        listed(files).into(),
        scope.conversation.into(),
        scope.business.business().into(),
        origin.as_str().into(),
        since.into(),
    ];
    let rows: Vec<Row> = shard.rows(Statement::new(FILES_UNSENT, values)).await?;
    Ok(rows.into_iter().map(SealedFile::from).collect())
}

/// Gives files to a message that got in. One that belongs to another already makes the batch fail.
pub const FILES_TAKE: &str = "
UPDATE file
SET message = ?1
WHERE id IN (SELECT value FROM json_each(?2))
  AND conversation = ?3
  AND business = ?4
  AND EXISTS (SELECT 1 FROM message WHERE message.id = ?1)
";

/// The statement that gives files to a message.
pub fn files_take(scope: &ThreadScope, message: MessageId, files: &[FileId]) -> Statement {
    Statement::new(
        FILES_TAKE,
        [message.into(), listed(files).into(), scope.conversation.into(), scope.business.business().into()],
    )
}

/// Marks a file that was not sent as gone.
pub const FILE_RELEASE: &str = "
UPDATE file
SET gone = 1
WHERE id = ?1
  AND conversation = ?2
  AND business = ?3
  AND origin = ?4
  AND message IS NULL
RETURNING id
";

/// The statement that takes a file back. It returns a row where the file was there and not sent.
pub fn file_release(scope: &ThreadScope, origin: Origin, file: FileId) -> Statement {
    Statement::new(
        FILE_RELEASE,
        [file.into(), scope.conversation.into(), scope.business.business().into(), origin.as_str().into()],
    )
}

/// Deletes a file's row, once its object is gone.
pub const FILE_DELETE: &str = "
DELETE FROM file
WHERE id = ?1
  AND business = ?2
";

/// The statement that deletes a file's row.
pub fn file_delete(scope: &BusinessScope, file: FileId) -> Statement {
    Statement::new(FILE_DELETE, [file.into(), scope.business().into()])
}

/// A file that is to be deleted.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct DueFile {
    /// The file.
    pub id: FileId,
    /// The business.
    pub business: BusinessId,
    /// The conversation.
    pub conversation: ConversationId,
}

/// Finds files that are gone, and those that were uploaded at or before the cut-off and never sent.
pub const FILES_DUE: &str = "
SELECT id
     , business
     , conversation
FROM file
WHERE gone = 1
UNION ALL
SELECT id
     , business
     , conversation
FROM file
WHERE gone = 0
  AND message IS NULL
  AND created_at <= ?1
LIMIT ?2
";

/// Up to `limit` files of a shard that are due.
pub async fn files_due(
    shard: &Db,
    _scope: &OperatorScope,
    cut_off: Millis,
    limit: u32,
) -> Result<Vec<DueFile>, DbFault> {
    shard.rows(Statement::new(FILES_DUE, [cut_off.into(), limit.into()])).await
}

/// Finds which of some files have a row.
pub const FILES_KNOWN: &str = "
SELECT id
FROM file
WHERE id IN (SELECT value FROM json_each(?1))
";

/// Which of some files a shard names.
pub async fn files_known(
    shard: &Db,
    _scope: &OperatorScope,
    files: impl Iterator<Item = FileId>,
) -> Result<Vec<FileId>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: FileId,
    }
    let wanted = serde_json::Value::from_iter(files.map(|file| file.to_string())).to_string();
    let rows: Vec<Row> = shard.rows(Statement::new(FILES_KNOWN, [wanted.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
