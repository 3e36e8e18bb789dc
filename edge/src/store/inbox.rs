//! The list of conversations: candidates in the order of an index, and rows by their ids.
//!
//! A page first looks at so many conversations at most and asks of each whether it fits; only those that do are read
//! whole. So no filter, however rare what it looks for, makes a page read more.

use serde::Deserialize;
use shared::id::{AccountId, ContactId, ConversationId, LabelId, SiteId, SlabId, VisitorId};
use shared::time::Millis;
use shared::wire::admin::inbox::list::{AssigneeIs, Filter, Priority, Work};
use shared::wire::widget::State;

use super::scope::{BusinessScope, MemberScope, ThreadScope};
use super::secret::SealedSecret;
use crate::platform::{Db, DbFault, Statement, Value};
use crate::sealing::KeyRef;

/// A conversation that a page looked at.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Which.
    pub id: ConversationId,
    /// When its newest message was written.
    pub last_message_at: Millis,
    /// Every condition of the filter holds.
    pub fits: bool,
}

/// Looks at conversations of one kind, newest message first.
pub const CANDIDATES_OF_WORK: &str = "
SELECT conversation.id
     , conversation.last_message_at
     , (?6 IS NULL
            OR (?6 = 'nobody' AND conversation.assignee IS NULL)
            OR conversation.assignee = ?6)
       AND (?7 IS NULL OR EXISTS (
           SELECT 1 FROM conversation_label
           WHERE conversation_label.conversation = conversation.id AND conversation_label.label = ?7
       ))
       AND (?8 IS NULL OR conversation.priority = ?8)
       AND (?9 IS NULL OR conversation.site = ?9)
       AND (?10 IS NULL OR conversation.locale = ?10)
       AND (conversation.is_spam OR conversation.is_blocked) = ?11
       AND (?12 = 0 OR conversation.visitor_sequence > coalesce((
           SELECT member_read.sequence FROM member_read
           WHERE member_read.conversation = conversation.id AND member_read.account = ?13
       ), 0))
       AS fits
FROM conversation
WHERE conversation.business = ?1
  AND conversation.work = ?2
  AND (conversation.last_message_at, conversation.id) < (?3, ?4)
ORDER BY conversation.last_message_at DESC, conversation.id DESC
LIMIT ?5
";

/// Looks at conversations that one member looks after, newest message first.
pub const CANDIDATES_OF_ASSIGNEE: &str = "
SELECT conversation.id
     , conversation.last_message_at
     , (?2 IS NULL OR conversation.work = ?2)
       AND (?7 IS NULL OR EXISTS (
           SELECT 1 FROM conversation_label
           WHERE conversation_label.conversation = conversation.id AND conversation_label.label = ?7
       ))
       AND (?8 IS NULL OR conversation.priority = ?8)
       AND (?9 IS NULL OR conversation.site = ?9)
       AND (?10 IS NULL OR conversation.locale = ?10)
       AND (conversation.is_spam OR conversation.is_blocked) = ?11
       AND (?12 = 0 OR conversation.visitor_sequence > coalesce((
           SELECT member_read.sequence FROM member_read
           WHERE member_read.conversation = conversation.id AND member_read.account = ?13
       ), 0))
       AS fits
FROM conversation
WHERE conversation.business = ?1
  AND conversation.assignee = ?6
  AND (conversation.last_message_at, conversation.id) < (?3, ?4)
ORDER BY conversation.last_message_at DESC, conversation.id DESC
LIMIT ?5
";

/// Looks at all conversations, newest message first.
pub const CANDIDATES: &str = "
SELECT conversation.id
     , conversation.last_message_at
     , (?2 IS NULL OR conversation.work = ?2)
       AND (?6 IS NULL
            OR (?6 = 'nobody' AND conversation.assignee IS NULL)
            OR conversation.assignee = ?6)
       AND (?7 IS NULL OR EXISTS (
           SELECT 1 FROM conversation_label
           WHERE conversation_label.conversation = conversation.id AND conversation_label.label = ?7
       ))
       AND (?8 IS NULL OR conversation.priority = ?8)
       AND (?9 IS NULL OR conversation.site = ?9)
       AND (?10 IS NULL OR conversation.locale = ?10)
       AND (conversation.is_spam OR conversation.is_blocked) = ?11
       AND (?12 = 0 OR conversation.visitor_sequence > coalesce((
           SELECT member_read.sequence FROM member_read
           WHERE member_read.conversation = conversation.id AND member_read.account = ?13
       ), 0))
       AS fits
