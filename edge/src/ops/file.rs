//! Files of a conversation: checked, stripped and sealed as they come in, opened as they are read. At no point does one
//! stand in memory as a whole.

use std::rc::Rc;

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::{self, LocalBoxStream};
use shared::id::{ConversationId, FileId};
use shared::limits::{
    FILE_BYTES, FILE_SENDABLE_MS, FILE_UNSENT_MS, FILE_UPLOAD_MS, FILE_WINDOW_MS, FILES_AT_ONCE_WAIT_S,
    FILES_MESSAGE, FILES_WINDOW,
};
use shared::privacy::Personal;
use shared::rules::file::FileKind;
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::file::Attachment;
use shared::wire::message::Origin;
use shared::wire::problem::Kind;
use zeroize::Zeroizing;

use super::sealed_message::message_key;
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::blobs::{Pieces, Writing};
use crate::platform::{Blobs, DbFault};
use crate::rules::file::{Checked, FileSieve, file_name};
use crate::sealing::{
    Cell, Column, FileName, FileOpener, FileSealer, KeyOwner, SealFault, SealingKey, files_prefix,
};
use crate::store::audit::{Action, Subject};
use crate::store::conversation;
use crate::store::file::{self, DueFile, NewFile, ReadyFile, SealedFile};
use crate::store::scope::{BusinessScope, MemberScope, OperatorScope, ThreadScope};

/// The connection broke while a body came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenOff;

/// A file as it comes in.
pub type Incoming<'a> = LocalBoxStream<'a, Result<Vec<u8>, BrokenOff>>;

fn named(scope: &ThreadScope, file: FileId) -> FileName {
    FileName { scope: (&scope.business).into(), conversation: scope.conversation, file }
}

