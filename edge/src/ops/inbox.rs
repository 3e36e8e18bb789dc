//! The inbox, read: the list and what changed in it, searches, and one conversation with what is held of its visitor.

use shared::id::{AccountId, AuditId, ConversationId};
use shared::limits::{
    INBOX_COUNTED, INBOX_LOOKS, INBOX_ROWS, MESSAGE_CHARACTERS, PAGE_MESSAGES, PAGE_NOTES, READ_LINE_MS,
    SEARCH_CARDS, TRANSCRIPT_MESSAGES, VISITOR_GONE_MS,
};
use shared::privacy::Personal;
use shared::rules::person::email_normalise;
use shared::rules::retention::ConversationLimit;
use shared::time::{MINUTE_MS, Millis};
use shared::wire::admin::inbox::conversation::{
    ConversationView, DeskCatchup, DeskMessage, Held, HeldKind, Marks, Reach, VisitorCard,
};
use shared::wire::admin::inbox::list::{
    ConversationPage, ConversationRow, Filter, InboxChanges, InboxCounts, Preview, Search, SearchPage,
};
use shared::wire::admin::team::Role;
use shared::wire::problem::Kind;

use super::card::card_open;
use super::identity::{identity_finder, identity_read};
use super::names::{names_fill, names_find};
use super::note::notes_open;
use super::page::page_read;
use super::satisfaction::satisfaction_copy;
use super::sealed_line::line_open;
use super::sealed_message::messages_open_by;
use super::suggest::suggesters;
use super::{OpError, contact};
use crate::app::App;
use crate::log;
use crate::rules::card;
use crate::sealing::{Cell, Column, KeyOwner, SealFault};
use crate::store::audit::{self, Action, Subject};
use crate::store::card::cards_by_id;
use crate::store::found::conversations_found;
use crate::store::inbox::{self, Before, Candidate, InboxRow, SealedName};
use crate::store::scope::{BusinessScope, MemberScope, ThreadScope};
use crate::store::secret::SealedSecret;
use crate::store::visitor_card::{self, HeldOf, SealedIp};
use crate::store::{conversation, note, rights, thread};

/// Changes that one answer carries.
const CHANGES: u32 = 100;
/// Clocks of two isolates differ by less: an erasure told twice does no harm.
const GONE_MARGIN_MS: i64 = MINUTE_MS;

/// Finds a conversation of the business. Fails with `NotFound` where there is none, or it is being erased.
pub async fn thread_find(app: &App, scope: &MemberScope, id: ConversationId) -> Result<ThreadScope, OpError> {
    let shard = app.shard(&scope.business)?;
    let found = conversation::conversation_find(shard, &scope.business, id).await?;
    Ok(found.ok_or(Kind::NotFound)?.scope)
}

/// Notes in the audit log that a member read a conversation: once an hour at most (promise P8.2).
pub async fn reading_note(app: &App, scope: &MemberScope, id: ConversationId) -> Result<(), OpError> {
    let now = app.clock.now();
    let lines = (AuditId::mint(now, app.rng.bytes()?), AuditId::mint(now.minus_ms(READ_LINE_MS), [255; 10]));
    let subject = Subject::new("conversation", id);
    app.directory
        .write(audit::member_line_once(scope, lines, Action::ConversationRead, subject, now))
        .await?;
    Ok(())
}

/// What a row's visitor is called: as the business does, else by the address that they confirmed.
async fn name_open(app: &App, row: &InboxRow) -> Option<Personal<String>> {
    let (business, conversation) = (&row.scope.business, row.scope.conversation);
    let opened = match row.name.as_ref()? {
        SealedName::Identity(at, sealed) => {
            line_open(app, business, conversation, (Column::VisitorIdentity, *at), sealed).await
        }
        SealedName::Address(id, SealedSecret { key, commit, secret }) => {
            contact::address_open(app, &row.scope, *id, (*key, commit, secret)).await
        }
    };
    // As with cards: what does not open must not hide the rest of the list.
    opened.inspect_err(|failure| log::failed(app, "inbox", failure)).ok().flatten()
}