FROM conversation
WHERE conversation.business = ?1
  AND (conversation.last_message_at, conversation.id) < (?3, ?4)
ORDER BY conversation.last_message_at DESC, conversation.id DESC
LIMIT ?5
";

/// Where a page of the list ended: it goes on with what is older.
pub type Before = (Millis, Option<ConversationId>);

/// The next `looks` conversations before a place, newest message first, and which of them fit the filter.
pub async fn candidates(
    shard: &Db,
    scope: &MemberScope,
    filter: &Filter,
    before: Option<Before>,
    looks: u32,
) -> Result<Vec<Candidate>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: ConversationId,
        last_message_at: Millis,
        fits: i64,
    }
    let own = scope.account.account();
    let assignee = filter.assignee.map(|assignee| match assignee {
        AssigneeIs::Me => own.to_string(),
        AssigneeIs::Nobody => "nobody".to_owned(),
        AssigneeIs::Member(account) => account.to_string(),
    });
    let sql = match (filter.assignee, filter.work) {
        (Some(AssigneeIs::Me | AssigneeIs::Member(_)), _) => CANDIDATES_OF_ASSIGNEE,
        (_, Some(_)) => CANDIDATES_OF_WORK,
        (_, None) => CANDIDATES,
    };
    let (at, id) = before.unwrap_or((Millis::new(i64::MAX >> 11), None));
    let values = [
        scope.business.business().into(),
        filter.work.map(Work::as_str).into(),
        at.into(),
        // Below every id where none is given: then nothing of that very moment is looked at again.
        id.map_or_else(|| Value::Text(String::new()), Into::into),
        looks.into(),
        assignee.into(),
        filter.label.into(),
        filter.priority.map(|priority| i64::from(priority.rank())).into(),
        filter.site.into(),
        filter.locale.clone().into(),
        filter.spam.into(),
        filter.unread.into(),
        own.into(),
    ];
    let rows: Vec<Row> = shard.rows(Statement::new(sql, values)).await?;
    let candidate =
        |row: Row| Candidate { id: row.id, last_message_at: row.last_message_at, fits: row.fits != 0 };
    Ok(rows.into_iter().map(candidate).collect())
}

/// A card as it lies in the database.
#[derive(Debug, Clone)]
pub struct SealedCard {
    /// When the oldest message was written whose words are in it.
    pub covers_from: Millis,
    /// The key it is sealed under.
    pub key: KeyRef,
    /// What proves that key.
    pub key_commit: Vec<u8>,
    /// The ciphertext.
    pub card: Vec<u8>,
}

/// What a visitor is called, as it lies in the database.
#[derive(Debug, Clone)]
pub enum SealedName {
    /// As the business calls them, by a token of this time.
    Identity(Millis, SealedSecret),
    /// By the address that they confirmed.
    Address(ContactId, SealedSecret),
}

/// A conversation as the list has it: its card is ciphertext, its people are ids.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// Who and where.
    pub scope: ThreadScope,
    /// What is to be done about it.
    pub work: Work,
    /// Who speaks.
    pub state: State,
    /// The language that the visitor reads.
    pub locale: String,
    /// Who looks after it.
    pub assignee: Option<AccountId>,
    /// Who answers, while a person does.
    pub person: Option<AccountId>,
    /// Its labels.
    pub labels: Vec<LabelId>,
    /// How much it matters.
    pub priority: Priority,
    /// Place of the visitor's newest message.
    pub visitor_sequence: u32,
    /// How far each member has read who has.
    pub reads: Vec<(AccountId, u32)>,
    /// When the visitor's client was last heard.
    pub present_at: Millis,
    /// The visitor's oldest word that nobody has answered.
    pub waiting_since: Option<Millis>,
    /// When a person was asked for.
    pub requested_at: Option<Millis>,
    /// When a person first answered.
    pub first_answer_at: Option<Millis>,
    /// Until when it is put off.
    pub snoozed_until: Option<Millis>,
    /// Marked as spam.
    pub is_spam: bool,
    /// Its visitor may not write.
    pub is_blocked: bool,
    /// Since when its visitor has it held still.
    pub restricted_at: Option<Millis>,
    /// When it began.
    pub created_at: Millis,
    /// When the newest message was written.
    pub last_message_at: Millis,
    /// The business's count at the last change.
    pub change: u64,
    /// Its card, if it has one and is not held still.
    pub card: Option<SealedCard>,
    /// What its visitor is called, if anything and it is not held still.
    pub name: Option<SealedName>,
}