/// Hands a file's name its place in the table.
fn name_with<T>(scope: &ThreadScope, file: FileId, at: Millis, use_cell: impl FnOnce(Cell<'_>) -> T) -> T {
    let (row, conversation, at) =
        (file.to_string(), scope.conversation.to_bytes(), at.as_i64().to_be_bytes());
    let bound: [&[u8]; 2] = [&conversation, &at];
    use_cell(Cell {
        column: Column::FileName,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Takes a file into a conversation. It can be sent within 23 hours; afterwards it goes.
///
/// Fails with `NotFound`, `RateLimited`, `FileTooLarge`, `FileTypeRefused`, `FileBroken`.
pub async fn file_upload(
    app: &App,
    scope: &ThreadScope,
    origin: Origin,
    given: &Personal<String>,
    incoming: Incoming<'_>,
) -> Result<Attachment, OpError> {
    let Some(_place) = app.uploads.enter(app.clock.now()) else {
        return Err(OpError::rate_limited(FILES_AT_ONCE_WAIT_S));
    };
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let (key, mut statements) = message_key(app, &found, site.limit(), now).await?;
    let id = FileId::mint(now, app.rng.bytes()?);
    let new = NewFile { id, origin, key: key.reference(), created_at: now };
    let insert_at = statements.len();
    // The row first: whatever stops the upload, the purge finds what is left of it.
    statements.push(file::file_insert(scope, new, now.minus_ms(FILE_WINDOW_MS), FILES_WINDOW));
    let batch = shard.batch(statements).await.map_err(gone_meanwhile)?;
    if batch.row::<serde_json::Value>(insert_at)?.is_none() {
        let wait_s = u32::try_from(FILE_WINDOW_MS / 24_000).unwrap_or(u32::MAX);
        return Err(OpError::rate_limited(wait_s));
    }
    let taken = take(app, scope, &key, id, given, incoming).await;
    let (checked, bytes) = match taken {
        Ok(taken) => taken,
        Err(refused) => {
            file_discard(app, &scope.business, scope.conversation, id).await?;
            return Err(refused);
        }
    };
    let name = file_name(given.expose(), checked.kind);
    let sealed = name_with(scope, id, now, |cell| key.seal(cell, name.as_bytes(), &app.rng))?;
    let ready = ReadyFile { media_type: checked.kind.media_type(), bytes, size: checked.size, name: sealed };
    let kept = shard.row::<serde_json::Value>(file::file_ready(scope, id, ready)).await;
    if !matches!(kept, Ok(Some(_))) {
        // Erased while it came in, or something failed: the object must not outlive its row.
        file_discard(app, &scope.business, scope.conversation, id).await?;
        kept.map_err(gone_meanwhile)?;
        return Err(Kind::NotFound.into());
    }
    let (width, height) = checked.size.unzip();
    Ok(Attachment {
        id,
        name: Personal::new(name),
        media_type: checked.kind.media_type().to_owned(),
        bytes: bytes.into(),
        width,
        height,
        until: now.plus_ms(FILE_UNSENT_MS),
    })
}

/// An erasure condemned the key meanwhile: there is no such conversation any more.
fn gone_meanwhile(fault: DbFault) -> OpError {
    match fault {
        DbFault::Refused(_) => Kind::NotFound.into(),
        other => other.into(),
    }
}

/// Reads, checks, strips, seals and writes a file, a piece at a time. What it is, and how many bytes were kept of it.
async fn take(
    app: &App,
    scope: &ThreadScope,
    key: &SealingKey,
    id: FileId,
    given: &Personal<String>,
    mut incoming: Incoming<'_>,
) -> Result<(Checked, u32), OpError> {
    let name = named(scope, id);
    let mut upload = Upload {
        sealer: FileSealer::new(key, &name, &app.rng)?,
        writing: app.files.write(&name.object()),
        kept: Zeroizing::default(),
        sealed: Vec::new(),
        bytes: 0,
    };
    let mut sieve = FileSieve::new(given.expose());
    let mut came: u64 = 0;
    let mut late = Box::pin(app.clock.sleep(FILE_UPLOAD_MS));
    let done = loop {
        // An upload that began before an erasure is over before that looks for what is left.
        let piece = match select(incoming.next(), late).await {
            Either::Left((piece, still)) => {
                late = still;
                piece
            }
            Either::Right(_) => break Err(Kind::FileBroken.into()),
        };
        match piece {
            None => break sieve.finish(&mut upload.kept).map_err(|refusal| Kind::from(refusal).into()),
            Some(Err(BrokenOff)) => break Err(Kind::FileBroken.into()),
            Some(Ok(piece)) => {
                came = came.saturating_add(piece.len() as u64);
                if came > FILE_BYTES {
                    break Err(Kind::FileTooLarge.into());
                }
                if let Err(refusal) = sieve.push(&piece, &mut upload.kept) {
                    break Err(Kind::from(refusal).into());
                }
                if let Err(fault) = upload.flush().await {
                    break Err(fault);
                }
            }
        }
    };
    let (writing, done) = match done {
        Ok(checked) => {
            let (writing, ended) = upload.end().await;
            (writing, ended.map(|bytes| (checked, bytes)))
        }
        Err(refused) => (upload.writing, Err(refused)),
    };
    match done {
        Ok(taken) => {
            writing.finish().await?;
            Ok(taken)
        }
        Err(refused) => {
            // What hinders the abort changes nothing for whoever uploads; the platform ends it after some days.
            if let Err(fault) = writing.abort().await {
                log::fault(app, "file", &fault);
            }
            Err(refused)
        }
    }
}

/// A file on its way into the bucket.
struct Upload {
    sealer: FileSealer,
    writing: Writing,
    kept: Zeroizing<Vec<u8>>,
    sealed: Vec<u8>,
    bytes: u32,
}

impl Upload {
    async fn flush(&mut self) -> Result<(), OpError> {
        self.bytes = self.bytes.saturating_add(u32::try_from(self.kept.len()).unwrap_or(u32::MAX));
        self.sealer.push(&self.kept, &mut self.sealed)?;
        self.kept.clear();
        self.writing.push(&self.sealed).await?;
        self.sealed.clear();
        Ok(())
    }

    /// Everything was taken: the last of it goes out. What writes is handed back, whatever came of that.
    async fn end(mut self) -> (Writing, Result<u32, OpError>) {
        let flushed = self.flush().await;
        let Self { sealer, mut writing, mut sealed, bytes, .. } = self;
        let ended: Result<(), OpError> = async {
            flushed?;
            sealer.finish(&mut sealed)?;
            Ok(writing.push(&sealed).await?)
        }
        .await;
        (writing, ended.map(|()| bytes))
    }
}

/// Takes a file back that was not sent. Fails with `NotFound`.
pub async fn file_take_back(
    app: &App,
    scope: &ThreadScope,
    origin: Origin,
    file: FileId,
) -> Result<(), OpError> {
    let shard = app.shard(&scope.business)?;
    // Marked first: from here on no message can take it.
    let marked: Option<serde_json::Value> = shard.row(file::file_release(scope, origin, file)).await?;
    marked.ok_or(Kind::NotFound)?;
    file_discard(app, &scope.business, scope.conversation, file).await
}

/// Deletes a file: the object, then the row that would find it again.
pub async fn file_discard(
    app: &App,
    scope: &BusinessScope,
    conversation: ConversationId,
    file: FileId,
) -> Result<(), OpError> {
    let name = FileName { scope: scope.into(), conversation, file };
    app.files.delete(&name.object()).await?;
    app.shard(scope)?.write(file::file_delete(scope, file)).await?;
    Ok(())
}

/// Files of one's own that are about to be sent, in the order in which they were named.
///
/// Fails with `FilesTooMany`, and with `FileUnavailable` where one is unknown, another's, sent already or too old.
pub(super) async fn files_ready(
    app: &App,
    scope: &ThreadScope,
    origin: Origin,
    files: &[FileId],
    limit: ConversationLimit,
    now: Millis,
) -> Result<Vec<Attachment>, OpError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    if files.len() > FILES_MESSAGE {
        return Err(Kind::FilesTooMany.into());
    }
    let shard = app.shard(&scope.business)?;
    let found = file::files_unsent(shard, scope, origin, files, now.minus_ms(FILE_SENDABLE_MS)).await?;
    let mut ready = Vec::with_capacity(files.len());
    for id in files {
        let sealed = found.iter().find(|sealed| sealed.id == *id).ok_or(Kind::FileUnavailable)?;
        if ready.iter().any(|other: &Attachment| other.id == *id) {
            return Err(Kind::FileUnavailable.into());
        }
        let key = key_of(app, scope, sealed).await?;
        ready.push(attachment(scope, &key, sealed, limit.until(now))?);
    }
    Ok(ready)
}

async fn key_of(app: &App, scope: &ThreadScope, sealed: &SealedFile) -> Result<SealingKey, OpError> {
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    match app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await {
        Err(SealFault::Destroyed) => Err(Kind::NotFound.into()),
        other => Ok(other?),
    }
}

fn attachment(
    scope: &ThreadScope,
    key: &SealingKey,
    sealed: &SealedFile,
    until: Millis,
) -> Result<Attachment, OpError> {
    let name = name_with(scope, sealed.id, sealed.created_at, |cell| key.open(cell, &sealed.name))?;
    let (width, height) = sealed.size.unzip();
    Ok(Attachment {
        id: sealed.id,
        name: Personal::new(String::from_utf8_lossy(&name).into_owned()),
        media_type: sealed.media_type.clone(),
        bytes: sealed.bytes,
        width,
        height,
        until,
    })
}

/// A file that is being read.
pub struct OpenedFile {
    /// What it is.
    pub attachment: Attachment,
    /// What kind that is.
    pub kind: FileKind,
    /// Its bytes. An error ends them early: then they are not the file.
    pub bytes: LocalBoxStream<'static, Result<Vec<u8>, OpError>>,
}

/// Opens a file for somebody in the thread: what was sent, and what they uploaded themselves.
///
/// Fails with `NotFound`, also where its message is past its limit.
pub async fn file_open(
    app: &Rc<App>,
    scope: &ThreadScope,
    reader: Origin,
    file: FileId,
) -> Result<OpenedFile, OpError> {
    let now = app.clock.now();
    let site = app.site(scope.site).await?;
    let sealed = file::file_find(app.shard(&scope.business)?, scope, file).await?.ok_or(Kind::NotFound)?;
    let until = match sealed.sent_at {
        Some(sent_at) if sent_at > site.limit().kept_from(now) => site.limit().until(sent_at),
        None if sealed.origin == reader => sealed.created_at.plus_ms(FILE_UNSENT_MS),
        _ => return Err(Kind::NotFound.into()),
    };
    let key = key_of(app, scope, &sealed).await?;
    let attachment = attachment(scope, &key, &sealed, until)?;
    let kind = FileKind::from_media_type(&sealed.media_type);
    let kind = kind.ok_or_else(|| Fault::Platform("a file is of an unknown kind".into()))?;
    let name = named(scope, file);
    let mut pieces = app.files.read(&name.object()).await?.ok_or(SealFault::Missing("file"))?;
    // So much before the answer begins that what is no file of ours is a problem, and not half an answer.
    let mut start = Vec::new();
    while start.len() < FileOpener::START_BYTES {
        match pieces.next().await {
            Some(piece) => start.extend_from_slice(&piece?),
            None => break,
        }
    }
    let mut opener = FileOpener::new(&key, &name, &start)?;
    let mut first = Vec::new();
    opener.push(&start, &mut first)?;
    let reading = Reading { app: Rc::clone(app), scope: *scope, sealed, pieces, opener: Some(opener), first };
    Ok(OpenedFile { attachment, kind, bytes: stream::unfold(Some(reading), Reading::step).boxed_local() })
}

/// Notes that a member read a file (promise P8.2).
pub async fn file_read_note(app: &App, scope: &MemberScope, file: FileId) -> Result<(), OpError> {
    let line = super::team::line(app, scope, Action::FileRead, Subject::new("file", file))?;
    Ok(app.directory.write(line).await?)
}

/// How far a file was read.
struct Reading {
    app: Rc<App>,
    scope: ThreadScope,
    sealed: SealedFile,
    pieces: Pieces,
    /// `None` once the last frame was opened.
    opener: Option<FileOpener>,
    first: Vec<u8>,
}

impl Reading {
    async fn step(reading: Option<Self>) -> Option<(Result<Vec<u8>, OpError>, Option<Self>)> {
        let mut reading = reading?;
        match reading.next().await {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(bytes), Some(reading))),
            Err(failure) => {
                log::failed(&reading.app, "file", &failure);
                Some((Err(failure), None))
            }
        }
    }

    /// The next bytes that are proved; `None` behind the last.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, OpError> {
        let mut out = std::mem::take(&mut self.first);
        while out.is_empty() {
            let Some(opener) = &mut self.opener else { return Ok(None) };
            let piece = self.pieces.next().await;
            if opener.is_stale() {
                opener.renew(&key_of(&self.app, &self.scope, &self.sealed).await?)?;
            }
            match piece {
                Some(piece) => opener.push(&piece?, &mut out)?,
                None => {
                    let Some(opener) = self.opener.take() else { return Ok(None) };
                    opener.finish(&mut out)?;
                }
            }
        }
        Ok(Some(out))
    }
}

