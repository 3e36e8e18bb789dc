//! What members do with a conversation. Taking over, answering, closing and the like are done in the conversation's object,
//! which alone writes into its thread; the small marks that only lists show are written from anywhere.

use shared::id::{AccountId, ConversationId, DraftId, TurnId};
use shared::limits::{BULK_CONVERSATIONS, CONVERSATION_LABELS, SNOOZE_MS, VISITOR_GONE_MS};
use shared::privacy::Personal;
use shared::time::{MINUTE_MS, Millis};
use shared::wire::admin::inbox::conversation::{DeskMessage, Marks};
use shared::wire::admin::inbox::deed::SetLabels;
use shared::wire::admin::inbox::list::Priority;
use shared::wire::message::{Body, Message, Notice, Origin};
use shared::wire::problem::Kind;
use shared::wire::widget::State;

use super::card::card_next;
use super::file::files_ready;
use super::incoming::Answer;
use super::names::{names_fill, names_find};
use super::sealed_message::{Place, Words, message_compose, message_key, messages_open_by};
use super::{Denial, OpError};
use crate::app::App;
use crate::platform::db::{FILE_TAKEN, RESTRICTED};
use crate::platform::{DbFault, Statement};
use crate::rules::opening;
use crate::rules::permission::{Op, is_allowed};
use crate::store::audit::{Action, Subject};
use crate::store::card::{card_find, card_of};
use crate::store::conversation::{self, Conversation};
use crate::store::desk::{self, TakeFrom, VisitorMarks};
use crate::store::file::files_take;
use crate::store::mark;
use crate::store::message::message_by_draft;
use crate::store::scope::{MemberScope, ThreadScope};
use crate::store::site::Site;
use crate::store::{contact, desk_word, member};

/// What came of a deed in a thread, for its object to tell.
pub struct Done {
    /// What now stands in the thread that did not before.
    pub messages: Vec<DeskMessage>,
    /// Where the thread stands.
    pub state: State,
    /// The turn that was begun.
    pub granted: Option<TurnId>,
    /// When something is to be done here by itself.
    pub due_at: Option<Millis>,
}

impl Done {
    fn quiet(found: &Conversation) -> Self {
        Self { messages: Vec::new(), state: found.state, granted: None, due_at: found.desk.due_at() }
    }
}

async fn found(app: &App, scope: &ThreadScope) -> Result<Conversation, OpError> {
    let shard = app.shard(&scope.business)?;
    let found = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    Ok(found.ok_or(Kind::NotFound)?)
}

fn notice(notice: Notice, author: AccountId) -> Words {
    Words { author: Some(author), ..Words::of(Origin::System, Body::Notice(notice)) }
}

async fn named(
    app: &App,
    scope: &ThreadScope,
    message: Message,
    by: AccountId,
) -> Result<DeskMessage, OpError> {
    let mut messages = [DeskMessage { message, by: Some(by) }];
    names_fill(app, &scope.business, &mut messages).await?;
    let [message] = messages;
    Ok(message)
}

/// When the visitor is told that nobody has answered, if nobody does.
pub(super) async fn nobody_due_at(app: &App, scope: &ThreadScope, now: Millis) -> Result<Millis, OpError> {
    let within = app.hand_off(&scope.business).await?.answer_within_min;
    Ok(now.plus_ms(i64::from(within).saturating_mul(MINUTE_MS)))
}

/// Takes a conversation over. Taking what one has changes nothing.
///
/// Fails with `NotFound`, `ConversationClosed`, and with `TakenOver` (naming the colleague) where a colleague has it and
/// `from_colleague` does not say to take it from them.
pub async fn conversation_take(
    app: &App,
    scope: &ThreadScope,
    account: AccountId,
    from_colleague: bool,
) -> Result<Done, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let before = found(app, scope).await?;
    match (before.state, before.desk.person) {
        (State::Closed, _) => return Err(Kind::ConversationClosed.into()),
        (State::Human, Some(person)) if person == account => return Ok(Done::quiet(&before)),
        (State::Human, Some(person)) if !from_colleague => return Err(taken_over(person)),
        _ => {}
    }
    let from = TakeFrom { colleague: from_colleague, end: false };
    let (key, mut statements) = message_key(app, &before, site.limit(), now).await?;
    let words = notice(Notice::PersonJoined, account);
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let notice_at = statements.len();
    statements.push(desk::join_notice_insert(scope, row, from));
    statements.push(desk::conversation_take(scope, account, from));
    let batch = refused_is_gone(shard.batch(statements).await)?;
    let Some(Place { sequence }) = batch.row(notice_at)? else {
        // Somebody was faster, by a moment.
        let after = found(app, scope).await?;
        return match (after.state, after.desk.person) {
            (State::Human, Some(person)) if person != account => Err(taken_over(person)),
            (State::Human, _) => Ok(Done::quiet(&after)),
            _ => Err(Kind::ConversationClosed.into()),
        };
    };
    let message = named(app, scope, Message { sequence, ..message }, account).await?;
    let due_at = [before.desk.mail_due_at].into_iter().flatten().min();
    Ok(Done { messages: vec![message], state: State::Human, granted: None, due_at })
}