#[derive(Deserialize)]
struct Row {
    id: ConversationId,
    site: SiteId,
    visitor: VisitorId,
    work: Work,
    state: State,
    locale: String,
    assignee: Option<AccountId>,
    person: Option<AccountId>,
    labels: String,
    priority: u8,
    visitor_sequence: u32,
    reads: String,
    present_at: Millis,
    waiting_since: Option<Millis>,
    requested_at: Option<Millis>,
    first_answer_at: Option<Millis>,
    snoozed_until: Option<Millis>,
    is_spam: i64,
    is_blocked: i64,
    restricted_at: Option<Millis>,
    created_at: Millis,
    last_message_at: Millis,
    change: u64,
    covers_from: Option<Millis>,
    slab: Option<SlabId>,
    slot: Option<u16>,
    commit16: Option<Vec<u8>>,
    card: Option<Vec<u8>>,
    named_at: Option<Millis>,
    contact: Option<ContactId>,
    name_slab: Option<SlabId>,
    name_slot: Option<u16>,
    name_commit: Option<Vec<u8>>,
    name: Option<Vec<u8>>,
}

impl Row {
    fn of(self, business: &BusinessScope) -> Result<InboxRow, DbFault> {
        let unread = |fault: serde_json::Error| DbFault::Failed(format!("a list of ids: {fault}"));
        let name = match (self.name_slab, self.name_slot, self.name_commit, self.name) {
            (Some(slab), Some(slot), Some(commit), Some(secret)) => {
                let sealed = SealedSecret { key: KeyRef { slab, slot }, commit, secret };
                match (self.named_at, self.contact) {
                    (Some(at), _) => Some(SealedName::Identity(at, sealed)),
                    (None, Some(contact)) => Some(SealedName::Address(contact, sealed)),
                    (None, None) => None,
                }
            }
            _ => None,
        };
        let card = match (self.covers_from, self.slab, self.slot, self.commit16, self.card) {
            (Some(covers_from), Some(slab), Some(slot), Some(key_commit), Some(card)) => {
                Some(SealedCard { covers_from, key: KeyRef { slab, slot }, key_commit, card })
            }
            _ => None,
        };
        Ok(InboxRow {
            scope: ThreadScope {
                business: *business,
                site: self.site,
                visitor: self.visitor,
                conversation: self.id,
            },
            work: self.work,
            state: self.state,
            locale: self.locale,
            assignee: self.assignee,
            person: self.person,
            labels: serde_json::from_str(&self.labels).map_err(unread)?,
            priority: Priority::from_rank(self.priority),
            visitor_sequence: self.visitor_sequence,
            reads: serde_json::from_str(&self.reads).map_err(unread)?,
            present_at: self.present_at,
            waiting_since: self.waiting_since,
            requested_at: self.requested_at,
            first_answer_at: self.first_answer_at,
            snoozed_until: self.snoozed_until,
            is_spam: self.is_spam != 0,
            is_blocked: self.is_blocked != 0,
            restricted_at: self.restricted_at,
            created_at: self.created_at,
            last_message_at: self.last_message_at,
            change: self.change,
            card,
            name,
        })
    }
}

/// Reads rows by their ids, newest message first; `CROSS JOIN` keeps SQLite from going through the whole business in that
/// order (<https://sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join>). A conversation that is being erased is not there any more.
pub const ROWS_BY_ID: &str = "
SELECT conversation.id
     , conversation.site
     , conversation.visitor
     , conversation.work
     , conversation.state
     , conversation.locale
     , conversation.assignee
     , conversation.person
     , (SELECT json_group_array(conversation_label.label) FROM conversation_label
        WHERE conversation_label.conversation = conversation.id) AS labels
     , conversation.priority
     , conversation.visitor_sequence
     , (SELECT json_group_array(json_array(member_read.account, member_read.sequence)) FROM member_read
        WHERE member_read.conversation = conversation.id) AS reads
     , conversation.present_at
     , conversation.waiting_since
     , conversation.requested_at
     , conversation.first_answer_at
     , conversation.snoozed_until
     , conversation.is_spam
     , conversation.is_blocked
     , conversation.restricted_at
     , conversation.created_at
     , conversation.last_message_at
     , conversation.change
     , conversation_card.covers_from
     , conversation_card.slab
     , conversation_card.slot
     , card_key.commit16
     , conversation_card.card
     , visitor_identity.proved_at AS named_at
     , contact.id AS contact
     , name_key.slab AS name_slab
     , name_key.slot AS name_slot
     , name_key.commit16 AS name_commit
     , coalesce(visitor_identity.subject, contact.email) AS name
