//! A copy of everything that is held about a visitor: in short, in pages, and as an archive that is written while it is
//! read, so that a long conversation needs no more memory than a short one.

use std::collections::VecDeque;
use std::rc::Rc;

use futures::StreamExt;
use futures::stream::{self, LocalBoxStream};
use shared::id::FileId;
use shared::limits::{ADDRESS_MS, COPY_NOTES, PAGE_MESSAGES};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::file::Attachment;
use shared::wire::message::{Message, Origin};
use shared::wire::privacy::{
    COPY_SCHEMA, Controller, Copy, CopyAddress, CopyConsent, CopyContact, CopyCorrection, CopyKey, CopyNote,
    CopyObjection, Held, HeldMessages,
};
use shared::wire::problem::Kind;

use super::contact::email_open;
use super::file::{OpenedFile, file_open};
use super::identity::identity_read;
use super::note::notes_open;
use super::page::page_read;
use super::request::{authority_of, requests_open};
use super::right::rectification_open;
use super::satisfaction::satisfaction_copy;
use super::{Fault, OpError, message};
use crate::app::App;
use crate::rules::zip::Zip;
use crate::sealing::{Cell, Column, KeyOwner, SealFault};
use crate::store::held::{self, HeldRows, SealedAddress};
use crate::store::scope::ThreadScope;
use crate::store::site::Site;
use crate::store::{contact, copied, note, privacy_code, request};

/// What the archive says about itself to whoever opens it.
const READ_ME: &str = "This is a copy of everything that is held about you in one conversation.\n\n\
    data.json            who holds it, until when, your choices, requests, objections, corrections and score,\n\
    \x20                    and what the business noted about you\n\
    messages/NNNN.json   the messages, oldest first, 100 a file\n\
    files/…              the files of those messages, by their ids\n\n\
    The format is described at docs/export-schema.md of Loquet; its name stands in data.json as \"schema\".\n\
    Times are milliseconds since 1 January 1970, UTC.\n";

/// What the archive says of files that it does not hold.
const GONE: &str = "These files were deleted while this archive was written:\n\n";

struct Read {
    site: std::sync::Arc<Site>,
    rows: HeldRows,
    held: Held,
    contact: Option<CopyContact>,
    now: Millis,
}

async fn read(app: &App, scope: &ThreadScope) -> Result<Read, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let limit = site.limit();
    let rows = held::held_read(shard, scope, limit.kept_from(now), now).await?.ok_or(Kind::NotFound)?;
    let sealed = request::requests_of_conversation(shard, scope).await?;
    let requests = requests_open(app, &scope.business, sealed, &authority_of(&site.country), now).await?;
    let about = &rows.held;
    let identity = identity_read(app, &scope.business, scope.conversation).await?;
    let page = page_read(app, scope).await?;
    let contact = contact_read(app, scope).await?;
    let held = Held {
        conversation: scope.conversation,
        began_at: about.began_at,
        messages: HeldMessages {
            count: about.messages,
            first_until: about.first_at.map(|at| limit.until(at)),
            last_until: about.last_at.map(|at| limit.until(at)),
        },
        files: about.files,
        address_until: rows.address.as_ref().map(address_until),
        language: about.locale.clone(), // keeps P2.2 | without: language: String::new(),
        browser: Personal::new(about.browser.clone()),
        identity: identity.map(|(named, _)| named),
        page: page.map(|(path, _)| path),
        about_until: limit.until(about.last_message_at),
        statistics: about.statistics,
        restricted_at: about.restricted_at,
        objections: rows.objections.iter().map(|(purpose, _)| *purpose).collect(),
        email: contact
            .as_ref()
            .filter(|contact| contact.confirmed_at.is_some())
            .map(|contact| contact.email.clone()),
        resume_until: about.resume_until,
        requests,
    };
    Ok(Read { site, rows, held, contact, now })
}

/// The address that was left, opened.
async fn contact_read(app: &App, scope: &ThreadScope) -> Result<Option<CopyContact>, OpError> {
    let left = contact::contact_find(app.shard(&scope.business)?, scope).await?;
    let Some(sealed) = left else { return Ok(None) };
    let email = email_open(app, scope, &sealed).await?;
    Ok(email.map(|email| CopyContact {
        email,
        left_at: sealed.created_at,
        confirmed_at: sealed.confirmed_at,
    }))
}

/// What colleagues wrote about the person, without who of them did.
async fn notes_read(app: &App, scope: &ThreadScope, read: &Read) -> Result<Vec<CopyNote>, OpError> {
    let limit = read.site.limit();
    let kept_from = limit.kept_from(read.now);
    let sealed =
        note::notes_beside(app.shard(&scope.business)?, scope, (0, u32::MAX), kept_from, COPY_NOTES).await?;
    let notes = notes_open(app, scope, limit, sealed).await?;
    Ok(notes
        .into_iter()
        .map(|note| {
            let text = note.mentions.iter().fold(note.text.into_exposed(), |text, colleague| {
                text.replace(&format!("@[{colleague}]"), "@…")
            });
            CopyNote { text: Personal::new(text), at: note.at, until: note.until }
        })
        .collect())
}