fn taken_over(person: AccountId) -> OpError {
    OpError::Denied(Denial { who: Some(person), ..Denial::of(Kind::TakenOver) })
}

/// A batch that a condemned key refused: there is no such conversation any more.
fn refused_is_gone<T>(done: Result<T, DbFault>) -> Result<T, OpError> {
    match done {
        Err(DbFault::Refused(RESTRICTED)) => Err(Kind::ConversationRestricted.into()),
        Err(DbFault::Refused(_)) => Err(Kind::NotFound.into()),
        other => Ok(other?),
    }
}

/// Gives a conversation back to the machine, which then answers what nobody has answered.
///
/// Fails with `NotFound`, with `ConversationClosed`, and with `ValueRefused` where no machine answers on the site.
pub async fn conversation_give_back(
    app: &App,
    scope: &ThreadScope,
    account: AccountId,
) -> Result<Done, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let before = found(app, scope).await?;
    match before.state {
        State::Closed => return Err(Kind::ConversationClosed.into()),
        State::Ai | State::Requested => return Ok(Done::quiet(&before)),
        State::Human => {}
    }
    if !site.has_ai() {
        return Err(Kind::ValueRefused.into());
    }
    let (key, mut statements) = message_key(app, &before, site.limit(), now).await?;
    let words = notice(Notice::PersonLeft, account);
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let notice_at = statements.len();
    statements.push(desk::leave_notice_insert(scope, row));
    statements.push(desk::conversation_give_back(scope));
    let turn = TurnId::mint(now, app.rng.bytes()?);
    let begin_at = statements.len();
    if before.desk.waiting_since.is_some() {
        statements.push(conversation::turn_begin(scope, turn));
    }
    let batch = refused_is_gone(shard.batch(statements).await)?;
    let Some(Place { sequence }) = batch.row(notice_at)? else {
        return Ok(Done::quiet(&found(app, scope).await?));
    };
    let began = batch.row::<serde_json::Value>(begin_at)?.is_some();
    let message = named(app, scope, Message { sequence, ..message }, account).await?;
    let due_at = [before.desk.mail_due_at, before.desk.snoozed_until].into_iter().flatten().min();
    Ok(Done { messages: vec![message], state: State::Ai, granted: began.then_some(turn), due_at })
}

/// A reply that was kept.
pub struct Replied {
    /// It, last, with what else is new in the thread before it. Only it where the draft came in before.
    pub done: Done,
    /// It came in for the first time.
    pub is_new: bool,
    /// A mail takes it to the visitor.
    pub is_mailed: bool,
}