FROM json_each(?2) AS wanted
CROSS JOIN conversation ON conversation.id = wanted.value
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
LEFT JOIN conversation_card
       ON conversation_card.conversation = conversation.id AND conversation.restricted_at IS NULL
LEFT JOIN seal_key AS card_key
       ON card_key.slab = conversation_card.slab AND card_key.slot = conversation_card.slot AND card_key.state = 0
LEFT JOIN visitor_identity
       ON visitor_identity.conversation = conversation.id AND conversation.restricted_at IS NULL
LEFT JOIN contact
       ON contact.conversation = conversation.id AND contact.confirmed_at IS NOT NULL
      AND visitor_identity.conversation IS NULL AND conversation.restricted_at IS NULL
LEFT JOIN seal_key AS name_key
       ON name_key.slab = coalesce(visitor_identity.slab, contact.slab)
      AND name_key.slot = coalesce(visitor_identity.slot, contact.slot) AND name_key.state = 0
WHERE conversation.business = ?1
  AND seal_key.state = 0
ORDER BY conversation.last_message_at DESC, conversation.id DESC
";

/// Reads rows that changed after a count, in the order of their changes.
pub const ROWS_CHANGED: &str = "
SELECT conversation.id
     , conversation.site
     , conversation.visitor
     , conversation.work
     , conversation.state
     , conversation.locale
     , conversation.assignee
     , conversation.person
     , (SELECT json_group_array(conversation_label.label) FROM conversation_label
        WHERE conversation_label.conversation = conversation.id) AS labels
     , conversation.priority
     , conversation.visitor_sequence
     , (SELECT json_group_array(json_array(member_read.account, member_read.sequence)) FROM member_read
        WHERE member_read.conversation = conversation.id) AS reads
     , conversation.present_at
     , conversation.waiting_since
     , conversation.requested_at
     , conversation.first_answer_at
     , conversation.snoozed_until
     , conversation.is_spam
     , conversation.is_blocked
     , conversation.restricted_at
     , conversation.created_at
     , conversation.last_message_at
     , conversation.change
     , conversation_card.covers_from
     , conversation_card.slab
     , conversation_card.slot
     , card_key.commit16
     , conversation_card.card
     , visitor_identity.proved_at AS named_at
     , contact.id AS contact
     , name_key.slab AS name_slab
     , name_key.slot AS name_slot
     , name_key.commit16 AS name_commit
     , coalesce(visitor_identity.subject, contact.email) AS name
FROM conversation
JOIN seal_key ON seal_key.slab = conversation.key_slab AND seal_key.slot = conversation.key_slot
LEFT JOIN conversation_card
       ON conversation_card.conversation = conversation.id AND conversation.restricted_at IS NULL
LEFT JOIN seal_key AS card_key
       ON card_key.slab = conversation_card.slab AND card_key.slot = conversation_card.slot AND card_key.state = 0
LEFT JOIN visitor_identity
       ON visitor_identity.conversation = conversation.id AND conversation.restricted_at IS NULL
LEFT JOIN contact
       ON contact.conversation = conversation.id AND contact.confirmed_at IS NOT NULL
      AND visitor_identity.conversation IS NULL AND conversation.restricted_at IS NULL
LEFT JOIN seal_key AS name_key
       ON name_key.slab = coalesce(visitor_identity.slab, contact.slab)
      AND name_key.slot = coalesce(visitor_identity.slot, contact.slot) AND name_key.state = 0
WHERE conversation.business = ?1
  AND conversation.change > ?2
  AND seal_key.state = 0
ORDER BY conversation.change
LIMIT ?3
";

fn ids_text(ids: &[ConversationId]) -> Result<String, DbFault> {
    serde_json::to_string(ids).map_err(|fault| DbFault::Failed(fault.to_string()))
}

/// Rows by their ids, newest message first. Those of other businesses, and those that are being erased, are not there.
pub async fn rows_by_id(
    shard: &Db,
    scope: &BusinessScope,
    ids: &[ConversationId],
) -> Result<Vec<InboxRow>, DbFault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let values = [scope.business().into(), ids_text(ids)?.into()];
    let rows: Vec<Row> = shard.rows(Statement::new(ROWS_BY_ID, values)).await?;
    rows.into_iter().map(|row| row.of(scope)).collect()
}