/// Rows as one member reads them (or nobody in particular: then nothing is unread).
pub async fn rows_compose(
    app: &App,
    scope: &BusinessScope,
    reader: Option<AccountId>,
    rows: Vec<InboxRow>,
) -> Result<Vec<ConversationRow>, OpError> {
    let people = rows.iter().flat_map(|row| row.assignee.into_iter().chain(row.person));
    let names = names_find(app, scope, people.collect::<Vec<_>>()).await?;
    let now = app.clock.now();
    let mut composed = Vec::with_capacity(rows.len());
    for row in rows {
        let limit = app.site(row.scope.site).await?.limit();
        let read = reader.map(|reader| {
            row.reads.iter().find(|(account, _)| *account == reader).map_or(0, |(_, sequence)| *sequence)
        });
        let preview = match &row.card {
            Some(sealed) => match card_open(app, &row.scope, sealed, limit.kept_from(now)).await {
                Ok(card) => card,
                // One card that does not open must not hide the rest of the list; the keys' own alarm is red by now.
                Err(failure) => {
                    log::failed(app, "inbox", &failure);
                    None
                }
            },
            None => None,
        };
        let preview = preview.as_ref().and_then(|card| card.newest()).map(|(origin, text, at)| Preview {
            origin,
            text: Personal::new(text.to_owned()),
            at,
        });
        let name = name_open(app, &row).await;
        composed.push(ConversationRow {
            conversation: row.scope.conversation,
            site: row.scope.site,
            work: row.work,
            state: row.state,
            locale: row.locale,
            assignee: row.assignee.map(|account| names.who(account)),
            person: row.person.map(|account| names.who(account)),
            labels: row.labels,
            priority: row.priority,
            unread: read.is_some_and(|read| row.visitor_sequence > read),
            present: now.since_ms(row.present_at) < VISITOR_GONE_MS,
            name,
            preview,
            waiting_since: row.waiting_since,
            requested_at: row.requested_at,
            first_answer_at: row.first_answer_at,
            snoozed_until: row.snoozed_until,
            is_spam: row.is_spam,
            is_blocked: row.is_blocked,
            restricted_at: row.restricted_at,
            created_at: row.created_at,
            last_message_at: row.last_message_at,
            until: limit.until(row.last_message_at),
            change: row.change,
        });
    }
    Ok(composed)
}

/// One row, as a member reads it. Fails with `NotFound`.
pub async fn row_read(
    app: &App,
    scope: &MemberScope,
    id: ConversationId,
) -> Result<ConversationRow, OpError> {
    let rows = rows_read(app, scope, &[id]).await?;
    Ok(rows.into_iter().next().ok_or(Kind::NotFound)?)
}

/// Rows by their ids, as a member reads them; those that are not there are left out.
pub async fn rows_read(
    app: &App,
    scope: &MemberScope,
    ids: &[ConversationId],
) -> Result<Vec<ConversationRow>, OpError> {
    let rows = inbox::rows_by_id(app.shard(&scope.business)?, &scope.business, ids).await?;
    rows_compose(app, &scope.business, Some(scope.account.account()), rows).await
}

fn before_read(text: &str) -> Result<Before, OpError> {
    let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let (at, id): (i64, ConversationId) = parts.ok_or(Kind::ValueRefused)?;
    Ok((Millis::new(at), Some(id)))
}

fn before_write(candidate: &Candidate) -> String {
    format!("{}.{}", candidate.last_message_at.as_i64(), candidate.id)
}

fn cursor_write(change: u64, at: Millis) -> String {
    format!("{change}.{}", at.as_i64())
}

fn cursor_read(text: &str) -> Result<(u64, Millis), OpError> {
    let parts = text.split_once('.').and_then(|(change, at)| Some((change.parse().ok()?, at.parse().ok()?)));
    let (change, at): (u64, i64) = parts.ok_or(Kind::ValueRefused)?;
    Ok((change, Millis::new(at)))
}