/// Keeps a member's answer. It takes the conversation over from a machine and opens a closed one; where a colleague has it,
/// it stands beside theirs. The same draft again returns the message that it became.
///
/// `is_there`: the visitor has a socket open. Fails with `NotFound`, `FilesTooMany` or `FileUnavailable`.
pub async fn reply_write(
    app: &App,
    scope: &ThreadScope,
    account: AccountId,
    answer: &Answer,
    is_there: bool,
) -> Result<Replied, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let limit = site.limit();
    let before = found(app, scope).await?;
    // Its files were taken by itself, so they would be refused before the draft is seen to be the same.
    if !answer.files.is_empty()
        && message_by_draft(shard, scope, answer.draft, limit.kept_from(now)).await?.is_some()
    {
        return replied_before(app, scope, &before, answer.draft).await;
    }
    let attachments = files_ready(app, scope, Origin::Human, &answer.files, limit, now).await?;
    let from = TakeFrom { colleague: false, end: true };
    let card = card_of(&shard.batch(vec![card_find(scope)]).await?, 0)?;
    let left = contact::contact_find(shard, scope).await?;
    let is_reachable = left.is_some_and(|left| left.confirmed_at.is_some()) && !before.desk.objects_to_mail();
    let (key, mut statements) = message_key(app, &before, limit, now).await?;
    let (joined_row, joined) =
        message_compose(app, scope, &key, limit, now, notice(Notice::PersonJoined, account))?;
    let body = Body::Text { text: answer.text.clone(), sources: Vec::new() };
    let words = Words {
        draft: Some(answer.draft),
        author: Some(account),
        attachments,
        ..Words::of(Origin::Human, body)
    };
    let (row, message) = message_compose(app, scope, &key, limit, now, words)?;
    let joined_at = statements.len();
    statements.push(desk::join_notice_insert(scope, joined_row, from));
    statements.push(desk::conversation_take(scope, account, from));
    let insert_at = statements.len();
    statements.push(desk::human_message_insert(scope, row));
    if !answer.files.is_empty() {
        statements.push(files_take(scope, message.id, &answer.files));
    }
    // A visitor who was there a moment ago may come back: the mail waits until they count as gone.
    let gone_at = before.desk.present_at.plus_ms(VISITOR_GONE_MS).max(now);
    let mail_due_at = is_reachable.then_some(gone_at);
    statements.push(desk::answer_note(scope, is_there, mail_due_at));
    statements.extend(card_next(app, scope, &key, (limit, now), &card, &message).await?);
    let batch = match shard.batch(statements).await {
        // The same draft came in twice at once: the other one is kept, and it is this one.
        Err(DbFault::Duplicate) => return replied_before(app, scope, &before, answer.draft).await,
        // Another message took one of the files meanwhile.
        Err(DbFault::Refused(FILE_TAKEN)) => return Err(Kind::FileUnavailable.into()),
        other => refused_is_gone(other)?,
    };
    let mut messages = Vec::with_capacity(2);
    if let Some(Place { sequence }) = batch.row(joined_at)? {
        messages.push(DeskMessage { message: Message { sequence, ..joined }, by: Some(account) });
    }
    let place: Place = batch.row(insert_at)?.ok_or(Kind::ConversationClosed)?;
    messages
        .push(DeskMessage { message: Message { sequence: place.sequence, ..message }, by: Some(account) });
    names_fill(app, &scope.business, &mut messages).await?;
    let is_mailed = !is_there && is_reachable;
    let mail_due_at = if is_there { None } else { before.desk.mail_due_at.or(mail_due_at) };
    let due_at = [before.desk.snoozed_until, mail_due_at].into_iter().flatten().min();
    Ok(Replied {
        done: Done { messages, state: State::Human, granted: None, due_at },
        is_new: true,
        is_mailed,
    })
}

/// An answer whose draft came in again.
async fn replied_before(
    app: &App,
    scope: &ThreadScope,
    before: &Conversation,
    draft: DraftId,
) -> Result<Replied, OpError> {
    let (now, shard) = (app.clock.now(), app.shard(&scope.business)?);
    let limit = app.site(scope.site).await?.limit();
    let kept = message_by_draft(shard, scope, draft, limit.kept_from(now)).await?;
    let mut messages = messages_open_by(app, scope, limit, kept.into_iter().collect()).await?;
    names_fill(app, &scope.business, &mut messages).await?;
    if messages.is_empty() {
        return Err(Kind::NotFound.into());
    }
    let done = Done { messages, ..Done::quiet(before) };
    Ok(Replied { done, is_new: false, is_mailed: before.desk.mail_due_at.is_some() })
}

/// Ends a conversation. Ending it twice is ending it once.
pub async fn conversation_close(app: &App, scope: &ThreadScope) -> Result<Done, OpError> {
    let before = found(app, scope).await?;
    let close = desk::conversation_close(scope, app.clock.now());
    app.shard(&scope.business)?.write(close).await?;
    Ok(Done { messages: Vec::new(), state: State::Closed, granted: None, due_at: before.desk.mail_due_at })
}

/// Opens a closed conversation for the team: a person is asked for. An open one stays as it is.
pub async fn conversation_reopen(app: &App, scope: &ThreadScope) -> Result<Done, OpError> {
    let now = app.clock.now();
    let reopen = conversation::conversation_reopen(scope, State::Requested, now, None);
    app.shard(&scope.business)?.write(reopen).await?;
    Ok(Done::quiet(&found(app, scope).await?))
}

