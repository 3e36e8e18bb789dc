//! The steps of an erasure. Each is safe to repeat, to stop anywhere and to run many times at once, so that a worker
//! which was stopped is resumed by the cron.

use std::collections::BTreeMap;

use shared::id::{ConversationId, ErasureId, SlabId};
use shared::limits::{DELETE_ROWS, ERASURE_ROOMS, ERASURE_SETTLE_MS, ERASURE_STEPS};
use shared::rules::subject::SubjectKind;
use shared::time::Millis;

use super::{Fault, Home, OpError, Reason, Rooms};
use crate::app::App;
use crate::log;
use crate::ops::file::{files_empty, files_left};
use crate::ops::journal::{Act, journal_put};
use crate::ops::receipt::receipt_sign;
use crate::platform::{Db, meter};
use crate::rules::inventory::Place;
use crate::sealing::{Family, KeyScope};
use crate::store::erasure::{self, Counts, ErasureState};
use crate::store::erasure_step::{self, ErasedKey, OpenErasure};
use crate::store::scope::{BusinessScope, OperatorScope};
use crate::store::subject::{self, Subjects};

/// Condemns: the commit point. Tells whether the erasure is past it.
pub(super) async fn condemn(app: &App, home: &Home, id: ErasureId, now: Millis) -> Result<bool, OpError> {
    let (db, operator) = (home.db(app)?, OperatorScope::of_deployment());
    let Some(open) = erasure_step::erasure_read(db, &operator, id).await? else { return Ok(false) };
    if open.state == ErasureState::Requested {
        journal(app, &open, now).await?;
        db.batch(erasure::erasure_condemn(id, open.kind, &home.places(open.kind)?, now)).await?;
    }
    let now_open = erasure_step::erasure_read(db, &operator, id).await?;
    Ok(now_open.is_some_and(|open| open.state != ErasureState::Requested))
}

/// Empties the rooms of what is condemned at once, so that nobody goes on reading it, or answering. What fails here is
/// logged: the job empties them once more before it deletes rows.
pub async fn rooms_leave(app: &App, rooms: &dyn Rooms, scope: &BusinessScope, id: ErasureId) {
    let operator = OperatorScope::of_deployment();
    let left = async {
        let open = erasure_step::erasure_read(app.shard(scope)?, &operator, id).await?;
        // One that waits for the end of a legal hold leaves everything as it is.
        let begun = open.filter(|open| open.state != ErasureState::Requested);
        for conversation in begun.map(|open| open.subjects.conversation).unwrap_or_default() {
            rooms.room_empty(*scope, conversation).await?;
        }
        Ok(())
    };
    if let Err(failure) = left.await {
        log::failed(app, "erasure", &failure);
    }
}

/// What a restored database must not forget is written into the journal before anybody is told that it is done. What time
/// alone erased, it erases again after a restore.
async fn journal(app: &App, open: &OpenErasure, now: Millis) -> Result<(), OpError> {
    if open.reason == Reason::Retention.as_str() {
        return Ok(());
    }
    let scope = match (open.kind, open.business) {
        (SubjectKind::Conversation | SubjectKind::Visitor, Some(business)) => KeyScope::Business(business),
        // The root of an erased business is gone, and its journal with it.
        _ => KeyScope::Accounts,
    };
    if scope == KeyScope::Accounts {
        app.keyring.root_mint(scope).await?;
    }
    let act = Act::Erased {
        id: open.id,
        business: open.business,
        kind: open.kind,
        subject: open.subject.clone(),
        reason: open.reason.clone(),
        subjects: open.subjects.clone(),
        commitment: open.commitment.clone(),
        requested_at: open.requested_at,
    };
    journal_put(app, scope, &open.id.to_string(), &act, now).await
}