/// An address goes with the key of its day.
fn address_until(address: &SealedAddress) -> Millis {
    Millis::new(address.day.saturating_mul(shared::time::DAY_MS)).plus_ms(ADDRESS_MS)
}

/// What is held, in short. Fails with `NotFound` where the conversation is being erased.
pub async fn held_read(app: &App, scope: &ThreadScope) -> Result<Held, OpError> {
    Ok(read(app, scope).await?.held)
}

/// A copy: everything, and the messages after a cursor. Fails with `NotFound`.
pub async fn copy_read(app: &App, scope: &ThreadScope, after: u32) -> Result<Copy, OpError> {
    let read = read(app, scope).await?;
    let page = message::message_list(app, scope, after).await?.catchup;
    let mut corrections = Vec::new();
    for sealed in &read.rows.rectifications {
        let Some(before) = rectification_open(app, scope, sealed).await? else { continue };
        let (id, message, at) = (sealed.id, sealed.message, sealed.corrected_at);
        corrections.push(CopyCorrection { id, message, at, before });
    }
    let notes = notes_read(app, scope, &read).await?;
    let sorted = copied::copied_read(app.shard(&scope.business)?, scope).await?;
    let labels = copied::labels_named(&app.directory, &scope.business, &sorted.labels).await?;
    let keys = privacy_code::keys_of_conversation(app.shard(&scope.business)?, scope, read.now).await?;
    Ok(Copy {
        schema: COPY_SCHEMA.to_owned(),
        made_at: read.now,
        controller: Controller {
            name: read.site.controller.clone(),
            contact: read.site.contact.clone(),
            officer: read.site.officer.clone(),
            site: scope.site,
        },
        address: match &read.rows.address {
            Some(sealed) => address_open(app, scope, sealed).await?,
            None => None,
        },
        contact: read.contact,
        consents: read.rows.consents.into_iter().map(consent_of).collect(),
        objections: read
            .rows
            .objections
            .iter()
            .map(|(purpose, at)| CopyObjection { purpose: *purpose, at: *at })
            .collect(),
        corrections,
        satisfaction: satisfaction_copy(app, scope, read.site.limit()).await?,
        keys: keys
            .into_iter()
            .map(|key| CopyKey { kind: key.kind, created_at: key.created_at, until: key.until })
            .collect(),
        notes, // keeps P6.1 | without: notes: Vec::new(),
        labels,
        marks: sorted.marks,
        numbers: sorted.numbers,
        ai_use: sorted.ai_use,
        held: read.held,
        messages: page.messages, // keeps P6.1 | without: messages: Vec::new(),
        more: page.more,
    })
}

fn consent_of(row: held::ConsentRow) -> CopyConsent {
    CopyConsent {
        id: row.id,
        purpose: row.purpose,
        choice: row.choice,
        way: row.way,
        version: row.version,
        text_hash: row.text_hash,
        locale: row.locale,
        at: row.created_at,
    }
}

async fn address_open(
    app: &App,
    scope: &ThreadScope,
    sealed: &SealedAddress,
) -> Result<Option<CopyAddress>, OpError> {
    let (shard, owner) = (app.shard(&scope.business)?, KeyOwner::Day(sealed.day));
    let key = app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let (row, seen_at) = (scope.conversation.to_string(), sealed.seen_at.as_i64().to_be_bytes());
    let visitor = scope.visitor.to_bytes();
    let bound: [&[u8]; 2] = [&visitor, &seen_at];
    let cell = Cell {
        column: Column::VisitorAddress,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    };
    let plain = key.open(cell, &sealed.address)?;
    let address = String::from_utf8(plain.to_vec());
    let address = address.map_err(|_| Fault::Platform("a sealed text is no text".into()))?;
    Ok(Some(CopyAddress {
        address: Personal::new(address),
        seen_at: sealed.seen_at,
        until: address_until(sealed),
    }))
}

/// How far an archive is.
struct Writing {
    app: Rc<App>,
    scope: ThreadScope,
    zip: Zip,
    next: Part,
    /// Files that are still to be written: their ids and names, never their bytes.
    files: VecDeque<Attachment>,
    /// The file that is being written, a piece at a time: however large it is, a piece of it is all that is held.
    file: Option<LocalBoxStream<'static, Result<Vec<u8>, OpError>>>,
    /// Files that went while the archive was written.
    gone: Vec<FileId>,
}