/// Puts a conversation off until a time, or takes it up again (`None`).
///
/// Fails with `NotFound`, `ConversationClosed`, and `ValueRefused` where the time is past or more than a year away.
pub async fn conversation_snooze(
    app: &App,
    scope: &ThreadScope,
    until: Option<Millis>,
) -> Result<Done, OpError> {
    let now = app.clock.now();
    if until.is_some_and(|until| until <= now || until.since_ms(now) > SNOOZE_MS) {
        return Err(Kind::ValueRefused.into());
    }
    let before = found(app, scope).await?;
    let done: Option<serde_json::Value> =
        app.shard(&scope.business)?.row(desk::conversation_snooze(scope, until)).await?;
    done.ok_or(Kind::ConversationClosed)?;
    let due_at = [until, before.desk.nobody_due_at, before.desk.mail_due_at].into_iter().flatten().min();
    Ok(Done { due_at, ..Done::quiet(&before) })
}

/// Keeps the visitor of a conversation from writing to the business, or lets them again.
pub async fn visitor_block(app: &App, scope: &ThreadScope, is_blocked: bool) -> Result<Done, OpError> {
    app.shard(&scope.business)?.write(desk::visitor_block(scope, is_blocked)).await?;
    Ok(Done::quiet(&found(app, scope).await?))
}

/// Notes how far the visitor's client has got. `None` where that changes nothing that the team sees.
pub async fn visitor_mark(
    app: &App,
    scope: &ThreadScope,
    delivered: u32,
    seen: u32,
) -> Result<Option<Marks>, OpError> {
    let mark = desk::visitor_mark(scope, delivered, seen, app.clock.now());
    let marks: Option<VisitorMarks> = app.shard(&scope.business)?.row(mark).await?;
    Ok(marks.map(|marks| Marks { delivered: marks.delivered_sequence, seen: marks.seen_sequence }))
}

/// What the clock does in a conversation.
#[derive(Default)]
pub struct Tick {
    /// What now stands in the thread that did not before.
    pub message: Option<Message>,
    /// Something that lists show has changed.
    pub has_changed: bool,
    /// When something is to be done next.
    pub due_at: Option<Millis>,
}

/// Does what is due in a conversation: takes it up again, tells the visitor that nobody has come, mails a reply.
pub async fn conversation_tick(app: &App, scope: &ThreadScope, is_there: bool) -> Result<Tick, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let found_before = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    let Some(before) = found_before else { return Ok(Tick::default()) };
    let is_due = |at: Option<Millis>| at.is_some_and(|at| at <= now);
    let mut tick = Tick::default();
    if is_due(before.desk.snoozed_until) {
        let woken: Option<serde_json::Value> = shard.row(desk::snooze_end(scope, now)).await?;
        tick.has_changed |= woken.is_some();
    }
    if is_due(before.desk.nobody_due_at) {
        tick.message = nobody_tell(app, &before, now).await?;
    }
    if let Some(due_at) = before.desk.mail_due_at.filter(|at| *at <= now) {
        super::contact::reply_mail(app, &before, (due_at, now), is_there).await?;
    }
    let after = conversation::conversation_find(shard, &scope.business, scope.conversation).await?;
    tick.due_at = after.and_then(|after| after.desk.due_at());
    Ok(tick)
}

/// Tells the visitor that nobody has come yet, and when people are back.
async fn nobody_tell(app: &App, before: &Conversation, now: Millis) -> Result<Option<Message>, OpError> {
    let scope = &before.scope;
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let people = opening::people_at(&site.settings.opening, now);
    let (key, mut statements) = message_key(app, before, site.limit(), now).await?;
    let words = Words::of(Origin::System, Body::Notice(Notice::NobodyYet(people)));
    let (row, message) = message_compose(app, scope, &key, site.limit(), now, words)?;
    let insert_at = statements.len();
    statements.push(desk::nobody_notice_insert(scope, row));
    statements.push(desk::nobody_done(scope, now));
    let batch = match shard.batch(statements).await {
        // Held still, or being erased: nothing is said there, and the clock does not come back for it.
        Err(DbFault::Refused(_)) => {
            shard.write(desk::nobody_done(scope, now)).await?;
            return Ok(None);
        }
        other => other?,
    };
    let place: Option<Place> = batch.row(insert_at)?;
    Ok(place.map(|Place { sequence }| Message { sequence, ..message }))
}

/// Writes the line of the audit log that belongs to a deed. The deed itself is in another database, so the line comes
/// first: it may tell of a deed that failed, and never keeps silent about one that was done.
pub async fn deed_note(
    app: &App,
    scope: &MemberScope,
    action: Action,
    ids: &[ConversationId],
) -> Result<(), OpError> {
    let lines: Result<Vec<Statement>, OpError> = ids
        .iter()
        .map(|id| super::team::line(app, scope, action, Subject::new("conversation", id)))
        .collect();
    app.directory.batch(lines?).await?;
    Ok(())
}