/// A page of the list. Fails with `ValueRefused` where `before` is none of ours.
pub async fn conversations_list(
    app: &App,
    scope: &MemberScope,
    filter: &Filter,
    before: Option<&str>,
) -> Result<ConversationPage, OpError> {
    let before = before.map(before_read).transpose()?;
    let shard = app.shard(&scope.business)?;
    // The count comes first: what changes while the page is read is told after it.
    let cursor = cursor_write(inbox::clock_read(shard, &scope.business).await?, app.clock.now());
    let is_plain = !filter.unread
        && !filter.spam
        && filter.label.is_none()
        && filter.priority.is_none()
        && filter.site.is_none()
        && filter.locale.is_none()
        && (filter.work.is_none() || filter.assignee.is_none());
    let looks = if is_plain { INBOX_ROWS.saturating_mul(2) } else { INBOX_LOOKS };
    let candidates = inbox::candidates(shard, scope, filter, before, looks).await?;
    let is_full = candidates.len() >= looks as usize;
    let (mut ids, mut last) = (Vec::new(), None);
    let mut looked = candidates.iter();
    for candidate in looked.by_ref() {
        last = Some(candidate);
        if candidate.fits {
            ids.push(candidate.id);
        }
        if ids.len() >= INBOX_ROWS as usize {
            break;
        }
    }
    let more = is_full || looked.next().is_some();
    Ok(ConversationPage {
        rows: rows_read(app, scope, &ids).await?,
        before: last.filter(|_| more).map(before_write),
        looked_back_to: last.map(|candidate| candidate.last_message_at),
        cursor,
    })
}

/// What happened after a cursor, as one member reads it. Fails with `ValueRefused` where it is none of ours.
pub async fn changes_read(
    app: &App,
    scope: &BusinessScope,
    reader: AccountId,
    after: &str,
) -> Result<InboxChanges, OpError> {
    let (change, at) = cursor_read(after)?;
    let now = app.clock.now();
    let shard = app.shard(scope)?;
    let since = at.minus_ms(GONE_MARGIN_MS);
    let (rows, gone, clock) = inbox::changes_after(shard, scope, change, since, CHANGES).await?;
    let more = rows.len() >= CHANGES as usize;
    let reached = rows.last().filter(|_| more).map_or(clock, |row| row.change);
    let cursor = cursor_write(reached, if more { at } else { now });
    Ok(InboxChanges { rows: rows_compose(app, scope, Some(reader), rows).await?, gone, cursor, more })
}

/// A conversation's row as each of some members reads it. `None` where it is not there any more.
pub async fn row_for(
    app: &App,
    scope: &BusinessScope,
    id: ConversationId,
    readers: &[AccountId],
) -> Result<Option<Vec<ConversationRow>>, OpError> {
    let rows = inbox::rows_by_id(app.shard(scope)?, scope, &[id]).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let reads = row.reads.clone();
    let sequence = row.visitor_sequence;
    let Some(shared) = rows_compose(app, scope, None, vec![row]).await?.pop() else { return Ok(None) };
    let as_read_by = |reader: &AccountId| {
        let read = reads.iter().find(|(account, _)| account == reader).map_or(0, |(_, sequence)| *sequence);
        ConversationRow { unread: sequence > read, ..shared.clone() }
    };
    Ok(Some(readers.iter().map(as_read_by).collect()))
}

/// How many conversations of each kind there are for a member.
pub async fn counts_read(app: &App, scope: &MemberScope) -> Result<InboxCounts, OpError> {
    Ok(inbox::counts(app.shard(&scope.business)?, scope, (INBOX_COUNTED, INBOX_LOOKS)).await?)
}

/// Conversations whose visitor has this very address or name, under the plain filters.
async fn exactly_found(
    app: &App,
    scope: &MemberScope,
    search: &Search,
) -> Result<Vec<ConversationRow>, OpError> {
    let business = &scope.business;
    let address = match email_normalise(search.words.expose()) {
        Some(_) => Some(contact::visitor_finder(app, business, &search.words).await?),
        None => None,
    };
    let name = identity_finder(app, business, &search.words).await?;
    let ids = conversations_found(app.shard(business)?, business, address, name).await?;
    let mut rows = rows_read(app, scope, &ids).await?;
    rows.retain(|row| search.filter.holds(row, Some(scope.account.account())));
    Ok(rows)
}