/// Takes an erasure as far as it goes now.
pub async fn erasure_resume(
    app: &App,
    rooms: &dyn Rooms,
    home: &Home,
    id: ErasureId,
    now: Millis,
) -> Result<(), OpError> {
    for _ in 0..ERASURE_STEPS {
        if !erasure_step(app, rooms, home, id, now).await? {
            break;
        }
    }
    Ok(())
}

/// Takes an erasure one step further. Tells whether another step may follow at once.
pub async fn erasure_step(
    app: &App,
    rooms: &dyn Rooms,
    home: &Home,
    id: ErasureId,
    now: Millis,
) -> Result<bool, OpError> {
    let (db, operator) = (home.db(app)?, OperatorScope::of_deployment());
    let Some(open) = erasure_step::erasure_read(db, &operator, id).await? else { return Ok(false) };
    match open.state {
        ErasureState::Requested => condemn(app, home, id, now).await,
        ErasureState::Condemned => {
            let slabs = keys_destroy(app, db, &open).await?;
            // The time of the writing, not of the event: caches forget by the real clock.
            db.write(erasure_step::erasure_keyless(id, &slabs, now)?).await?;
            Ok(true)
        }
        ErasureState::Keyless => {
            let is_empty = empty(app, rooms, home, db, &open).await?;
            if is_empty {
                db.write(erasure_step::erasure_emptied(id)).await?;
            }
            Ok(is_empty)
        }
        ErasureState::Emptied => {
            // Until then some isolate may still hold the key in its cache, and a write that it let through would be
            // refused by the trigger only: the second look comes after the last cache has forgotten.
            let keyless_at = open.keyless_at.ok_or(Fault::Platform("an erasure lost its time".into()))?;
            if now.since_ms(keyless_at) < ERASURE_SETTLE_MS {
                return Ok(false);
            }
            let left = look(app, home, db, &open).await?;
            let clean = left.values().all(|rows| *rows == 0); // keeps B5 | without: let clean = true;
            let settle = if clean {
                erasure_step::erasure_verified(id, &left, now)?
            } else {
                // Something was still writing. From the beginning, and wait again.
                erasure_step::erasure_reopen(id, &left)?
            };
            db.write(settle).await?;
            Ok(true)
        }
        ErasureState::Verified => {
            receipt_sign(app, db, &open, now).await?;
            Ok(false)
        }
        ErasureState::Receipted => Ok(false),
    }
}

fn by_slab(keys: &[ErasedKey]) -> BTreeMap<SlabId, Vec<u16>> {
    let mut slabs: BTreeMap<SlabId, Vec<u16>> = BTreeMap::new();
    for key in keys {
        slabs.entry(key.slab).or_default().push(key.slot);
    }
    slabs
}

/// Under whose root the keys of a subject lie, and in which family.
fn keys_of(open: &OpenErasure) -> Result<(KeyScope, Family), OpError> {
    match (open.kind, open.business) {
        (SubjectKind::Account, _) => Ok((KeyScope::Accounts, Family::Account)),
        (_, Some(business)) => Ok((business.into(), Family::Conversation)),
        _ => Err(Fault::Platform("an erasure names no business".into()).into()),
    }
}

/// Destroys every key of those who are meant; the epochs of their slabs, as they were read back.
async fn keys_destroy(app: &App, db: &Db, open: &OpenErasure) -> Result<BTreeMap<SlabId, u32>, OpError> {
    let mut epochs = BTreeMap::new();
    let (scope, _) = keys_of(open)?;
    if open.kind == SubjectKind::Business {
        found_in_shard(app, db, open).await?;
        app.keyring.root_destroy(scope).await?;
        return Ok(epochs);
    }
    // A key that was recorded in the same instant is condemned here; the triggers kept rows from it.
    db.write(erasure::keys_condemn(open.id)).await?;
    let keys = erasure_step::erased_keys(db, &OperatorScope::of_deployment(), open.id).await?;
    let alive: Vec<ErasedKey> = keys.into_iter().filter(|key| key.state != 2).collect();
    for slab in by_slab(&alive).into_keys() {
        epochs.insert(slab, app.keyring.keys_destroy(db, scope, slab).await?.epoch); // keeps B4 | without: epochs.insert(slab, u32::from(scope == KeyScope::Accounts));
    }
    Ok(epochs)
}

