//! Notes between words and ciphertext: written by members, read by members, never shown to a visitor.

use serde::{Deserialize, Serialize};
use shared::id::{AccountId, DraftId, NoteId};
use shared::privacy::Personal;
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::admin::inbox::conversation::Note;
use shared::wire::problem::Kind;

use super::names::names_find;
use super::sealed_message::message_key;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::DbFault;
use crate::sealing::{Cell, Column, KeyOwner, SealFault};
use crate::store::note::{self as rows, NewNote, SealedNote};
use crate::store::scope::ThreadScope;
use crate::store::{conversation, member};

/// What is sealed of a note.
#[derive(Serialize, Deserialize)]
struct Body {
    text: Personal<String>,
    mentions: Vec<AccountId>,
}

fn with_cell<T>(
    scope: &ThreadScope,
    (id, author, at): (NoteId, AccountId, Millis),
    use_cell: impl FnOnce(Cell<'_>) -> T,
) -> T {
    let (row, conversation, author) = (id.to_string(), scope.conversation.to_bytes(), author.to_bytes());
    let at = at.as_i64().to_be_bytes();
    let bound: [&[u8]; 3] = [&conversation, &author, &at];
    use_cell(Cell {
        column: Column::NoteBody,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    })
}

/// Opens notes. Those whose key was destroyed meanwhile are not there.
pub(super) async fn notes_open(
    app: &App,
    scope: &ThreadScope,
    limit: ConversationLimit,
    sealed: Vec<SealedNote>,
) -> Result<Vec<Note>, OpError> {
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let names = names_find(app, &scope.business, sealed.iter().map(|note| note.author)).await?;
    let owner = KeyOwner::Conversation(scope.conversation);
    let shard = app.shard(&scope.business)?;
    let mut notes = Vec::with_capacity(sealed.len());
    for note in sealed {
        let key = app.keyring.key_open(shard, &scope.business, note.key, &owner, &note.key_commit).await;
        let key = match key {
            Ok(key) => key,
            Err(SealFault::Destroyed) => continue,
            Err(fault) => return Err(fault.into()),
        };
        let bound = (note.id, note.author, note.created_at);
        let plain = with_cell(scope, bound, |cell| key.open(cell, &note.body))?;
        let body: Body = serde_json::from_slice(&plain)
            .map_err(|_| Fault::Platform("a sealed note has an unknown shape".into()))?;
        notes.push(Note {
            id: note.id,
            after: note.after_sequence,
            by: names.who(note.author),
            text: body.text,
            mentions: body.mentions,
            at: note.created_at,
            until: limit.until(note.created_at),
        });
    }
    Ok(notes)
}

/// The accounts that a text mentions as `@[acc_…]`, each once.
fn mentioned(text: &str) -> Vec<AccountId> {
    let mut accounts: Vec<AccountId> = Vec::new();
    for part in text.split("@[").skip(1) {
        let id = part.split_once(']').and_then(|(id, _)| id.parse().ok());
        if let Some(id) = id.filter(|id| !accounts.contains(id)) {
            accounts.push(id);
        }
    }
    accounts
}

/// Keeps a note of a member. Sending the same draft again returns the note that it became; `true` where it is new.
///
/// Fails with `NotFound`. Mentions of people who are no members of the team call nobody.
pub async fn note_write(
    app: &App,
    scope: &ThreadScope,
    author: AccountId,
    draft: DraftId,
    text: &Personal<String>,
) -> Result<(Note, bool), OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let limit = app.site(scope.site).await?.limit();
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let called = mentioned(text.expose());
    let mentions: Vec<AccountId> = if called.is_empty() {
        Vec::new()
    } else {
        let members = member::members_by_id(&app.directory, &scope.business, &called).await?;
        members.into_iter().map(|member| member.account.id).collect()
    };
    let (key, mut statements) = message_key(app, &found, limit, now).await?;
    let id = NoteId::mint(now, app.rng.bytes()?);
    let body = Body { text: text.clone(), mentions: mentions.clone() };
    let plain = serde_json::to_vec(&body).map_err(|_| Fault::Platform("a note did not serialise".into()))?;
    let plain = zeroize::Zeroizing::new(plain);
    let sealed = with_cell(scope, (id, author, now), |cell| key.seal(cell, &plain, &app.rng))?;
    let insert_at = statements.len();
    statements.push(rows::note_insert(
        scope,
        NewNote { id, draft, author, at: now, key: key.reference(), body: sealed },
    ));
    if !mentions.is_empty() {
        statements.push(rows::mentions_insert(scope, id, &mentions));
    }
    let batch = match shard.batch(statements).await {
        Err(DbFault::Duplicate) => {
            let before = rows::note_by_draft(shard, scope, draft).await?;
            let note = notes_open(app, scope, limit, before.into_iter().collect()).await?.pop();
            return Ok((note.ok_or(Kind::NotFound)?, false));
        }
        // An erasure condemned the key meanwhile.
        Err(DbFault::Refused(_)) => return Err(Kind::NotFound.into()),
        other => other?,
    };
    #[derive(Deserialize)]
    struct Place {
        after_sequence: u32,
    }
    let place: Place = batch.row(insert_at)?.ok_or(Kind::NotFound)?;
    let names = names_find(app, &scope.business, [author]).await?;
    let note = Note {
        id,
        after: place.after_sequence,
        by: names.who(author),
        text: text.clone(),
        mentions,
        at: now,
        until: limit.until(now),
    };
    Ok((note, true))
}

/// Takes a member's own note back. Fails with `NotFound`, also where it is another member's.
pub async fn note_delete(
    app: &App,
    scope: &ThreadScope,
    author: AccountId,
    note: NoteId,
) -> Result<(), OpError> {
    let batch = app.shard(&scope.business)?.batch(rows::note_delete(scope, note, author).to_vec()).await?;
    let row: Option<serde_json::Value> = batch.row(1)?;
    Ok(row.map(drop).ok_or(Kind::NotFound)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_an_account_in_brackets_and_counts_once() {
        let ada = AccountId::mint(Millis::new(1), [1; 10]);
        let text = format!("@[{ada}] look, @[acc_x] and @[{ada}]: @[{ada}");
        assert_eq!(mentioned(&text), [ada]);
        assert_eq!(mentioned("nobody @[] here"), []);
    }
}