/// Looks for words on the cards of the next thousand conversations, and first for who has this very address or name. Fails with
/// `ValueRefused` where no word is given.
pub async fn conversations_search(
    app: &App,
    scope: &MemberScope,
    search: &Search,
) -> Result<SearchPage, OpError> {
    let sought = card::sought(search.words.expose());
    if sought.is_empty() || search.words.expose().chars().count() > MESSAGE_CHARACTERS {
        return Err(Kind::ValueRefused.into());
    }
    let before = search.before.as_deref().map(before_read).transpose()?;
    let shard = app.shard(&scope.business)?;
    let candidates = inbox::candidates(shard, scope, &search.filter, before, INBOX_LOOKS).await?;
    let fitting: Vec<ConversationId> =
        candidates.iter().filter(|candidate| candidate.fits).map(|candidate| candidate.id).collect();
    let now = app.clock.now();
    let mut rows = if before.is_none() { exactly_found(app, scope, search).await? } else { Vec::new() };
    let mut found = Vec::new();
    for some in fitting.chunks(SEARCH_CARDS) {
        for opening in cards_by_id(shard, &scope.business, some).await? {
            let thread = ThreadScope {
                business: scope.business,
                site: opening.site,
                visitor: opening.visitor,
                conversation: opening.conversation,
            };
            let limit = app.site(opening.site).await?.limit();
            let card = match card_open(app, &thread, &opening.card, limit.kept_from(now)).await {
                Ok(card) => card,
                // As in the list: one card that does not open must not hide what stands on the others.
                Err(failure) => {
                    log::failed(app, "inbox", &failure);
                    None
                }
            };
            if card.is_some_and(|card| card.has_all(&sought)) {
                found.push(opening.conversation);
            }
        }
    }
    let noted = super::team::line(app, scope, Action::ConversationSearch, business_subject(&scope.business))?;
    app.directory.write(noted).await?;
    let is_full = candidates.len() >= INBOX_LOOKS as usize;
    let last = candidates.last();
    // A word that half of all conversations hold finds many: the rows are read some at a time, and all of them answered.
    found.retain(|found| rows.iter().all(|row| row.conversation != *found));
    for some in found.chunks(INBOX_ROWS as usize) {
        rows.extend(rows_read(app, scope, some).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.last_message_at, row.conversation)));
    Ok(SearchPage {
        rows,
        before: last.filter(|_| is_full).map(before_write),
        looked_at: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
        looked_back_to: last.map(|candidate| candidate.last_message_at),
    })
}

fn business_subject(scope: &BusinessScope) -> Subject {
    Subject::new("business", scope.business())
}

/// The thread after a cursor, as the team reads it: messages after `after`, and notes after `after_note`.
pub async fn desk_catchup(
    app: &App,
    scope: &ThreadScope,
    after: u32,
    after_note: Option<shared::id::NoteId>,
) -> Result<DeskCatchup, OpError> {
    let (now, shard) = (app.clock.now(), app.shard(&scope.business)?);
    let limit = app.site(scope.site).await?.limit();
    let (kept_from, most) = (limit.kept_from(now), PAGE_MESSAGES.saturating_add(1));
    let read = thread::thread_after(shard, scope, after, kept_from, most).await?.ok_or(Kind::NotFound)?;
    let more = read.messages.len() > PAGE_MESSAGES as usize;
    let page = read.messages.into_iter().take(PAGE_MESSAGES as usize).collect();
    let mut messages = messages_open_by(app, scope, limit, page).await?;
    names_fill(app, &scope.business, &mut messages).await?;
    let notes = note::notes_after(shard, scope, after_note, kept_from, PAGE_NOTES).await?;
    let notes = notes_open(app, scope, limit, notes).await?;
    let marks = Marks { delivered: read.found.desk.delivered_sequence, seen: read.found.desk.seen_sequence };
    Ok(DeskCatchup { messages, notes, more, marks, turn: None })
}