/// What a business has in its shard is counted before its root goes: that can't be in the directory's own batch.
async fn found_in_shard(app: &App, db: &Db, open: &OpenErasure) -> Result<(), OpError> {
    let Some((shard, scope)) = shard_of(app, open)? else { return Ok(()) };
    let home = Home::Shard(scope);
    let places = home.places(SubjectKind::Business)?;
    let found = subject::places_count(shard, &open.subjects.to_json()?, &places).await?;
    let counts =
        places.iter().zip(found).map(|(place, rows)| (label(&home, open.kind, place), rows)).collect();
    Ok(db.write(erasure_step::erasure_found(open.id, &counts)?).await?)
}

/// What a table is called in the counts: both databases of a business have some of the same name.
fn label(home: &Home, kind: SubjectKind, place: &Place<'_>) -> String {
    match (home, kind) {
        (Home::Shard(_), SubjectKind::Business) => format!("shard_{}", place.table),
        _ => place.table.to_owned(),
    }
}

/// The shard of a business that is being erased.
fn shard_of<'a>(app: &'a App, open: &OpenErasure) -> Result<Option<(&'a Db, BusinessScope)>, OpError> {
    match (open.kind, open.business, open.subjects.shard) {
        (SubjectKind::Business, Some(business), Some(shard)) => {
            let scope = BusinessScope::new(business, shard);
            Ok(Some((app.shard(&scope)?, scope)))
        }
        _ => Ok(None),
    }
}

/// Empties the rooms and deletes rows and objects. Tells whether nothing is left; otherwise the next run goes on.
async fn empty(
    app: &App,
    rooms: &dyn Rooms,
    home: &Home,
    db: &Db,
    open: &OpenErasure,
) -> Result<bool, OpError> {
    if let Home::Shard(scope) = home {
        for conversation in &open.subjects.conversation {
            rooms.room_empty(*scope, *conversation).await?;
        }
    }
    let mut files: u32 = 0;
    for (scope, conversation) in files_of(app, home, open)? {
        files = files.saturating_add(files_empty(app, &scope, conversation).await?);
    }
    if files > 0 {
        db.write(erasure_step::erasure_deleted(open.id, FILES, files)).await?;
    }
    if let Some((shard, scope)) = shard_of(app, open)? {
        let rows = (SubjectKind::Business, &open.subjects);
        if !rooms_clear(rooms, shard, &scope, db, open).await?
            || !rows_delete(shard, &Home::Shard(scope), rows, db, open).await?
        {
            return Ok(false);
        }
        let objects = app.keyring.slabs_delete(scope.business()).await?;
        let entries = app.keyring.journal_delete(scope.business()).await?;
        let objects = objects.saturating_add(entries);
        db.write(erasure_step::erasure_deleted(open.id, "objects", objects)).await?;
    }
    rows_delete(db, home, (open.kind, &open.subjects), db, open).await
}

/// What is counted in the bucket of what people attach.
const FILES: &str = "files";

/// Whose files are meant: single conversations', or a whole business's.
fn files_of(
    app: &App,
    home: &Home,
    open: &OpenErasure,
) -> Result<Vec<(BusinessScope, Option<ConversationId>)>, OpError> {
    if let Some((_, scope)) = shard_of(app, open)? {
        return Ok(vec![(scope, None)]);
    }
    let Home::Shard(scope) = home else { return Ok(Vec::new()) };
    Ok(open.subjects.conversation.iter().map(|conversation| (*scope, Some(*conversation))).collect())
}