/// Deletes everything that lies in the bucket for a conversation, named in the database or not. Tells how much it was.
pub async fn files_empty(
    app: &App,
    scope: &BusinessScope,
    conversation: Option<ConversationId>,
) -> Result<u32, OpError> {
    let prefix = files_prefix(scope.into(), conversation);
    let mut deleted: u32 = 0;
    loop {
        let objects = app.files.list(&prefix).await?;
        if objects.is_empty() {
            return Ok(deleted);
        }
        deleted = deleted.saturating_add(u32::try_from(objects.len()).unwrap_or(u32::MAX));
        for object in objects {
            app.files.delete(&object).await?;
        }
    }
}

/// How many objects lie in the bucket for a conversation, or a business: up to a thousand are counted.
pub async fn files_left(
    files: &Blobs,
    scope: &BusinessScope,
    conversation: Option<ConversationId>,
) -> Result<u32, OpError> {
    let objects = files.list(&files_prefix(scope.into(), conversation)).await?;
    Ok(u32::try_from(objects.len()).unwrap_or(u32::MAX))
}

/// Deletes a file that is due. Its row goes only once a listing does not name the object any more.
pub async fn file_purge(app: &App, scope: &BusinessScope, due: DueFile) -> Result<(), OpError> {
    let object = FileName { scope: scope.into(), conversation: due.conversation, file: due.id }.object();
    app.files.delete(&object).await?;
    if app.files.list(&object).await?.contains(&object) {
        return Err(Fault::Platform("an object is still listed after its deletion".into()).into());
    }
    Ok(app.shard(scope)?.write(file::file_delete(scope, due.id)).await?)
}