/// The newest messages before a place, with the notes beside them.
pub async fn desk_before(
    app: &App,
    scope: &ThreadScope,
    before: Option<u32>,
) -> Result<DeskCatchup, OpError> {
    let (now, shard) = (app.clock.now(), app.shard(&scope.business)?);
    let limit = app.site(scope.site).await?.limit();
    let (kept_from, most) = (limit.kept_from(now), PAGE_MESSAGES.saturating_add(1));
    let end = before.unwrap_or(u32::MAX);
    let read =
        thread::thread_before_place(shard, scope, end, kept_from, most).await?.ok_or(Kind::NotFound)?;
    let more = read.messages.len() > PAGE_MESSAGES as usize;
    let skip = usize::from(more);
    let page: Vec<_> = read.messages.into_iter().skip(skip).collect();
    let from = page.first().filter(|_| more).map_or(0, |message| message.sequence);
    let mut messages = messages_open_by(app, scope, limit, page).await?;
    names_fill(app, &scope.business, &mut messages).await?;
    let range = (from, end.saturating_sub(1));
    let notes = note::notes_beside(shard, scope, range, kept_from, PAGE_NOTES).await?;
    let notes = notes_open(app, scope, limit, notes).await?;
    let marks = Marks { delivered: read.found.desk.delivered_sequence, seen: read.found.desk.seen_sequence };
    Ok(DeskCatchup { messages, notes, more, marks, turn: None })
}

/// A conversation with its newest messages and what is held of its visitor. `is_there` and the running answer are what its
/// object knows.
pub async fn conversation_view(
    app: &App,
    scope: &MemberScope,
    thread_scope: &ThreadScope,
    is_there: bool,
) -> Result<ConversationView, OpError> {
    let site = app.site(thread_scope.site).await?;
    let thread = desk_before(app, thread_scope, None).await?;
    let visitor = visitor_card(app, scope, thread_scope, site.limit(), is_there).await?;
    let can_suggest = scope.role >= Role::Manager && !suggesters(app, &site).await?.is_empty();
    Ok(ConversationView {
        row: row_read(app, scope, thread_scope.conversation).await?,
        visitor,
        thread,
        can_suggest,
        limit_days: site.settings.retention_days.and_then(|days| u32::try_from(days).ok()),
    })
}

async fn visitor_card(
    app: &App,
    scope: &MemberScope,
    thread_scope: &ThreadScope,
    limit: ConversationLimit,
    is_there: bool,
) -> Result<VisitorCard, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let held =
        visitor_card::held_find(shard, thread_scope, limit.kept_from(now)).await?.ok_or(Kind::NotFound)?;
    let newest_until = held.newest_at.map(|at| limit.until(at));
    let until = newest_until.unwrap_or(now);
    let mut list = vec![
        Held {
            kind: HeldKind::Language,
            value: Personal::new(held.locale.clone()),
            since: held.created_at,
            until,
        },
        Held {
            kind: HeldKind::Browser,
            value: Personal::new(held.browser.clone()),
            since: held.created_at,
            until,
        },
    ];
    let identity = identity_read(app, &scope.business, thread_scope.conversation).await?;
    let page = page_read(app, thread_scope).await?;
    for (kind, line) in [(HeldKind::Identity, identity), (HeldKind::Page, page)] {
        list.extend(line.map(|(value, since)| Held { kind, value, since, until }));
    }
    if let Some((choice, at)) = &held.choice {
        let value = Personal::new(choice.clone());
        list.push(Held { kind: HeldKind::Consent, value, since: *at, until });
    }
    if let Some(given) = satisfaction_copy(app, thread_scope, limit).await? {
        let (since, until) = (given.at, given.until);
        let score = Personal::new(given.score.to_string());
        list.push(Held { kind: HeldKind::Score, value: score, since, until });
        list.extend(given.comment.map(|value| Held { kind: HeldKind::Comment, value, since, until }));
    }
    if let Some(ip) = &held.ip {
        // Everybody sees that it is held; only who answers for the business's security reads it.
        let value = if scope.role >= Role::Admin {
            ip_open(app, thread_scope, ip).await?
        } else {
            Some(Personal::default())
        };
        let gone = ip.seen_at.plus_ms(shared::limits::ADDRESS_MS);
        let value = value.filter(|_| gone > now);
        list.extend(value.map(|value| Held {
            kind: HeldKind::Address,
            value,
            since: ip.seen_at,
            until: gone,
        }));
    }
    let email = match &held.contact {
        Some(sealed) => contact::email_open(app, thread_scope, sealed).await?,
        None => None,
    };
    let is_email_verified =
        email.is_some() && held.contact.as_ref().is_some_and(|contact| contact.confirmed_at.is_some());
    if let (Some(email), Some(sealed)) = (email, &held.contact) {
        list.push(Held { kind: HeldKind::Email, value: email, since: sealed.created_at, until });
    }
    Ok(VisitorCard {
        held: list,
        is_email_verified,
        objects_to_mail: held.objects_to_mail,
        reach: reach(&held, is_email_verified && !held.objects_to_mail, is_there, now),
        last_seen_at: held.present_at,
        is_blocked: held.is_blocked,
        on_hold: held.on_hold,
        oldest_until: held.oldest_at.map(|at| limit.until(at)),
        newest_until,
    })
}