/// Reads how often a business's conversations have changed.
pub const CLOCK_READ: &str = "
SELECT change
FROM inbox_clock
WHERE business = ?1
";

/// How often the conversations of a business have changed so far.
pub async fn clock_read(shard: &Db, scope: &BusinessScope) -> Result<u64, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        change: u64,
    }
    let row: Option<Row> = shard.row(Statement::new(CLOCK_READ, [scope.business().into()])).await?;
    Ok(row.map_or(0, |row| row.change))
}

/// Lists conversations that were condemned since a time, one by one or with their visitor.
pub const GONE_SINCE: &str = "
SELECT gone.value AS subject
FROM erasure INDEXED BY erasure_condemned
JOIN json_each(erasure.subjects, '$.conversation') AS gone
WHERE erasure.business = ?1
  AND erasure.condemned_at >= ?2
LIMIT 1000
";

/// What happened to a business's conversations after a count and a time: rows in the order of their changes, and what
/// was erased.
pub async fn changes_after(
    shard: &Db,
    scope: &BusinessScope,
    change: u64,
    since: Millis,
    limit: u32,
) -> Result<(Vec<InboxRow>, Vec<ConversationId>, u64), DbFault> {
    #[derive(Deserialize)]
    struct Gone {
        subject: ConversationId,
    }
    #[derive(Deserialize)]
    struct Clock {
        change: u64,
    }
    let business: Value = scope.business().into();
    let after = i64::try_from(change).unwrap_or(i64::MAX);
    let batch = shard
        .batch(vec![
            Statement::new(CLOCK_READ, [business.clone()]),
            Statement::new(ROWS_CHANGED, [business.clone(), after.into(), limit.into()]),
            Statement::new(GONE_SINCE, [business, since.into()]),
        ])
        .await?;
    let clock = batch.row::<Clock>(0)?.map_or(0, |row| row.change);
    let rows: Result<Vec<InboxRow>, DbFault> =
        batch.rows::<Row>(1)?.into_iter().map(|row| row.of(scope)).collect();
    let gone = batch.rows::<Gone>(2)?.into_iter().map(|row| row.subject).collect();
    Ok((rows?, gone, clock))
}

/// Counts conversations of each kind among the newest of it, up to a limit.
pub const COUNTS: &str = "
SELECT (SELECT count(*) FROM (
           SELECT 1 FROM (
               SELECT is_spam, is_blocked FROM conversation
               WHERE business = ?1 AND work = 'open' ORDER BY last_message_at DESC LIMIT ?4
           ) WHERE is_spam = 0 AND is_blocked = 0 LIMIT ?3
       )) AS open
     , (SELECT count(*) FROM (
           SELECT 1 FROM (
               SELECT work, is_spam, is_blocked FROM conversation
               WHERE business = ?1 AND assignee = ?2 ORDER BY last_message_at DESC LIMIT ?4
           ) WHERE work = 'open' AND is_spam = 0 AND is_blocked = 0 LIMIT ?3
       )) AS mine
     , (SELECT count(*) FROM (
           SELECT 1 FROM (
               SELECT assignee, is_spam, is_blocked FROM conversation
               WHERE business = ?1 AND work = 'open' ORDER BY last_message_at DESC LIMIT ?4
           ) WHERE assignee IS NULL AND is_spam = 0 AND is_blocked = 0 LIMIT ?3
       )) AS unassigned
     , (SELECT count(*) FROM (
           SELECT 1 FROM (
               SELECT is_spam, is_blocked FROM conversation
               WHERE business = ?1 AND work = 'pending' ORDER BY last_message_at DESC LIMIT ?4
           ) WHERE is_spam = 0 AND is_blocked = 0 LIMIT ?3
       )) AS pending
     , (SELECT count(*) FROM (
           SELECT 1 FROM (
               SELECT is_spam, is_blocked FROM conversation
               WHERE business = ?1 AND work = 'snoozed' ORDER BY last_message_at DESC LIMIT ?4
           ) WHERE is_spam = 0 AND is_blocked = 0 LIMIT ?3
       )) AS snoozed
";

/// How many conversations of each kind there are for a member, each counted up to `limit` among the newest `looks`.
pub async fn counts(
    shard: &Db,
    scope: &MemberScope,
    (limit, looks): (u32, u32),
) -> Result<shared::wire::admin::inbox::list::InboxCounts, DbFault> {
    let values =
        [scope.business.business().into(), scope.account.account().into(), limit.into(), looks.into()];
    Ok(shard.row(Statement::new(COUNTS, values)).await?.unwrap_or_default())
}