/// The conversations of a business, some at a time: the room first, then the rows, so that a run which was stopped goes on
/// with those that are left. Tells whether none is left.
async fn rooms_clear(
    rooms: &dyn Rooms,
    shard: &Db,
    scope: &BusinessScope,
    db: &Db,
    open: &OpenErasure,
) -> Result<bool, OpError> {
    loop {
        let some = erasure::business_conversations(shard, scope, ERASURE_ROOMS).await?;
        if some.is_empty() {
            return Ok(true);
        }
        for conversation in &some {
            rooms.room_empty(*scope, *conversation).await?;
        }
        let subjects = Subjects { scope: Some(scope.business()), conversation: some, ..Subjects::default() };
        let rows = (SubjectKind::Conversation, &subjects);
        if !rows_delete(shard, &Home::Shard(*scope), rows, db, open).await? {
            return Ok(false);
        }
    }
}

/// Deletes every row of some subjects in `from`, children first, and adds up in `db` what went. Tells whether nothing is left;
/// otherwise the run's share of statements is used up, and the next one goes on.
async fn rows_delete(
    from: &Db,
    home: &Home,
    (kind, subjects): (SubjectKind, &Subjects),
    db: &Db,
    open: &OpenErasure,
) -> Result<bool, OpError> {
    let (json, places) = (subjects.to_json()?, home.places(kind)?);
    // Counted first, so that a table without a row costs nothing; and again, since deleting may write (numbers, changes).
    for _ in 0..ERASURE_STEPS {
        let found = subject::places_count(from, &json, &places).await?;
        if found.iter().all(|rows| *rows == 0) {
            return Ok(true);
        }
        for (place, _) in places.iter().zip(found).filter(|(_, rows)| *rows > 0) {
            loop {
                if !meter::has(DELETE_STATEMENTS) {
                    return Ok(false);
                }
                let rows = subject::place_delete(from, &json, place, DELETE_ROWS).await?;
                if rows > 0 {
                    let label = label(home, open.kind, place);
                    db.write(erasure_step::erasure_deleted(open.id, &label, rows)).await?;
                }
                if rows < DELETE_ROWS || place.entry.full_text {
                    break;
                }
            }
        }
    }
    Ok(false)
}

/// Statements that must be left before rows are deleted: the deletion, what it came to, and the step that may follow.
const DELETE_STATEMENTS: u32 = 8;

/// Looks everywhere again: every table that the inventory names, the state of the keys, the slabs themselves.
async fn look(app: &App, home: &Home, db: &Db, open: &OpenErasure) -> Result<Counts, OpError> {
    let json = open.subjects.to_json()?;
    let mut left = Counts::new();
    let mut files: u32 = 0;
    for (scope, conversation) in files_of(app, home, open)? {
        files = files.saturating_add(files_left(&app.files, &scope, conversation).await?);
    }
    left.insert(FILES.to_owned(), files);
    let mut looks = vec![(db, *home)];
    if let Some((shard, scope)) = shard_of(app, open)? {
        looks.push((shard, Home::Shard(scope)));
        left.insert("objects".to_owned(), app.keyring.slabs_count(scope.business()).await?);
    }
    for (db, home) in looks {
        let places = home.places(open.kind)?;
        let rows = subject::places_count(db, &json, &places).await?;
        for (place, rows) in places.iter().zip(rows) {
            left.insert(label(&home, open.kind, place), rows);
        }
    }
    if open.kind != SubjectKind::Business {
        let keys = erasure_step::erased_keys(db, &OperatorScope::of_deployment(), open.id).await?;
        let (scope, family) = keys_of(open)?;
        let mut living = u32::try_from(keys.iter().filter(|key| key.state != 2).count()).unwrap_or(u32::MAX);
        for (slab, slots) in by_slab(&keys) {
            living = living.saturating_add(app.keyring.slots_living(scope, family, slab, &slots).await?);
        }
        left.insert("keys".to_owned(), living);
    }
    Ok(left)
}