/// A stretch of the bucket that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedThrough {
    /// The last object of the stretch; `None` where the bucket ends.
    pub last: Option<String>,
    /// How many objects without a row were deleted.
    pub deleted: u32,
}

/// Deletes objects that no database names, in the next stretch of the bucket after `after`. The row of a file comes before
/// its object and goes after it, so such an object is what a fault left; one that is younger than `cut_off` is let alone.
pub async fn files_unnamed_delete(
    app: &App,
    scope: &OperatorScope,
    after: Option<&str>,
    cut_off: Millis,
) -> Result<LookedThrough, OpError> {
    let objects = app.files.list_after("f/", after).await?;
    let old: Vec<(&String, FileId)> = objects
        .iter()
        .filter_map(|object| Some((object, object.rsplit('/').next()?.parse::<FileId>().ok()?)))
        .filter(|(_, file)| file.minted_at() <= cut_off)
        .collect();
    let mut known = Vec::new();
    if !old.is_empty() {
        for shard in app.shards(scope) {
            known.extend(file::files_known(shard, scope, old.iter().map(|(_, file)| *file)).await?);
        }
    }
    let mut deleted: u32 = 0;
    for (object, _) in old.iter().filter(|(_, file)| !known.contains(file)) {
        app.files.delete(object).await?;
        deleted = deleted.saturating_add(1);
    }
    Ok(LookedThrough { last: objects.last().cloned(), deleted })
}