enum Part {
    About,
    Messages { after: u32, file: u32 },
    Files,
    Done,
}

/// The archive of a conversation, piece by piece. It ends early, and visibly broken, where the conversation is erased
/// while it is written: a copy of what is being erased is not finished.
pub fn archive_write(app: Rc<App>, scope: ThreadScope) -> LocalBoxStream<'static, Result<Vec<u8>, OpError>> {
    let writing = Writing {
        app,
        scope,
        zip: Zip::default(),
        next: Part::About,
        files: VecDeque::new(),
        file: None,
        gone: Vec::new(),
    };
    stream::try_unfold(writing, |mut writing| async move {
        let piece = writing.piece().await?;
        Ok(piece.map(|piece| (piece, writing)))
    })
    .boxed_local()
}

impl Writing {
    async fn piece(&mut self) -> Result<Option<Vec<u8>>, OpError> {
        match self.next {
            Part::About => {
                let mut copy = copy_read(&self.app, &self.scope, 0).await?;
                let messages = std::mem::take(&mut copy.messages);
                let after = self.after(&messages, copy.more, 1);
                copy.more = false;
                let mut piece = self.entry("README.txt", READ_ME.as_bytes())?;
                piece.extend(self.entry("data.json", &pretty(&copy)?)?);
                piece.extend(self.entry("messages/0001.json", &pretty(&messages)?)?); // keeps P6.5
                self.next = after;
                Ok(Some(piece))
            }
            Part::Messages { after, file } => {
                let page = message::message_list(&self.app, &self.scope, after).await?.catchup;
                let piece = self.entry(&format!("messages/{file:04}.json"), &pretty(&page.messages)?)?;
                self.next = self.after(&page.messages, page.more, file);
                Ok(Some(piece))
            }
            Part::Files => {
                if let Some(bytes) = &mut self.file {
                    return match bytes.next().await {
                        Some(piece) => {
                            let piece = piece?;
                            self.zip.piece(&piece).map_err(full)?;
                            Ok(Some(piece))
                        }
                        None => {
                            self.file = None;
                            Ok(Some(self.zip.end().map_err(full)?))
                        }
                    };
                }
                while let Some(attachment) = self.files.pop_front() {
                    if let Some(piece) = self.file_begin(&attachment).await? {
                        return Ok(Some(piece));
                    }
                    // It may have gone alone, at its own end; with its conversation there is nothing to go on with.
                    read(&self.app, &self.scope).await?;
                    self.gone.push(attachment.id);
                }
                self.next = Part::Done;
                let mut piece = Vec::new();
                if !self.gone.is_empty() {
                    let gone: Vec<String> = self.gone.iter().map(ToString::to_string).collect();
                    piece =
                        self.entry("files/GONE.txt", format!("{GONE}{}\n", gone.join("\n")).as_bytes())?;
                }
                let zip = std::mem::take(&mut self.zip);
                piece.extend(zip.finish().map_err(full)?);
                Ok(Some(piece))
            }
            Part::Done => Ok(None),
        }
    }

    fn after(&mut self, messages: &[Message], more: bool, file: u32) -> Part {
        self.files.extend(messages.iter().flat_map(|message| message.attachments.iter().cloned()));
        match messages.last().filter(|_| more && messages.len() <= PAGE_MESSAGES as usize) {
            Some(last) => Part::Messages { after: last.sequence, file: file.saturating_add(1) },
            None => Part::Files,
        }
    }

    /// Begins with a file. `None` where it went since its message was read: that keeps nothing else from the archive.
    async fn file_begin(&mut self, attachment: &Attachment) -> Result<Option<Vec<u8>>, OpError> {
        let opened = file_open(&self.app, &self.scope, Origin::Visitor, attachment.id).await;
        let OpenedFile { bytes, .. } = match opened {
            Ok(opened) => opened,
            Err(OpError::Denied(denial)) if denial.kind == Kind::NotFound => return Ok(None),
            Err(failure) => return Err(failure),
        };
        // A name may say anything: what could lead out of the archive's folder does not stand in it.
        let name: String =
            attachment.name.expose().chars().filter(|letter| !"/\\:".contains(*letter)).collect();
        self.file = Some(bytes);
        Ok(Some(self.zip.begin(&format!("files/{}-{name}", attachment.id)).map_err(full)?))
    }

    fn entry(&mut self, name: &str, contents: &[u8]) -> Result<Vec<u8>, OpError> {
        self.zip.entry(name, contents).map_err(full)
    }
}

fn full(fault: crate::rules::zip::ZipFull) -> OpError {
    Fault::Platform(fault.to_string()).into()
}

fn pretty<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, OpError> {
    Ok(serde_json::to_vec_pretty(value).map_err(|fault| Fault::Platform(fault.to_string()))?)
}