fn reach(held: &HeldOf, is_mailable: bool, is_there: bool, now: Millis) -> Reach {
    if is_there || now.since_ms(held.present_at) < VISITOR_GONE_MS {
        Reach::Page
    } else if is_mailable {
        Reach::Mail
    } else {
        Reach::Nowhere
    }
}

async fn ip_open(
    app: &App,
    scope: &ThreadScope,
    sealed: &SealedIp,
) -> Result<Option<Personal<String>>, OpError> {
    let owner = KeyOwner::Day(sealed.day);
    let shard = app.shard(&scope.business)?;
    let key = app.keyring.key_open(shard, &scope.business, sealed.key, &owner, &sealed.key_commit).await;
    let key = match key {
        Ok(key) => key,
        Err(SealFault::Destroyed) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let (row, visitor) = (scope.conversation.to_string(), scope.visitor.to_bytes());
    let seen_at = sealed.seen_at.as_i64().to_be_bytes();
    let bound: [&[u8]; 2] = [&visitor, &seen_at];
    let cell = Cell {
        column: Column::VisitorAddress,
        scope: (&scope.business).into(),
        row: row.as_bytes(),
        bound: &bound,
    };
    let plain = key.open(cell, &sealed.address)?;
    Ok(std::str::from_utf8(&plain).ok().map(|text| Personal::new(text.to_owned())))
}

/// Every message of a conversation that is kept, for a file to take along; of very long ones the newest.
pub async fn transcript_read(
    app: &App,
    scope: &MemberScope,
    thread_scope: &ThreadScope,
) -> Result<Vec<DeskMessage>, OpError> {
    let (now, shard) = (app.clock.now(), app.shard(&scope.business)?);
    let subject = Subject::new("conversation", thread_scope.conversation);
    // What its visitor had held still leaves in no colleague's file.
    if rights::is_restricted(shard, thread_scope).await? {
        return Err(Kind::ConversationRestricted.into());
    }
    // The line first: what was taken along was noted.
    app.directory.write(super::team::line(app, scope, Action::ConversationExport, subject)?).await?;
    let limit = app.site(thread_scope.site).await?.limit();
    let kept_from = limit.kept_from(now);
    let read = thread::thread_before_place(shard, thread_scope, u32::MAX, kept_from, TRANSCRIPT_MESSAGES);
    let read = read.await?.ok_or(Kind::NotFound)?;
    let mut messages = messages_open_by(app, thread_scope, limit, read.messages).await?;
    names_fill(app, &scope.business, &mut messages).await?;
    Ok(messages)
}