/// A small mark on conversations, which changes nothing in their threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkDeed {
    /// Who looks after them.
    Assign(Option<AccountId>),
    /// How much they matter.
    Priority(Priority),
    /// Spam, or not.
    Spam(bool),
    /// One label more.
    LabelAdd(shared::id::LabelId),
    /// One label less.
    LabelRemove(shared::id::LabelId),
    /// How far the member has read them.
    Read(u32),
}

impl MarkDeed {
    const fn action(self) -> Option<Action> {
        match self {
            Self::Assign(_) => Some(Action::ConversationAssign),
            Self::Priority(_) => Some(Action::ConversationPriority),
            Self::Spam(_) => Some(Action::ConversationSpam),
            Self::LabelAdd(_) | Self::LabelRemove(_) => Some(Action::ConversationLabel),
            Self::Read(_) => None,
        }
    }
}

/// Puts a small mark on conversations of the business; those that are not there are passed over. Answers which of them
/// somebody else looks after from now on.
///
/// Fails with `ValueRefused` where there are too many, the label is no label of the business, or whoever is to look after
/// them may not answer.
pub async fn conversations_mark(
    app: &App,
    scope: &MemberScope,
    ids: &[ConversationId],
    deed: MarkDeed,
) -> Result<Vec<ConversationId>, OpError> {
    #[derive(serde::Deserialize)]
    struct Row {
        id: ConversationId,
    }
    if ids.is_empty() || ids.len() > BULK_CONVERSATIONS {
        return Err(Kind::ValueRefused.into());
    }
    let business = &scope.business;
    let statement = match deed {
        MarkDeed::Assign(account) => {
            if let Some(account) = account {
                let role = member::member_role(&app.directory, scope, account).await?;
                role.filter(|role| is_allowed(Op::ConversationAnswer, *role)).ok_or(Kind::ValueRefused)?;
            }
            mark::conversations_assign(business, ids, account)
        }
        MarkDeed::Priority(priority) => mark::conversations_rank(business, ids, priority.rank()),
        MarkDeed::Spam(is_spam) => mark::conversations_spam(business, ids, is_spam),
        MarkDeed::LabelAdd(label) => {
            if !desk_word::labels_known(&app.directory, scope, &[label]).await? {
                return Err(Kind::ValueRefused.into());
            }
            mark::labels_add(business, ids, &[label])
        }
        MarkDeed::LabelRemove(label) => mark::label_remove(business, ids, label),
        MarkDeed::Read(sequence) => mark::read_put(scope, ids, sequence, app.clock.now()),
    };
    if let Some(action) = deed.action() {
        deed_note(app, scope, action, ids).await?;
    }
    let given: Vec<Row> = app.shard(business)?.rows(statement).await?;
    Ok(given.into_iter().map(|row| row.id).collect())
}

/// Says which labels a conversation carries, all of them. Fails with `ValueRefused` where one is no label of the business,
/// or there are too many.
pub async fn labels_set(
    app: &App,
    scope: &MemberScope,
    id: ConversationId,
    set: &SetLabels,
) -> Result<(), OpError> {
    let mut labels = set.labels.clone();
    labels.sort_unstable();
    labels.dedup();
    if labels.len() > CONVERSATION_LABELS || !desk_word::labels_known(&app.directory, scope, &labels).await? {
        return Err(Kind::ValueRefused.into());
    }
    deed_note(app, scope, Action::ConversationLabel, &[id]).await?;
    let statements = vec![
        mark::labels_keep(&scope.business, id, &labels),
        mark::labels_add(&scope.business, &[id], &labels),
    ];
    app.shard(&scope.business)?.batch(statements).await?;
    Ok(())
}

/// The name of a colleague who stands in the way, as a problem names them.
pub async fn colleague_name(
    app: &App,
    scope: &MemberScope,
    account: AccountId,
) -> Result<Option<Personal<String>>, OpError> {
    Ok(names_find(app, &scope.business, [account]).await?.of(account))
}

/// What a conversation begins with, or begins again with: a machine answers where the site has one. One that somebody has
/// is theirs to see again, whoever answers first.
pub(super) fn state_reopened(site: &Site, assignee: Option<AccountId>) -> State {
    if site.has_ai() && assignee.is_none() { State::Ai } else { State::Requested }
}
